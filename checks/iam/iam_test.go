package iam_test

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

// site is a caller in the tests' account.
func site(arn string) facts.Site {
	return facts.ParseSite(checktest.Account, arn, "AIDAEXAMPLE", checktest.Region)
}

func named(name string) facts.Site {
	return site("arn:aws:iam::" + checktest.Account + ":user/" + name)
}

func federated() facts.Site { return site("arn:aws:sts::" + checktest.Account + ":federated-user/jo") }

func unheardOf() facts.Site { return site("arn:aws:sts::" + checktest.Account + ":robot/r2") }

func govCloud() facts.Site { return site("arn:aws-us-gov:iam::" + checktest.Account + ":user/alice") }

// aboutIAMUsersOnly are the callers for whom a check about IAM users reads nothing.
func aboutIAMUsersOnly() []checktest.Case {
	return []checktest.Case{
		{
			Name: "Identity Center", Site: checktest.IdentityCenter(),
			Want: checks.Skipped, Found: "permission set PowerUserAccess",
		},
		{Name: "a role", Site: checktest.Role(), Want: checks.Skipped, Found: "the role deployer"},
		{Name: "a federated user", Site: federated(), Want: checks.Skipped, Found: "federated user"},
		{Name: "a Learner Lab", Site: checktest.LearnerLab(), Want: checks.Skipped, Found: "Learner Lab"},
		{Name: "the root user", Site: checktest.Root(), Want: checks.Unknown, Reason: facts.NotLooked},
		{Name: "an unknown kind of caller", Site: unheardOf(), Want: checks.Unknown, Reason: facts.Unsupported},
	}
}
