package iam

import (
	"fmt"
	"strings"
	"time"
)

const day = 24 * time.Hour

// maxNames is the longest list of names in one text.
const maxNames = 5

// counted is a number with its unit: "1 group", "2 groups".
func counted(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// named lists names for a person, the first few of a long list.
func named(names []string) string {
	if more := len(names) - maxNames; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNames], ", "), more)
	}
	return strings.Join(names, ", ")
}

// daysSince counts whole days, at least 0: a clock that runs behind AWS's makes nothing younger than new.
func daysSince(then, now time.Time) int { return max(0, int(now.Sub(then)/day)) }
