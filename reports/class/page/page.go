// Package page writes a class as one page that needs nothing else: it works from a file, without a network. First it
// says whom to help next and what to say in class, then who has which grade, and why.
//
// The page of each student is data beside the page, a text that many have being there once, and the page's script draws
// the one that somebody asks for. The script also sorts, filters and prints; without it everything can be read but the
// students' pages, which labcheck grade --feedback writes, too.
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

//go:embed student.js
var drawing string

// Format is this format.
var Format = class.Format{
	Name:    "html",
	Help:    "the class page: whom to help, what to say in class, matrix, flags, filter and sort, in one file",
	Streams: true, // it is one piece already, and a large one
	Render:  render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	p := newPage(c, o)
	return webpage.Page{Title: p.title(), Style: style, Script: sorting + filtering + drawing}.Write(w, p.body()...)
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
		{"next", "Whom to help next", p.help()},
		{"say", "What to say in class", p.say()},
		{"summary", "What became of everybody", p.summary()},
		{"grades", "Distribution of grades", p.distribution()},
		{"attempts", "Attempts over time", p.attempts()},
		{"students", "Students and steps", p.matrix()},
		{"missed", "What people missed", p.missed()},
		{"belief", "How far these grades can be believed", p.belief()},
		{"flags", "Flags", p.flags()},
		{"again", "Graded again", webpage.List(p.c.RegradeLines(), webpage.Text)},
		{"refused", "Files without a grade", p.refused()},
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
		h.Script(h.Type("application/json"), h.ID("data"), p.data()),
	}
}

// each makes a part of the page of each of many things only as it is written: no page of thousands of students is held
// at once.
func each(n int, one func(i int) g.Node) g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		for i := range n {
			if err := (g.Group{g.Text("\n"), one(i)}).Render(w); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, "\n")
		return err
	})
}
