package page

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports/webpage"
)

// controls are shown by the script that they need.
func (p *page) controls() g.Node {
	outcomes := g.Group{h.Option(h.Value(""), g.Text("all"))}
	for _, text := range p.outcomes() {
		outcomes = append(outcomes, h.Option(g.Text(text)))
	}
	return h.Div(
		h.ID("controls"), h.Role("search"), h.Aria("label", "Filter the students"), h.Data("needs", "script"), g.Attr("hidden"),
		webpage.Lines(
			h.Label(g.Text("Student "), h.Input(h.ID("find"), h.Type("search"), h.AutoComplete("off"))),
			h.Label(g.Text("Outcome "), h.Select(h.ID("outcome"), outcomes)),
			h.Label(h.Input(h.ID("flagged"), h.Type("checkbox")), g.Text(" flagged only")),
			h.P(h.Role("status"), h.Span(h.ID("shown")), h.Span(h.ID("order"))),
			h.P(
				printing("overview", "Print without the students' pages"), g.Text(" "),
				printing("students", "Print a page for each student"),
			),
		),
	)
}

// printing prints a part of the page.
func printing(part, label string) g.Node {
	return h.Button(h.Type("button"), h.Data("print", part), g.Text(label))
}

// outcomes are those that occur.
func (p *page) outcomes() []string {
	var all []string
	for i := range p.c.Students {
		all = append(all, p.c.Students[i].ResultText())
	}
	slices.Sort(all)
	return slices.Compact(all)
}
