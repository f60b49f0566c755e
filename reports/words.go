package reports

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labcheck/labcheck/checks"
)

// Mark is the sign of a verdict. It always stands beside the verdict's word.
func Mark(v checks.Verdict) string {
	switch v {
	case checks.Pass:
		return "✓"
	case checks.Partial:
		return "◐"
	case checks.Fail:
		return "✗"
	case checks.Blocked:
		return "⊘"
	case checks.Skipped:
		return "–"
	default:
		return "?"
	}
}

// Count says how many there are of something: "1 step", "2 steps".
func Count(n int, one string) string { return checks.Count(n, one) }

// Span is a number that is not known exactly: "75 to 79", or "75" when it is.
func Span(low, high int) string {
	if low == high {
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

// List joins words: "a", "a and b", "a, b and c".
func List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// sentence gives a clause its capital, and its full stop unless it asks something.
func sentence(clause string) string {
	first, size := utf8.DecodeRuneInString(clause)
	text := string(unicode.ToUpper(first)) + clause[size:]
	if strings.HasSuffix(text, "?") {
		return text
	}
	return strings.TrimRight(text, ".") + "."
}
