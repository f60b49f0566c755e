package sandbox_test

import (
	"context"
	"io/fs"
	"os/exec"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

func TestWorkstation(t *testing.T) {
	parsed, err := sandbox.Parse(state(`, "workstation": {
		"files": {".aws/config": "[default]\n", ".aws/credentials": "", ".docker/config.json": "{}"},
		"env": {"AWS_PROFILE": "lab"},
		"commands": [{"argv": ["aws", "--version"], "stdout": "aws-cli/2"},
		  {"argv": ["git", "status"], "stdout": "no", "exit": 128}]
	}`), now)
	require.NoError(t, err)
	w := sandbox.New(parsed, sandbox.Options{}).Workstation()

	require.NoError(t, fstest.TestFS(w.Home, ".aws/config", ".aws/credentials", ".docker/config.json"))
	text, err := fs.ReadFile(w.Home, ".aws/config")
	require.NoError(t, err)
	require.Equal(t, "[default]\n", string(text))
	info, err := fs.Stat(w.Home, ".aws/credentials")
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode())
	_, err = fs.Stat(w.Home, ".ssh")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Equal(t, map[string]string{"AWS_PROFILE": "lab"}, w.Env)

	out, err := w.Command(t.Context(), "aws", "--version")
	require.NoError(t, err)
	require.Equal(t, "aws-cli/2", string(out))
	out, err = w.Command(t.Context(), "git", "status")
	var exit *sandbox.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 128, exit.Code)
	require.Equal(t, "no", string(out))
	_, err = w.Command(t.Context(), "git", "log")
	require.EqualError(t, err, `the practice workstation does not know "git" with the arguments ["log"]`)
	_, err = w.Command(t.Context(), "docker", "info")
	require.ErrorIs(t, err, exec.ErrNotFound)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.Command(cancelled, "aws", "--version")
	require.ErrorIs(t, err, context.Canceled)
}

// A fresh workstation has nothing on it.
func TestFreshWorkstation(t *testing.T) {
	account, _ := load(t, "fresh", sandbox.Options{})
	w := account.Workstation()
	entries, err := fs.ReadDir(w.Home, ".")
	require.NoError(t, err)
	require.Empty(t, entries)
	_, err = w.Command(t.Context(), "aws", "--version")
	require.ErrorIs(t, err, exec.ErrNotFound)
}
