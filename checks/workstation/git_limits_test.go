package workstation

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// recorded answers git commands by their name with a text.
func recorded(outputs map[string]string) Command {
	return Buffered(func(_ context.Context, _ string, args ...string) ([]byte, error) {
		for _, arg := range args {
			if out, ok := outputs[arg]; ok {
				return []byte(out), nil
			}
		}
		return nil, nil
	})
}

const workTree = "true\nfalse\n/home/alice/app\n"

func TestAScanThatReadsTooMuchSaysWhatItFound(t *testing.T) {
	t.Parallel()
	door := New(Options{Command: recorded(map[string]string{
		"rev-parse": workTree,
		"grep":      "k\x001\x00" + fuzzID + "\n",
		"log":       strings.Repeat("commit abc\n", 1<<10),
	})})
	got, err := door.scanGit(context.Background(), gitLimits{bytes: 1 << 10, time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, "the scan was ended after 0 MiB", got.Incomplete)
	require.Len(t, got.Keys, 1)
	requireNoSecret(t, got)
}

func TestAScanOfALineWithoutEnd(t *testing.T) {
	t.Parallel()
	door := New(Options{Command: recorded(map[string]string{
		"rev-parse": workTree, "grep": "k\x001\x00" + strings.Repeat("a", maxLine) + "\n",
	})})
	got, err := door.scanGit(context.Background(), gitLimits{bytes: 1 << 30, time: time.Minute})
	require.NoError(t, err)
	require.Equal(t, "a line is longer than 16 MiB", got.Incomplete)
}

// waits is a git whose log never ends.
func waits(ctx context.Context, read func(io.Reader) error, _ string, args ...string) error {
	for _, arg := range args {
		switch arg {
		case "rev-parse":
			return read(strings.NewReader(workTree))
		case "log":
			<-ctx.Done()
			return context.Cause(ctx)
		}
	}
	return read(strings.NewReader(""))
}

func TestAScanThatTakesTooLong(t *testing.T) {
	t.Parallel()
	got, err := New(Options{Command: waits}).scanGit(context.Background(),
		gitLimits{bytes: 1 << 20, time: time.Millisecond})
	require.NoError(t, err)
	require.Equal(t, "the scan was ended after 1ms", got.Incomplete)
}

func TestAnInterruptedScanHasNoAnswer(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancelCause(context.Background())
	command := func(ctx context.Context, read func(io.Reader) error, name string, args ...string) error {
		stop(facts.ErrInterrupted)
		return waits(ctx, read, name, args...)
	}
	_, err := New(Options{Command: command}).scanGit(ctx, gitLimits{bytes: 1 << 20, time: time.Minute})
	require.ErrorIs(t, err, facts.ErrInterrupted)
}

func TestAScanWithAGitThatFails(t *testing.T) {
	t.Parallel()
	command := func(_ context.Context, read func(io.Reader) error, _ string, args ...string) error {
		for _, arg := range args {
			if arg == "rev-parse" {
				return read(strings.NewReader(workTree))
			}
		}
		return errors.New("broken " + fuzzSecret)
	}
	got, err := New(Options{Command: command}).scanGit(context.Background(), gitLimits{bytes: 1 << 20, time: time.Minute})
	require.NoError(t, err)
	require.Contains(t, got.Incomplete, "git failed: broken ")
}
