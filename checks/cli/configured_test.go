package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cli"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// machine is the facts of a machine with this version of the AWS CLI, configured as aws configure does it and then
// changed.
func machine(version workstation.AWSCLI, change func(*workstation.CLIConfig)) []facts.Given {
	config := workstation.CLIConfig{
		OS:          "linux",
		Config:      workstation.CLIFile{Path: "~/.aws/config", Exists: true},
		Credentials: workstation.CLIFile{Path: "~/.aws/credentials", Exists: true},
		Profile:     "default",
		Profiles: []workstation.CLIProfile{{
			Name:        "default",
			Credentials: workstation.CLICredential{Method: workstation.StaticKeys, Last4: "MPLE"},
			Region:      checktest.Region,
		}},
	}
	if change != nil {
		change(&config)
	}
	return []facts.Given{
		workstation.AWSCLIVersion.Given(workstation.AWSCLIKey{}, version),
		workstation.CLI.Given(workstation.CLIKey{Version: version.Version}, config),
		caller(),
	}
}

// caller is the answer of AWS that it accepts the credentials.
func caller() facts.Given {
	s := checktest.Alice()
	return account.CallerIdentity.Given(account.IdentityKey{Region: s.Region},
		account.Identity{Account: s.Account, ARN: s.Caller.ARN})
}

// fresh is a machine on which nothing is configured.
func fresh(c *workstation.CLIConfig) {
	c.Profiles, c.Config.Exists, c.Credentials.Exists = nil, false, false
}

// halfAPair is what is left when only one of the two variables is set.
func halfAPair(c *workstation.CLIConfig) {
	c.Environment.Credentials = workstation.CLICredential{Method: workstation.StaticKeys, Flaws: []workstation.Flaw{
		{Setting: "AWS_SECRET_ACCESS_KEY", Problem: workstation.Missing},
	}}
}

func useProfile(c *workstation.CLIConfig, name, from string) { c.Profile, c.ProfileFrom = name, from }

