package iam_test

import (
	"slices"
	"testing"

	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

func TestChecks(t *testing.T) {
	checktest.Run(t, iam.Checks(), slices.Concat(
		rootMFACases(), rootNoAccessKeysCases(), callerNotRootCases(), userMFACases(), accessKeyAgeCases(),
		leastPrivilegeCases(),
	))
}

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
