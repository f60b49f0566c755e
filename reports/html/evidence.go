package html

import (
	"maps"
	"slices"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// evidence lists the requests that were answered, folded: few readers need it.
func (p *page) evidence() g.Node {
	calls := p.r.Calls
	if calls.Total == 0 {
		return nil
	}
	var counts, requests []g.Node
	for _, operation := range slices.Sorted(maps.Keys(calls.ByOperation)) {
		count := strconv.Itoa(calls.ByOperation[operation])
		counts = append(counts, h.Tr(h.Th(h.Scope("row"), webpage.Code(operation)), h.Td(h.Class("number"), g.Text(count))))
	}
	for _, s := range p.r.Steps {
		for _, c := range s.Evidence {
			requests = append(requests, h.Tr(
				h.Th(h.Scope("row"), webpage.Code(s.ID)), h.Td(webpage.Code(c.Operation)), h.Td(webpage.Code(c.Region)), h.Td(webpage.Code(c.RequestID)),
				h.Td(g.Text(c.At.Format(time.TimeOnly))),
			))
		}
	}
	return webpage.Section(
		"evidence", "Evidence",
		webpage.Fold(
			reports.Count(calls.Total, "request")+" answered",
			webpage.Wide("Requests by operation", []string{"Operation", "Requests"}, counts),
			webpage.Wide("Requests by step", []string{"Step", "Operation", "Region", "Request", "Time (UTC)"}, requests),
		),
	)
}
