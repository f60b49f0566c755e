package page

import (
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// feedback is a folded page for each student. In print each stands on paper of its own.
func (p *page) feedback() g.Node {
	if len(p.c.Students) == 0 {
		return nil
	}
	all := make([]g.Node, len(p.c.Students))
	for i := range p.c.Students {
		all[i] = p.student(i)
	}
	return webpage.Lines(all...)
}

// student is one student's page: how the grade came about, and what to mend. What is for the instructor only is not
// printed.
func (p *page) student(i int) g.Node {
	s := &p.c.Students[i]
	parts := []g.Node{
		h.Summary(h.H3(webpage.Text(s.Who())), g.Text(" "), h.Span(webpage.Text(standing(s)))),
		h.P(
			h.Class("screen"), h.A(h.Href("#students"), g.Text("Back to the table")), g.Text(" "),
			h.Button(h.Type("button"), h.Data("print", "one"), h.Data("needs", "script"), g.Attr("hidden"), g.Text("Print this page")),
		),
		p.printedHead(),
	}
	for _, sentence := range reasons(s) {
		parts = append(parts, h.P(webpage.Text(sentence)))
	}
	for _, flag := range s.Flags {
		parts = append(parts, h.P(
			h.Class("screen"), h.Strong(g.Text("Flag "+class.FlagNumber(flag)+":")), g.Text(" "),
			webpage.Text(p.c.Flags[flag].FlagText()),
		))
	}
	if len(s.Attempts) > 0 {
		parts = append(parts, tries(s))
	}
	if a, ok := s.Attempt(); ok {
		parts = append(parts, p.mending(a)...)
	}
	return h.Details(h.ID(anchor(i)), h.Class("student"), webpage.Lines(parts...))
}

// printedHead says on paper which lab this is.
func (p *page) printedHead() g.Node {
	return h.P(h.Class("paper"), webpage.Text(strings.TrimSpace(p.c.Lab.Title+". "+p.c.Notice())))
}

// standing is a student's grade in a line: "67.5/100, 67% D, not passed".
func standing(s *class.Person) string {
	var parts []string
	if score := s.ScoreText(); score != "-" {
		parts = append(parts, score)
	}
	if percent := s.PercentText(); percent != "" {
		parts = append(parts, percent)
	}
	return strings.Join(append(parts, s.ResultText()), ", ")
}

// reasons say how the grade came about and why it is passed or not.
func reasons(s *class.Person) []string {
	var all []string
	if how := s.HowText(); how != "" {
		all = append(all, "How it came about: "+how)
	}
	a, ok := s.Attempt()
	switch {
	case !ok || s.Override != nil:
	case s.Outcome == a.Grade.Outcome:
		all = append(all, reports.OutcomeText(a.Grade))
	case s.Outcome == grade.NotPassed:
		all = append(all, "Not passed: "+strconv.Itoa(a.Grade.PassMark)+"% is needed, and this was late.")
	}
	if ok && len(a.Grade.Missing) > 0 {
		all = append(all, reports.MissingText(a.Grade))
	}
	return all
}

// tries lists the attempts, and which of them counts.
func tries(s *class.Person) g.Node {
	rows := make([]g.Node, len(s.Attempts))
	for i := range s.Attempts {
		a := &s.Attempts[i]
		remark := a.Excluded
		if i == s.Taken {
			remark = "counts"
		}
		rows[i] = h.Tr(
			h.Th(h.Scope("row"), g.Text(class.Moment(a.When()))), h.Td(webpage.Text(a.File)),
			h.Td(g.Text(reports.Span(a.Grade.Low, a.Grade.High)+"/"+strconv.Itoa(a.Grade.Possible))), h.Td(webpage.Text(remark)),
		)
	}
	return webpage.Wide("Attempts", []string{"Time", "File", "Points", "What became of it"}, rows)
}
