package codequality_test

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/codequality"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, codequality.Format, ".json", func(t *testing.T, n reporttest.Named, out []byte) {
		require.Equal(t, clean(n.Report), len(requireRules(t, out)) == 0, "empty only where there is nothing to say")
	})
}

func clean(r *reports.Report) bool { return len(r.Alerts()) == 0 && len(r.Notices()) == 0 }

var fingerprint = regexp.MustCompile(`^[0-9a-f]{16}$`)

// requireRules holds a file to what GitLab documents: an array without a byte order mark, and in each issue the fields
// that it requires, with the types and words that it knows.
func requireRules(t *testing.T, out []byte) []map[string]any {
	t.Helper()
	require.Equal(t, byte('['), out[0])
	var issues []map[string]any
	require.NoError(t, json.Unmarshal(out, &issues))
	for _, i := range issues {
		for _, field := range []string{"description", "check_name", "fingerprint", "severity"} {
			require.IsType(t, "", i[field], field)
		}
		require.NotEmpty(t, i["description"])
		require.NotEmpty(t, i["check_name"])
		require.Contains(t, []any{"info", "minor", "major", "critical", "blocker"}, i["severity"])
		require.Regexp(t, fingerprint, i["fingerprint"])
		where, ok := i["location"].(map[string]any)
		require.True(t, ok)
		file, ok := where["path"].(string)
		require.True(t, ok)
		require.NotEmpty(t, file)
		require.False(t, path.IsAbs(file) || strings.HasPrefix(file, "./") || strings.HasPrefix(file, "../"), file)
		begin, ok := where["lines"].(map[string]any)["begin"].(float64)
		require.True(t, ok)
		require.GreaterOrEqual(t, begin, 1.0)
	}
	return issues
}

func issuesOf(t *testing.T, r *reports.Report) []map[string]any {
	t.Helper()
	return requireRules(t, reporttest.Render(t, codequality.Format, r, reports.Options{}))
}

func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		verdict  checks.Verdict
		points   int
		required bool
		decision grade.Outcome
		want     string
	}{
		{checks.Fail, 1, true, grade.NotPassed, "critical"},
		{checks.Partial, 1, true, grade.NotPassed, "critical"},
		{checks.Fail, 5, false, grade.NotPassed, "major"},
		{checks.Partial, 5, false, grade.NotPassed, "major"},
		{checks.Fail, 4, false, grade.NotPassed, "minor"},
		{checks.Blocked, 9, true, grade.NotPassed, "info"},
		{checks.Unknown, 9, true, grade.NotPassed, "info"},
		{checks.Unknown, 9, true, grade.Inconclusive, "critical"},
		{checks.Unknown, 1, false, grade.Inconclusive, "minor"},
		{checks.Fail, 9, false, grade.Inconclusive, "info"},
		{checks.Fail, 9, false, grade.Passed, "info"},
		{checks.Unknown, 9, false, grade.Passed, "info"},
	} {
		r := reporttest.Many(1, "")
		s := &r.Steps[0]
		s.Verdict, s.Points, s.Required, r.Grade.Outcome = c.verdict, c.points, c.required, c.decision
		issues := issuesOf(t, r)
		require.Equal(t, c.want, issues[len(issues)-1]["severity"], "%+v", c)
	}
}

func TestGatedIssues(t *testing.T) {
	r := reporttest.Gated()
	bySeverity := map[any]int{}
	fingerprints := map[any]bool{}
	for _, i := range issuesOf(t, r) {
		bySeverity[i["severity"]]++
		fingerprints[i["fingerprint"]] = true
		if i["check_name"] == "ecr-scan-on-push" {
			require.Equal(t, "info", i["severity"], "a waived step")
			require.Equal(t, map[string]any{"path": ".labcheck/sample-1.0.yaml", "lines": map[string]any{"begin": 46.0}},
				i["location"])
		}
	}
	require.Equal(t, map[any]int{"info": 7, "major": 1}, bySeverity)
	require.Len(t, fingerprints, 8, "GitLab takes issues with the same fingerprint for one")
}

func TestFingerprintsDoNotKnowTheAccount(t *testing.T) {
	fingerprints := func(change func(*reports.Report)) []any {
		r := reporttest.Gated()
		change(r)
		var all []any
		for _, i := range issuesOf(t, r) {
			all = append(all, i["fingerprint"])
		}
		return all
	}
	role := func(account string) string { return account + ".grader" }
	first := fingerprints(func(r *reports.Report) { r.Target.Name = role("123456789012") })
	require.Equal(t, first, fingerprints(func(r *reports.Report) {
		r.Target.Name = role("210987654321")
		r.Target.Account, r.Started, r.Changes.Baseline = "210987654321", r.Started.AddDate(0, 0, 1), "2026-11-21T05:12:00Z"
	}))
	require.NotEqual(t, first, fingerprints(func(r *reports.Report) { r.Target.Name = "lab-b" }))
}

func TestAnOpenGateIsNoIssue(t *testing.T) {
	r := reporttest.Gated()
	r.Steps, r.Waivers = r.Steps[:1], nil
	require.Len(t, issuesOf(t, r), 1, "a closed gate is one")
	r.Gate.Outcome = "passed"
	require.Equal(t, "[]\n", string(reporttest.Render(t, codequality.Format, r, reports.Options{})))
}

func TestPathsStayInTheRepository(t *testing.T) {
	for file, want := range map[string]string{
		"": ".labcheck/sample-1.0.yaml", "/etc/lab.yaml": "etc/lab.yaml", "../../lab.yaml": "lab.yaml",
		"./lab.yaml": "lab.yaml",
		"/":          ".labcheck",
	} {
		r := reporttest.Many(2, "")
		r.Lab.File = file
		require.Equal(t, want, issuesOf(t, r)[0]["location"].(map[string]any)["path"])
	}
}

func TestTenThousandSteps(t *testing.T) {
	r := reporttest.Many(10_000, "")
	require.Len(t, issuesOf(t, r), len(r.Alerts()))
}

func TestTooMuchIsCutOnAnIssue(t *testing.T) {
	r := reporttest.Many(codequality.MaxIssues*8/5, strings.Repeat(`"`, 600)) // two of three steps are issues
	out := reporttest.Render(t, codequality.Format, r, reports.Options{})
	require.Less(t, len(out), 30_000_000)
	issues := requireRules(t, out)
	require.Len(t, issues, codequality.MaxIssues)
	require.Equal(t, fmt.Sprintf("TRUNCATED: Only the 9999 worst of %d issues are in this file.", len(r.Alerts())),
		issues[0]["description"])
}

func FuzzRender(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		issues := issuesOf(t, r)
		require.GreaterOrEqual(t, len(issues), len(r.Alerts()))
		for _, i := range issues {
			require.LessOrEqual(t, len(i["description"].(string)), 500)
		}
	})
}
