package markdown_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, markdown.Format, ".md", func(t *testing.T, n reporttest.Named, out []byte) {
		got, changed, err := markdown.Read(out)
		require.NoError(t, err)
		require.Empty(t, changed)
		require.Equal(t, n.Report, got, "what is read is what was written")
	})
}

func TestOptions(t *testing.T) {
	r := reporttest.Verdicts()
	out := string(reporttest.Render(t, markdown.Format, r, reports.Options{Hints: 1}))
	s, _ := r.Step("ecr-scan-on-push")
	require.Contains(t, out, s.Hints[0])
	require.NotContains(t, out, s.Hints[1])
	require.NotContains(t, out, "```sh")
	require.Contains(t, string(reporttest.Render(t, markdown.Format, r, reports.Options{All: true})),
		"✅ **The root user has")
}
