package html

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// table lists all steps, a table for each section of the lab.
func (p *page) table() g.Node {
	parts := []g.Node{h.H2(h.ID("steps"), g.Text("Steps"))}
	told := map[int]bool{}
	for _, numbers := range [][]int{p.next, p.rest} {
		for _, i := range numbers {
			told[i] = true
		}
	}
	var rows []g.Node
	sections := 0
	for i, s := range p.steps {
		rows = append(rows, row(i, s, told[i]))
		if i+1 < len(p.steps) && p.steps[i+1].Section == s.Section {
			continue
		}
		id := numbered("section", sections)
		parts = append(parts, h.H3(h.ID(id), text(s.Section)), stepsTable(id, rows))
		sections++
		rows = nil
	}
	if sections == 0 {
		parts = append(parts, h.P(g.Text("There are none.")))
	}
	return section("steps", parts...)
}

func stepsTable(labelledBy string, rows []g.Node) g.Node {
	return h.Table(
		h.Class("steps"), h.Aria("labelledby", labelledBy),
		h.THead(h.Tr(column("Step"), column("Result"), column("Points"))),
		h.TBody(lines(rows...)...),
	)
}

func column(name string) g.Node { return h.Th(h.Scope("col"), g.Text(name)) }

// row is a step in one row. Its title leads to the details where they are told.
func row(i int, s reports.Step, told bool) g.Node {
	title := text(s.Title)
	if told {
		title = h.A(h.Href("#"+numbered("step", i)), title)
	}
	name := []g.Node{h.Span(h.Class("title"), title), g.Text(" "), code(s.ID)}
	if s.Required {
		name = append(name, g.Text(" "), h.Strong(g.Text("required")))
	}
	result := []g.Node{verdict(s.Verdict)}
	if line := s.Line(); line != "" {
		result = append(result, g.Text(" "), h.Span(h.Class("line"), text(line)))
	}
	if waiver := s.WaiverText(); waiver != "" {
		result = append(result, g.Text(" "), h.Span(h.Class("waiver"), text(waiver)))
	}
	return h.Tr(h.Th(h.Scope("row"), g.Group(name)), h.Td(g.Group(result)), h.Td(h.Class("number"), g.Text(points(s))))
}

// verdict is the mark and the word of a verdict. The colour only repeats what they say.
func verdict(v checks.Verdict) g.Node {
	return h.Span(
		h.Class("verdict "+v.String()),
		h.Span(h.Aria("hidden", "true"), g.Text(reports.Mark(v))), g.Text(" "+v.String()),
	)
}

func points(s reports.Step) string {
	if s.Verdict == checks.Skipped {
		return "–"
	}
	return strconv.Itoa(s.Earned) + "/" + strconv.Itoa(s.Points)
}
