package reports

import "strings"

// Cell makes untrusted text safe for a cell of a spreadsheet: one line that no program takes for a formula. A text that
// begins like one gets an apostrophe before it, as OWASP advises.
func Cell(untrusted string) string {
	text := Clean(untrusted)
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}
