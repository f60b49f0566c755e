package cli

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Configured passes when the AWS CLI is installed, finds credentials and knows a Region. Whether AWS accepts the
// credentials is not its question: they made the run's first call.
var Configured = checks.New(checks.Spec[checks.NoParams]{
	ID:     "cli-configured",
	Title:  "The AWS CLI is installed, with credentials and a Region",
	Why:    "Every later step, by hand or in a pipeline, talks to AWS with these settings.",
	Verify: "aws --version && aws configure list",
	Reads:  []facts.Source{workstation.AWSCLIVersion, workstation.CLI},
	Run:    configured,
	Fix:    configure,
})

func configured(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	versionPending := workstation.AWSCLIVersion.Start(v, workstation.AWSCLIKey{})
	configPending := workstation.CLI.Start(v, workstation.CLIKey{})
	result := checks.Result{Known: map[string]string{}}

	version, err := versionPending.Get()
	result.Findings = append(result.Findings, program(version, err, result.Known))

	config, err := configPending.Get()
	if err != nil {
		f := checks.Finding{
			Subject: "AWS CLI configuration", LookedAt: "the AWS CLI's files and the environment", Expected: wantKeys,
		}
		result.Findings = append(result.Findings, f.Unanswered(err))
		return result, nil
	}
	s := settings{config, v.Site(), version.Major}
	result.Known[knownOS] = config.OS
	if config.ProfileFrom != "" {
		result.Known[knownProfile] = config.Profile
	}
	result.Findings = append(result.Findings, s.credentials(result.Known), s.region(result.Known))
	return result, nil
}

// program is the finding about the program itself.
func program(cli workstation.AWSCLI, err error, known map[string]string) checks.Finding {
	f := checks.Finding{Subject: "AWS CLI", LookedAt: "aws --version", Expected: "the AWS CLI is installed"}
	switch {
	case err != nil:
		return f.Unanswered(err)
	case !cli.Installed:
		known[knownInstall] = "yes"
		f.Verdict, f.Found = checks.Fail, "no program named aws is on the PATH"
		return f
	}
	f.Verdict, f.Found = checks.Pass, "version "+cli.Version+" is installed"
	if cli.Major < currentMajor {
		f.Advice = "version 1 is in maintenance since July 2026; version 2 is the current one"
	}
	return f
}

// currentMajor is the version of the AWS CLI that gets new features.
const currentMajor = 2
