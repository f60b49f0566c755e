package cmd

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
)

// A terminal shows at once that something is done, and nothing of it is left at the end; --quiet and a terminal that
// cannot take a line back show nothing.
func TestProgressOfARun(t *testing.T) {
	t.Parallel()
	const clear = "\r\x1b[K"
	shown := func(environ []string, args ...string) string {
		env, _, stderr := inProcess(t.Context(), append(args, "module-1.2", "--sandbox=finished", "--only", "vpc-default")...)
		env.Environ = append(env.Environ, environ...)
		env.StderrTerminal = true
		require.Equal(t, exitPassed, Main(env, standard.Checks()...))
		return stderr.String()
	}
	all := shown(nil)
	require.True(t, strings.HasPrefix(all, clear+"Asking who you are"+clear), all)
	require.True(t, strings.HasSuffix(all, clear+"1 of 1 steps looked at"+clear), all)
	require.Empty(t, shown(nil, "--quiet"))
	require.Empty(t, shown([]string{"TERM=dumb"}))
}
