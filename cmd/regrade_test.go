package cmd

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// practiceStates are the files of all states that the practice account can begin in, drills included.
func practiceStates(t *testing.T) map[string]string {
	t.Helper()
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	saved := map[string]string{}
	write := func(name string, state *sandbox.State) {
		saved[name] = filepath.Join(t.TempDir(), "state.json")
		require.NoError(t, files.Write(files.OS{}, saved[name], state.Write))
	}
	for _, name := range builtin(t).Names {
		state := stateOf(t, name, now)
		write(name, state)
	}
	drills, err := boundLab(t).Lab.Drills()
	require.NoError(t, err)
	for _, drill := range drills.Drills {
		state, _, err := practice.Broken(nil, drill.Step, now)
		require.NoError(t, err)
		write("finished without "+drill.Step, state)
	}
	return saved
}

// regrading grades reports again with the lab that they were graded with.
func regrading(t testing.TB, l *lab.Lab) func(testing.TB, *reports.Report) *reports.Report {
	t.Helper()
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	return func(t testing.TB, r *reports.Report) *reports.Report {
		t.Helper()
		require.NotNil(t, r.Facts)
		again, err := session.Regrade(t.Context(), registry, l, r)
		require.NoError(t, err)
		return again
	}
}

// Grading again with the same lab changes nothing: the report is the same to the last byte.
func TestLawRegradeSameLabSameReport(t *testing.T) {
	t.Parallel()
	for name, file := range practiceStates(t) {
		for _, set := range [][]string{nil, {"--set", "repository=docker-apiatest"}, {"--mask-account"}} {
			r := onPractice(t.Context(), t, file, sandbox.Options{}, append(set, "--student", "jane")...).report
			require.NoError(t, r.Verify())
			want, err := jsonv1.Marshal(r)
			require.NoError(t, err)
			got, err := jsonv1.Marshal(regrading(t, boundLab(t).Lab)(t, r))
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), name)
		}
	}
}

// A masked report holds no account, and is graded again with the verdicts of the one that is not masked.
func TestLawMaskedReportIsGradedAgain(t *testing.T) {
	t.Parallel()
	for name, file := range practiceStates(t) {
		plain := onPractice(t.Context(), t, file, sandbox.Options{}).report
		masked := onPractice(t.Context(), t, file, sandbox.Options{}, "--mask-account").report
		data, err := jsonv1.Marshal(masked)
		require.NoError(t, err)
		require.NotContains(t, string(data), "123456789012", name)
		again := regrading(t, boundLab(t).Lab)(t, masked)
		require.Equal(t, plain.Grade, again.Grade, name)
		require.Equal(t, verdicts(plain), verdicts(again), name)
	}
}

// What was not learned is unknown, never a verdict.
func TestRegradeKnowsOnlyTheFacts(t *testing.T) {
	r := onFixture(t.Context(), t, "finished", sandbox.Options{}).report
	r.Facts.Facts = slices.DeleteFunc(r.Facts.Facts, func(f facts.Fact) bool { return f.Read == "logs.groups" })
	again := regrading(t, fixtureLab(t))(t, r)
	open := maps.Collect(maps.All(verdicts(again)))
	maps.DeleteFunc(open, func(_ string, v checks.Verdict) bool { return v == checks.Pass })
	require.Equal(t, map[string]checks.Verdict{"retention": checks.Unknown}, open)
}

func TestNoFacts(t *testing.T) {
	require.Nil(t, onFixture(t.Context(), t, "finished", sandbox.Options{}, "--no-facts").report.Facts)
}
