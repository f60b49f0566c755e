package cmd

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// Facts that make a report too large to be read again are left out of it, and that is said.
func TestReportWithoutTooManyFacts(t *testing.T) {
	list := &facts.Read[struct{}, []*int]{Name: "test.list"}
	for _, c := range []struct {
		length int
		note   string
	}{
		{10, ""},
		{jsonv1.MaxParts, "note: the report is without its facts, with which it could not be read again: the report has more than 20000 parts\n"},
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
