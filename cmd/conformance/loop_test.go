//go:build conformance

package conformance

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// closesLoop is the closed loop: while a step is not green, what the report prints for it is typed, and the account is
// graded again.
func (j *judge) closesLoop(t *testing.T, s start) {
	x := j.opens(t, s.beginning(t)...)
	if !s.untapped {
		tap := x.taps(t)
		defer func() { j.upholds(t, tap.takes()) }()
	}
	x.does(t, s.breaks...)
	r := x.grades(t)
	require.Equal(t, s.broken, r.notGreen(), "the steps that are not green at first")
	for step, more := r.next(); more; step, more = r.next() {
		how := x.typesFix(t, step)
		after := x.grades(t)
		list := worse(step.ID, r, after)
		if after.step(step.ID).Verdict != "pass" {
			list = append(list,
				fmt.Sprintf("%s is %q after its fix: %s", step.ID, after.step(step.ID).said(), after.step(step.ID).words()))
		}
		none(t, list)
		j.ledger.turnedGreen(step.ID, how)
		r = after
	}
	require.Equal(t, r.Grade.Possible, r.Grade.Earned, "the full score")
	require.Equal(t, "passed", r.Grade.Outcome)
	none(t, r.gradeProblems())
	j.ledger.judged(&j.ledger.loops)
}

// next is the first step that is neither green nor waiting for another.
func (r *report) next() (step graded, more bool) {
	for _, g := range r.Steps {
		switch g.Verdict {
		case "fail", "partial", "unknown":
			return g, true
		}
	}
	return graded{}, false
}

// notGreen lists the steps that are fixed first or later, without those that wait for another.
func (r *report) notGreen() []string {
	var list []string
	for _, g := range r.Steps {
		switch g.Verdict {
		case "fail", "partial", "unknown":
			list = append(list, g.ID)
		}
	}
	return list
}

// typesFix types exactly what is printed for a step, but for the placeholders. What no command does is simulated.
func (x *terminal) typesFix(t *testing.T, step graded) means {
	t.Helper()
	switch {
	case len(step.Fix.Commands) > 0:
		for _, command := range step.Fix.Commands {
			x.does(t, placeholders(oldKey(step.ID)).Replace(command))
		}
		return byCommand
	case step.Fix.Simulate != "":
		x.does(t, `"$LABCHECK" sandbox simulate `+step.Fix.Simulate)
		return bySimulation
	}
	require.Fail(t, "nothing is printed", "%s is %q: %s", step.ID, step.said(), step.words())
	return ""
}

// oldKey is the access key that a person would put in place of the placeholder: the caller's, or the one that is on the
// list of keys that were committed.
func oldKey(step string) string {
	if step == "git-no-aws-keys" {
		return committedKey
	}
	return "AKIAIOSFODNN7EXAMPLE"
}
