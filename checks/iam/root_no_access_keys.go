package iam

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// RootNoAccessKeys passes when the root user has no access key; an inactive one counts, because it can be switched on
// again. CIS AWS Foundations v5 1.3.
var RootNoAccessKeys = checks.New(checks.Spec[checks.NoParams]{
	ID:     "iam-root-no-access-keys",
	Title:  "The root user has no access keys",
	Why:    "Whoever finds a root access key owns the whole account, without a password and without MFA.",
	Verify: "aws iam get-account-summary --query SummaryMap.AccountAccessKeysPresent",
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/id_root-user_manage_delete-key.html",
		Console: "iam/home#/security_credentials",
	},
	Reads: []facts.Source{account.RootSummary},
	Skip:  noRootUser,
	Run:   rootNoAccessKeys,
})

// deleteRootKeys is the fix: no other user can delete the root user's keys.
var deleteRootKeys = checks.Fix{
	Console: "Sign in as the root user › account menu (top right) › Security credentials › Access keys › " +
		"Actions › Deactivate, then Delete",
	ConsoleOnly: true, Simulate: "delete-root-access-keys",
}

func rootNoAccessKeys(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{Subject: "root user", LookedAt: "IAM account summary", Expected: "0 access keys"}
	root, err := account.RootSummary.Get(v, account.WholeAccount{})
	if err == nil && (root.AccessKeysPresent == nil || *root.AccessKeysPresent < 0) {
		err = facts.Errorf(facts.InvalidResponse, "the account summary does not count the root user's access keys")
	}
	if err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	found := checks.Count(int(*root.AccessKeysPresent), "access key")
	if *root.AccessKeysPresent == 0 {
		return checks.Of(f.Pass(found)), nil
	}
	if v.Site().Caller.Kind == facts.Root {
		f.Advice = "this run may be using that key: set up another identity first, then delete the key"
	}
	return checks.Of(f.Fail(found)).WithFix(deleteRootKeys), nil
}
