package workstation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// practice opens the machine of a state of the practice account.
func practice(t *testing.T, state string) *workstation.Door {
	t.Helper()
	loaded, err := sandboxtest.Load(state, now)
	require.NoError(t, err)
	w := sandbox.New(loaded, sandbox.Options{}).Workstation()
	return workstation.New(workstation.Options{
		Home: w.Home, Env: env(w.Env), Command: workstation.Buffered(w.Command), GOOS: "linux",
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
