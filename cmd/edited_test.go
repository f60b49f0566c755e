package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// A report that was edited is neither shown nor compared with, however well the edit agrees with itself.
func TestEditedReport(t *testing.T) {
	t.Parallel()
	hundred := func(r *reports.Report) {
		for i := range r.Steps {
			s := &r.Steps[i]
			s.Verdict, s.Share, s.Reason, s.BlockedBy = checks.Pass, 0, "", []string{}
			s.Findings = s.Findings[:1]
			s.Findings[0].Verdict, s.Findings[0].Share = checks.Pass, 0
			s.Earned = s.Worth()
		}
		r.Grade = grade.Of(reports.Graded(r.Steps), r.Grade.PassMark, nil)
		r.Grade.Letter, r.Gate.Outcome = new("A"), grade.Passed
	}
	cases := map[string]struct {
		edit func(*reports.Report)
		says string
	}{
		"a grade":                  {func(r *reports.Report) { *r.Grade.Percent = 100 }, "the percent does not follow"},
		"the points":               {func(r *reports.Report) { r.Steps[0].Earned++ }, "earns"},
		"a verdict":                {func(r *reports.Report) { r.Steps[1].Verdict = checks.Skipped }, "its findings make it"},
		"everything but the facts": {hundred, "its facts make it"},
		"the facts":                {func(r *reports.Report) { r.Facts.Facts = r.Facts.Facts[:1] }, "its facts make it"},
		"the pass mark": {func(r *reports.Report) {
			r.Grade.PassMark, r.Grade.Outcome = 0, grade.Of(reports.Graded(r.Steps), 0, nil).Outcome
		}, "pass mark"},
		"the gate": {func(r *reports.Report) { r.Gate.Outcome = grade.Passed }, "make the gate"},
		"a waiver": {func(r *reports.Report) {
			r.Steps[0].Waiver = &grade.Waiver{Step: r.Steps[0].ID, Account: "*", Until: "2000-01-01", State: grade.WaiverApplied}
		}, "excuses nothing"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "r.json")
			r := onFixture(t.Context(), t, "half-done", sandbox.Options{}, "--fail-under", "100").report
			write := func() {
				data, err := jsonv1.Marshal(r)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(file, data, 0o600))
			}
			commands := [][]string{
				{"report", file},
				{"fixture", "--sandbox=half-done", "--baseline", file, "--report", "json"},
				{"policy", "fixture", "--check", file},
			}
			write()
			for _, args := range commands {
				env, _, stderr := inProcess(t.Context(), args...)
				require.Less(t, Main(env, standard.Checks()...), exitUsage, "%v: %s", args, stderr)
			}
			c.edit(r)
			write()
			for _, args := range commands {
				env, stdout, stderr := inProcess(t.Context(), args...)
				require.Equal(t, exitInvalid, Main(env, standard.Checks()...), "%v: %s", args, stderr)
				require.Empty(t, stdout.String())
				require.Contains(t, stderr.String(), "was edited: ")
				require.Contains(t, stderr.String(), c.says)
			}
		})
	}
}

// A note above a report is said, and changes nothing: only the data counts.
func TestReportWithANote(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "r.md")
	env, document, stderr := inProcess(t.Context(), "fixture", "--sandbox=finished", "--report", "markdown")
	require.Zero(t, Main(env, standard.Checks()...), "%s", stderr)
	require.NoError(t, os.WriteFile(file, append([]byte("Jane Doe\n\n"), document.Bytes()...), 0o600))
	env, stdout, stderr := inProcess(t.Context(), "report", file)
	require.Zero(t, Main(env, standard.Checks()...), "%s", stderr)
	require.Contains(t, stdout.String(), "100 of 100 points")
	require.Contains(t, stderr.String(), "is not that of its data, which alone counts: line 1 was added: “Jane Doe”")
}
