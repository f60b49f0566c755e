package run

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
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

// next names the steps to do first, in the order in which the lab teaches them: the required ones, then the others.
// Blocked steps are never named: their cause is. Where nothing is to be fixed, the unknown steps that a person can
// settle are named.
func next(plan *lab.Plan, steps []reports.Step, caller facts.CallerKind) []string {
	steps = asThisCaller(plan, steps, caller)
	ids := []string{}
	name := func(wanted func(reports.Step) bool) {
		for _, s := range steps {
			if len(ids) < maxNext && wanted(s) {
				ids = append(ids, s.ID)
			}
		}
	}
	name(func(s reports.Step) bool { return toFix(s) && s.Required })
	name(func(s reports.Step) bool { return toFix(s) && !s.Required })
	if len(ids) == 0 {
		name(reports.Step.Settleable)
	}
	return ids
}

// asThisCaller leaves out what should not be done with the credentials in use: the root user's work ends with the step
// that makes somebody else the caller.
func asThisCaller(plan *lab.Plan, steps []reports.Step, caller facts.CallerKind) []reports.Step {
	for i, s := range steps {
		if caller == facts.Root && plan.Steps[i].Check.About == checks.AboutCaller && toFix(s) {
			return steps[:i+1]
		}
	}
	return steps
}

func toFix(s reports.Step) bool { return s.Verdict == checks.Fail || s.Verdict == checks.Partial }
