package junit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/junit"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) { reporttest.Run(t, junit.Format, ".xml", nil) }

func TestHintsStandInForFixes(t *testing.T) {
	r := reporttest.Verdicts()
	out := string(reporttest.Render(t, junit.Format, r, reports.Options{Hints: 1}))
	require.NotContains(t, out, "aws ecr")
	require.Contains(t, out, "When is the cheapest moment")
	require.Contains(t, string(reporttest.Render(t, junit.Format, r, reports.Options{})),
		"\naws ecr put-image-scanning-configuration")
}
