package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestAlertsOfAGate(t *testing.T) {
	got := map[string]reports.Alert{}
	var levels []string
	for _, a := range reporttest.Gated().Alerts() {
		name := a.Rule
		if a.Step != nil {
			name += " " + a.Step.ID
		}
		got[name] = a
		levels = append(levels, string(a.Level))
	}
	waived, ok := got["ecr-scan-on-push ecr-scan-on-push"]
	require.True(t, ok)
	require.Equal(t, reports.AlertNote, waived.Level)
	require.Contains(t, waived.Text, "Waived by platform@example.com until 2026-12-31")
	require.Equal(t, ".labcheck/sample-1.0.yaml", waived.File)
	require.Equal(t, 46, waived.Line)
	require.Contains(t, got, "labcheck/unevaluated ecr-lifecycle")
	require.Equal(t, ".labcheck/waivers.yaml", got["labcheck/waiver"].File)
	require.Equal(t, 16, got["labcheck/waiver"].Line, "the last of the two: an unused one")
	require.Equal(t, []string{"error", "warning", "warning", "warning", "warning", "note"}, levels, "the worst first")
	require.Equal(t, reports.Excused, waived.Standing)
	require.Equal(t, reports.Deciding, got["logs-retention logs-retention"].Standing)
}

// TestFingerprints: they tell alerts apart, and say nothing about the account, the hour or what was found.
func TestFingerprints(t *testing.T) {
	fingerprints := func(change func(*reports.Report)) []string {
		r := reporttest.Gated()
		change(r)
		var all []string
		for _, a := range r.Alerts() {
			all = append(all, a.Fingerprint)
		}
		return all
	}
	first := fingerprints(func(*reports.Report) {})
	seen := map[string]bool{}
	for _, f := range first {
		require.Len(t, f, 16)
		require.False(t, seen[f], "twice %s", f)
		seen[f] = true
	}
	require.Equal(t, first, fingerprints(func(r *reports.Report) {
		r.Target.Account, r.Lab.SHA256 = "210987654321", "other"
		r.Started = r.Started.AddDate(0, 0, 1)
		for i := range r.Steps {
			r.Steps[i].FileLine += 3
			r.Steps[i].Findings[0].Found = "something else"
		}
	}))
	require.NotEqual(t, first, fingerprints(func(r *reports.Report) { r.Target.Name = "lab-b" }))
}

func TestAProblemIsOneAlert(t *testing.T) {
	for _, n := range reporttest.Set() {
		if n.Name != "problem" {
			continue
		}
		about := 0
		for _, a := range n.Report.Alerts() {
			if a.Step == nil {
				about++
				require.Equal(t, "Nothing could be asked of AWS", a.Title)
				continue
			}
			require.NotEqual(t, n.Report.Problem.Reason, a.Step.Reason, "what waits for the account is told by the problem")
		}
		require.Equal(t, 1, about)
	}
}

// TestEveryAlertHasItsPlace: without a place a whole SARIF file is refused.
func TestEveryAlertHasItsPlace(t *testing.T) {
	for _, n := range reporttest.Set() {
		open := 0
		for _, a := range n.Report.Alerts() {
			require.NotEmpty(t, a.File, n.Name)
			require.Positive(t, a.Line, n.Name)
			if a.Step != nil {
				require.NotContains(t, []checks.Verdict{checks.Pass, checks.Skipped}, a.Step.Verdict)
				open++
			}
		}
		want := 0
		for _, s := range n.Report.ShownSteps() {
			if standing := n.Report.Standing(s); standing != reports.Right && standing != reports.LeftOut {
				want++
			}
		}
		require.Equal(t, want, open, n.Name)
	}
}
