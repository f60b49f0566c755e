package cmd

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// The manual pages are written by this test and kept in the repository: what writes them looks methods up by name, and
// must not come into the program.
func TestManual(t *testing.T) {
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	a := newApp(Env{Context: context.Background(), Program: "labcheck"}, registry)
	root := a.root()
	root.DisableAutoGenTag = true
	released := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	var write func(c *cobra.Command)
	write = func(c *cobra.Command) {
		if !c.IsAvailableCommand() && c.HasParent() {
			return
		}
		var page bytes.Buffer
		header := &doc.GenManHeader{Section: "1", Date: &released, Source: "labcheck " + version, Manual: "labcheck"}
		require.NoError(t, doc.GenMan(c, header, &page))
		require.Contains(t, page.String(), ".TH")
		reporttest.Golden(t, filepath.Join("man", dashed(c)+".1"), page.Bytes())
		for _, sub := range c.Commands() {
			write(sub)
		}
	}
	write(root)
}

// dashed is a command's path as the name of its manual page.
func dashed(c *cobra.Command) string {
	if !c.HasParent() {
		return c.Name()
	}
	return dashed(c.Parent()) + "-" + c.Name()
}
