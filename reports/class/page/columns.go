package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// columns are two rows: the sections of the lab, and the steps in them.
func (p *page) columns() []g.Node {
	var sections, steps []g.Node
	for i, name := range []string{"Student", "Points", "Grade", "Outcome", "Tries", "Flags"} {
		sections = append(sections, h.Th(
			g.If(numeric(name), h.Class("number")), h.Scope("col"), h.RowSpan("2"), g.If(i == 0, g.Attr("aria-sort", "ascending")), button(name),
		))
	}
	for i, s := range p.c.Steps {
		if p.begins(i) {
			span := 1
			for i+span < len(p.c.Steps) && !p.begins(i+span) {
				span++
			}
			sections = append(sections, h.Th(
				h.Class("new"), h.Scope("colgroup"), h.ColSpan(strconv.Itoa(span)), webpage.Text(s.Section),
			))
		}
		steps = append(steps, h.Th(h.Class(p.class("step", i)), h.Scope("col"), button(s.ID, h.Title(about(s))), points(s)))
	}
	return []g.Node{h.Tr(webpage.Lines(sections...)), h.Tr(webpage.Lines(steps...))}
}

func numeric(column string) bool { return column == "Points" || column == "Grade" || column == "Tries" }

// begins says whether a step is the first of its section.
func (p *page) begins(i int) bool { return i == 0 || p.c.Steps[i].Section != p.c.Steps[i-1].Section }

// class is a class of a cell; a line stands before a section's first step.
func (p *page) class(name string, i int) string {
	if p.begins(i) {
		return name + " new"
	}
	return name
}

// button sorts by its column.
func button(name string, more ...g.Node) g.Node {
	return h.Button(h.Type("button"), g.Group(more), h.Span(webpage.Text(name)))
}

// about is a step in a sentence.
func about(s class.Step) string {
	text := reports.Clean(s.Title) + " (" + reports.Count(s.Points, "point")
	if s.Required {
		text += ", required"
	}
	return text + ")"
}

// points stand under the name of the step.
func points(s class.Step) g.Node {
	text := strconv.Itoa(s.Points)
	if s.Required {
		text += "*"
	}
	return g.Group{h.Br(), g.Text(text)}
}
