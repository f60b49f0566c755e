package cmd

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/cmd/internal/console"
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
			require.LessOrEqual(t, terminal.Width(strings.TrimSuffix(line, "\n")), console.DefaultWidth, "%s: %s", c.CommandPath(), line)
		}
		require.NotRegexp(t, `--[a-z-]+ (string|int|strings)\b`, said.String(), c.CommandPath())
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	root := (newApp(Env{}, nil)).root()
	visit(root)
}
