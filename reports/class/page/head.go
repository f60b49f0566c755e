package page

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// banner is the head of the page: what was graded, by which terms, and where to go from here.
func (p *page) banner(links []g.Node) g.Node {
	lab := p.c.Lab
	return h.Header(webpage.Lines(
		h.P(h.Class("kind"), g.Text("labcheck class")),
		h.H1(webpage.Text(lab.Title)),
		p.notice(),
		h.P(webpage.Text(capital(p.c.PolicyText()))),
		h.P(
			h.Class("kind"), g.Text("Lab "), webpage.Code(lab.ID), g.Text(" (file "),
			webpage.Code(lab.ShortHash()), g.Text(")"),
		),
		h.Nav(h.Aria("label", "On this page"), h.Ul(webpage.Lines(links...))),
	)...)
}

// notice is what must be said before anything else.
func (p *page) notice() g.Node {
	if p.c.Notice() == "" {
		return nil
	}
	return h.P(h.Class("notice"), h.Strong(g.Text(p.c.Notice())))
}

// capital gives a sentence that begins with a word of ours its capital.
func capital(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

// summary says what became of everybody and everything.
func (p *page) summary() g.Node { return webpage.List(p.c.Reconciliation(), webpage.Text) }

// refused lists the files that no grade was made of.
func (p *page) refused() g.Node {
	if len(p.c.Refused) == 0 {
		return nil
	}
	var rows []g.Node
	for _, r := range p.c.Refused {
		rows = append(rows, h.Tr(
			h.Th(h.Scope("row"), webpage.Text(r.File)), h.Td(webpage.Text(r.Student)), h.Td(webpage.Text(r.Reason)),
		))
	}
	return webpage.Wide(
		reports.Count(len(rows), "file")+" refused, and not graded", []string{"File", "Student", "Why"}, rows,
	)
}
