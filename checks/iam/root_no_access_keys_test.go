package iam_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

func TestRootNoAccessKeys(t *testing.T) {
	keys := func(n int32) []facts.Given {
		return []facts.Given{summary(account.RootUser{AccessKeysPresent: &n})}
	}
	checktest.Run(t, iam.RootNoAccessKeys, []checktest.Case{
		{Name: "no key", Facts: keys(0), Want: checks.Pass, Found: "0 access keys"},
		{Name: "one key", Facts: keys(1), Want: checks.Fail, Found: "1 access key", Expected: "0 access keys"},
		{
			Name: "the run may use the key itself", Site: checktest.Root(), Facts: keys(2),
			Want: checks.Fail, Found: "2 access keys", Advice: "set up another identity first",
		},
		{
			Name: "a summary without the count", Facts: []facts.Given{summary(account.RootUser{})},
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "a count below zero", Facts: keys(-1),
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "a Learner Lab", Site: checktest.LearnerLab(),
			Want: checks.Skipped, Found: "belongs to AWS Academy",
		},
		{Name: "GovCloud", Site: govCloud(), Want: checks.Skipped, Found: "GovCloud"},
	})
}
