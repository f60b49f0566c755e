package reports_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestNormal(t *testing.T) {
	zone := time.FixedZone("", 3600)
	r := &reports.Report{Started: time.Date(2026, 11, 23, 6, 12, 0, 0, zone), Student: "a\xff", Steps: []reports.Step{{}}}
	n := r.Normal()
	require.Equal(t, time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC), n.Started)
	require.Equal(t, "a�", n.Student)
	require.NotNil(t, n.Params)
	require.NotNil(t, n.Next)
	require.NotNil(t, n.Grade.Missing)
	require.NotNil(t, n.Steps[0].Fix.Commands)
	require.Nil(t, n.Problem, "what is absent stays absent")
	require.Nil(t, r.Steps[0].Findings, "the report itself is left as it is")
	require.Equal(t, n, n.Normal())
}

func TestNormalSharesNothing(t *testing.T) {
	r := reporttest.Verdicts()
	n := r.Normal()
	n.Steps[0].Findings[0].Found = "changed"
	n.Params["repository"] = "changed"
	*n.Grade.Percent = 100
	require.Equal(t, reporttest.Verdicts(), r)
}

// A type may keep something to itself: it is not written, and copying it changes nothing of it.
func TestNormalLeavesWhatIsNotExported(t *testing.T) {
	type part struct {
		List   []string
		hidden []string
	}
	n := reports.Normal(&part{hidden: []string{"a\xff"}})
	require.Equal(t, &part{List: []string{}, hidden: []string{"a\xff"}}, n)
}
