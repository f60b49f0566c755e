package webpage

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Section is a part of a page that is named by its heading, which has the id.
func Section(id, heading string, parts ...g.Node) g.Node {
	return h.Section(h.Aria("labelledby", id), Lines(append([]g.Node{h.H2(h.ID(id), g.Text(heading))}, parts...)...))
}

// Column is the head of a column.
func Column(name string) g.Node { return h.Th(h.Scope("col"), g.Text(name)) }

// Wide is a table that scrolls by itself where the page is narrow: the page never does.
func Wide(caption string, columns []string, rows []g.Node) g.Node {
	header := g.Group{}
	for _, name := range columns {
		header = append(header, Column(name))
	}
	return Scroll(caption, h.Table(
		h.Caption(g.Text(caption)), h.THead(h.Tr(header)), h.TBody(Lines(rows...)...),
	))
}

// Scroll is a region that scrolls by itself. It can be reached from the keyboard, and says what it holds.
func Scroll(label string, part g.Node) g.Node {
	return h.Div(h.Class("wide"), h.TabIndex("0"), h.Role("region"), h.Aria("label", label), part)
}
