// Package gate decides whether a pipeline goes on. It is pure: a report and the terms of the pipeline in, a decision
// out. Verdicts and the grade never change by it; what is waived is still failed, and is shown so.
//
// The gate is the grade of the steps that count, by a mark and required steps of its own. These do not count: a step
// that is proven not to be right and is waived, a step that only waived ones block, and a step that could not be looked
// at where the terms allow that. If no points are left, the gate opens only if somebody waived a step, and nothing
// that is left is unknown or required and not passed: nothing opens by being forgotten. Instead, every failing step may
// decide, or with a baseline only what is new.
//
// A waiver that has ended or that excuses nothing is said in every format and changes no decision: to fix a step must
// never stop a pipeline.
package gate

import (
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Terms are what a pipeline asks of a run.
type Terms struct {
	// FailUnder is the least percent that goes through; nil is the lab's own pass mark.
	FailUnder *int
	// Require are steps without which it does not go through, beside the lab's own required ones.
	Require []string
	// AllowUnknown are steps that are left out if they could not be looked at.
	AllowUnknown []string
	// FailOn is reports.FailOnNew to let only what is new since the baseline decide, reports.FailOnAny to let every
	// failing step close the gate, else empty.
	FailOn string
	// ReportOnly is noted in the report; the exit code is the caller's affair.
	ReportOnly bool
	Waivers    []grade.Waiver
	// Baseline is an earlier report that CheckBaseline lets through; nil for none. reports.FailOnNew needs one.
	Baseline *reports.Report
}

// Decide notes in the report what the terms make of it: its waivers, its changes and the gate. A baseline of another
// lab, source, account or Region is an error, and so is the one of a run that could ask the account nothing.
func Decide(r *reports.Report, t Terms) error {
	waive(r, t.Waivers)
	g := &reports.Gate{
		FailUnder: r.Grade.PassMark, Require: nonNil(t.Require), AllowUnknown: nonNil(t.AllowUnknown),
		FailOn: t.FailOn, ReportOnly: t.ReportOnly,
	}
	if t.FailUnder != nil {
		g.FailUnder = *t.FailUnder
	}
	r.Gate = g
	switch {
	case r.Problem != nil:
		g.Outcome, g.Because = grade.Inconclusive, []string{"Nothing could be asked of the account."}
		return nil
	case r.Run.Interrupted:
		g.Outcome, g.Because = grade.Inconclusive, []string{"The run was stopped."}
		return nil
	}
	if t.Baseline != nil {
		changes, err := Compare(r, t.Baseline)
		if err != nil {
			return err
		}
		r.Changes = changes
	}
	d := divide(r, g)
	switch t.FailOn {
	case reports.FailOnNew:
		g.Outcome, g.Because = d.byChanges(r, t.Baseline)
	case reports.FailOnAny:
		g.Outcome, g.Because = d.byAny(g)
	default:
		g.Outcome, g.Because = d.byGrade(g)
	}
	g.Because = append(g.Because, d.leftOut()...)
	return nil
}

// division is a report's steps as the gate sees them.
type division struct {
	counted                  []reports.Step
	waived, blocked, allowed []string // what is left out, and why
}

func divide(r *reports.Report, g *reports.Gate) division {
	var d division
	for _, s := range r.Steps {
		switch {
		case s.Waiver != nil:
			d.waived = append(d.waived, s.ID)
		case r.BlockedByWaived(s):
			d.blocked = append(d.blocked, s.ID)
		case s.Verdict == checks.Unknown && slices.Contains(g.AllowUnknown, s.ID):
			d.allowed = append(d.allowed, s.ID)
		default:
			s.Required = s.Required || slices.Contains(g.Require, s.ID)
			d.counted = append(d.counted, s)
		}
	}
	return d
}

// byGrade decides by the grade of the counted steps.
func (d division) byGrade(g *reports.Gate) (grade.Outcome, []string) {
	counted := grade.Of(reports.Graded(d.counted), g.FailUnder, nil)
	unknown := d.ids(func(s reports.Step) bool { return s.Verdict == checks.Unknown })
	switch {
	case counted.Percent != nil:
		return counted.Outcome, d.reasons(counted, unknown)
	// No points are left. A waiver is somebody's decision that this is right; without one nothing speaks for it.
	case len(d.waived) > 0 && len(unknown) == 0 && len(counted.Missing) == 0:
		return grade.Passed, []string{"All that could fail is waived."}
	default:
		return grade.Inconclusive, []string{"No step is left that could earn points."}
	}
}

// byAny decides by every counted step: none may fail, and where one could not be looked at nobody knows whether it
// does. The grade decides too, so that a gate of no points does not open.
func (d division) byAny(g *reports.Gate) (grade.Outcome, []string) {
	failed := d.ids(func(s reports.Step) bool { return failing(s.Verdict) })
	unknown := d.ids(func(s reports.Step) bool { return s.Verdict == checks.Unknown })
	switch {
	case len(failed) > 0:
		return grade.NotPassed, []string{sayFailed(failed)}
	case len(unknown) > 0:
		return grade.Inconclusive, []string{sayUnknown(unknown)}
	default:
		return d.byGrade(g)
	}
}

// byChanges decides by what is new since the baseline.
func (d division) byChanges(r, then *reports.Report) (grade.Outcome, []string) {
	fresh := d.ids(func(s reports.Step) bool { return slices.Contains(r.Changes.New, s.ID) })
	lost := d.ids(func(s reports.Step) bool {
		_, passed := earlier(then, s.ID)
		return passed && s.Verdict == checks.Unknown
	})
	switch {
	case len(fresh) > 0:
		return grade.NotPassed, []string{sayNew(fresh)}
	case len(lost) > 0:
		return grade.Inconclusive, []string{sayLost(lost)}
	case len(d.waived) == 0 &&
		!slices.ContainsFunc(d.counted, func(s reports.Step) bool { return s.Verdict != checks.Unknown }):
		return grade.Inconclusive, []string{"No step could be looked at."}
	default:
		return grade.Passed, []string{"Nothing fails that did not fail before."}
	}
}

// ids are those of the counted steps for which is holds, in lab order.
func (d division) ids(is func(reports.Step) bool) []string {
	var ids []string
	for _, s := range d.counted {
		if is(s) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// nonNil is a copy that is never nil, as a report wants it.
func nonNil(ids []string) []string { return append([]string{}, ids...) }

// waive notes in the report which waivers are about its account, what became of each, and which steps they excuse.
// A waiver counts on the day on which the run started, in UTC, so that the same facts always give the same report.
func waive(r *reports.Report, waivers []grade.Waiver) {
	day := r.Started.UTC().Format(time.DateOnly)
	for _, w := range waivers {
		if w.Account != grade.EveryAccount && w.Account != r.Target.Account {
			continue
		}
		s, there := r.Step(w.Step)
		switch {
		case w.Until < day: // both are YYYY-MM-DD
			w.State = grade.WaiverExpired
		case !there && len(r.Run.Selected) > 0:
			continue // nobody looked at its step
		case there && s.Verdict == checks.Unknown:
			w.State = grade.WaiverOpen
		case there && failing(s.Verdict):
			w.State = grade.WaiverApplied
			// Of two, the one that names the account says more than the one for every account.
			if s.Waiver == nil || s.Waiver.Account == grade.EveryAccount {
				s.Waiver = &w
			}
		default:
			w.State = grade.WaiverUnused
		}
		r.Waivers = append(r.Waivers, w)
	}
}

// failing says that a step is proven not to be right.
func failing(v checks.Verdict) bool {
	return v == checks.Fail || v == checks.Partial || v == checks.Blocked
}
