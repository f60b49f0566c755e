package cmd

import (
	"strings"
	"unicode/utf8"

	"github.com/labcheck/labcheck/reports"
)

// clean makes a text from a stranger safe for a terminal: line breaks stay, every other control character and mark
// that shows nothing becomes a question mark.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !reports.Hidden(r) {
			return r
		}
		return '?'
	}, text)
}

// indented breaks a text into lines that stand four columns in.
func indented(text string) string {
	const margin = "    "
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		width := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.WriteString(margin)
			column = len(margin)
		case column+1+width > defaultWidth:
			b.WriteString("\n" + margin)
			column = len(margin)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += width
	}
	b.WriteByte('\n')
	return b.String()
}
