package gate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/gate"
)

func TestCompareEveryPairOfVerdicts(t *testing.T) {
	then := graded(step("was-pass", 1, checks.Pass), step("was-fail", 1, checks.Fail),
		step("was-partial", 1, checks.Partial),
		step("was-blocked", 1, checks.Blocked), step("was-unknown", 1, checks.Unknown),
		step("was-skipped", 1, checks.Skipped))
	failedThen := []string{"was-fail", "was-partial", "was-blocked"}
	all := []string{"was-pass", "was-fail", "was-partial", "was-blocked", "was-unknown", "was-skipped", "was-not"}
	fresh := []string{"was-pass", "was-unknown", "was-skipped", "was-not"}
	none := []string{}
	want := map[checks.Verdict]reports.Changes{
		checks.Pass:    {New: none, Fixed: failedThen, Unchanged: none, Lost: none},
		checks.Fail:    {New: fresh, Fixed: none, Unchanged: failedThen, Lost: none},
		checks.Partial: {New: fresh, Fixed: none, Unchanged: failedThen, Lost: none},
		checks.Blocked: {New: fresh, Fixed: none, Unchanged: failedThen, Lost: none},
		checks.Unknown: {New: none, Fixed: none, Unchanged: none, Lost: append([]string{"was-pass"}, failedThen...)},
		checks.Skipped: {New: none, Fixed: none, Unchanged: none, Lost: none},
	}
	for _, v := range checks.Verdicts() {
		t.Run(v.String(), func(t *testing.T) {
			var steps []reports.Step
			for _, id := range all {
				steps = append(steps, step(id, 1, v))
			}
			got, err := gate.Compare(graded(steps...), then)
			require.NoError(t, err)
			expected := want[v]
			expected.Baseline = "2026-11-23T12:00:00Z"
			assert.Equal(t, &expected, got)
		})
	}
}

func TestCompareRefusesSomethingElse(t *testing.T) {
	for want, change := range map[string]func(*reports.Report){
		"another lab: other there, tiny here":     func(r *reports.Report) { r.Lab.ID = "other" },
		"another source: sandbox there, aws here": func(r *reports.Report) { r.Source = reports.Sandbox },
		"another account: 210987654321 there, 123456789012 here": func(r *reports.Report) {
			r.Target.Account = "210987654321"
		},
		"another Region: eu-west-1 there, us-east-1 here": func(r *reports.Report) { r.Target.Region = "eu-west-1" },
	} {
		then := graded()
		change(then)
		require.ErrorContains(t, gate.Decide(graded(), gate.Terms{Baseline: then}), want)
	}
}

func TestCheckBaseline(t *testing.T) {
	require.NoError(t, gate.CheckBaseline(graded()))
	for want, change := range map[string]func(*reports.Report){
		"only a part of the lab":    func(r *reports.Report) { r.Run.Selected = []string{"a"} },
		"was interrupted":           func(r *reports.Report) { r.Run.Interrupted = true },
		"could not ask the account": func(r *reports.Report) { r.Problem = &reports.Problem{} },
		"without --mask-account":    func(r *reports.Report) { *r = *reports.Redact(r, true) },
	} {
		then := graded()
		change(then)
		require.ErrorContains(t, gate.CheckBaseline(then), want)
	}
}

func TestFailOnNew(t *testing.T) {
	pass, fail, unknown := checks.Pass, checks.Fail, checks.Unknown
	then := graded(step("a", 1, pass), step("b", 1, fail), step("c", 1, unknown), step("d", 1, pass))
	cases := map[string]struct {
		now     []reports.Step
		terms   gate.Terms
		want    grade.Outcome
		because []string
	}{
		"as before": {
			[]reports.Step{step("a", 1, pass), required(step("b", 1, fail))},
			gate.Terms{},
			grade.Passed,
			[]string{"Nothing fails that did not fail before."},
		},
		"a new failure": {
			[]reports.Step{step("a", 1, fail), step("b", 1, fail), step("d", 1, unknown)},
			gate.Terms{},
			grade.NotPassed,
			[]string{"a is a new failure."},
		},
		"two, one of a step that is new": {
			[]reports.Step{step("a", 1, checks.Partial), step("b", 1, pass), step("e", 1, fail)},
			gate.Terms{},
			grade.NotPassed,
			[]string{"a and e are new failures."},
		},
		"a new failure that is waived, and what it blocks": {
			[]reports.Step{step("a", 1, fail), step("b", 1, pass), step("d", 1, checks.Blocked, "a")},
			gate.Terms{Waivers: []grade.Waiver{waiver("a")}},
			grade.Passed,
			[]string{"Nothing fails that did not fail before.", "Waived: a.", "Blocked only by what is waived: d."},
		},
		"no longer looked at": {
			[]reports.Step{step("a", 1, unknown), step("b", 1, unknown)},
			gate.Terms{},
			grade.Inconclusive,
			[]string{"a passed before and could not be looked at now."},
		},
		"no longer looked at, which is allowed": {
			[]reports.Step{step("a", 1, unknown), step("b", 1, fail)},
			gate.Terms{AllowUnknown: []string{"a"}},
			grade.Passed,
			[]string{"Nothing fails that did not fail before.", "Could not be looked at, which is allowed: a."},
		},
		"never looked at": {
			[]reports.Step{step("a", 1, pass), step("c", 1, unknown)},
			gate.Terms{},
			grade.Passed,
			[]string{"Nothing fails that did not fail before."},
		},
		"nothing was looked at": {
			[]reports.Step{step("b", 1, unknown), step("c", 1, unknown)},
			gate.Terms{},
			grade.Inconclusive,
			[]string{"No step could be looked at."},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.terms.FailOn, c.terms.Baseline = reports.FailOnNew, then
			r := graded(c.now...)
			require.NoError(t, gate.Decide(r, c.terms))
			assert.Equal(t, c.want, r.Gate.Outcome)
			assert.Equal(t, c.because, r.Gate.Because)
			assert.Equal(t, reports.FailOnNew, r.Gate.FailOn)
		})
	}
}
