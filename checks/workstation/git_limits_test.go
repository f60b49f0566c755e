package workstation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// recorded answers git commands by their name with a text.
func recorded(outputs map[string]string) Command {
	return Buffered(func(_ context.Context, _ string, args ...string) ([]byte, error) {
		return []byte(outputs[args[0]]), nil
	})
}

const inWorkTree = "true\nfalse\n/home/alice/app\n"

// emptyFolder is a work tree without files.
func emptyFolder(_ string, look func(fs.FS) error) error { return look(fstest.MapFS{}) }

// objectID is a made-up name of an object.
func objectID(n int) string { return fmt.Sprintf("%040x", n) }

// history is what git prints of commits with these messages and one tracked file.
func history(file string, messages ...string) map[string]string {
	var list, objects strings.Builder
	for i, message := range messages {
		content := "tree " + objectID(1) + "\n\n" + message
		fmt.Fprintln(&list, objectID(100+i))
		fmt.Fprintf(&objects, "%s commit %d\n%s\n", objectID(100+i), len(content), content)
	}
	fmt.Fprintf(&objects, "%s blob %d\n%s\n", objectID(2), len(file), file)
	return map[string]string{
		"rev-parse": inWorkTree, "ls-files": "100644 " + objectID(2) + " 0\tk\x00", "show-ref": objectID(100) + " HEAD\n",
		"rev-list": list.String(), "cat-file": objects.String(),
	}
}

// withFile is a work tree with one file.
func withFile(content string) func(string, func(fs.FS) error) error {
	return func(_ string, look func(fs.FS) error) error {
		return look(fstest.MapFS{"k": {Data: []byte(content)}})
	}
}

func TestGitLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*gitLimits)
		want   string
	}{
		"all":     {func(*gitLimits) {}, ""},
		"commits": {func(l *gitLimits) { l.commits = 2 }, "the history has more than 2 commits"},
		"files":   {func(l *gitLimits) { l.files = 0 }, "the repository has more than 0 files"},
		"the list": {
			func(l *gitLimits) { l.list = 100 }, "the repository has more than 0 MiB of names of files and commits",
		},
		"the bytes": {func(l *gitLimits) { l.bytes = 100 }, "the scan ends after 0 MiB"},
		"an object": {func(l *gitLimits) { l.object = 60 }, "an object of the repository is larger than 0 MiB"},
		"a file":    {func(l *gitLimits) { l.object = 10 }, "k is larger than 0 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			door := New(Options{
				Command:  recorded(history("an AWS key: "+fuzzID, "one", "two", "three and a long story about it")),
				WorkTree: withFile("a clean file"),
			})
			limits := usualGitLimits()
			c.change(&limits)
			for range 2 { // the same again: no limit is of time
				got, err := door.scanGit(context.Background(), limits)
				require.NoError(t, err)
				require.Equal(t, c.want, got.Incomplete)
				requireNoSecret(t, got)
			}
		})
	}
}

// A limit says what was found before it.
func TestAScanThatReadsTooMuchSaysWhatItFound(t *testing.T) {
	t.Parallel()
	door := New(Options{Command: recorded(history("", strings.Repeat("x", 1<<10))), WorkTree: withFile(fuzzID)})
	limits := usualGitLimits()
	limits.bytes = 1 << 10
	got, err := door.scanGit(context.Background(), limits)
	require.NoError(t, err)
	require.Equal(t, "the scan ends after 0 MiB", got.Incomplete)
	require.Len(t, got.Keys, 1)
	requireNoSecret(t, got)
}

// waits is a git whose list of objects never ends.
func waits(ctx context.Context, _ io.Reader, read func(io.Reader) error, _ string, args ...string) error {
	switch args[0] {
	case "rev-parse":
		return read(strings.NewReader(inWorkTree))
	case "rev-list":
		<-ctx.Done()
		return context.Cause(ctx)
	}
	return read(strings.NewReader(""))
}

func TestAnInterruptedScanHasNoAnswer(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancelCause(context.Background())
	command := func(
		ctx context.Context, stdin io.Reader, read func(io.Reader) error, name string, args ...string,
	) error {
		stop(facts.ErrInterrupted)
		return waits(ctx, stdin, read, name, args...)
	}
	_, err := New(Options{Command: command, WorkTree: emptyFolder}).scanGit(ctx, usualGitLimits())
	require.ErrorIs(t, err, facts.ErrInterrupted)
}

func TestAScanWithAGitThatFails(t *testing.T) {
	t.Parallel()
	commands := []string{"ls-files", "show-ref", "rev-list", "cat-file"}
	for _, fails := range commands {
		t.Run(fails, func(t *testing.T) {
			t.Parallel()
			good := recorded(history("a clean file", "one"))
			door := New(Options{WorkTree: emptyFolder, Command: func(
				ctx context.Context, stdin io.Reader, read func(io.Reader) error, name string, args ...string,
			) error {
				if args[0] == fails {
					return errors.New("broken " + fuzzSecret)
				}
				return good(ctx, stdin, read, name, args...)
			}})
			got, err := door.scanGit(context.Background(), usualGitLimits())
			require.NoError(t, err)
			require.Contains(t, got.Incomplete, "git failed: broken ")
			requireNoSecret(t, got)
		})
	}
}

// A program that only is called git prints something else, or nothing: that is never a pass.
func TestAScanWithAGitThatIsNotGit(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"ls-files", "show-ref", "rev-list", "cat-file"} {
		for _, says := range []string{"usage: git\n", "\x00\n\n", strings.Repeat("y\n", 1<<20)} {
			outputs := history("a clean file", "one")
			outputs[command] = says
			door := New(Options{Command: recorded(outputs), WorkTree: emptyFolder})
			got, err := door.scanGit(context.Background(), usualGitLimits())
			require.NoError(t, err)
			require.Contains(t, got.Incomplete, "git's answer cannot be read", "%s: %q", command, says)
		}
	}
	silent := history("a clean file", "one")
	silent["rev-list"] = ""
	got, err := New(Options{Command: recorded(silent), WorkTree: emptyFolder}).
		scanGit(context.Background(), usualGitLimits())
	require.NoError(t, err)
	require.Equal(t, "git lists no commit though there is a HEAD", got.Incomplete)
}
