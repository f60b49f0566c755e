package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
)

func TestLabPath(t *testing.T) {
	for file, want := range map[string]string{
		"labs/lab.yaml": "labs/lab.yaml", "": ".labcheck/sample-1.0.yaml", "\n": ".labcheck/sample-1.0.yaml",
	} {
		require.Equal(t, want, reports.Lab{ID: "sample-1.0", File: file}.Path(), "%q", file)
	}
}

func TestCallsSayHowManyWereNotAnswered(t *testing.T) {
	require.Equal(t, "1 request answered", reports.Calls{Total: 1}.String())
	require.Equal(t, "24 requests answered, 1 not", reports.Calls{Total: 24, Unanswered: 1}.String())
}
