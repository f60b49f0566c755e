package page_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

func TestPage(t *testing.T) { classtest.Run(t, page.Format, ".html") }

// The mark that the style sheet puts over a verdict's word is the one that all renderings have.
func TestMarks(t *testing.T) {
	style, err := os.ReadFile("style.css")
	require.NoError(t, err)
	for _, v := range []checks.Verdict{
		checks.Pass, checks.Partial, checks.Fail, checks.Blocked, checks.Unknown, checks.Skipped,
	} {
		require.Contains(t, string(style), fmt.Sprintf("#matrix .%s::before { content: %q / \"\"; }\n", v, reports.Mark(v)))
	}
}
