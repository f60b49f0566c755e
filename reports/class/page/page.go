package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

//go:embed style.css
var style string

//go:embed script.js
var script string

// Format is this format.
var Format = class.Format{
	Name:   "html",
	Help:   "the class page: one file with distribution, matrix, flags, filter and sort",
	Render: render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	var b strings.Builder
	title := c.Lab.Title + ": the class"
	page := h.Doctype(h.HTML(h.Lang("en"),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(g.Attr("http-equiv", "Content-Security-Policy"), h.Content(policy())),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.TitleEl(text(title)), h.StyleEl(g.Raw(style)),
		),
		h.Body(
			h.Main(
				h.H1(text(title)), notice(c),
				list("What became of everybody", c.Reconciliation()),
				distribution(c), students(c), items(c),
				list("Graded again", c.RegradeLines()),
				list("To look at", each(c.Flags, func(f class.Flag) string { return f.FlagText() })),
				list("Files without a grade", each(c.Refused, func(r class.Refusal) string { return r.File + ": " + r.Reason })),
				feedback(c, o),
			),
			h.Script(g.Raw(script)),
		),
	))
	if err := page.Render(&b); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

// policy allows the style sheet and the script of the page, and nothing else.
func policy() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
}

// text is untrusted text.
func text(untrusted string) g.Node { return g.Text(reports.Clean(untrusted)) }

func each[T any](all []T, sentence func(T) string) []string {
	lines := make([]string, len(all))
	for i, one := range all {
		lines[i] = sentence(one)
	}
	return lines
}

// list is a part with a heading; nothing for an empty one.
func list(heading string, lines []string) g.Node {
	if len(lines) == 0 {
		return nil
	}
	return g.Group{h.H2(g.Text(heading)), h.Ul(g.Map(lines, func(line string) g.Node { return h.Li(text(line)) }))}
}

func notice(c *class.Class) g.Node {
	if c.Notice() == "" {
		return nil
	}
	return h.P(h.Strong(g.Text(c.Notice())))
}

// distribution counts the grades by tens of percents.
func distribution(c *class.Class) g.Node {
	const tens, barWidth, barHeight = 10, 150, 14
	counts := make([]int, tens)
	most := 0
	for _, p := range c.Students {
		if p.Percent != nil {
			i := min(max(*p.Percent/tens, 0), tens-1)
			counts[i]++
			most = max(most, counts[i])
		}
	}
	if most == 0 {
		return nil
	}
	rows := g.Group{}
	for i, n := range counts {
		upTo := strconv.Itoa(tens*i + tens - 1)
		if i == tens-1 {
			upTo = "100"
		}
		bar := h.SVG(
			g.Attr("width", strconv.Itoa(barWidth)), g.Attr("height", strconv.Itoa(barHeight)), h.Aria("hidden", "true"),
			g.El("rect", h.Class("bar"), g.Attr("width", strconv.Itoa(barWidth*n/most)), g.Attr("height", strconv.Itoa(barHeight))),
		)
		rows = append(rows, h.Tr(
			h.Th(h.Scope("row"), g.Text(strconv.Itoa(tens*i)+" to "+upTo+"%")), number(strconv.Itoa(n), ""), h.Td(bar),
		))
	}
	return g.Group{h.H2(g.Text("Distribution of grades")), h.Table(h.TBody(rows))}
}

func number(shown, sort string) g.Node {
	return h.Td(h.Class("number"), g.If(sort != "", h.Data("sort", sort)), g.Text(shown))
}
