package webpage

import (
	"crypto/sha256"
	_ "embed" // the style sheet is a file of its own
	"encoding/base64"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

//go:embed base.css
var base string

// Page are the parts of a page that its head and its policy are made of.
type Page struct {
	// Title is what a tab of the browser and a bookmark show. It is untrusted.
	Title string
	// Style comes after the style sheet that all pages share.
	Style string
	// Script is run when the page is read; "" for a page that runs nothing.
	Script string
}

// Render is the page around its body. The script stands at its end, where all that it works on is there.
func (p Page) Render(body ...g.Node) g.Node {
	if p.Script != "" {
		body = append(body, h.Script(g.Raw(p.Script)))
	}
	return h.Doctype(h.HTML(h.Lang("en"), p.head(), h.Body(Lines(body...)...)))
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