func TestConfigured(t *testing.T) {
	t.Parallel()
	v2 := workstation.AWSCLI{Installed: true, Version: "2.32.0", Major: 2}
	v1 := workstation.AWSCLI{Installed: true, Version: "1.45.11", Major: 1}
	keys := workstation.CLICredential{Method: workstation.StaticKeys, Last4: "MPLE"}
	list := []checktest.Case{
		{
			Name: "configured", Facts: machine(v2, nil), Want: checks.Pass,
			Found: "the profile default has credentials: access key ending in MPLE",
		},
		{Name: "the version is shown", Facts: machine(v2, nil), Want: checks.Pass, Found: "version 2.32.0 is installed"},
		{Name: "version 1", Facts: machine(v1, nil), Want: checks.Pass, Advice: "version 2 is the current one"},
		{
			Name: "not installed", Facts: machine(workstation.AWSCLI{}, nil), Want: checks.Fail,
			Found: "no program named aws is on the PATH",
		},
		{
			Name: "nothing configured", Facts: machine(v2, fresh), Want: checks.Fail,
			Found: "no credentials are configured", Expected: "credentials are configured", Fix: "aws configure",
		},
		{Name: "nothing set", Facts: machine(v2, fresh), Want: checks.Fail, Found: "no Region is set"},
		{
			Name: "no Region", Want: checks.Fail, Found: "no Region is set", Fix: "aws configure set region us-east-1",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Region = "" }),
		},
		{
			Name: "no Region, and AWS did not answer", Site: facts.Site{Account: "unknown"}, Want: checks.Fail,
			Fix:   "aws configure",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Region = "" }),
		},
		{
			Name: "no Region in the named profile", Want: checks.Fail, Fix: "aws configure set region us-east-1 --profile dev",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				useProfile(c, "dev", "AWS_PROFILE")
				c.Profiles[0].Name, c.Profiles[0].Region = "dev", ""
			}),
		},
		{
			Name: "a zone as Region", Want: checks.Fail, Found: "the profile default sets the Region to us-east-1a",
			NearMiss: "us-east-1a is an Availability Zone; its Region is us-east-1", Fix: "aws configure set region us-east-1",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Region = "us-east-1a" }),
		},
		{
			Name: "a title as Region", Want: checks.Fail, NearMiss: "a Region's code",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Region = "US East (N. Virginia)" }),
		},
		{
			Name: "a zone in the environment", Want: checks.Fail, Found: "AWS_REGION sets the Region to us-east-1a",
			Fix: "export AWS_REGION=us-east-1",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Environment.Region, c.Environment.RegionFrom = "us-east-1a", "AWS_REGION"
			}),
		},
		{
			Name: "a zone in the environment of Windows", Want: checks.Fail, Found: "AWS_REGION sets the Region to us-east-1a",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.OS, c.Environment.Region, c.Environment.RegionFrom = "windows", "us-east-1a", "AWS_REGION"
			}),
		},
		{
			Name: "a variable that version 1 does not know", Want: checks.Fail, Found: "no Region is set",
			Fix:      "aws configure set region us-east-1",
			NearMiss: "found AWS_REGION; version 1 of the AWS CLI knows only AWS_DEFAULT_REGION",
			Facts: machine(v1, func(c *workstation.CLIConfig) {
				c.Profiles[0].Region, c.Environment.RegionUnread = "", "AWS_REGION"
			}),
		},
		{
			Name: "a variable that is set to nothing", Want: checks.Fail,
			Found: "no Region is set: AWS_REGION is set to nothing", Fix: "export AWS_REGION=us-east-1",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Environment.RegionFrom = "AWS_REGION" }),
		},
		{
			Name: "both variables, for version 1", Want: checks.Pass, Found: "AWS_DEFAULT_REGION sets the Region eu-west-1",
			Advice: "commands without --region go to eu-west-1",
			Facts: machine(v1, func(c *workstation.CLIConfig) {
				c.Environment = workstation.CLIEnvironment{
					Region: "eu-west-1", RegionFrom: "AWS_DEFAULT_REGION", RegionUnread: "AWS_REGION",
				}
			}),
		},
		{
			Name: "another Region", Want: checks.Pass, Found: "the profile default sets the Region eu-west-1",
			Advice: "commands without --region go to eu-west-1, and the lab is in us-east-1",
			Facts:  machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Region = "eu-west-1" }),
		},
		{
			Name: "a Region of the European Sovereign Cloud", Want: checks.Pass,
			Found: "AWS_REGION sets the Region eusc-de-east-1",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Environment.Region, c.Environment.RegionFrom = "eusc-de-east-1", "AWS_REGION"
			}),
		},
		{
			Name: "a variable that names no profile", Want: checks.Fail, Found: "AWS_PROFILE is set to nothing",
			Fix:   "unset AWS_PROFILE",
			Facts: machine(v2, func(c *workstation.CLIConfig) { useProfile(c, "", "AWS_PROFILE") }),
		},
		{
			Name: "a name of two words without quotes", Want: checks.Fail,
			Found:    "the profile my lab, named by AWS_PROFILE, does not exist",
			NearMiss: `found the section [profile my lab] in ~/.aws/config; such a name needs quotes: [profile "my lab"]`,
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				useProfile(c, "my lab", "AWS_PROFILE")
				c.NotProfiles = []string{"profile my lab"}
			}),
		},
		{
			Name: "two variables, version 1", Want: checks.Fail,
			Found:    "the profile old-job, named by AWS_DEFAULT_PROFILE, does not exist",
			NearMiss: "AWS_PROFILE names another profile; version 1 of the AWS CLI goes by AWS_DEFAULT_PROFILE",
			Facts: machine(v1, func(c *workstation.CLIConfig) {
				useProfile(c, "old-job", "AWS_DEFAULT_PROFILE")
				c.OtherProfileFrom = "AWS_PROFILE"
			}),
		},
		{
			Name: "two variables, version 2", Want: checks.Pass,
			Advice: "AWS_DEFAULT_PROFILE names another profile; version 2 of the AWS CLI goes by AWS_PROFILE",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				useProfile(c, "default", "AWS_PROFILE")
				c.OtherProfileFrom = "AWS_DEFAULT_PROFILE"
			}),
		},
		{
			Name: "a setting with which no command runs", Want: checks.Fail,
			Found: "output has a value that the AWS CLI does not know in the profile default",
			Fix:   "aws configure set output json",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Flaws = []workstation.Flaw{{Setting: "output", Problem: workstation.NotKnown}}
			}),
		},
		{
			Name: "a variable with which no command runs", Want: checks.Fail, Found: "AWS_RETRY_MODE has a value",
			Fix: "unset AWS_RETRY_MODE",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Flaws = []workstation.Flaw{{Setting: "AWS_RETRY_MODE", Problem: workstation.NotKnown}}
			}),
		},
		{
			Name: "a profile that does not exist", Want: checks.Fail,
			Found:    "the profile dev, named by AWS_PROFILE, does not exist",
			NearMiss: "found credentials in the profile default; commands use the profile dev",
			Fix:      "unset AWS_PROFILE",
			Facts:    machine(v2, func(c *workstation.CLIConfig) { useProfile(c, "dev", "AWS_PROFILE") }),
		},
		{
			Name: "a profile that is typed and does not exist", Want: checks.Fail,
			Found: "the profile dev, named by --profile, does not exist", Fix: "aws configure --profile dev",
			Facts: machine(v2, func(c *workstation.CLIConfig) { useProfile(c, "dev", "--profile") }),
		},
		{
			Name: "a profile that is not one", Want: checks.Fail,
			NearMiss: "found the section [dev] in ~/.aws/config; there a profile's section is [profile dev]",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				fresh(c)
				useProfile(c, "dev", "AWS_PROFILE")
				c.NotProfiles = []string{"dev"}
			}),
		},
		{
			Name: "the word profile where none belongs", Want: checks.Fail,
			NearMiss: "found the section [profile dev] in ~/.aws/credentials; there a profile's section is [dev]",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				useProfile(c, "dev", "--profile")
				c.Profiles = []workstation.CLIProfile{{Name: "profile dev", Credentials: keys}}
			}),
		},
		{
			Name: "a strange section", Want: checks.Fail,
			NearMiss: "found the section [dflt] in ~/.aws/config, which is no profile",
			Facts:    machine(v2, func(c *workstation.CLIConfig) { fresh(c); c.NotProfiles = []string{"dflt"} }),
		},
		{
			Name: "a file of Notepad", Want: checks.Fail,
			NearMiss: "found ~/.aws/credentials.txt; the AWS CLI reads the file without .txt",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				fresh(c)
				c.Credentials.Misnamed = "~/.aws/credentials.txt"
			}),
		},
		{
			Name: "the Windows Subsystem for Linux", Want: checks.Fail, NearMiss: "not the one of Windows",
			Facts: machine(v2, func(c *workstation.CLIConfig) { fresh(c); c.Environment.WSL = true }),
		},
		{
			Name: "a file that cannot be read", Want: checks.Fail,
			Found: "the AWS CLI cannot read ~/.aws/config: line 3 has a section",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Config.Problem = "line 3 has a section for the second time" }),
		},
		{
			Name: "keys in quotes", Want: checks.Fail, Found: "the profile default: aws_access_key_id is in quotes",
			Fix: "aws configure",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Profiles[0].Credentials.Flaws = []workstation.Flaw{{Setting: "aws_access_key_id", Problem: workstation.Quoted}}
			}),
		},
		{
			Name: "a profile without credentials", Want: checks.Fail, Found: "the profile default has no credentials",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Credentials = workstation.CLICredential{} }),
		},
		{
			Name: "keys of the environment over a profile", Want: checks.Pass, Found: "the environment has credentials",
			Advice: "the keys of the environment are used, not those of the profile dev that AWS_PROFILE names",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				useProfile(c, "dev", "AWS_PROFILE")
				c.Profiles[0].Name, c.Environment.Credentials = "dev", keys
			}),
		},
		{
			Name: "--profile over the keys of the environment", Want: checks.Pass, Found: "the profile dev has credentials",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				useProfile(c, "dev", "--profile")
				c.Profiles[0].Name, c.Environment.Credentials = "dev", keys
			}),
		},
		{
			Name: "half a pair in the environment", Want: checks.Fail,
			Found: "the environment: AWS_SECRET_ACCESS_KEY is missing",
			Fix:   "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
			Facts: machine(v2, halfAPair),
		},
		{
			Name: "half a pair in the environment of Windows", Want: checks.Fail,
			Found: "the environment: AWS_SECRET_ACCESS_KEY is missing",
			Facts: machine(v2, func(c *workstation.CLIConfig) { halfAPair(c); c.OS = "windows" }),
		},
		{
			Name: "Identity Center without its session", Want: checks.Fail,
			Found: "the profile default: sso_session names what is not in the file",
			Fix:   "aws configure sso",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Profiles[0].Credentials = workstation.CLICredential{Method: workstation.SSO, Flaws: []workstation.Flaw{
					{Setting: "sso_session", Problem: workstation.NoSuchName},
				}}
			}),
		},
		{
			Name: "a role without a source", Want: checks.Fail, Found: "the profile default: source_profile is missing",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Profiles[0].Credentials = workstation.CLICredential{Method: workstation.Role, Flaws: []workstation.Flaw{
					{Setting: "source_profile", Problem: workstation.Missing},
				}}
			}),
		},
		{
			Name: "a file that others can read", Want: checks.Pass, Advice: "~/.aws/credentials can be read by other users",
			Facts: machine(v2, func(c *workstation.CLIConfig) { c.Credentials.OpenToOthers = true }),
		},
		{
			Name: "a profile's name that is no name", Want: checks.Fail, Fix: "aws configure",
			Facts: machine(v2, func(c *workstation.CLIConfig) { useProfile(c, "x; rm -rf ~", "--profile") }),
		},
		{
			Name: "the name of the other profile is no name", Want: checks.Fail, Fix: "aws configure",
			NearMiss: "found credentials in the profile x; rm -rf ~",
			Facts:    machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Name = "x; rm -rf ~" }),
		},
		{
			Name: "a profile that is not chosen", Want: checks.Fail, Fix: "export AWS_PROFILE=alice",
			NearMiss: "found credentials in the profile alice; commands use the profile default",
			Facts:    machine(v2, func(c *workstation.CLIConfig) { c.Profiles[0].Name = "alice" }),
		},
		{
			Name: "another profile that is chosen in a variable of version 1", Want: checks.Fail,
			Fix: "export AWS_DEFAULT_PROFILE=alice",
			Facts: machine(v1, func(c *workstation.CLIConfig) {
				c.Profiles[0].Name = "alice"
				useProfile(c, "old-job", "AWS_DEFAULT_PROFILE")
			}),
		},
		{
			Name: "a retry mode with which no command runs", Want: checks.Fail,
			Found: "retry_mode has a value that the AWS CLI does not know", Fix: "aws configure set retry_mode standard",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Flaws = []workstation.Flaw{{Setting: "retry_mode", Problem: workstation.NotKnown}}
			}),
		},
		{
			Name: "a machine of EC2", Site: checktest.Role(), Want: checks.Pass,
			Found: "this machine of Amazon EC2 has credentials: role",
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				fresh(c)
				c.Environment.Instance, c.Environment.Region, c.Environment.RegionFrom = true, checktest.Region, "AWS_REGION"
			}),
		},
	}
	for _, method := range []workstation.Method{
		workstation.SSO, workstation.Login, workstation.Role, workstation.WebIdentity, workstation.Process,
	} {
		list = append(list, checktest.Case{
			Name: "credentials by " + string(method), Want: checks.Pass,
			Found: "the profile default has credentials: " + string(method),
			Facts: machine(v2, func(c *workstation.CLIConfig) {
				c.Profiles[0].Credentials = workstation.CLICredential{Method: method}
			}),
		})
	}
	list = append(list, checktest.Case{
		Name: "CloudShell", Want: checks.Pass, Found: "the environment has credentials: container",
		Facts: machine(v2, func(c *workstation.CLIConfig) {
			fresh(c)
			c.Environment = workstation.CLIEnvironment{
				Credentials: workstation.CLICredential{Method: workstation.Container}, Region: checktest.Region,
				RegionFrom: "AWS_REGION",
			}
		}),
	})
	checktest.Run(t, cli.Configured, list)
}

// A run that AWS does not take the credentials of has no step that says they work, and none that fails for it.
func TestNothingPassesWithoutASignIn(t *testing.T) {
	t.Parallel()
	v2 := workstation.AWSCLI{Installed: true, Version: "2.32.0", Major: 2}
	for _, reason := range facts.Reasons() {
		given := machine(v2, nil)
		given[len(given)-1] = account.CallerIdentity.GivenError(account.IdentityKey{Region: checktest.Region},
			&facts.Error{Reason: reason})
		found := checktest.Look(t, cli.Configured, checktest.Case{Facts: given}).Findings[1]
		switch reason {
		case facts.NoCredentials, facts.ExpiredCredentials, facts.RejectedCredentials, facts.ClockWrong,
			facts.AccountNotActive, facts.AccessDenied:
			require.Equal(t, checks.Unknown, found.Verdict, reason)
			require.Equal(t, reason, found.Reason)
		default: // the way to AWS, and not the credentials
			require.Equal(t, checks.Pass, found.Verdict, reason)
		}
	}
}
