package grade_test

import (
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
)

var scale = []grade.Band{{Letter: "A", Percent: 90}, {Letter: "B", Percent: 80}, {Letter: "C", Percent: 70}}

// step is a step with its id.
type step struct {
	id string
	grade.Step
}

func of(id string, points int, v checks.Verdict) step {
	return step{id, grade.Step{Points: points, Verdict: v}}
}

func required(s step) step {
	s.Required = true
	return s
}

func inOrder(steps []step) iter.Seq2[string, grade.Step] {
	return func(yield func(string, grade.Step) bool) {
		for _, s := range steps {
			if !yield(s.id, s.Step) {
				return
			}
		}
	}
}

func TestOf(t *testing.T) {
	partial := of("half", 5, checks.Partial)
	partial.Share = 50
	cases := map[string]struct {
		steps                     []step
		earned, possible, high    int
		percent, percentHigh      int
		letter                    string
		outcome                   grade.Outcome
		missing                   []string
		nothingLeft, withoutScale bool
	}{
		"all passed": {
			steps:  []step{required(of("a", 10, checks.Pass)), of("b", 10, checks.Pass)},
			earned: 20, possible: 20, high: 20, percent: 100, percentHigh: 100, letter: "A", outcome: grade.Passed,
		},
		"a share is rounded down": {
			steps:  []step{partial, of("b", 15, checks.Pass)},
			earned: 17, possible: 20, high: 17, percent: 85, percentHigh: 85, letter: "B", outcome: grade.Passed,
		},
		"exactly the pass mark": {
			steps:  []step{of("a", 80, checks.Pass), of("b", 20, checks.Fail)},
			earned: 80, possible: 100, high: 80, percent: 80, percentHigh: 80, letter: "B", outcome: grade.Passed,
		},
		"a hair below the pass mark": {
			steps:  []step{of("a", 799, checks.Pass), of("b", 201, checks.Fail)},
			earned: 799, possible: 1000, high: 799, percent: 79, percentHigh: 79, letter: "C", outcome: grade.NotPassed,
		},
		"enough points, but a required step failed": {
			steps:  []step{required(of("must", 1, checks.Fail)), of("b", 99, checks.Pass)},
			earned: 99, possible: 100, high: 99, percent: 99, percentHigh: 99, letter: "A",
			outcome: grade.NotPassed, missing: []string{"must"},
		},
		"a required step that is only partly right": {
			steps: []step{required(partial), of("b", 95, checks.Pass)}, earned: 97, possible: 100, high: 97,
			percent: 97, percentHigh: 97, letter: "A", outcome: grade.NotPassed, missing: []string{"half"},
		},
		"unknown keeps its weight": {
			steps:  []step{of("a", 70, checks.Pass), of("b", 30, checks.Unknown)},
			earned: 70, possible: 100, high: 100, percent: 70, percentHigh: 100, letter: "C", outcome: grade.Inconclusive,
		},
		"unknown cannot save it": {
			steps:  []step{of("a", 60, checks.Pass), of("b", 10, checks.Unknown), of("c", 30, checks.Blocked)},
			earned: 60, possible: 100, high: 70, percent: 60, percentHigh: 70, letter: "F", outcome: grade.NotPassed,
		},
		"enough points, but a required step is unknown": {
			steps:  []step{required(of("must", 10, checks.Unknown)), of("b", 90, checks.Pass)},
			earned: 90, possible: 100, high: 100, percent: 90, percentHigh: 100, letter: "A",
			outcome: grade.Inconclusive, missing: []string{"must"},
		},
		"skipped leaves the total": {
			steps:  []step{required(of("na", 50, checks.Skipped)), of("b", 50, checks.Pass)},
			earned: 50, possible: 50, high: 50, percent: 100, percentHigh: 100, letter: "A", outcome: grade.Passed,
		},
		"nothing left": {
			steps: []step{of("na", 50, checks.Skipped)}, outcome: grade.Inconclusive, nothingLeft: true,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := grade.Of(inOrder(c.steps), 80, scale)
			assert.Equal(t, []int{c.earned, c.possible, c.earned, c.high}, []int{g.Earned, g.Possible, g.Low, g.High})
			assert.Equal(t, c.outcome, g.Outcome)
			assert.ElementsMatch(t, c.missing, g.Missing)
			if c.nothingLeft {
				require.Nil(t, g.Percent)
				require.Nil(t, g.Letter)
				return
			}
			assert.Equal(t, []int{c.percent, c.percentHigh}, []int{*g.Percent, *g.PercentHigh})
			assert.Equal(t, c.letter, *g.Letter)
		})
	}
}

// Losing a permission, a flag or a folder can never raise a grade: for every grade of three steps, turning one into
// unknown never raises low or percent, and never turns another outcome into passed.
func TestUnknownNeverRaises(t *testing.T) {
	for _, a := range checks.Verdicts() {
		for _, b := range checks.Verdicts() {
			for _, must := range []bool{true, false} {
				if a == checks.Skipped {
					continue // decided by the caller's identity, which cannot be lost without losing everything
				}
				before := []step{
					{"a", grade.Step{Points: 3, Required: must, Verdict: a, Share: 50}},
					{"b", grade.Step{Points: 7, Verdict: b, Share: 50}},
				}
				after := []step{before[0], before[1]}
				after[0].Verdict = checks.Unknown
				g, lost := grade.Of(inOrder(before), 80, scale), grade.Of(inOrder(after), 80, scale)
				require.LessOrEqual(t, lost.Low, g.Low)
				require.Equal(t, g.Possible, lost.Possible)
				if g.Outcome != grade.Passed {
					require.NotEqual(t, grade.Passed, lost.Outcome, "%v %v", a, b)
				}
			}
		}
	}
}
