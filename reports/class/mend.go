package class

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
)

// ToMend are the steps of an attempt that a student can do something about: required ones first, then in the order of
// the lab. What only waits for another step is not among them: its cause is.
func (a *Attempt) ToMend() []Row {
	open := slices.DeleteFunc(slices.Clone(a.Steps), func(r Row) bool {
		return r.Verdict == checks.Pass || r.Verdict == checks.Skipped || r.Verdict == checks.Blocked
	})
	slices.SortStableFunc(open, func(x, y Row) int { return x.rank() - y.rank() })
	return open
}

func (r *Row) rank() int {
	if r.Required {
		return 0
	}
	return 1
}

// Sentences are what a student reads about a step: what was found, what is expected, and why it matters. Absent ones are left out.
func (r *Row) Sentences() []Sentence {
	return slices.DeleteFunc([]Sentence{
		{"Found", r.Line}, {"Expected", r.Expected}, {"Why it matters", r.Why},
	}, func(s Sentence) bool { return s.Text == "" })
}

// Sentence is a sentence about a step with its label. The text is untrusted.
type Sentence struct{ Label, Text string }
