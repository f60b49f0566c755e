package cmd

import (
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// problem words the one reason why an account answers nothing, with what to type.
func problem(err *facts.Error, program, profile string) *reports.Problem {
	next := remedies(err, program)
	for i, command := range next {
		if profile != "" && profile != "default" && strings.HasPrefix(command, "aws ") {
			next[i] = command + " --profile " + shellescape.Quote(profile)
		}
	}
	return &reports.Problem{Reason: err.Reason, Detail: err.Detail, Next: next}
}

// remedies are what a person can do about an error, most likely first.
func remedies(err *facts.Error, program string) []string {
	const singleSignOn = "aws sso login"
	if strings.Contains(err.Detail, singleSignOn) {
		return []string{singleSignOn} // the profile leaves no choice
	}
	switch err.Reason {
	case facts.NoCredentials:
		return []string{"aws configure", "aws login"}
	case facts.ExpiredCredentials:
		return []string{"aws login", singleSignOn}
	case facts.RejectedCredentials:
		return []string{"aws sts get-caller-identity", "aws configure"}
	case facts.ClockWrong:
		return []string{"date -u"}
	case facts.NoRegion:
		return []string{program + " LAB --region us-east-1", "aws configure set region us-east-1"}
	default:
		return []string{"aws sts get-caller-identity"}
	}
}
