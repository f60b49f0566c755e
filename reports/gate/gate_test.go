package gate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/gate"
)

const account = "123456789012"

// graded is a report of these steps with a pass mark of 80.
func graded(steps ...reports.Step) *reports.Report {
	r := &reports.Report{
		Lab: reports.Lab{ID: "tiny"}, Source: reports.AWS, Steps: steps,
		Target:  reports.Target{Account: account, Region: "us-east-1"},
		Started: time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC),
	}
	r.Grade = grade.Of(reports.Graded(steps), 80, nil)
	return r
}

func step(id string, points int, v checks.Verdict, blockedBy ...string) reports.Step {
	return reports.Step{ID: id, Step: grade.Step{Points: points, Verdict: v, Share: 50}, BlockedBy: blockedBy}
}

func required(s reports.Step) reports.Step {
	s.Required = true
	return s
}

func waiver(id string) grade.Waiver {
	return grade.Waiver{Step: id, Account: "*", Reason: "agreed", Who: "alice", Until: "2026-12-31"}
}

func TestDecide(t *testing.T) {
	pass, fail, unknown := checks.Pass, checks.Fail, checks.Unknown
	under := func(percent int) *int { return &percent }
	waived := func(ids ...string) (list []grade.Waiver) {
		for _, id := range ids {
			list = append(list, waiver(id))
		}
		return list
	}
	cases := map[string]struct {
		steps   []reports.Step
		terms   gate.Terms
		want    grade.Outcome
		because []string
	}{
		"the lab's own terms": {
			[]reports.Step{step("a", 80, pass), step("b", 20, fail)},
			gate.Terms{},
			grade.Passed,
			[]string{"80% is reached, and 80% is needed."},
		},
		"a higher mark": {
			[]reports.Step{step("a", 80, pass), step("b", 20, fail)},
			gate.Terms{FailUnder: under(81)},
			grade.NotPassed,
			[]string{"80% is reached, but 81% is needed."},
		},
		"a mark of nothing": {
			[]reports.Step{step("a", 80, fail)},
			gate.Terms{FailUnder: under(0)},
			grade.Passed,
			[]string{"0% is reached, and 0% is needed."},
		},
		"required here": {
			[]reports.Step{step("a", 90, pass), step("b", 10, fail)},
			gate.Terms{Require: []string{"b"}},
			grade.NotPassed,
			[]string{"b is required and not passed."},
		},
		"required here, and unknown": {
			[]reports.Step{step("a", 90, pass), step("b", 10, unknown)},
			gate.Terms{Require: []string{"b"}},
			grade.Inconclusive,
			[]string{"b is required and could not be looked at."},
		},
		"what is unknown decides": {
			[]reports.Step{step("a", 70, pass), step("b", 30, unknown)},
			gate.Terms{},
			grade.Inconclusive,
			[]string{"70 to 100% is reached and 80% is needed: what could not be looked at decides (b)."},
		},
		"unknown is allowed": {
			[]reports.Step{step("a", 70, pass), required(step("b", 30, unknown))},
			gate.Terms{AllowUnknown: []string{"a", "b"}},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Could not be looked at, which is allowed: b."},
		},
		"only unknown is allowed": {
			[]reports.Step{step("a", 70, pass), step("b", 30, fail)},
			gate.Terms{AllowUnknown: []string{"b"}},
			grade.NotPassed,
			[]string{"70% is reached, but 80% is needed."},
		},
		"waived": {
			[]reports.Step{step("a", 50, pass), required(step("b", 50, fail))},
			gate.Terms{Waivers: waived("b")},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Waived: b."},
		},
		"a waived partial": {
			[]reports.Step{step("a", 10, pass), step("b", 90, checks.Partial)},
			gate.Terms{Waivers: waived("b")},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Waived: b."},
		},
		"blocked only by what is waived": {
			[]reports.Step{step("a", 10, pass), step("b", 10, fail), required(step("c", 10, checks.Blocked, "b"))},
			gate.Terms{Waivers: waived("b")},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Waived: b.", "Blocked only by what is waived: c."},
		},
		"blocked by something else too": {
			[]reports.Step{step("a", 10, fail), step("b", 10, fail), required(step("c", 80, checks.Blocked, "a", "b"))},
			gate.Terms{Waivers: waived("b")},
			grade.NotPassed,
			[]string{"c is required and not passed.", "0% is reached, but 80% is needed.", "Waived: b."},
		},
		"a waived step that is blocked": {
			[]reports.Step{step("a", 90, pass), step("b", 0, fail), step("c", 80, checks.Blocked, "b")},
			gate.Terms{Waivers: waived("c")},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Waived: c."},
		},
		"unknown cannot be waived": {
			[]reports.Step{step("a", 50, pass), step("b", 50, unknown)},
			gate.Terms{Waivers: waived("b")},
			grade.Inconclusive,
			[]string{"50 to 100% is reached and 80% is needed: what could not be looked at decides (b)."},
		},
		"all is waived": {
			[]reports.Step{step("a", 50, fail), step("b", 50, checks.Skipped)},
			gate.Terms{Waivers: waived("a")},
			grade.Passed,
			[]string{"All that could fail is waived.", "Waived: a."},
		},
		"all is waived but a step without points that is unknown": {
			[]reports.Step{step("a", 50, fail), step("b", 0, unknown)},
			gate.Terms{Waivers: waived("a")},
			grade.Inconclusive,
			[]string{"No step is left that could earn points.", "Waived: a."},
		},
		"all is waived but a required step without points": {
			[]reports.Step{step("a", 50, fail), required(step("b", 0, fail))},
			gate.Terms{Waivers: waived("a")},
			grade.Inconclusive,
			[]string{"No step is left that could earn points.", "Waived: a."},
		},
		"nothing is left but what is allowed": {
			[]reports.Step{step("a", 50, unknown)},
			gate.Terms{AllowUnknown: []string{"a"}},
			grade.Inconclusive,
			[]string{"No step is left that could earn points.", "Could not be looked at, which is allowed: a."},
		},
		"any failure": {
			[]reports.Step{step("a", 90, pass), step("b", 10, fail)},
			gate.Terms{FailOn: reports.FailOnAny},
			grade.NotPassed,
			[]string{"b fails."},
		},
		"any failure, a half one without points and what waits for it": {
			[]reports.Step{step("a", 90, pass), step("b", 0, checks.Partial), step("c", 1, checks.Blocked, "b")},
			gate.Terms{FailOn: reports.FailOnAny},
			grade.NotPassed,
			[]string{"b and c fail."},
		},
		"any failure, and all are waived": {
			[]reports.Step{step("a", 90, pass), step("b", 10, fail), step("c", 10, checks.Blocked, "b")},
			gate.Terms{FailOn: reports.FailOnAny, Waivers: waived("b")},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Waived: b.", "Blocked only by what is waived: c."},
		},
		"any failure, and one is not known": {
			[]reports.Step{step("a", 90, pass), step("b", 10, unknown)},
			gate.Terms{FailOn: reports.FailOnAny},
			grade.Inconclusive,
			[]string{"b could not be looked at. Steps that need not be are named with --allow-unknown."},
		},
		"any failure, and one is not known, which is allowed": {
			[]reports.Step{step("a", 90, pass), step("b", 10, unknown), step("c", 1, checks.Skipped)},
			gate.Terms{FailOn: reports.FailOnAny, AllowUnknown: []string{"b"}},
			grade.Passed,
			[]string{"100% is reached, and 80% is needed.", "Could not be looked at, which is allowed: b."},
		},
		"any failure of no step": {
			nil,
			gate.Terms{FailOn: reports.FailOnAny},
			grade.Inconclusive,
			[]string{"No step is left that could earn points."},
		},
		"no step at all": {nil, gate.Terms{}, grade.Inconclusive, []string{"No step is left that could earn points."}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := graded(slices.Clone(c.steps)...)
			before := r.Grade
			require.NoError(t, gate.Decide(r, c.terms))
			assert.Equal(t, c.want, r.Gate.Outcome)
			assert.Equal(t, c.because, r.Gate.Because)
			assert.Equal(t, before, r.Grade, "the grade does not change")
			for i := range r.Steps {
				assert.Equal(t, c.steps[i].Verdict, r.Steps[i].Verdict, "no verdict changes")
			}
		})
	}
}

