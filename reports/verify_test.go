package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestVerify(t *testing.T) {
	step := func(t *testing.T, r *reports.Report, v checks.Verdict) *reports.Step {
		for i := range r.Steps {
			if r.Steps[i].Verdict == v {
				return &r.Steps[i]
			}
		}
		t.Fatalf("the report has no step that is %s", v)
		return nil
	}
	cases := map[string]struct {
		edit func(t *testing.T, r *reports.Report)
		want string // empty: nothing contradicts itself
	}{
		"as it was written": {func(*testing.T, *reports.Report) {}, ""},
		"a verdict": {func(t *testing.T, r *reports.Report) {
			step(t, r, checks.Fail).Verdict = checks.Pass
		}, "its findings make it fail, and pass is written"},
		"points of a step": {func(t *testing.T, r *reports.Report) {
			step(t, r, checks.Fail).Earned++
		}, "its verdict earns 0, and 1 is written"},
		"a step and the sum": {func(t *testing.T, r *reports.Report) {
			r.Grade.Earned, r.Grade.Low = r.Grade.Possible, r.Grade.Possible
		}, "its steps add up to"},
		"the percent": {func(t *testing.T, r *reports.Report) {
			percent := 100
			r.Grade.Percent = &percent
		}, "the percent does not follow"},
		"the outcome": {func(t *testing.T, r *reports.Report) { r.Grade.Outcome = grade.Passed }, "passed is written"},
		"the missing": {func(t *testing.T, r *reports.Report) { r.Grade.Missing = []string{"other"} }, "list of missing"},
		"a share": {func(t *testing.T, r *reports.Report) {
			step(t, r, checks.Pass).Share = 50
		}, "a share of 50% does not go with the verdict pass"},
		"facts": {func(_ *testing.T, r *reports.Report) { r.Facts = reporttest.Gated().Facts }, ""},
		"facts of another account": {func(_ *testing.T, r *reports.Report) {
			r.Facts = reporttest.Gated().Facts
			r.Facts.Site.Account = "210987654321"
		}, "its facts are of another run"},
		"facts of another time": {func(_ *testing.T, r *reports.Report) {
			r.Facts = reporttest.Gated().Facts
			r.Facts.Started = r.Facts.Started.Add(1)
		}, "its facts are of another run"},
		"points below none": {func(t *testing.T, r *reports.Report) {
			step(t, r, checks.Fail).Points = -5
		}, "less than none"},
		"a step twice": {func(t *testing.T, r *reports.Report) {
			r.Steps = append(r.Steps, r.Steps[0])
		}, "is there twice"},
		"blocked by nothing": {func(t *testing.T, r *reports.Report) {
			step(t, r, checks.Blocked).BlockedBy = nil
		}, "nothing blocks it"},
		"blocked by a step that passed": {func(t *testing.T, r *reports.Report) {
			step(t, r, checks.Blocked).BlockedBy = []string{step(t, r, checks.Pass).ID}
		}, "which did not fail"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := reporttest.Verdicts()
			c.edit(t, r)
			err := r.Verify()
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}
