package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// mending is what to do about the attempt that counts, and what waits until that is done.
func (p *page) mending(a *class.Attempt) []g.Node {
	var parts []g.Node
	open, waiting := a.ToMend(), waitingSteps(a)
	if len(open) > 0 {
		parts = append(parts, h.H4(g.Text("What to mend first")))
	}
	for i := range open {
		parts = append(parts, p.mend(&open[i]))
	}
	if len(waiting) > 0 {
		parts = append(parts, h.H4(g.Text("What waits for another step")), webpage.List(waiting, webpage.Text))
	}
	if len(parts) == 0 {
		parts = append(parts, h.P(g.Text("Nothing is left to mend.")))
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

// mend is what to do about one step: hints, and the solution where it may be shown.
func (p *page) mend(r *class.Row) g.Node {
	about := []g.Node{
		webpage.Verdict(r.Verdict), g.Text(", " + strconv.Itoa(r.Earned) + " of " + reports.Count(r.Points, "point") + ", "),
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
		parts = append(parts, h.P(h.Strong(g.Text("To mend it:"))), webpage.Commands(r.Commands...))
	}
	if r.Console != "" {
		parts = append(parts, h.P(h.Strong(g.Text("In the console:")), g.Text(" "), webpage.Text(r.Console)))
	}
	return parts
}
