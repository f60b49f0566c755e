package cmd

import (
	"strings"

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
