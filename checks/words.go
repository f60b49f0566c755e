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
