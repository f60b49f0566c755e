package html

import (
	"maps"
	"slices"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
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
		counts = append(counts, h.Tr(h.Th(h.Scope("row"), code(operation)), h.Td(h.Class("number"), g.Text(count))))
	}
	for _, s := range p.r.Steps {
		for _, c := range s.Evidence {
			requests = append(requests, h.Tr(
				h.Th(h.Scope("row"), code(s.ID)), h.Td(code(c.Operation)), h.Td(code(c.Region)), h.Td(code(c.RequestID)),
				h.Td(g.Text(c.At.Format(time.TimeOnly))),
			))
		}
	}
	return section(
		"evidence",
		h.H2(h.ID("evidence"), g.Text("Evidence")),
		fold(
			reports.Count(calls.Total, "request")+" answered",
			wide("Requests by operation", []string{"Operation", "Requests"}, counts),
			wide("Requests by step", []string{"Step", "Operation", "Region", "Request", "Time (UTC)"}, requests),
		),
	)
}

// wide is a table that scrolls by itself where the page is narrow: the page never does.
func wide(caption string, columns []string, rows []g.Node) g.Node {
	header := g.Group{}
	for _, name := range columns {
		header = append(header, column(name))
	}
	return h.Div(
		h.Class("wide"), h.TabIndex("0"), h.Role("region"), h.Aria("label", caption),
		h.Table(h.Caption(g.Text(caption)), h.THead(h.Tr(header)), h.TBody(lines(rows...)...)),
	)
}
