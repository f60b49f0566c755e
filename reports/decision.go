package reports

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
)

// Decision is the outcome that counts: that of the gate where there is one, else that of the grade. Of a run that was
// stopped, or that could ask the account nothing, the grade alone never says passed: its exit code does not either.
func (r *Report) Decision() grade.Outcome {
	switch {
	case r.Gate != nil:
		return r.Gate.Outcome
	case r.Grade.Outcome == grade.Passed && (r.Problem != nil || r.Run.Interrupted):
		return grade.Inconclusive
	default:
		return r.Grade.Outcome
	}
}

// DecisionLabel is a word for what decides, in upper case.
func (r *Report) DecisionLabel() string {
	if r.Gate != nil {
		return gateLabel
	}
	return "GRADE"
}

// DecisionText is the decision with its reasons.
func (r *Report) DecisionText() string {
	switch {
	case r.Gate != nil:
		return r.Gate.Text()
	case r.Problem != nil && r.Decision() == grade.Inconclusive:
		return "Inconclusive: nothing could be asked of the account."
	case r.Decision() != r.Grade.Outcome:
		return "Inconclusive: the run was stopped."
	default:
		return OutcomeText(r.Grade)
	}
}

// Standing is what a step is to the decision of a run. What a pipeline shows as red goes by it and not by the verdict:
// only what decides is red, so that what passes is green everywhere.
type Standing int

// The standings.
const (
	// Right steps pass, or do not apply.
	Right Standing = iota
	// Deciding steps fail in a run that is not passed, or could not be looked at in one that is inconclusive.
	Deciding
	// Aside steps fail or could not be looked at too, but the decision does not need them.
	Aside
	// Excused steps fail, which a waiver or the baseline says does not count.
	Excused
	// LeftOut steps were not looked at because a flag says so.
	LeftOut
)

// Standing is what a step of the report is to its decision.
func (r *Report) Standing(s Step) Standing {
	decision := r.Decision()
	switch {
	case s.Green():
		return Right
	case s.Waiver != nil || r.BlockedByWaived(s) || r.failedBefore(s):
		return Excused
	case s.Verdict == checks.Unknown && r.leftOut(s):
		return LeftOut
	case s.Verdict == checks.Unknown && decision == grade.Inconclusive,
		s.Verdict != checks.Unknown && decision == grade.NotPassed:
		return Deciding
	default:
		return Aside
	}
}

// StandingText says why a step that is not right is not red; "" for one that is red, and for one that a flag left out:
// its own line says that.
func (r *Report) StandingText(s Step) string {
	switch standing := r.Standing(s); {
	case standing == Aside:
		return doesNotDecide[r.Decision()]
	case standing != Excused:
		return ""
	case s.Waiver != nil:
		return sentence(s.WaiverText())
	case r.failedBefore(s):
		return "Failed before too, in " + r.Changes.run() + "."
	default:
		return "Blocked only by what is waived."
	}
}

// doesNotDecide says of each decision why it does not need a step.
var doesNotDecide = map[grade.Outcome]string{
	grade.Passed:       "Does not decide: the run passes without it.",
	grade.NotPassed:    "Does not decide: what fails does.",
	grade.Inconclusive: "Does not decide: what could not be looked at does.",
}

// BlockedByWaived says that all that blocks a step is waived.
func (r *Report) BlockedByWaived(s Step) bool {
	return s.Verdict == checks.Blocked && len(s.BlockedBy) > 0 && !slices.ContainsFunc(s.BlockedBy, func(id string) bool {
		cause, ok := r.Step(id)
		return !ok || cause.Waiver == nil
	})
}

// failedBefore says that a step fails as it did in the baseline, where only new failures count.
func (r *Report) failedBefore(s Step) bool {
	return r.Gate != nil && r.Gate.FailOn == FailOnNew && r.Changes != nil && slices.Contains(r.Changes.Unchanged, s.ID)
}

// leftOut says whether a flag is why a step that could not be looked at does not matter: --allow-unknown, or
// --no-workstation.
func (r *Report) leftOut(s Step) bool {
	return r.Gate != nil && slices.Contains(r.Gate.AllowUnknown, s.ID) ||
		!r.Run.Workstation && s.Reason == facts.NotLooked
}
