package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// The advice fits what was seen, and the installed AWS CLI.
func TestProblem(t *testing.T) {
	t.Parallel()
	v1 := workstation.AWSCLI{Installed: true, Version: "1.45.11", Major: 1}
	old := workstation.AWSCLI{Installed: true, Version: "2.9.19", Major: 2}
	v2 := workstation.AWSCLI{Installed: true, Version: "2.36.7", Major: 2}
	profile := func(name string, c workstation.CLICredential) workstation.CLIConfig {
		return workstation.CLIConfig{
			OS: "linux", Profile: "default", Credentials: workstation.CLIFile{Path: "~/.aws/credentials"},
			Profiles: []workstation.CLIProfile{{Name: name, Credentials: c}},
		}
	}
	ofEnvironment := func(c workstation.CLICredential) workstation.CLIConfig {
		return workstation.CLIConfig{OS: "linux", Profile: "default", Environment: workstation.CLIEnvironment{Credentials: c}}
	}
	empty := profile("default", workstation.CLICredential{})
	keys := workstation.CLICredential{Method: workstation.StaticKeys, Last4: "MPLE"}
	temporary := workstation.CLICredential{Method: workstation.StaticKeys, Temporary: true}
	foreign := workstation.CLICredential{Method: workstation.StaticKeys, Temporary: true, Foreign: true}
	sso := workstation.CLICredential{Method: workstation.SSO}
	windows := profile("al ice", keys)
	windows.OS = "windows"
	nothing := facts.Errorf(facts.NoCredentials, "no credentials are configured: run aws configure")
	expired := facts.Errorf(facts.ExpiredCredentials, "the session has expired: sign in again")
	rejected := facts.Errorf(facts.RejectedCredentials, "AWS does not accept the access key")
	notSignedIn := facts.Errorf(facts.NoCredentials, "nobody has signed in yet: run aws sso login")
	fips := facts.Errorf(facts.NoCredentials, "invalid value for environment variable, AWS_USE_FIPS_ENDPOINT=1, need true")
	for name, test := range map[string]struct {
		err    *facts.Error
		cli    workstation.AWSCLI
		config workstation.CLIConfig
		detail string
		next   []string
	}{
		"nothing, version 1":    {nothing, v1, empty, "no cred", []string{"aws configure"}},
		"nothing, version 2.9":  {nothing, old, empty, "no cred", []string{"aws configure"}},
		"nothing, version 2.36": {nothing, v2, empty, "no cred", []string{"aws configure", "aws login"}},
		"a profile that is not chosen": {
			nothing, v2, profile("alice", keys), "for the profile default, but for alice", []string{"export AWS_PROFILE=alice"},
		},
		"a profile that is not chosen, on Windows": {
			nothing, v2, windows, "but for al ice", []string{"$env:AWS_PROFILE = 'al ice'"},
		},
		"pasted keys of a session": {
			expired, v2, profile("default", temporary), "has expired: copy fresh keys from where you got these",
			[]string{"aws configure list"},
		},
		"a token of other keys in the file": {
			rejected, v1, profile("default", foreign), "aws_session_token in ~/.aws/credentials belongs to other keys",
			[]string{`aws configure set aws_session_token ""`},
		},
		"a token of other keys in a variable": {
			rejected, v1, ofEnvironment(foreign), "the variable AWS_SESSION_TOKEN belongs", []string{"unset AWS_SESSION_TOKEN"},
		},
		"own keys that are rejected": {
			rejected, v2, profile("default", keys), "does not accept", []string{"aws sts get-caller-identity", "aws configure"},
		},
		"Identity Center": {notSignedIn, old, profile("default", sso), "nobody", []string{"aws sso login"}},
		"Identity Center, version 1": {
			notSignedIn, v1, profile("default", sso), "nobody has signed in yet: sign in with version 2",
			[]string{"aws configure list"},
		},
		"a variable that is not understood": {
			fips, v2, profile("default", keys), "AWS_USE_FIPS_ENDPOINT", []string{"unset AWS_USE_FIPS_ENDPOINT"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := problem(test.err, machine{test.cli, test.config}, "labcheck", "")
			require.Equal(t, test.err.Reason, got.Reason)
			require.Contains(t, got.Detail, test.detail)
			require.Equal(t, test.next, got.Next)
		})
	}
}
