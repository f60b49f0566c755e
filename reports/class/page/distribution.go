package page

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// tens is how many parts the percents are counted in.
const tens = 10

// distribution counts the grades by tens of percents: a table whose rows are bars.
func (p *page) distribution() g.Node {
	counts, most, all := p.byTens()
	if all == 0 {
		return nil
	}
	var rows []g.Node
	for i, n := range counts {
		upTo := tens*i + tens - 1
		if i == tens-1 {
			upTo = 100
		}
		rows = append(rows, h.Tr(
			h.Th(h.Scope("row"), g.Text(fmt.Sprintf("%d to %d%%", tens*i, upTo))),
			h.Td(h.Class("number"), g.Text(strconv.Itoa(n))),
			h.Td(bar(100*n/most)),
		))
	}
	text := reports.Count(all, "grade")
	if s := p.c.Summary; s.Mean != nil && s.Median != nil {
		text += fmt.Sprintf(": %d%% on average, %d%% in the middle (median)", *s.Mean, *s.Median)
	}
	return g.Group{
		h.P(g.Text(text + ".")),
		h.Table(
			h.Class("bars"), h.Aria("labelledby", "grades"),
			h.THead(h.Tr(webpage.Column("Grade"), webpage.Column("Students"), h.Td())), h.TBody(webpage.Lines(rows...)),
		),
	}
}

// byTens counts the grades, those of the most frequent part, and all of them.
func (p *page) byTens() (counts [tens]int, most, all int) {
	for i := range p.c.Students {
		percent := p.c.Students[i].Percent
		if percent == nil {
			continue
		}
		part := min(max(*percent/tens, 0), tens-1)
		counts[part]++
		most = max(most, counts[part])
		all++
	}
	return counts, most, all
}

// bar draws a percentage, which the text beside it says.
func bar(percent int) g.Node {
	return h.SVG(
		h.Class("bar"), h.Aria("hidden", "true"), h.Width("100%"), h.Height("14"),
		g.El("rect", h.Width(strconv.Itoa(percent)+"%"), h.Height("100%")),
	)
}
