package html

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
)

// text makes untrusted text safe everywhere in the page.
func text(untrusted string) g.Node { return g.Text(reports.Clean(untrusted)) }

// code shows an untrusted name as code.
func code(untrusted string) g.Node { return h.Code(text(untrusted)) }

// commands shows commands as they are to be pasted, a line each. They must be typeable: a changed command is another
// command, so nothing is cleaned here.
func commands(list ...string) g.Node {
	var all g.Group
	for i, command := range list {
		if i > 0 {
			all = append(all, g.Text("\n"))
		}
		all = append(all, g.Text(command))
	}
	// A long command scrolls by itself, and what scrolls must be reachable from the keyboard.
	return h.Pre(h.TabIndex("0"), h.Role("group"), h.Aria("label", "Commands"), h.Code(all))
}

// lines puts each part on a line of its own, so that a person can compare two pages. Absent parts leave no line.
func lines(parts ...g.Node) g.Group {
	all := g.Group{}
	for _, part := range parts {
		if part != nil {
			all = append(all, g.Text("\n"), part)
		}
	}
	return append(all, g.Text("\n"))
}

// items are the items of a list.
func items(texts []string, item func(string) g.Node) g.Group {
	var all []g.Node
	for _, t := range texts {
		all = append(all, h.Li(item(t)))
	}
	return lines(all...)
}

// fold is what a reader opens to read.
func fold(summary string, parts ...g.Node) g.Node {
	return h.Details(h.Summary(text(summary)), lines(parts...))
}
