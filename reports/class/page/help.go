package page

import (
	"fmt"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// help says who is stuck, who has almost passed and who is silent. nil where nobody is any of it.
func (p *page) help() g.Node {
	lists := []g.Node{
		p.helped("stuck", "Stuck", "No change in three attempts.", p.c.Help.Stuck),
		p.helped("almost", "Almost passed", "A single step is missing.", p.c.Help.Almost),
		p.helped("silent", "Silent", "Nothing was handed in.", p.c.Help.Silent),
	}
	for _, list := range lists {
		if list != nil {
			return h.Div(h.Class("cards"), webpage.Lines(lists...))
		}
	}
	return nil
}

// mostHelped is how many students a list names: what fits a screen. The others are counted.
const mostHelped = 8

// helped is one list of students, nil for an empty one.
func (p *page) helped(kind, heading, means string, list []class.Helped) g.Node {
	if len(list) == 0 {
		return nil
	}
	var items []g.Node
	for _, s := range list[:min(len(list), mostHelped)] {
		item := g.Group{p.name(s.Key)}
		if s.Text != "" {
			item = append(item, g.Text(": "), webpage.Text(s.Text))
		}
		items = append(items, h.Li(item))
	}
	if more := len(list) - mostHelped; more > 0 {
		items = append(items, h.Li(h.Class("more"), g.Text(fmt.Sprintf("and %d more", more))))
	}
	return h.Div(
		h.Class("help "+kind), h.H3(g.Text(heading), g.Text(fmt.Sprintf(" (%d)", len(list)))), h.P(g.Text(means)),
		h.Ul(webpage.Lines(items...)),
	)
}

// mostSaid is how many steps are for the class: as many as somebody can say before people have begun to work.
const mostSaid = 3

// say is what most people missed: what they have, and a sentence to say in class.
func (p *page) say() g.Node {
	hardest := p.c.Hardest(mostSaid)
	if len(hardest) == 0 {
		return nil
	}
	var items []g.Node
	for _, s := range hardest {
		items = append(items, h.Li(
			h.Strong(g.Text(fmt.Sprintf("%d%% passed", *s.Difficulty))), g.Text(" "), webpage.Code(s.ID), g.Text(": "),
			webpage.Text(fmt.Sprintf("%d of %d have “%s”.", s.Missed[0].Count, s.Answered(), s.Missed[0].Found)),
			h.P(h.Class("words"), webpage.Text(s.Say())),
		))
	}
	return h.Ol(h.Class("say"), webpage.Lines(items...))
}

// belief says how far the grades can be believed, and what is said of many at once.
func (p *page) belief() g.Node {
	var rows []g.Node
	for _, level := range class.Levels() {
		if n := p.c.Summary.Levels[level]; n > 0 || len(p.c.Summary.Levels) > 0 {
			word, means := level.Words()
			rows = append(rows, h.Tr(
				h.Th(h.Scope("row"), g.Text(word)), h.Td(h.Class("number"), g.Text(fmt.Sprint(n))), h.Td(g.Text(means)),
			))
		}
	}
	if len(rows) == 0 && len(p.c.Notes) == 0 {
		return nil
	}
	parts := g.Group{}
	if len(rows) > 0 {
		parts = append(parts, webpage.Wide("The attempts that count", []string{"Level", "Students", "What it means"}, rows))
	}
	return append(parts, webpage.List(p.c.Notes, webpage.Text))
}
