package workstation_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// Canaries that no fact may hold. They are written in two parts so that this file holds no key either.
const (
	canaryID     = "AKIA" + "EXAMPLE2A3B4C5D6"
	canarySecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLE9z9"
	canaryToken  = "IQoJb3JpZ2luX2VjEXAMPLE" + "TOKENvalueTOKENvalueTOKENvalue"
)

var now = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// look asks one read through a door, and looks for the canaries in the facts file that a session would write.
func look[K comparable, V any](t *testing.T, read *facts.Read[K, V], key K, door *workstation.Door) (V, error) {
	t.Helper()
	session := facts.NewSession(context.Background(), facts.Options{
		Now: now, Doors: []facts.Door{facts.Open(door)},
	})
	value, err := read.Get(session.View(facts.Site{}, []facts.Source{read}, nil), key)
	recording, recordErr := session.Record(facts.Site{}, "aws")
	require.NoError(t, recordErr)
	var written bytes.Buffer
	require.NoError(t, recording.Write(&written))
	for _, secret := range []string{canaryID, canarySecret, canaryToken} {
		require.NotContains(t, written.String(), secret, "a secret is in the facts")
		if err != nil {
			require.NotContains(t, err.Error(), secret, "a secret is in an error")
		}
	}
	return value, err
}

// requireReason requires an error with a reason.
func requireReason(t *testing.T, reason facts.Reason, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, reason, facts.AsError(err).Reason, err.Error())
}

// home is a home folder of files.
func home(files map[string]string) fs.FS {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o600}
	}
	return folder
}

func env(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := values[name]
		return value, set
	}
}

// says is a program that prints a text.
func says(text string) workstation.Command {
	return workstation.Buffered(func(context.Context, string, ...string) ([]byte, error) { return []byte(text), nil })
}

// ends is a program that prints nothing and ends with an error.
func ends(err error) workstation.Command {
	return func(_ context.Context, _ io.Reader, read func(io.Reader) error, _ string, _ ...string) error {
		if readErr := read(strings.NewReader("")); readErr != nil {
			return readErr
		}
		return err
	}
}

func notInstalled() workstation.Command { return ends(&exec.Error{Name: "x", Err: exec.ErrNotFound}) }

// exitError is a program's exit code.
type exitError int

func (e exitError) Error() string { return "it failed" }
func (e exitError) ExitCode() int { return int(e) }

func TestWithoutADoorNothingIsLookedAt(t *testing.T) {
	t.Parallel()
	session := facts.NewSession(context.Background(), facts.Options{Now: now})
	view := session.View(facts.Site{}, []facts.Source{
		workstation.DockerLogins, workstation.AWSCLIVersion, workstation.CLI, workstation.GitKeys,
	}, nil)
	_, dockerErr := workstation.DockerLogins.Get(view, workstation.DockerKey{})
	_, versionErr := workstation.AWSCLIVersion.Get(view, workstation.AWSCLIKey{})
	_, cliErr := workstation.CLI.Get(view, workstation.CLIKey{})
	_, gitErr := workstation.GitKeys.Get(view, workstation.GitKey{})
	for _, err := range []error{dockerErr, versionErr, cliErr, gitErr} {
		requireReason(t, facts.NotLooked, err)
	}
}

func TestAnEmptyMachineIsNotLookedAt(t *testing.T) {
	t.Parallel()
	door := workstation.New(workstation.Options{})
	_, err := look(t, workstation.DockerLogins, workstation.DockerKey{}, door)
	requireReason(t, facts.NotLooked, err)
	_, err = look(t, workstation.AWSCLIVersion, workstation.AWSCLIKey{}, door)
	requireReason(t, facts.NotLooked, err)
	_, err = look(t, workstation.CLI, workstation.CLIKey{}, door)
	requireReason(t, facts.NotLooked, err)
	_, err = look(t, workstation.GitKeys, workstation.GitKey{}, door)
	requireReason(t, facts.NotLooked, err)
}

// practice opens the machine of a state of the practice account.
func practice(t *testing.T, state string) *workstation.Door {
	t.Helper()
	loaded, err := sandboxtest.Load(state, now)
	require.NoError(t, err)
	w := sandbox.New(loaded, sandbox.Options{}).Workstation()
	return workstation.New(workstation.Options{
		Home: w.Home, Env: env(w.Env), Command: workstation.Buffered(w.Command), GOOS: "linux",
		WorkTree: func(top string, look func(fs.FS) error) error {
			folder, err := fs.Sub(w.Home, path.Base(top))
			require.NoError(t, err)
			return look(folder)
		},
	})
}

// The states hold what git prints for the very arguments that it is given here.
func TestPracticeMachines(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"half-done", "finished"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			door := practice(t, state)
			history, err := look(t, workstation.GitKeys, workstation.GitKey{}, door)
			require.NoError(t, err)
			require.Equal(t, workstation.GitHistory{
				Repository: "docker-api", Commits: 1, Files: 3, Keys: []workstation.KeyHit{}, NotIgnored: []string{},
			}, history)

			version, err := look(t, workstation.AWSCLIVersion, workstation.AWSCLIKey{}, door)
			require.NoError(t, err)
			require.Equal(t, 2, version.Major)

			config, err := look(t, workstation.CLI, workstation.CLIKey{}, door)
			require.NoError(t, err)
			require.False(t, config.Credentials.OpenToOthers)
			require.True(t, config.Profiles[0].Credentials.Works())
			require.Equal(t, "us-east-1", config.Profiles[0].Region)
		})
	}
}

func TestPracticeMachineOfAFreshAccount(t *testing.T) {
	t.Parallel()
	door := practice(t, "fresh")
	_, err := look(t, workstation.GitKeys, workstation.GitKey{}, door)
	requireReason(t, facts.NotLooked, err)
	version, err := look(t, workstation.AWSCLIVersion, workstation.AWSCLIKey{}, door)
	require.NoError(t, err)
	require.False(t, version.Installed)
	config, err := look(t, workstation.CLI, workstation.CLIKey{}, door)
	require.NoError(t, err)
	require.Empty(t, config.Profiles)
}
