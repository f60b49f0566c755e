package cmd

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// On a terminal no word is cut in two, and what stands in columns stays so; what a program reads stays in one line.
func TestTell(t *testing.T) {
	t.Parallel()
	const long = "labcheck: there is no file /a/path/that/is/longer/than/the/terminal: check the name\n  indented words go on"
	cases := map[string]struct {
		env  Env
		want string
	}{
		"a terminal": {Env{StderrTerminal: true, Width: 20}, `labcheck: there is
no file
/a/path/that/is/longer/than/the/terminal:
check the name
  indented words go
  on
`},
		"a usual terminal": {Env{StderrTerminal: true}, `labcheck: there is no file /a/path/that/is/longer/than/the/terminal: check the
name
  indented words go on
`},
		"a pipe": {Env{Width: 20}, long + "\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said strings.Builder
			c.env.Stderr = &said
			c.env.tell(long)
			require.Equal(t, c.want, said.String())
		})
	}
}

// Wide letters take two columns.
func TestFoldWide(t *testing.T) {
	t.Parallel()
	require.Equal(t, "  花子\n  山田", fold("花子 山田", "  ", 10))
	require.Equal(t, "  花子 山田", fold("花子 山田", "  ", 11))
}
