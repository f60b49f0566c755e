//go:build unix

package practice

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports"
)

// keptAccount serves an account that is kept in a file of the working folder, with the folder that goes with it.
func keptAccount(t *testing.T) (*home, error) {
	t.Helper()
	sys := System{
		Console: console.Console{Stderr: io.Discard, Now: time.Now, Files: files.OS{}},
		Getenv:  func(string) string { return "" },
	}
	s, err := sys.open(Options{Listen: anyPort, File: "account.json"})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { require.NoError(t, s.close()) })
	h, err := openHome(s)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { require.NoError(t, h.close()) })
	_, err = h.writeLines(reports.POSIX, nil)
	return h, err
}

// What belongs to the practice account is for its owner only, whatever the umask says and whatever was there before.
// The umask is the process's, so that this test is not parallel.
func TestFilesArePrivate(t *testing.T) {
	t.Chdir(t.TempDir())
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	require.NoError(t, os.Mkdir("account.json.home", 0o777))
	_, err := keptAccount(t)
	require.NoError(t, err)
	seen := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		if path != "." {
			require.Zero(t, info.Mode().Perm()&0o077, path)
			seen++
		}
		return nil
	}))
	require.Greater(t, seen, 6)
}

// A repository of a stranger may bring links to where the person's own settings are.
func TestHomeFollowsNoLink(t *testing.T) {
	for _, name := range []string{
		"account.json.home", "account.json.home/.aws", "account.json.home/.docker/config.json",
		"account.json.home/.aws/credentials", "account.json.home/.config/containers/auth.json", "account.json.lock",
	} {
		t.Run(name, func(t *testing.T) {
			persons := t.TempDir()
			t.Chdir(t.TempDir())
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
			require.NoError(t, os.Symlink(persons, name))
			_, err := keptAccount(t)
			require.Error(t, err)
			left, err := os.ReadDir(persons)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
	// Two files are written anew in any case: a link in their place is replaced.
	persons := filepath.Join(t.TempDir(), "file")
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("account.json.home", 0o700))
	require.NoError(t, os.Symlink(persons, "account.json"))
	require.NoError(t, os.Symlink(persons, "account.json.home/environment.sh"))
	_, err := keptAccount(t)
	require.NoError(t, err)
	require.NoFileExists(t, persons)
}

// A client that says nothing, and one that never ends, keep no connection.
func TestServerIsNotPatient(t *testing.T) {
	sys := System{Console: console.Console{Stderr: io.Discard, Now: time.Now}}
	s, err := sys.open(Options{Listen: anyPort})
	require.NoError(t, err)
	for what, limit := range map[string]time.Duration{
		"header": s.server.ReadHeaderTimeout, "request": s.server.ReadTimeout, "answer": s.server.WriteTimeout,
		"idle": s.server.IdleTimeout,
	} {
		require.Positive(t, limit, what)
		require.LessOrEqual(t, limit, 15*time.Minute, what)
	}
	require.LessOrEqual(t, s.server.MaxHeaderBytes, 1<<20)
	require.NoError(t, s.close())
}
