// Package terminal is what our pages for a terminal have in common: the width that they keep, the ways in which
// untrusted text gets in, and the colours.
//
// Names in a report are chosen by strangers. They get into a page only through Text and what is made with it: nothing
// that a terminal, or the runner of GitHub Actions, obeys gets through. Colour only repeats what the words say.
package terminal

import (
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// Widths in columns: the usual terminal, and the widest page. A page wider than that is hard to read along.
const (
	usualWidth = 80
	widestPage = 120
)

// Options are what a person may choose about how a page looks.
type Options struct {
	// Width is the width to fit, in columns; 80 when zero.
	Width int
	// Color allows ANSI colours.
	Color bool
	// ASCII keeps to ASCII marks and rules.
	ASCII bool
	// Shell is the shell that commands are typed into.
	Shell reports.Shell
}

// Page is a page of text as it is written. What its methods write goes behind what is there.
type Page struct {
	// Width is how many columns a line may take.
	Width int
	// ASCII says that the page keeps to ASCII.
	ASCII bool
	color bool
	shell reports.Shell
	text  strings.Builder
}

// New returns an empty page. It is never narrower than the least width, in columns, and never wider than 120.
func New(o Options, least int) *Page {
	width := o.Width
	if width <= 0 {
		width = usualWidth
	}
	return &Page{Width: min(max(width, least), widestPage), ASCII: o.ASCII, color: o.Color, shell: o.Shell}
}

// String is the page as it is so far.
func (p *Page) String() string { return p.text.String() }

// Write adds what a library draws. It must be safe already, and never fails.
func (p *Page) Write(safe []byte) (int, error) { return p.text.Write(safe) }

// Text makes untrusted text safe for this terminal, and for the runner of GitHub Actions, which obeys "##[" anywhere in
// a line.
func (p *Page) Text(untrusted string) string {
	return p.ascii(strings.ReplaceAll(reports.Clean(untrusted), "##[", "#�["))
}

// asciiFor are the ASCII forms of the characters that labcheck itself writes.
var asciiFor = strings.NewReplacer("›", ">", "…", "...", "–", "-", "−", "-", "→", "->", "“", `"`, "”", `"`)

// ascii keeps to ASCII if it must.
func (p *Page) ascii(text string) string {
	if !p.ASCII {
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
func (p *Page) gap() string { return p.ascii("…") }

// Shorten fits a safe text into so many columns. It cuts in the middle and keeps the tail, where ARNs and paths differ.
func (p *Page) Shorten(text string, columns int) string { return shorten(text, columns, p.gap()) }

// Wrap breaks a safe text into lines of at most so many columns, between words. None of them begins as a workflow
// command does: the runner of GitHub Actions obeys those on standard output, and any word of a stranger's may be the
// first of a line.
func (p *Page) Wrap(text string, columns int) []string {
	lines := wrap(text, columns, p.gap())
	for i, line := range lines {
		if strings.HasPrefix(line, "::") {
			lines[i] = p.ascii("�") + line[1:]
		}
	}
	return lines
}

// Line writes one safe line that fits.
func (p *Page) Line(text string) { p.text.WriteString(strings.TrimRight(text, " ") + "\n") }

// Heading writes a heading of ours below an empty line.
func (p *Page) Heading(text string) {
	p.Line("")
	for _, line := range p.Wrap(text, p.Width) {
		p.Line(p.Paint(Bold, line))
	}
}

// Paragraph writes untrusted text over as many lines as it takes. The first begins with lead, the others are indented
// as far; so lead may be an indent, a label or both.
func (p *Page) Paragraph(lead, untrusted string) {
	indent := strings.Repeat(" ", Width(lead))
	for _, line := range p.Wrap(p.Text(untrusted), p.Width-len(indent)) {
		p.Line(lead + line)
		lead = indent
	}
}

// Command writes a command beside a lead, broken into lines that can be pasted together. The command must be typeable:
// it is written as it is.
func (p *Page) Command(lead, command string) {
	indent := strings.Repeat(" ", Width(lead))
	for _, line := range breakCommand(command, p.Width-len(indent), p.shell) {
		p.Line(lead + line)
		lead = indent
	}
}

// Color is a colour of ANSI, by its number. The colours are those of every theme: none is white or black.
type Color string

// The colours, and what else makes a text stand out or step back.
const (
	Plain  Color = ""
	Bold   Color = "1"
	Dim    Color = "2"
	Red    Color = "31"
	Green  Color = "32"
	Yellow Color = "33"
	Cyan   Color = "36"
)

// Paint colours a safe text if colours are allowed.
func (p *Page) Paint(color Color, text string) string {
	if !p.color || text == "" || color == Plain {
		return text
	}
	return "\x1b[" + string(color) + "m" + text + "\x1b[0m"
}

// Frame are the signs that a table is drawn with.
func (p *Page) Frame() tw.Symbols {
	if p.ASCII {
		return tw.NewSymbols(tw.StyleASCII)
	}
	return tw.NewSymbols(tw.StyleRounded)
}

// Verdict is the mark and the word of a step's verdict. A fail is red where it decides.
func (p *Page) Verdict(r *reports.Report, s reports.Step) string {
	color, word := colorOf(s.Verdict), reports.Mark(s.Verdict)+" "+s.Verdict.String()
	if color == Red && r.Standing(s) != reports.Deciding {
		color = Yellow
	}
	if p.ASCII {
		word = strings.ToUpper(s.Verdict.String())
	}
	return p.Paint(color, word)
}

func colorOf(v checks.Verdict) Color {
	switch v {
	case checks.Pass:
		return Green
	case checks.Fail:
		return Red
	case checks.Skipped, checks.Blocked:
		return Dim
	default:
		return Yellow
	}
}
