package workstation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

func TestAWSCLIVersion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		command workstation.Command
		want    workstation.AWSCLI
	}{
		"version 2": {
			says("aws-cli/2.32.0 Python/3.13.4 Linux/6.1 exe/x86_64.debian.12\n"),
			workstation.AWSCLI{Installed: true, Version: "2.32.0", Major: 2},
		},
		"version 1": {
			says("aws-cli/1.45.11 Python/3.11.7 Linux/6.1 botocore/1.43.11\n"),
			workstation.AWSCLI{Installed: true, Version: "1.45.11", Major: 1},
		},
		"not installed": {notInstalled(), workstation.AWSCLI{}},
		"an empty shim": {ends(exitError(127)), workstation.AWSCLI{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := look(t, workstation.AWSCLIVersion, workstation.AWSCLIKey{},
				workstation.New(workstation.Options{Command: test.command}))
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

func TestAWSCLIVersionThatIsNotUnderstood(t *testing.T) {
	t.Parallel()
	for name, command := range map[string]workstation.Command{
		"another program": says("aws " + canarySecret),
		"silence":         says(""),
		"a failure":       ends(exitError(1)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := look(t, workstation.AWSCLIVersion, workstation.AWSCLIKey{},
				workstation.New(workstation.Options{Command: command}))
			requireReason(t, facts.InvalidResponse, err)
		})
	}
}
