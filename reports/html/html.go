package html

import (
	_ "embed" // the style sheet is a file of its own
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// Format is this format.
var Format = reports.Format{
	Name:   "html",
	Help:   "one page for a browser, a phone or print; it needs no script and no network",
	Render: render,
}

//go:embed style.css
var style string

func render(w io.Writer, r *reports.Report, o reports.Options) error {
	p := newPage(r, o)
	return webpage.Page{Title: p.title(), Style: style}.Write(w, p.body()...)
}

// page is a report on its way into a page.
type page struct {
	r *reports.Report
	o reports.Options
	// steps are those that the page shows, in the order of the lab; the index of a step is its number in ids.
	steps []reports.Step
	// next are the numbers of the steps to mend first, best first; rest those of the others that are told in detail.
	next, rest []int
}

func newPage(r *reports.Report, o reports.Options) *page {
	p := &page{r: r, o: o, steps: r.Answered()}
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
			p.table(),
			p.mending(),
			p.advice(),
			p.evidence(),
		)...),
		h.Footer(h.P(webpage.Text(p.r.Closing()))),
	}
}
