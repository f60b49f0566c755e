package cmd

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

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
