package cmd

import (
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// problem words the one reason why an account answers nothing, with what to type.
func problem(err *facts.Error, program string) *reports.Problem {
	return &reports.Problem{Reason: err.Reason, Detail: err.Detail, Next: remedies(err.Reason, program)}
}

// remedies are what a person can do about a reason, most likely first.
func remedies(reason facts.Reason, program string) []string {
	switch reason {
	case facts.NoCredentials:
		return []string{"aws configure", "aws login"}
	case facts.ExpiredCredentials:
		return []string{"aws login", "aws sso login --profile PROFILE"}
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
