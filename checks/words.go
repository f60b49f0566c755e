package checks

import (
	"slices"
	"strconv"
	"strings"
)

// Count says how many there are of something: "1 zone", "2 zones".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// shownNames is the longest list of names in one text.
const shownNames = 5

// Names lists names, the first five of a longer list: "a, b, c, d, e and 2 more".
func Names(names []string) string {
	if more := len(names) - shownNames; more > 0 {
		return strings.Join(names[:shownNames], ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(names, ", ")
}

// Join writes clauses one after the other and leaves out the empty ones.
func Join(clauses ...string) string {
	clauses = slices.DeleteFunc(slices.Clone(clauses), func(c string) bool { return c == "" })
	return strings.Join(clauses, "; ")
}
