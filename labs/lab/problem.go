package lab

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// Problem is one thing that is wrong with a lab file, with its place and what to do.
type Problem struct {
	File string
	At   Pos
	Text string
}

// Error implements error: file:line:column: text.
func (p Problem) Error() string {
	if p.At.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.At.Line, p.At.Column, p.Text)
}

// Problems are all the problems of one file, in the order of their places.
type Problems []Problem

// Error implements error, with a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return p
}

// Nearest returns the name most like the given one, or "" when none is like it. One edit is allowed for every three
// letters of the name, and two at least.
func Nearest(name string, among []string) string {
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
	if near := Nearest(name, among); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}
