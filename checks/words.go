package checks

import (
	"strconv"
	"strings"
)

// Count says how many there are of something: "1 zone", "2 zones".
func Count(n int, one string) string {
	if n != 1 {
		one += "s"
	}
	return strconv.Itoa(n) + " " + one
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
	var said []string
	for _, c := range clauses {
		if c != "" {
			said = append(said, c)
		}
	}
	return strings.Join(said, "; ")
}
