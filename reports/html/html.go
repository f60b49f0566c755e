// Package html writes the report as one page that needs nothing else: no network, no fonts of its own, and no script
// but for the buttons that copy a command. It reads well on a phone, in print, in light and in dark, and with a screen
// reader.
//
// Names in a report are chosen by strangers. They get into the page only as text, by package webpage; the ids, the
// classes and the links of the page are made of our own words and of numbers. A policy in the page's head forbids
// everything but the one style sheet and the one script, so that even a mistake here could not run anything.
package html

import (
	_ "embed" // the style sheet is a file of its own
	"fmt"
	"io"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// Format is this format.
var Format = reports.Format{
	Name:   "html",
	Help:   "one page for a browser, a phone or print; it needs no network",
	Render: render,
}

//go:embed style.css
var style string

func render(w io.Writer, r *reports.Report, o reports.Options) error {
	p := newPage(r, o)
	return webpage.Page{Title: p.title(), Style: style, Script: webpage.CopyButtons}.Write(w, p.body()...)
}

// page is a report on its way into a page.
type page struct {
	r *reports.Report
	o reports.Options
	// steps are those that the page shows, in the order of the lab; the index of a step is its number in ids.
	steps []reports.Step
	// next are the numbers of the steps to fix first, best first; rest those of the others that are told in detail.
	next, rest []int
}

func newPage(r *reports.Report, o reports.Options) *page {
	p := &page{r: r, o: o, steps: r.ShownSteps()}
	number := make(map[string]int, len(p.steps))
	for i, s := range p.steps {
		number[s.ID] = i
	}
	first := map[int]bool{}
	for _, id := range r.Next {
		if i, ok := number[id]; ok && !first[i] {
			first[i] = true
			p.next = append(p.next, i)
		}
	}
	for i, s := range p.steps {
		if !first[i] && (!s.Green() || o.All) {
			p.rest = append(p.rest, i)
		}
	}
	return p
}

// title is what a tab of the browser and a bookmark show.
func (p *page) title() string {
	title := p.r.Lab.Title + " – labcheck report"
	if label := p.r.Source.Label(); label != "" {
		title = label + ": " + title
	}
	return title
}

func (p *page) body() g.Group {
	return g.Group{
		p.banner(),
		h.Main(webpage.Lines(
			p.result(),
			p.nextSteps(),
			p.table(),
			p.details(),
			p.advice(),
			p.about(),
			p.evidence(),
		)...),
		h.Footer(h.P(webpage.Text(p.r.Closing()))),
	}
}

// banner is the head of the page: what was graded, and what must be said of it before anything else.
func (p *page) banner() g.Node {
	r := p.r
	parts := []g.Node{h.P(h.Class("kind"), g.Text("labcheck report")), h.H1(webpage.Text(r.Lab.Title))}
	for _, n := range r.Notices() {
		parts = append(parts, h.P(h.Class("notice"), h.Strong(webpage.Text(n.Label)), g.Text(" "), webpage.Text(n.Text)))
	}
	return h.Header(webpage.Lines(parts...)...)
}

// about says what was graded, where and by whom it was asked.
func (p *page) about() g.Node {
	r := p.r
	facts := g.Group{}
	fact := func(name, value string, show func(string) g.Node) {
		if value != "" {
			facts = append(facts, h.Div(h.Dt(g.Text(name)), h.Dd(show(value))), g.Text("\n"))
		}
	}
	fact("Student", r.Student, webpage.Text)
	fact("Lab", r.Lab.ID, func(id string) g.Node {
		return g.Group{webpage.Code(id), g.Text(" (file "), webpage.Code(r.Lab.ShortHash()), g.Text(")")}
	})
	fact("Account", r.Target.Account, webpage.Code)
	fact("Caller", r.Target.Caller, webpage.Code)
	fact("Region", r.Target.Region, webpage.Code)
	fact("Profile", r.Target.Profile, webpage.Code)
	fact("Target", r.Target.Name, webpage.Code)
	fact("Started", r.Started.Format(time.DateTime), moment(r.Started))
	fact("Finished", r.Finished.Format(time.DateTime), moment(r.Finished))
	fact("Source", string(r.Source), webpage.Code)
	fact("Tool", r.Tool.Name+" "+r.Tool.Version, webpage.Text)
	return webpage.Section("run", "Run", h.Dl(h.Class("facts"), facts))
}

func moment(at time.Time) func(string) g.Node {
	return func(shown string) g.Node {
		return h.Time(h.DateTime(at.UTC().Format(time.RFC3339)), g.Text(shown+" UTC"))
	}
}

// result is the grade, or why there is none.
func (p *page) result() g.Node {
	if p.r.Problem != nil {
		return p.problem()
	}
	got := p.r.Grade
	parts := []g.Node{
		h.P(h.Class("points"), webpage.Text(reports.GradeText(got))),
		bar(got),
		h.P(h.Class("outcome"), webpage.Text(reports.OutcomeText(got))),
	}
	if done, possible := p.r.StepsDone(); done == possible && possible > 0 {
		parts = append(parts, h.P(h.Class("done"), g.Textf("✓ Everything is done: %d of %s.", done,
			checks.Count(possible, "step"))))
	}
	for _, sentence := range []string{reports.MissingText(got), p.r.NotCountedText(), p.r.CostText()} {
		if sentence != "" {
			parts = append(parts, h.P(webpage.Text(sentence)))
		}
	}
	return webpage.Section("grade", "Grade", parts...)
}

// nextSteps names the steps to do first, each leading to its details.
func (p *page) nextSteps() g.Node {
	if len(p.next) == 0 {
		return nil
	}
	var items []g.Node
	for _, i := range p.next {
		s := p.steps[i]
		item := []g.Node{
			h.A(h.Href("#"+numbered("step", i)), webpage.Text(s.Name())), g.Text(": "), webpage.Text(s.PointsText()),
		}
		if s.Required {
			item = append(item, g.Text(", "), h.Strong(g.Text("required")))
		}
		items = append(items, h.Li(item...))
	}
	return webpage.Section("next", "What to do next", h.Ol(webpage.Lines(items...)))
}

// bar draws the percentages, which the text beside it says: what is earned, what could still be, and the pass mark.
func bar(got grade.Grade) g.Node {
	if got.Percent == nil {
		return nil
	}
	rect := func(class string, from, to int) g.Node {
		return g.El("rect", h.Class(class), g.Attr("x", percent(from)), h.Width(percent(max(to-from, 0))), h.Height("100%"))
	}
	mark := percent(got.PassMark)
	return h.SVG(
		h.Class("bar"), h.Aria("hidden", "true"), h.Width("100%"), h.Height("16"),
		rect("all", 0, 100), rect("open", *got.Percent, *got.PercentHigh), rect("earned", 0, *got.Percent),
		g.El("line", h.Class("mark"), g.Attr("x1", mark), g.Attr("x2", mark), g.Attr("y1", "0"), g.Attr("y2", "100%")),
	)
}

func percent(n int) string { return strconv.Itoa(n) + "%" }

// problem stands in the place of the grade when nothing could be asked of the account.
func (p *page) problem() g.Node {
	return webpage.Section(
		"grade", "Nothing could be asked of AWS",
		h.P(webpage.Text(p.r.Problem.Sentence())),
		webpage.List(p.r.Problem.Next, webpage.Code),
	)
}

func numbered(prefix string, n int) string { return fmt.Sprintf("%s-%d", prefix, n+1) }
