package reports_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
)

func TestClip(t *testing.T) {
	require.Equal(t, "as it is", reports.Clip(" as\n it  is", 8))
	require.Equal(t, "as … (cut)", reports.Clip("as it is, and more than that", 12))
	for _, huge := range []string{strings.Repeat("é", 1<<20), strings.Repeat("x", 1<<20), strings.Repeat("\xff", 1<<20)} {
		got := reports.Clip(huge, 100)
		require.LessOrEqual(t, len(got), 100)
		require.True(t, utf8.ValidString(got))
		require.Contains(t, got, "(cut)")
	}
	require.Equal(t, "x … (cut)", reports.Clip("x"+strings.Repeat(" ", 1000)+"y", 100), "what is left out is said")
}
