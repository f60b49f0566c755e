package table

import (
	"strings"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/table"
)

// page is the text as it is written, by the rules of a report's table.
type page struct {
	o     class.Options
	width int
	b     strings.Builder
}

// Widths in columns.
const (
	usualWidth = 80
	leastWidth = 72
	mostWidth  = 120
)

func newPage(o class.Options) *page {
	width := o.Width
	if width <= 0 {
		width = usualWidth
	}
	return &page{o: o, width: min(max(width, leastWidth), mostWidth)}
}

func widthOf(text string) int { return table.Width(text) }

// text makes untrusted text safe for this terminal.
func (p *page) text(untrusted string) string { return table.Text(untrusted, p.o.ASCII) }

func (p *page) shorten(text string, columns int) string {
	return table.Shorten(text, columns, p.o.ASCII)
}

// paragraph writes untrusted text over as many lines as it takes, the first after lead, the others indented as far.
func (p *page) paragraph(lead, untrusted string) {
	indent := strings.Repeat(" ", len(lead))
	for _, line := range table.Wrap(p.text(untrusted), p.width-len(lead), p.o.ASCII) {
		p.b.WriteString(lead + line + "\n")
		lead = indent
	}
}

// list writes sentences under a heading; nothing when there are none.
func (p *page) list(heading string, n int, sentence func(i int) string) {
	if n == 0 {
		return
	}
	p.b.WriteString("\n" + p.paint("1", heading) + "\n")
	for i := range n {
		p.paragraph("  - ", sentence(i))
	}
}

// paint gives a text a colour of ANSI if colours are allowed.
func (p *page) paint(color, text string) string {
	if !p.o.Color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func colorOf(s *class.Person) string {
	const red, green, yellow = "31", "32", "33"
	switch {
	case s.Status != class.Graded:
		return yellow
	case s.Outcome == grade.Passed:
		return green
	default:
		return red
	}
}
