// Package page writes a class as one page that needs nothing else: it works from a file, without a network. The script
// of the page sorts, filters, opens and prints; without it everything can still be read.
//
// Names are chosen by strangers: see package webpage. The ids, the classes and the links of the page are made of our
// own words and of numbers, and the script writes nothing but text.
package page

import (
	_ "embed" // the style sheet and the scripts are files of their own
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

//go:embed style.css
var style string

//go:embed sort.js
var sorting string

//go:embed filter.js
var filtering string

//go:embed show.js
var showing string

// Format is this format.
var Format = class.Format{
	Name:   "html",
	Help:   "the class page: one file with distribution, matrix, flags, filter and sort",
	Render: render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	p := newPage(c, o)
	return webpage.Page{Title: p.title(), Style: style, Script: sorting + filtering + showing}.Write(w, p.body()...)
}

// page is a class on its way into a page.
type page struct {
	c *class.Class
	o class.Options
	// number is the index of a student by the key.
	number map[string]int
}

func newPage(c *class.Class, o class.Options) *page {
	p := &page{c: c, o: o, number: make(map[string]int, len(c.Students))}
	for i := range c.Students {
		p.number[c.Students[i].Key] = i
	}
	return p
}

// title is what a tab of the browser and a bookmark show.
func (p *page) title() string {
	title := p.c.Lab.Title + " – labcheck class"
	if p.c.Demo {
		title = "DEMO: " + title
	}
	return title
}

// part is a part of the page with its heading. One without a body is left out.
type part struct {
	id, heading string
	body        g.Node
}

func (p *page) parts() []part {
	all := []part{
		{"summary", "What became of everybody", p.summary()},
		{"grades", "Distribution of grades", p.distribution()},
		{"attempts", "Attempts over time", p.attempts()},
		{"students", "Students and steps", p.matrix()},
		{"missed", "What people missed", p.missed()},
		{"flags", "Flags", p.flags()},
		{"again", "Graded again", webpage.List(p.c.RegradeLines(), webpage.Text)},
		{"refused", "Files without a grade", p.refused()},
		{"feedback", "Student by student", p.feedback()},
	}
	var shown []part
	for _, part := range all {
		if part.body != nil {
			shown = append(shown, part)
		}
	}
	return shown
}

func (p *page) body() g.Group {
	var links, sections []g.Node
	for _, part := range p.parts() {
		links = append(links, h.Li(h.A(h.Href("#"+part.id), g.Text(part.heading))))
		sections = append(sections, webpage.Section(part.id, part.heading, part.body))
	}
	return g.Group{
		h.A(h.Class("skip"), h.Href("#students"), g.Text("Skip to the students")),
		p.banner(links),
		h.Main(webpage.Lines(sections...)...),
		h.Footer(h.P(webpage.Text("Graded " + class.Moment(p.c.Graded) + " by " + p.c.Tool.Name + " " + p.c.Tool.Version +
			"."))),
	}
}
