package table

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// Widths in columns: the usual terminal, the narrowest and the widest that a table is drawn for. A table wider than
// that is hard to read along.
const (
	usualWidth  = 80
	leastWidth  = 40
	widestTable = 120
)

// page is a page of text as it is written.
type page struct {
	o     reports.Options
	width int
	b     strings.Builder
}

func newPage(o reports.Options) *page {
	width := o.Width
	if width <= 0 {
		width = usualWidth
	}
	return &page{o: o, width: min(max(width, leastWidth), widestTable)}
}

// text makes untrusted text safe for this terminal, and for the runner of GitHub Actions, which obeys "##[" anywhere in a
// line.
func (p *page) text(untrusted string) string {
	return p.ascii(strings.ReplaceAll(reports.Clean(untrusted), "##[", "#�["))
}

// asciiFor are the ASCII forms of the characters that labcheck itself writes.
var asciiFor = strings.NewReplacer("›", ">", "…", "...", "–", "-", "−", "-", "→", "->", "“", `"`, "”", `"`)

// ascii keeps to ASCII if it must.
func (p *page) ascii(text string) string {
	if !p.o.ASCII {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, asciiFor.Replace(text))
}

// gap stands for what was cut out.
func (p *page) gap() string { return p.ascii("…") }

func (p *page) shorten(text string, columns int) string { return shorten(text, columns, p.gap()) }

// wrap breaks a text into lines between words. None of them begins as a workflow command does: the runner of GitHub
// Actions obeys those on standard output, and any word of a stranger's may be the first of a line.
func (p *page) wrap(text string, columns int) []string {
	lines := wrap(text, columns, p.gap())
	for i, line := range lines {
		if strings.HasPrefix(line, "::") {
			lines[i] = p.ascii("�") + line[1:]
		}
	}
	return lines
}

// line writes one line that fits.
func (p *page) line(text string) { p.b.WriteString(strings.TrimRight(text, " ") + "\n") }

// title writes a heading of ours.
func (p *page) title(text string) {
	p.line("")
	for _, line := range p.wrap(text, p.width) {
		p.line(p.paint(bold, line))
	}
}

// paragraph writes untrusted text over as many lines as it takes. The first begins with lead, the others are indented
// as far; so lead may be an indent, a label or both.
func (p *page) paragraph(lead, untrusted string) {
	indent := strings.Repeat(" ", widthOf(lead))
	for _, line := range p.wrap(p.text(untrusted), p.width-len(indent)) {
		p.line(lead + line)
		lead = indent
	}
}

// Colours, as the numbers of ANSI. They are those of every theme: none is white or black.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint colours a text if colours are allowed; the colour "" leaves it as it is.
func (p *page) paint(color, text string) string {
	if !p.o.Color || text == "" || color == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// verdict is the mark and the word of a verdict.
func (p *page) verdict(v checks.Verdict) string {
	if p.o.ASCII {
		return p.paint(colorOf(v), strings.ToUpper(v.String()))
	}
	return p.paint(colorOf(v), reports.Mark(v)+" "+v.String())
}

func colorOf(v checks.Verdict) string {
	switch v {
	case checks.Pass:
		return green
	case checks.Fail:
		return red
	case checks.Skipped, checks.Blocked:
		return dim
	default:
		return yellow
	}
}
