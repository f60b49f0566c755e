package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cli"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// judgedHome is a home folder, and what the AWS CLI made of it: aws sts get-caller-identity and aws configure list, run
// by cmd/conformance/checks/cli, which says more. $HOME in a text stands for the folder's own path.
type judgedHome struct {
	Name   string               `json:"name"`
	Files  map[string]string    `json:"files"`
	Env    map[string]string    `json:"env"`
	Judged map[string]judgement `json:"judged"` // by the AWS CLI's version
}

type judgement struct {
	Works  bool   `json:"works"`
	Key    string `json:"key"`    // the end of the access key id with which it asked
	Region string `json:"region"` // "" for none
	Says   string `json:"says"`   // what it says when it fails
}

// onlySigningInTells are the failures of the AWS CLI for which nothing in its configuration is wrong: a sign-in that
// was not made or has ended, a program, a token's file, a machine or a person that gives nothing. The run's own sign-in
// meets them too, and then nothing here passes (see TestNothingPassesWithoutASignIn).
var onlySigningInTells = regexp.MustCompile(`(?i)SSO Token|retrieving token|SSO session|` +
	`Token for .* does not exist|login session|aws login|custom-process|credential process|Expecting value|EOF|` +
	`when reading MFA|^aws: \[ERROR\]:$|Enter MFA code|still expired|No such file or directory|No closing quotation|` +
	`retrieving metadata|retrieving credentials|Ec2InstanceMetadata|EcsContainer`)

// knownDifferences are home folders in which labcheck passes or fails and the AWS CLI does not, and why.
var knownDifferences = map[string]string{
	"a .boto file": "no tool but the AWS CLI has read that file in ten years; labcheck cannot sign in with it",
	"AWS_CREDENTIAL_FILE, a name of long ago":               "as above",
	"a role whose source is Identity Center":                "a fault of version 2.9, which ends with a Python error",
	"a role whose source is Identity Center, not signed in": "as above",
}

// awsRefuses are the keys that the AWS CLI sends as they are, and AWS does not accept.
var awsRefuses = regexp.MustCompile(`is in quotes|has a space in it|holds the other half|has no value|` +
	`aws_session_token is missing|ends in a line break`)

// noRegion are the failures for a Region that is none.
var noRegion = regexp.MustCompile(`match a supported format|Invalid endpoint: https://sts\.\.`)

// labcheck's reading of ~/.aws agrees with that of the installed AWS CLI, version by version.
func TestAgreesWithTheAWSCLI(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("judged on Linux: other paths and devices")
	}
	data, err := os.ReadFile("testdata/homes.json")
	require.NoError(t, err)
	var homes []judgedHome
	require.NoError(t, json.Unmarshal(data, &homes))
	for _, home := range homes {
		t.Run(home.Name, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, home.Judged)
			door := home.open(t)
			for version, judged := range home.Judged {
				home.requireAgreement(t, door, version, judged)
			}
		})
	}
}

// open makes the home folder.
func (h judgedHome) open(t *testing.T) *workstation.Door {
	t.Helper()
	folder := t.TempDir()
	for name, text := range h.Files {
		data := []byte(strings.ReplaceAll(text, "$HOME", folder))
		if encoded, ok := strings.CutPrefix(text, "base64:"); ok {
			var err error
			data, err = base64.StdEncoding.DecodeString(encoded)
			require.NoError(t, err)
		}
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	environ := []string{"HOME=" + folder}
	for name, value := range h.Env {
		environ = append(environ, name+"="+strings.ReplaceAll(value, "$HOME", folder))
	}
	return workstation.Local(workstation.LocalOptions{Environ: environ, Folder: folder})
}

var keyEnd = regexp.MustCompile(`ending in (....)`)

func (h judgedHome) requireAgreement(t *testing.T, door *workstation.Door, version string, judged judgement) {
	t.Helper()
	key := workstation.CLIKey{Version: version}
	session := facts.NewSession(t.Context(), facts.Options{Now: checktest.Now, Doors: []facts.Door{facts.Open(door)}})
	config, err := workstation.CLI.Get(session.View(facts.Site{}, []facts.Source{workstation.CLI}, nil), key)
	require.NoError(t, err)
	installed := workstation.AWSCLI{Installed: true, Version: version, Major: int(version[0] - '0')}
	findings := checktest.Look(t, cli.Configured, checktest.Case{
		Facts: []facts.Given{
			workstation.AWSCLIVersion.Given(workstation.AWSCLIKey{}, installed), workstation.CLI.Given(key, config), caller(),
		},
	}).Findings
	works, says := true, ""
	for _, f := range findings {
		if f.Subject == "AWS CLI Region" {
			requireRegion(t, version, judged, f)
			continue
		}
		works = works && f.Verdict == checks.Pass
		says += f.Subject + ": " + f.Verdict.String() + " " + f.Found + "; "
	}
	switch {
	case knownDifferences[h.Name] != "":
		return
	case judged.Works && awsRefuses.MatchString(says):
		require.False(t, works, "AWS CLI %s: %s", version, says)
	case !judged.Works && (noRegion.MatchString(judged.Says) || onlySigningInTells.MatchString(judged.Says)):
	default:
		require.Equal(t, judged.Works, works, "AWS CLI %s says %q; labcheck says %s", version, judged.Says, says)
	}
	if m := keyEnd.FindStringSubmatch(says); works && judged.Works && m != nil {
		require.Equal(t, judged.Key, m[1], version)
	}
}

// requireRegion compares the Region, which aws configure list shows only where the configuration can be read.
func requireRegion(t *testing.T, version string, judged judgement, f checks.Finding) {
	t.Helper()
	switch {
	case noRegion.MatchString(judged.Says):
		require.Equal(t, checks.Fail, f.Verdict, "%s: %s", version, f.Found)
	case judged.Works && judged.Region == "":
		require.Contains(t, f.Found, "no Region is set", version)
	case judged.Works && !strings.Contains(f.Found, "(hidden)"):
		require.Contains(t, f.Found, " "+judged.Region, version)
	}
}
