package terminal

import (
	"strings"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Width is how many columns a text takes on a terminal. Escape sequences take none. It counts as the library does
// that draws the table, without regard to the environment.
func Width(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }

// shorten fits a text into so many columns. It cuts in the middle and keeps the tail, where ARNs and paths differ.
func shorten(text string, columns int, gap string) string {
	if Width(text) <= columns {
		return text
	}
	if columns <= Width(gap) {
		return prefix(gap, columns)
	}
	room := columns - Width(gap)
	head := prefix(text, room-room/2)
	return head + gap + suffix(text, room-Width(head))
}

// prefix is as much of the beginning as fits.
func prefix(text string, columns int) string {
	used := 0
	for i, r := range text {
		if used += Width(string(r)); used > columns {
			return text[:i]
		}
	}
	return text
}

// suffix is as much of the end as fits. It does not begin with a mark that belongs to the letter before.
func suffix(text string, columns int) string {
	start, used := len(text), 0
	for i := len(text); i > 0; {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
		width := Width(string(r))
		if used += width; used > columns {
			break
		}
		if width > 0 {
			start = i
		}
	}
	return text[start:]
}

// wrap breaks a text into lines between words. A word longer than a line is shortened.
func wrap(text string, columns int, gap string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		word = shorten(word, columns, gap)
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word) <= columns:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
