package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the style sheet is a file of its own
	"encoding/base64"
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
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
	var b bytes.Buffer
	p := newPage(r, o)
	if err := h.Doctype(h.HTML(h.Lang("en"), p.head(), p.body())).Render(&b); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
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

func (p *page) head() g.Node {
	return h.Head(lines(
		h.Meta(h.Charset("utf-8")),
		h.Meta(g.Attr("http-equiv", "Content-Security-Policy"), h.Content(policy())),
		h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
		h.Meta(h.Name("color-scheme"), h.Content("light dark")),
		h.Meta(h.Name("referrer"), h.Content("no-referrer")),
		h.TitleEl(text(p.title())),
		h.StyleEl(g.Raw(style)),
	)...)
}

// policy forbids a browser everything but the one style sheet, which it knows by its hash.
func policy() string {
	hash := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'"
}

// title is what a tab of the browser and a bookmark show.
func (p *page) title() string {
	title := p.r.Lab.Title + " – labcheck report"
	if label := p.r.Source.Label(); label != "" {
		title = label + ": " + title
	}
	return title
}

func (p *page) body() g.Node {
	return h.Body(lines(
		p.banner(),
		h.Main(lines(
			p.result(),
			p.table(),
			p.mending(),
			p.advice(),
			p.evidence(),
		)...),
		h.Footer(h.P(text(p.r.Closing()))),
	)...)
}
