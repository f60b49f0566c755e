package run

import (
	"cmp"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// maxNext is how many next actions a report names: more than three overwhelm.
const maxNext = 3

// block applies the needs, causes first, to the steps that failed or could not be looked at. Pass, partial and skipped
// stand on their own evidence. A need that was not selected blocks nothing: nobody looked at it.
func block(plan *lab.Plan, steps []reports.Step) {
	index := make(map[string]int, len(steps))
	for i, s := range steps {
		index[s.ID] = i
	}
	done := make([]bool, len(steps))
	var settle func(i int)
	settle = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		s := &steps[i]
		for _, need := range plan.Steps[i].Needs {
			n, selected := index[need]
			if !selected {
				continue
			}
			settle(n)
			apply(s, &steps[n])
		}
	}
	for i := range steps {
		settle(i)
	}
}

// apply lets one need act on a step.
func apply(s, need *reports.Step) {
	if s.Verdict != checks.Fail && s.Verdict != checks.Unknown && s.Verdict != checks.Blocked {
		return
	}
	switch need.Verdict {
	case checks.Fail, checks.Blocked:
		s.Verdict = checks.Blocked
		s.BlockedBy = append(s.BlockedBy, causes(need)...)
		slices.Sort(s.BlockedBy)
		s.BlockedBy = slices.Compact(s.BlockedBy)
		s.Reason, s.Detail, s.MissingAction = "", "", ""
		s.Fix = checks.Fix{}
	case checks.Unknown:
		if s.Verdict != checks.Blocked {
			s.Verdict = checks.Unknown
			s.Reason, s.Detail, s.MissingAction = need.Reason, need.Detail, need.MissingAction
			s.Fix = checks.Fix{} // it would put something else right than what is not known
		}
	default:
	}
}

// causes are the steps to fix first because of this one: itself, or what blocks it.
func causes(need *reports.Step) []string {
	if need.Verdict == checks.Blocked {
		return need.BlockedBy
	}
	return []string{need.ID}
}

// next names the most useful steps to fix: required ones first, then what gives or unblocks the most points, then
// lab order. Blocked steps are never named: their cause is.
func next(steps []reports.Step) []string {
	worth := map[string]int{}
	for _, s := range steps {
		worth[s.ID] += s.Points - s.Earned
		for _, cause := range s.BlockedBy {
			worth[cause] += s.Points
		}
	}
	var open []reports.Step
	for _, s := range steps {
		if s.Verdict == checks.Fail || s.Verdict == checks.Partial {
			open = append(open, s)
		}
	}
	slices.SortStableFunc(open, func(a, b reports.Step) int {
		return cmp.Or(rank(a)-rank(b), worth[b.ID]-worth[a.ID])
	})
	ids := []string{}
	for _, s := range open[:min(maxNext, len(open))] {
		ids = append(ids, s.ID)
	}
	return ids
}

func rank(s reports.Step) int {
	if s.Required {
		return 0
	}
	return 1
}
