package page

import (
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
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

// student is one student's page: how the grade came about, and what to fix. What is for the instructor only is not
// printed.
func (p *page) student(i int) g.Node {
	s := &p.c.Students[i]
	parts := []g.Node{
		h.Summary(h.H3(webpage.Text(s.Who())), g.Text(" "), h.Span(webpage.Text(standing(s)))),
		h.P(
			h.Class("screen"), h.A(h.Href("#students"), g.Text("Back to the table")), g.Text(" "),
			h.Button(h.Type("button"), h.Data("print", "one"), h.Data("needs", "script"), g.Attr("hidden"),
				g.Text("Print this page")),
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
		parts = append(parts, p.toFix(a)...)
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

// toFix is what to do about the attempt that counts, and what waits until that is done.
func (p *page) toFix(a *class.Attempt) []g.Node {
	var parts []g.Node
	open, waiting := a.StepsToFix(), waitingSteps(a)
	if len(open) > 0 {
		parts = append(parts, h.H4(g.Text("What to fix first")))
	}
	for i := range open {
		parts = append(parts, p.stepToFix(&open[i]))
	}
	if len(waiting) > 0 {
		parts = append(parts, h.H4(g.Text("What waits for another step")), webpage.List(waiting, webpage.Text))
	}
	if len(parts) == 0 {
		parts = append(parts, h.P(g.Text("Nothing is left to fix.")))
	}
	return parts
}

func waitingSteps(a *class.Attempt) []string {
	var waiting []string
	for _, r := range a.Steps {
		if r.Verdict == checks.Blocked {
			waiting = append(waiting, r.Title+": "+r.Line)
		}
	}
	return waiting
}

// stepToFix is what to do about one step: hints, and the solution where it may be shown.
func (p *page) stepToFix(r *class.Row) g.Node {
	about := []g.Node{
		webpage.Verdict(r.Verdict), g.Text(", " + strconv.Itoa(r.Earned) + " of " + checks.Count(r.Points, "point") + ", "),
		webpage.Code(r.ID),
	}
	if r.Required {
		about = append(about, g.Text(", "), h.Strong(g.Text("required")))
	}
	var sentences []g.Node
	for _, s := range r.Sentences() {
		sentences = append(sentences, h.Div(h.Dt(g.Text(s.Label)), h.Dd(webpage.Text(s.Text))))
	}
	parts := []g.Node{h.H5(webpage.Text(r.Title)), h.P(g.Group(about)), h.Dl(webpage.Lines(sentences...))}
	if len(r.Hints) > 0 {
		parts = append(parts, h.P(h.Strong(g.Text("Hints:"))), h.Ol(webpage.Items(r.Hints, webpage.Text)))
	}
	if !p.o.NoFixes {
		parts = append(parts, fix(r)...)
	}
	return h.Article(h.Class("card "+r.Verdict.String()), webpage.Lines(parts...))
}

// fix is the solution.
func fix(r *class.Row) []g.Node {
	var parts []g.Node
	if len(r.Commands) > 0 {
		parts = append(parts, h.P(h.Strong(g.Text("To fix it:"))), webpage.Commands(r.Commands...))
	}
	if r.Console != "" {
		parts = append(parts, h.P(h.Strong(g.Text("In the console:")), g.Text(" "), webpage.Text(r.Console)))
	}
	return parts
}
