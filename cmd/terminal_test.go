package cmd

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ctrl-C is for what runs in the shell; a termination hangs up on the shell, and the end is as after every other one.
func TestOnTerminal(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for name, c := range map[string]struct {
		script string
		code   int
	}{
		"an end":        {`test "$A" = b && exit 7`, 7},
		"an interrupt":  {`kill -INT $PPID; exit 3`, 3},
		"a termination": {`kill -INT $PPID; kill -TERM $PPID; while kill -0 $PPID; do :; done`, 128 + 1},
		"a signal":      {`kill -TERM $$`, 128 + 15},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := onTerminal([]string{sh, "-c", c.script}, []string{"A=b"})
			require.NoError(t, err)
			require.Equal(t, c.code, code)
		})
	}
	_, err = onTerminal([]string{"nowhere/sh"}, nil)
	require.ErrorContains(t, err, "nowhere/sh does not start")
}
