package cmd

import (
	"regexp"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// problem words the one reason why an account answers nothing, with what to type.
func problem(err *facts.Error, program, profile string) *reports.Problem {
	next := remedies(err, program)
	for i, command := range next {
		if profile != "" && profile != "default" && strings.HasPrefix(command, "aws ") && !strings.Contains(command, " --profile ") {
			next[i] = command + " --profile " + shellescape.Quote(profile)
		}
	}
	return &reports.Problem{Reason: err.Reason, Detail: err.Detail, Next: next}
}

// onlyRemedy is the one command that an error's text ends in: the configuration leaves no choice.
var onlyRemedy = regexp.MustCompile(`: run (aws [^,]+)$`)

// remedies are what a person can do about an error, most likely first.
func remedies(err *facts.Error, program string) []string {
	if m := onlyRemedy.FindStringSubmatch(err.Detail); m != nil {
		return m[1:]
	}
	switch err.Reason {
	case facts.NoCredentials:
		return []string{"aws configure", "aws login"}
	case facts.ExpiredCredentials:
		return []string{"aws login", "aws sso login"}
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
