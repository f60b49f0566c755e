package markdown_test

import (
	"testing"

	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/stretchr/testify/require"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, markdown.Format, ".md", func(t *testing.T, n reporttest.Named, out []byte) {
		got, err := markdown.Read(out)
		require.NoError(t, err)
		require.Equal(t, n.Report, got)
	})
}
