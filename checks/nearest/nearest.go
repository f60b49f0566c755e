// Package nearest finds what somebody meant who typed a name that is none.
package nearest

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
)

// Of returns the name most like the given one, or "" when none is like it. One edit is allowed for every three
// letters of the name, and two at least.
func Of(name string, among []string) string {
	name = strings.ToLower(name)
	limit := 2*max(2, len(name)/3) + 1
	best := ""
	for _, candidate := range among {
		d := 2 * levenshtein.Distance(name, candidate, nil)
		if !strings.HasPrefix(candidate, name[:min(1, len(name))]) {
			d++ // of two that are as near, the first letter is seldom mistyped
		}
		if d <= limit {
			best, limit = candidate, d-1
		}
	}
	return best
}

// DidYouMean ends a sentence about an unknown name: with the nearest one if there is one, else with "".
func DidYouMean(name string, among []string) string {
	if near := Of(name, among); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}
