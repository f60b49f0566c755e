package console

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// On a terminal no word is cut in two, and what stands in columns stays so; what a program reads stays in one line.
func TestTell(t *testing.T) {
	t.Parallel()
	const long = "labcheck: there is no file /a/path/that/is/longer/than/the/terminal: check the name\n" +
		"  indented words go on"
	cases := map[string]struct {
		console Console
		want    string
	}{
		"a terminal": {Console{StderrTerminal: true, Width: 20}, `labcheck: there is
no file
/a/path/that/is/longer/than/the/terminal:
check the name
  indented words go
  on
`},
		"a usual terminal": {
			Console{StderrTerminal: true}, "labcheck: there is no file /a/path/that/is/longer/than/the/terminal: check the\n" +
				"name\n  indented words go on\n",
		},
		"a pipe": {Console{Width: 20}, long + "\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said strings.Builder
			c.console.Stderr = &said
			c.console.Tell(long)
			require.Equal(t, c.want, said.String())
		})
	}
}

// Wide letters take two columns.
func TestFoldWide(t *testing.T) {
	t.Parallel()
	require.Equal(t, "  花子\n  山田", Fold("花子 山田", "  ", 10))
	require.Equal(t, "  花子 山田", Fold("花子 山田", "  ", 11))
}

// Of many only each hundredth part is shown, and nothing stays.
func TestProgressOfMany(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	p := Console{Stderr: &shown, StderrTerminal: true, Now: time.Now}.Progress(0)
	p.Count(10_000, "files read")
	for range 10_000 {
		p.Done()
	}
	require.Equal(t, 100, strings.Count(shown.String(), " of 10000 files read"))
	require.True(t, strings.HasSuffix(shown.String(), clearLine+"10000 of 10000 files read"), shown.String())
	p.Clear()
	require.True(t, strings.HasSuffix(shown.String(), "read"+clearLine), shown.String())
	p.Clear()
	require.True(t, strings.HasSuffix(shown.String(), "read"+clearLine), "nothing is there to be taken away")
}
