package html

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// table lists all steps, a table for each section of the lab.
func (p *page) table() g.Node {
	told := map[int]bool{}
	for _, numbers := range [][]int{p.next, p.rest} {
		for _, i := range numbers {
			told[i] = true
		}
	}
	var parts, rows []g.Node
	sections := 0
	for i, s := range p.steps {
		rows = append(rows, row(i, s, told[i]))
		if i+1 < len(p.steps) && p.steps[i+1].Section == s.Section {
			continue
		}
		id := numbered("section", sections)
		parts = append(parts, h.H3(h.ID(id), webpage.Text(s.Section)), stepsTable(id, rows))
		sections++
		rows = nil
	}
	if sections == 0 {
		parts = append(parts, h.P(g.Text("There are none.")))
	}
	return webpage.Section("steps", "Steps", parts...)
}

func stepsTable(labelledBy string, rows []g.Node) g.Node {
	return h.Table(
		h.Class("steps"), h.Aria("labelledby", labelledBy),
		h.THead(h.Tr(webpage.Column("Step"), webpage.Column("Result"), webpage.Column("Points"))),
		h.TBody(webpage.Lines(rows...)...),
	)
}

// row is a step in one row. Its title leads to the details where they are told.
func row(i int, s reports.Step, told bool) g.Node {
	title := webpage.Text(s.Title)
	if told {
		title = h.A(h.Href("#"+numbered("step", i)), title)
	}
	name := []g.Node{h.Span(h.Class("title"), title), g.Text(" "), webpage.Code(s.ID)}
	if s.Required {
		name = append(name, g.Text(" "), h.Strong(g.Text("required")))
	}
	result := []g.Node{webpage.Verdict(s.Verdict)}
	if line := s.Line(); line != "" {
		result = append(result, g.Text(" "), h.Span(h.Class("line"), webpage.Text(line)))
	}
	if waiver := s.WaiverText(); waiver != "" {
		result = append(result, g.Text(" "), h.Span(h.Class("waiver"), webpage.Text(waiver)))
	}
	return h.Tr(h.Th(h.Scope("row"), g.Group(name)), h.Td(g.Group(result)), h.Td(h.Class("number"), g.Text(s.PointsCell())))
}
