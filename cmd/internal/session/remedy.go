package session

import (
	"regexp"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/reports"
)

// machine is what the workstation shows of the AWS CLI, for advice that fits.
type machine struct {
	cli    workstation.AWSCLI
	config workstation.CLIConfig
}

// lookAtMachine reads it. What cannot be looked at stays empty.
func lookAtMachine(s *facts.Session) machine {
	v := s.View(facts.Site{}, []facts.Source{workstation.AWSCLIVersion, workstation.CLI}, nil)
	var m machine
	m.cli, _ = workstation.AWSCLIVersion.Get(v, workstation.AWSCLIKey{})
	m.config, _ = workstation.CLI.Get(v, workstation.CLIKey{Version: m.cli.Version})
	return m
}

// used are the credentials that commands use, and whether they are those of the environment.
func (m machine) used() (c workstation.CLICredential, environment bool) {
	if m.config.Environment.Credentials.Method != workstation.NoMethod && m.config.ProfileFrom != "--profile" {
		return m.config.Environment.Credentials, true
	}
	for _, p := range m.config.Profiles {
		if p.Name == m.config.Profile {
			return p.Credentials, false
		}
	}
	return workstation.CLICredential{}, false
}

// notChosen is a profile with credentials beside which commands look; "" if there is none, or something else is chosen.
func (m machine) notChosen() string {
	if c, _ := m.used(); c.Method != workstation.NoMethod {
		return ""
	}
	i := slices.IndexFunc(m.config.Profiles, func(p workstation.CLIProfile) bool {
		return p.Credentials.Works() && p.Name != m.config.Profile && p.Name != facts.Hidden
	})
	if i < 0 {
		return ""
	}
	return m.config.Profiles[i].Name
}

// signInCommand is the end of a sentence that names a command to sign in with.
var signInCommand = regexp.MustCompile(`: run aws (sso )?login[^,]*$`)

// unfit is a variable with whose value nothing is asked.
var unfit = regexp.MustCompile(`environment variable, (AWS_[A-Z0-9_]+)=|invalid (AWS_[A-Z0-9_]+) value`)

// problem words the one reason why an account answers nothing, with what to type.
func problem(err *facts.Error, m machine, program, profile string) *reports.Problem {
	p := &reports.Problem{Reason: err.Reason, Detail: err.Detail}
	c, environment := m.used()
	export := func(name string) string {
		if m.config.OS == "windows" {
			return "$env:AWS_PROFILE = '" + strings.ReplaceAll(name, "'", "''") + "'"
		}
		return "export AWS_PROFILE=" + shellescape.Quote(name)
	}
	ofKeys := slices.Contains([]facts.Reason{facts.RejectedCredentials, facts.ExpiredCredentials}, err.Reason)
	variable := unfit.FindStringSubmatch(err.Detail)
	switch {
	case variable != nil:
		p.Next = []string{"unset " + variable[1] + variable[2]}
	case strings.Contains(err.Detail, "ends in a line break"), strings.Contains(err.Detail, ".pem"):
		p.Next = []string{} // the sentence says it
	case err.Reason == facts.NoCredentials && m.notChosen() != "":
		name := m.notChosen()
		p.Detail = "no credentials are configured for the profile " + m.config.Profile + ", but for " + name
		p.Next = []string{export(name)}
		return p
	case err.Reason == facts.RejectedCredentials && c.Foreign && environment:
		p.Detail = "the variable AWS_SESSION_TOKEN belongs to other keys than those beside it: remove it"
		p.Next = []string{"unset AWS_SESSION_TOKEN"}
	case err.Reason == facts.RejectedCredentials && c.Foreign:
		p.Detail = "the setting aws_session_token in " + m.config.Credentials.Path +
			" belongs to other keys than those beside it: remove it"
		p.Next = []string{`aws configure set aws_session_token ""`}
	case ofKeys && c.Method == workstation.StaticKeys && c.Temporary:
		p.Detail = signInAgain.ReplaceAllString(p.Detail, "") + ": copy fresh keys from where you got these"
		p.Next = []string{"aws configure list"} // shows where they stand
	case m.cli.Major == 1 && signInCommand.MatchString(err.Detail):
		p.Detail = signInCommand.ReplaceAllString(err.Detail, "") + ": sign in with version 2 of the AWS CLI"
		p.Next = []string{"aws configure list"}
	default:
		p.Next = remedies(err, m, program)
	}
	for i, command := range p.Next {
		aws := strings.HasPrefix(command, "aws ") && !strings.Contains(command, " --profile ")
		if aws && profile != "" && profile != "default" {
			p.Next[i] = command + " --profile " + shellescape.Quote(profile)
		}
	}
	return p
}

// nameEndpoint says which setting leads to an endpoint that gives no answer of AWS, and how to be without it.
func nameEndpoint(p *reports.Problem, setting string) {
	noAnswer := []facts.Reason{facts.Unreachable, facts.Timeout, facts.InvalidResponse}
	switch {
	case setting == "" || !slices.Contains(noAnswer, p.Reason):
	case strings.HasPrefix(setting, "AWS_"):
		p.Detail += " (see " + setting + ")"
		p.Next = []string{"unset " + setting}
	default: // nothing of the AWS CLI removes a line of a file
		p.Detail += " (see " + setting + " in the AWS configuration file)"
		p.Next = []string{"aws configure list"}
	}
}

// signInAgain is the end of a sentence for those who can.
var signInAgain = regexp.MustCompile(`: sign in again$`)

// onlyRemedy is the one command that an error's text ends in: the configuration leaves no choice.
var onlyRemedy = regexp.MustCompile(`: run (aws [^,]+)$`)

// remedies are what a person can do about an error, most likely first.
func remedies(err *facts.Error, m machine, program string) []string {
	c, _ := m.used()
	if command := onlyRemedy.FindStringSubmatch(err.Detail); command != nil {
		configure, _, _ := strings.Cut(command[1], " --")
		if m.cli.HasLogin() && c.Method == workstation.NoMethod && configure == "aws configure" {
			return []string{command[1], "aws login"}
		}
		return command[1:]
	}
	switch err.Reason {
	case facts.NoCredentials:
		if c.Method == workstation.SSO {
			return []string{"aws configure sso"}
		}
		return []string{"aws configure"}
	case facts.ExpiredCredentials:
		switch {
		case c.Method == workstation.SSO && m.cli.Major != 1:
			return []string{"aws sso login"}
		case c.Method == workstation.Login && m.cli.Major != 1:
			return []string{"aws login"}
		}
		return []string{"aws configure list"}
	case facts.RejectedCredentials:
		return []string{"aws sts get-caller-identity", "aws configure"}
	case facts.ClockWrong:
		return []string{"date -u"}
	case facts.NoRegion:
		return []string{program + " LAB --region us-east-1", "aws configure set region us-east-1"}
	case facts.Interrupted:
		return []string{} // whoever stopped the run knows what to do
	default:
		return []string{"aws sts get-caller-identity"}
	}
}
