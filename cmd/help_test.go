package cmd

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/terminal"
)

// The help of every command fits a terminal of the usual width, and names what each flag takes by a word of its own.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if c.Name() == "completion" {
			return // cobra's own
		}
		var said strings.Builder
		c.SetOut(&said)
		require.NoError(t, c.Help())
		for line := range strings.Lines(said.String()) {
			require.LessOrEqual(t, terminal.Width(strings.TrimSuffix(line, "\n")), console.DefaultWidth, "%s: %s",
				c.CommandPath(), line)
		}
		require.NotRegexp(t, `--[a-z-]+ (string|int|strings)\b`, said.String(), c.CommandPath())
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	root := (newApp(Env{}, nil)).root()
	visit(root)
}

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
