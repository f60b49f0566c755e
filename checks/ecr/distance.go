package ecr

import (
	"github.com/agext/levenshtein"
)

// maxEdits is how many slips of the finger make a similar name: a letter too many, too few or wrong, or two letters
// swapped (the Damerau-Levenshtein distance).
const maxEdits = 2

// nearlyEqual says whether two different names are at most maxEdits slips apart. In a short name fewer slips are
// allowed, at most one in three letters: "api" and "app" have nothing to do with each other.
func nearlyEqual(a, b string) bool {
	edits := min(maxEdits, min(len(a), len(b))/3)
	return a != b && within(a, b, edits)
}

// within says whether at most so many slips lead from a to b. The library counts a swap of neighbours as two edits, so
// swaps are tried one by one, but only where counting them as one may make the difference.
func within(a, b string, edits int) bool {
	distance := levenshtein.Distance(a, b, levenshtein.NewParams().MaxCost(2*edits))
	if distance <= edits || distance > 2*edits {
		return distance <= edits
	}
	swapped := []byte(a)
	for i := 1; i < len(swapped); i++ {
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
		if within(string(swapped), b, edits-1) {
			return true
		}
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
	}
	return false
}
