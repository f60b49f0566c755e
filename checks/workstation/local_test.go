package workstation

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestLocalReadsTheHomeFolder(t *testing.T) {
	t.Parallel()
	home, folder := t.TempDir(), t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(home, ".aws"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(home, ".aws", "config"), []byte("[default]\nregion = us-east-1\n"),
		0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "keys"), []byte("[mine]\n"), 0o600))
	door := Local(LocalOptions{Environ: []string{
		"HOME=/nowhere", "HOME=" + home, "USERPROFILE=" + home, "AWS_SHARED_CREDENTIALS_FILE=keys", "broken",
	}, Folder: folder, Profile: "mine"})
	got, err := door.cliConfig(versionOf(""))
	require.NoError(t, err)
	require.True(t, got.Config.Exists)
	require.True(t, got.Credentials.Exists, "a relative path begins at the current folder")
	require.Equal(t, runtime.GOOS, got.OS)
	require.Equal(t, "mine", got.Profile)
	require.Len(t, got.Profiles, 2)
}

func TestLocalWithoutAHomeFolder(t *testing.T) {
	t.Parallel()
	_, err := Local(LocalOptions{Folder: t.TempDir()}).cliConfig(versionOf(""))
	require.Equal(t, facts.NotLooked, facts.AsError(err).Reason)
}

func TestLocalOpensNoDeviceOrFolder(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(home, ".docker", "config.json"), 0o700))
	_, err := Local(LocalOptions{Environ: []string{"HOME=" + home, "USERPROFILE=" + home}, Folder: home}).dockerLogins()
	require.Equal(t, facts.NotLooked, facts.AsError(err).Reason)
	require.NotContains(t, err.Error(), home, "a path may name the person")
}

// A program that is only called git may never end.
func TestAProgramThatGoesOnIsEnded(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no such program there")
	}
	err := command(os.Environ(), t.TempDir())(context.Background(), nil, func(out io.Reader) error {
		_, err := out.Read(make([]byte, 10))
		return err
	}, "yes")
	require.ErrorContains(t, err, "killed")
}

func TestProgramsGetNoVariableOfGitAndAWS(t *testing.T) {
	t.Parallel()
	env := lookup(programEnv([]string{"PATH=/bin", "GIT_DIR=x", "AWS_SECRET_ACCESS_KEY=" + fuzzSecret, "git_pager=x"}))
	for name, want := range map[string]string{
		"PATH": "/bin", "GIT_DIR": "", "AWS_SECRET_ACCESS_KEY": "", "git_pager": "", "LC_ALL": "C",
	} {
		value, set := env(name)
		require.Equal(t, want, value)
		require.Equal(t, want != "", set)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	run := command(programEnv(os.Environ()), t.TempDir())
	ctx := context.Background()

	var out strings.Builder
	keep := func(r io.Reader) error { _, err := io.Copy(&out, r); return err }
	require.NoError(t, run(ctx, nil, keep, "git", "--version"))
	require.Contains(t, out.String(), "git version")

	err := run(ctx, nil, keep, "git", "no-such-command")
	require.Positive(t, exitCode(err))
	require.Contains(t, gitSays(err), "not a git command")

	tooShort := func(io.Reader) error { return io.ErrUnexpectedEOF }
	require.Positive(t, exitCode(run(ctx, nil, tooShort, "git", "no-such-command")), "what git says tells more")
	require.ErrorIs(t, run(ctx, nil, tooShort, "git", "--version"), io.ErrUnexpectedEOF)

	out.Reset()
	require.NoError(t, run(ctx, strings.NewReader("x"), keep, "git", "hash-object", "--stdin"))
	require.Equal(t, "c1b0730e0133447badcfd47fd144e254807b06e1", strings.TrimSpace(out.String()))

	require.ErrorIs(t, run(ctx, nil, keep, "no-such-program-of-labcheck"), exec.ErrNotFound)

	enough := errors.New("enough")
	require.ErrorIs(t, run(ctx, nil, func(io.Reader) error { return enough }, "git", "help", "-a"), enough)

	require.NoError(t, run(ctx, nil, func(io.Reader) error { return nil }, "git", "help", "-a"),
		"what is not read does not block")

	stopped, stop := context.WithCancelCause(ctx)
	err = run(stopped, nil, func(io.Reader) error { stop(facts.ErrInterrupted); return nil }, "git", "hash-object",
		"--stdin")
	require.ErrorIs(t, err, facts.ErrInterrupted)
}
