package cmd

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// What was not learned is unknown, never a verdict.
func TestRegradeKnowsOnlyTheFacts(t *testing.T) {
	r := onFixture(t.Context(), t, "finished", sandbox.Options{}).report
	r.Facts.Facts = slices.DeleteFunc(r.Facts.Facts, func(f facts.Fact) bool { return f.Read == "logs.groups" })
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	again, err := session.Regrade(t.Context(), registry, fixtureLab(t), r)
	require.NoError(t, err)
	open := maps.Collect(maps.All(verdicts(again)))
	maps.DeleteFunc(open, func(_ string, v checks.Verdict) bool { return v == checks.Pass })
	require.Equal(t, map[string]checks.Verdict{"retention": checks.Unknown}, open)
}

func TestNoFacts(t *testing.T) {
	require.Nil(t, onFixture(t.Context(), t, "finished", sandbox.Options{}, "--no-facts").report.Facts)
}

// Facts that make a report too large to be read again are left out of it, and that is said.
func TestReportWithoutTooManyFacts(t *testing.T) {
	list := &facts.Read[struct{}, []*int]{Name: "test.list"}
	for _, c := range []struct {
		length int
		note   string
	}{
		{10, ""},
		{
			jsonv1.MaxParts, "note: the report is without its facts, with which it could not be read again: " +
				"the report has more than 20000 parts\n",
		},
	} {
		learned := facts.NewSession(context.Background(), facts.Options{
			Given: []facts.Given{list.Given(struct{}{}, make([]*int, c.length))},
		})
		var stderr bytes.Buffer
		a := newApp(Env{Stderr: &stderr}, nil)
		shown, err := a.handOut(reporttest.Verdicts(), &session.Session{Facts: learned}, &runOptions{})
		require.NoError(t, err)
		require.Equal(t, c.note, stderr.String())
		require.Equal(t, c.note == "", shown.Facts != nil)
	}
}
