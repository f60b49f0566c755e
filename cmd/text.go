package cmd

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/table"
)

// widestText is the widest text that is easy to read along, in columns.
const widestText = 120

// clean makes a text from a stranger safe for a terminal: line breaks stay, every other control character and mark
// that shows nothing becomes a question mark.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !reports.Hidden(r) {
			return r
		}
		return '?'
	}, text)
	return strings.ReplaceAll(text, "##[", "#?[") // which the runner of GitHub Actions obeys wherever it stands
}

// fold breaks a text between words into lines of at most so many columns, each behind the margin. A word that is longer
// stays whole: it may be a path or an address to copy.
func fold(text, margin string, columns int) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = margin + word
		case table.Width(line)+1+table.Width(word) > columns:
			lines = append(lines, line)
			line = margin + word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n")
}

// tell writes sentences for the person to standard error. On a terminal, lines that are too long for it are broken
// between words; elsewhere they stay whole, so that a program can look for them. A line that begins with a name which a
// stranger chose is no workflow command: the runner of GitHub Actions obeys those on standard error too.
func (e Env) tell(text string) {
	lines := strings.Split(clean(text), "\n")
	columns := cmp.Or(e.Width, defaultWidth)
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			lines[i] = "labcheck: " + line
		}
		if e.StderrTerminal && table.Width(line) > columns {
			margin := line[:len(line)-len(strings.TrimLeft(line, " "))]
			lines[i] = fold(line, margin, columns)
		}
	}
	fmt.Fprintln(e.Stderr, strings.Join(lines, "\n"))
}

// tellOnce tells what has not been said before.
func (a *app) tellOnce(text string) {
	if !a.told[text] {
		a.told[text] = true
		a.env.tell(text)
	}
}

// textWidth is how wide a text on standard output may be, in columns.
func (e Env) textWidth() int { return min(cmp.Or(e.Width, defaultWidth), widestText) }

// columns lays cells that a tab ends out in columns; to be flushed.
func columns(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