// The report names the terms, also the lab's own.
func TestDecideNamesTheTerms(t *testing.T) {
	r := graded(step("a", 1, checks.Pass))
	require.NoError(t, gate.Decide(r, gate.Terms{ReportOnly: true}))
	assert.Equal(t, &reports.Gate{
		Outcome: grade.Passed, Because: []string{"100% is reached, and 80% is needed."}, FailUnder: 80,
		Require: []string{}, AllowUnknown: []string{}, ReportOnly: true,
	}, r.Gate)
}

// A run that was cut off never opens a gate, however low the mark.
func TestDecideOfNoRun(t *testing.T) {
	nothing := 0
	terms := gate.Terms{FailUnder: &nothing, Baseline: graded(step("other", 1, checks.Pass))}
	stopped := graded(step("a", 1, checks.Pass))
	stopped.Run.Interrupted = true
	require.NoError(t, gate.Decide(stopped, terms))
	assert.Equal(t, grade.Inconclusive, stopped.Gate.Outcome)
	unasked := graded(step("a", 1, checks.Pass))
	unasked.Problem, unasked.Target.Account = &reports.Problem{}, ""
	require.NoError(t, gate.Decide(unasked, terms), "its account is not known: that is no other account")
	assert.Equal(t, grade.Inconclusive, unasked.Gate.Outcome)
	assert.Nil(t, unasked.Changes)
}

