package cmd

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/console"
)

// erased is what leaves nothing on the line of a terminal.
const erased = "\r\x1b[K"

// handInThree makes a folder of three files, of which none is a report.
func handInThree(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"a.md", "b.md", "c.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
	}
	return folder
}

// What lasts shows on a terminal how far it is, and nothing of that stays.
func TestProgressOfReadingAClass(t *testing.T) {
	cases := map[string]struct {
		terminal bool
		each     time.Duration // how much later it is whenever the clock is looked at
		shown    bool
	}{
		"on a terminal":       {terminal: true, each: console.Patience, shown: true},
		"it is over soon":     {terminal: true, each: time.Microsecond},
		"nobody looks at it":  {each: console.Patience},
		"nothing is going on": {},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			env, _, stderr := inProcess(t.Context(), "grade", handInThree(t))
			env.StderrTerminal = c.terminal
			clock := env.Now()
			env.Now = func() time.Time { clock = clock.Add(c.each); return clock }
			require.Equal(t, exitNotPassed, Main(env, standard.Checks()...))
			end := strings.LastIndex(stderr.String(), erased)
			require.Equal(t, c.shown, end >= 0, stderr)
			bar, rest := stderr.String()[:max(end, 0)], stderr.String()[max(end, 0):]
			require.Equal(t, c.shown, strings.Contains(bar, " of 3 files read"), bar)
			require.NotContains(t, rest, " of 3 files read")
			require.Contains(t, rest, "3 files refused")
		})
	}
}

// Ctrl-C while the reports are read: nothing is graded, nothing is written, and the bar is gone.
func TestInterruptWhileReadingAClass(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	page := filepath.Join(t.TempDir(), "class.html")
	env, _, stderr := inProcess(ctx, "grade", handInThree(t), "--report", "html="+page)
	env.StderrTerminal, env.Stderr = true, writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), " of 3 files read") {
			cancel(facts.ErrInterrupted)
		}
		return stderr.Write(p)
	})
	clock := env.Now()
	env.Now = func() time.Time { clock = clock.Add(console.Patience); return clock }
	require.Equal(t, exitInterrupted, Main(env, standard.Checks()...))
	require.True(t, strings.HasSuffix(stderr.String(), erased+"labcheck: interrupted; nothing was graded\n"), stderr)
	require.NoFileExists(t, page)
}

// A terminal shows at once that something is done, and nothing of it is left at the end; --quiet and a terminal that
// cannot take a line back show nothing.
func TestProgressOfARun(t *testing.T) {
	t.Parallel()
	shown := func(environ []string, args ...string) string {
		env, _, stderr := inProcess(t.Context(),
			append(args, "fixture", "--sandbox=finished", "--only", "root-keys")...)
		env.Environ = append(env.Environ, environ...)
		env.StderrTerminal = true
		require.Equal(t, exitPassed, Main(env, standard.Checks()...))
		return stderr.String()
	}
	all := shown(nil)
	require.True(t, strings.HasPrefix(all, erased+"Asking who you are"+erased), all)
	require.True(t, strings.HasSuffix(all, erased+"1 of 1 steps looked at"+erased), all)
	require.Empty(t, shown(nil, "--quiet"))
	require.Empty(t, shown([]string{"TERM=dumb"}))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
