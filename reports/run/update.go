package run

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// Open returns the ids of the steps that are neither right nor excused, in lab order: what is worth asking again.
func Open(r *reports.Report) []string {
	var open []string
	for _, s := range r.Steps {
		if s.Verdict != checks.Pass && s.Verdict != checks.Skipped {
			open = append(open, s.ID)
		}
	}
	return open
}

// Update returns the report of the whole plan in which some steps were looked at again: again holds only these. What
// needs them was among them or is right, so that blocking is settled already; the grade is counted anew.
func Update(plan *lab.Plan, before, again *reports.Report) *reports.Report {
	r := *before
	r.Steps = slices.Clone(before.Steps)
	for i := range r.Steps {
		if s, ok := again.Step(r.Steps[i].ID); ok {
			r.Steps[i] = *s
		}
	}
	r.Problem, r.Finished = again.Problem, again.Finished
	r.Run.Interrupted = again.Run.Interrupted
	r.Run.Complete = plan.Selected == nil && !r.Run.Interrupted
	r.Grade = gradeOf(plan, r.Steps)
	r.Next = next(r.Steps)
	return &r
}
