// Package webpage is what our pages for a browser have in common: the look, the head, and the ways untrusted text gets
// in. A page needs nothing else: no network, no fonts of its own.
//
// Names in a report are chosen by strangers. They get into a page only as text, through Text and what is made with it.
// A policy in the page's head forbids everything but the page's own style sheet and script, so that even a mistake
// could not run anything.
package webpage

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the style sheet is a file of its own
	"encoding/base64"
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

//go:embed base.css
var base string

// CopyButtons is a script that puts a button above each block of commands, which copies it.
//
//go:embed copy.js
var CopyButtons string

// Page are the parts of a page that its head and its policy are made of.
type Page struct {
	// Title is what a tab of the browser and a bookmark show. It is untrusted.
	Title string
	// Style comes after the style sheet that all pages share.
	Style string
	// Script is run when the page is read; "" for a page that runs nothing.
	Script string
}

// Write writes the page around its body, in one piece, so that nothing is written where it fails. The script stands at
// the end, where all that it works on is there.
func (p Page) Write(w io.Writer, body ...g.Node) error {
	if p.Script != "" {
		body = append(body, h.Script(g.Raw(p.Script)))
	}
	var b bytes.Buffer
	if err := h.Doctype(h.HTML(h.Lang("en"), p.head(), h.Body(Lines(body...)...))).Render(&b); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func (p Page) head() g.Node {
	return h.Head(Lines(
		h.Meta(h.Charset("utf-8")),
		h.Meta(g.Attr("http-equiv", "Content-Security-Policy"), h.Content(p.policy())),
		h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
		h.Meta(h.Name("color-scheme"), h.Content("light dark")),
		h.Meta(h.Name("referrer"), h.Content("no-referrer")),
		h.TitleEl(Text(p.Title)),
		h.StyleEl(g.Raw(p.style())),
	)...)
}

func (p Page) style() string { return base + p.Style }

// policy forbids a browser everything but the one style sheet and the one script, which it knows by their hashes.
func (p Page) policy() string {
	policy := "default-src 'none'; style-src " + hash(p.style())
	if p.Script != "" {
		policy += "; script-src " + hash(p.Script)
	}
	return policy + "; base-uri 'none'; form-action 'none'"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

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