// Losing sight of a step never opens a gate, whatever the terms.
func TestUnknownNeverOpens(t *testing.T) {
	for _, a := range checks.Verdicts() {
		for _, b := range checks.Verdicts() {
			for _, terms := range []gate.Terms{
				{},
				{Require: []string{"a"}},
				{Waivers: []grade.Waiver{waiver("b")}},
				{FailOn: reports.FailOnAny},
				{FailOn: reports.FailOnNew, Baseline: graded(step("a", 3, checks.Pass), step("b", 7, checks.Pass))},
			} {
				if a == checks.Skipped {
					continue // decided by the caller's identity, which cannot be lost without losing everything
				}
				seen := graded(step("a", 3, a), step("b", 7, b))
				dark := graded(step("a", 3, checks.Unknown), step("b", 7, b))
				require.NoError(t, gate.Decide(seen, terms))
				require.NoError(t, gate.Decide(dark, terms))
				if seen.Gate.Outcome != grade.Passed {
					require.NotEqual(t, grade.Passed, dark.Gate.Outcome, "%v %v", a, b)
				}
			}
		}
	}
}

func TestStatesOfWaivers(t *testing.T) {
	steps := []reports.Step{
		step("passes", 1, checks.Pass), step("fails", 1, checks.Fail), step("half", 1, checks.Partial),
		step("waits", 1, checks.Blocked, "fails"), step("dark", 1, checks.Unknown), step("left-out", 1, checks.Skipped),
	}
	cases := map[string]struct {
		change func(*grade.Waiver)
		want   grade.WaiverState
	}{
		"fails":    {nil, grade.WaiverApplied},
		"half":     {nil, grade.WaiverApplied},
		"waits":    {nil, grade.WaiverApplied},
		"passes":   {nil, grade.WaiverUnused},
		"left-out": {nil, grade.WaiverUnused},
		"no-such":  {nil, grade.WaiverUnused},
		"dark":     {nil, grade.WaiverOpen},
		"its last day": {
			func(w *grade.Waiver) { w.Step, w.Until = "fails", "2026-11-23" }, grade.WaiverApplied,
		},
		"the day after": {
			func(w *grade.Waiver) { w.Step, w.Until = "fails", "2026-11-22" }, grade.WaiverExpired,
		},
		"this account": {
			func(w *grade.Waiver) { w.Step, w.Account = "fails", account }, grade.WaiverApplied,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := waiver(name)
			if c.change != nil {
				c.change(&w)
			}
			r := graded(slices.Clone(steps)...)
			require.NoError(t, gate.Decide(r, gate.Terms{Waivers: []grade.Waiver{w}}))
			w.State = c.want
			require.Equal(t, []grade.Waiver{w}, r.Waivers)
			for _, s := range r.Steps {
				if c.want == grade.WaiverApplied && s.ID == w.Step {
					assert.Equal(t, &w, s.Waiver)
				} else {
					assert.Nil(t, s.Waiver)
				}
			}
		})
	}
}

func TestWaiverOfAnotherAccountIsNotNamed(t *testing.T) {
	w := waiver("a")
	w.Account = "210987654321"
	r := graded(step("a", 1, checks.Fail))
	require.NoError(t, gate.Decide(r, gate.Terms{Waivers: []grade.Waiver{w}}))
	assert.Empty(t, r.Waivers)
	assert.Nil(t, r.Steps[0].Waiver)
}

// With --only, a waiver of another step is not useless: nobody looked at its step.
func TestWaiverOfAStepThatIsNotSelected(t *testing.T) {
	r := graded(step("a", 1, checks.Fail))
	r.Run.Selected = []string{"a"}
	require.NoError(t, gate.Decide(r, gate.Terms{Waivers: []grade.Waiver{waiver("b")}}))
	assert.Empty(t, r.Waivers)
}

// The waiver that names the account is shown, in whatever order they stand. Neither is useless.
func TestTwoWaiversOfOneStep(t *testing.T) {
	every, own := waiver("a"), waiver("a")
	own.Account = account
	for _, order := range [][]grade.Waiver{{every, own}, {own, every}} {
		r := graded(step("a", 1, checks.Fail))
		require.NoError(t, gate.Decide(r, gate.Terms{Waivers: order}))
		require.Equal(t, account, r.Steps[0].Waiver.Account)
		for _, w := range r.Waivers {
			require.Equal(t, grade.WaiverApplied, w.State)
		}
	}
}
