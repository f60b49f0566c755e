package cli

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Configured passes when the AWS CLI is installed, finds credentials and knows a Region. Whether AWS accepts the
// credentials, the run's first call told: where that found them wanting, nothing passes here.
var Configured = checks.New(checks.Spec[checks.NoParams]{
	ID:     "cli-configured",
	Title:  "The AWS CLI is installed, with credentials and a Region",
	Why:    "Every later step, by hand or in a pipeline, talks to AWS with these settings.",
	Verify: "aws --version && aws configure list",
	About:  checks.AboutWorkstation,
	Pages: checks.Pages{
		Docs: "cli/latest/userguide/cli-configure-files.html",
	},
	Reads: []facts.Source{workstation.AWSCLIVersion, workstation.CLI, account.CallerIdentity},
	Run:   configured,
})

func configured(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	version, err := workstation.AWSCLIVersion.Get(v, workstation.AWSCLIKey{})
	installed := program(version, err)
	config, err := workstation.CLI.Get(v, workstation.CLIKey{Version: version.Version})
	if err != nil {
		f := checks.Finding{
			Subject: "AWS CLI configuration", LookedAt: "the AWS CLI's files and the environment", Expected: wantKeys,
		}
		r := checks.Of(installed, f.Unknown(err))
		if installed.Verdict == checks.Fail {
			r = r.WithFix(inConsole(consoleInstall))
		}
		return r, nil
	}
	s := settings{CLIConfig: config, site: v.Site(), major: version.Major}
	credentials := s.credentials()
	if _, err := account.Caller(v, v.Site().Region); credentials.Verdict == checks.Pass && refusesSignIn(err) {
		credentials = credentials.Unknown(err)
	}
	r := checks.Of(installed, credentials, s.region())
	if f := s.values(); f.Verdict == checks.Fail {
		r.Findings = append(r.Findings, f)
	}
	return r.WithFix(configure(v.Site(), installed, s)), nil
}

// refusesSignIn says whether an error is about credentials that do not work, and not about the way to AWS.
func refusesSignIn(err error) bool {
	var e *facts.Error
	return errors.As(err, &e) && slices.Contains([]facts.Reason{
		facts.NoCredentials,
		facts.ExpiredCredentials,
		facts.RejectedCredentials,
		facts.ClockWrong,
		facts.AccountNotActive,
		facts.AccessDenied,
	}, e.Reason)
}

// program is the finding about the program itself.
func program(cli workstation.AWSCLI, err error) checks.Finding {
	f := checks.Finding{Subject: "AWS CLI", LookedAt: "aws --version", Expected: "the AWS CLI is installed"}
	switch {
	case err != nil:
		return f.Unknown(err)
	case !cli.Installed:
		return f.Fail("no program named aws is on the PATH")
	}
	if cli.Major < currentMajor {
		f.Advice = "version 1 is in maintenance since July 2026; version 2 is the current one"
	}
	return f.Pass("version " + cli.Version + " is installed")
}

// currentMajor is the version of the AWS CLI that gets new features.
const currentMajor = 2

const (
	consoleKeys      = "IAM › Users › your user › Security credentials › Create access key › Command Line Interface"
	consoleInstall   = "AWS CLI User Guide (docs.aws.amazon.com/cli) › Get started › Install/Update; then aws configure"
	consoleVariables = "Windows › Settings › System › About › Advanced system settings › Environment Variables"
	consoleSSO       = "IAM Identity Center › Settings › AWS access portal URL"
)

// profileName is what a profile's name must be to stand in a command: text of other people's files is not pasted.
var profileName = regexp.MustCompile(`^[A-Za-z0-9_.@][A-Za-z0-9_.@-]{0,63}$`)

// configure is the shortest way to a CLI that works, the first thing first. How it is installed differs from system to
// system, so that is a page of the manual. aws configure asks its questions in the terminal.
func configure(site checks.Site, installed checks.Finding, s settings) checks.Fix {
	windows := s.OS == "windows"
	switch flaw := s.flaw(); {
	case installed.Verdict == checks.Fail:
		return inConsole(consoleInstall)
	case flaw == unreadableFile:
		return inConsole("your editor › " + s.unreadable().Path + " › the line named above")
	case len(s.Flaws) > 0:
		return s.fixValue(s.Flaws[0].Setting)
	case s.Profile == "":
		return s.fixValue(s.ProfileFrom)
	case flaw == brokenRole:
		return inConsole("your editor › ~/.aws/config › source_profile of the profile with the role")
	case flaw == brokenSSO:
		return s.run(consoleSSO, "aws", "configure", "sso")
	case flaw == brokenVariables && windows:
		return inConsole(consoleVariables)
	case flaw == brokenVariables:
		return checks.Fix{Console: consoleKeys, Commands: []checks.Command{
			checks.Sh("unset", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
		}}
	case flaw == noKeys && s.misnamedIn() != "":
		return inConsole("your editor › " + s.misnamedIn() + " › the name of the section named above")
	case flaw == noKeys && profileName.MatchString(s.usable()) && s.ProfileFrom != "--profile":
		return s.choose(s.usable())
	case flaw == noKeys, site.Region == "": // without an answer of AWS nobody knows where the lab is
		return s.run(consoleKeys, "aws", "configure")
	}
	switch value, name := s.Environment.Region, s.Environment.RegionFrom; {
	case name == "", facts.IsRegion(value):
		return s.run(consoleKeys, "aws", "configure", "set", "region", site.Region)
	case windows:
		return inConsole(consoleVariables)
	default: // it hides the profile's Region
		return inShell(name, "export", name+"="+site.Region)
	}
}

// choose makes commands use another profile, which has credentials.
func (s settings) choose(profile string) checks.Fix {
	variable := cmp.Or(s.ProfileFrom, "AWS_PROFILE")
	switch {
	case s.OS == "windows":
		return inConsole(consoleVariables)
	case profile == "default":
		return inShell(variable, "unset", variable)
	}
	return inShell(variable, "export", variable+"="+profile)
}

// fixValue is what puts a value right that the AWS CLI does not know.
func (s settings) fixValue(setting string) checks.Fix {
	switch {
	case setting == "output":
		return s.run(consoleFile(s.Config), "aws", "configure", "set", setting, "json")
	case setting == "retry_mode":
		return s.run(consoleFile(s.Config), "aws", "configure", "set", setting, "standard")
	case !isVariable(setting):
		return inConsole(consoleFile(s.Config))
	case s.OS == "windows":
		return inConsole(consoleVariables)
	}
	return inShell(setting, "unset", setting)
}

// inShell is a command for the shell in use. What sets the variable anew in the next one is put right by hand.
func inShell(variable string, command ...string) checks.Fix {
	return checks.Fix{
		Console:  "your editor › the start-up file of your shell › the line with " + variable,
		Commands: []checks.Command{checks.Sh(command...)},
	}
}

// consoleFile is where a setting is put right by hand.
func consoleFile(f workstation.CLIFile) string {
	return "your editor › " + f.Path + " › the setting named above"
}

// isVariable says whether a setting is one of the environment.
func isVariable(setting string) bool { return strings.HasPrefix(setting, "AWS_") }

// inConsole is a fix without a command.
func inConsole(path string) checks.Fix { return checks.Fix{Console: path, ConsoleOnly: true} }

// run is a command of the AWS CLI for the profile that commands use, if something named it.
func (s settings) run(console string, args ...string) checks.Fix {
	if s.ProfileFrom != "" && profileName.MatchString(s.Profile) {
		args = append(args, "--profile", s.Profile)
	}
	return checks.Fix{Console: console, Commands: []checks.Command{checks.Sh(args...)}}
}
