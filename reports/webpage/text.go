package webpage

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// Text makes untrusted text safe everywhere in a page.
func Text(untrusted string) g.Node { return g.Text(reports.Clean(untrusted)) }

// Code shows an untrusted name as code.
func Code(untrusted string) g.Node { return h.Code(Text(untrusted)) }

// Commands shows commands as they are to be pasted, a line each. They must be typeable: a changed command is another
// command, so nothing is cleaned here.
func Commands(list ...string) g.Node {
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

// Verdict is the mark and the word of a verdict. The colour only repeats what they say.
func Verdict(v checks.Verdict) g.Node {
	return h.Span(
		h.Class("verdict "+v.String()),
		h.Span(h.Aria("hidden", "true"), g.Text(reports.Mark(v))), g.Text(" "+v.String()),
	)
}

// Lines puts each part on a line of its own, so that a person can compare two pages. Absent parts leave no line.
func Lines(parts ...g.Node) g.Group {
	all := g.Group{}
	for _, part := range parts {
		if part != nil {
			all = append(all, g.Text("\n"), part)
		}
	}
	return append(all, g.Text("\n"))
}

// Items are the items of a list.
func Items(texts []string, item func(string) g.Node) g.Group {
	var all []g.Node
	for _, t := range texts {
		all = append(all, h.Li(item(t)))
	}
	return Lines(all...)
}

// List is a list of texts, or nothing for none.
func List(texts []string, item func(string) g.Node) g.Node {
	if len(texts) == 0 {
		return nil
	}
	return h.Ul(Items(texts, item))
}

// Fold is what a reader opens to read.
func Fold(summary string, parts ...g.Node) g.Node {
	return h.Details(h.Summary(Text(summary)), Lines(parts...))
}
