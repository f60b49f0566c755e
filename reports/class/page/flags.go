package page

import (
	"fmt"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// flags lists what an instructor should look at, each with those whom it is about.
func (p *page) flags() g.Node {
	if len(p.c.Flags) == 0 {
		return nil
	}
	items := make([]g.Node, len(p.c.Flags))
	for i := range p.c.Flags {
		f := &p.c.Flags[i]
		items[i] = h.Li(
			h.ID(flagAnchor(i)), h.Strong(g.Text(class.FlagNumber(i))), g.Text(" "), p.names(f.Students), g.Text(": "),
			webpage.Text(f.FlagText()),
		)
	}
	return g.Group{
		h.P(g.Text("Something to look at, not an accusation.")), h.Ul(h.Class("flags"), webpage.Lines(items...)),
	}
}

// names are the names of students, which lead to their pages.
func (p *page) names(keys []string) g.Node {
	var names g.Group
	for i, key := range keys {
		switch {
		case i > 0 && i == len(keys)-1:
			names = append(names, g.Text(" and "))
		case i > 0:
			names = append(names, g.Text(", "))
		}
		names = append(names, p.name(key))
	}
	return names
}

func (p *page) name(key string) g.Node {
	i, ok := p.number[key]
	if !ok {
		return webpage.Text(key)
	}
	return h.A(h.Href("#"+anchor(i)), webpage.Text(p.c.Students[i].Who()))
}

func flagAnchor(i int) string { return fmt.Sprintf("flag-%d", i+1) }
