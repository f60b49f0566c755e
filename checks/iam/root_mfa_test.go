package iam_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

func summary(root account.RootUser) facts.Given {
	return account.RootSummary.Given(account.WholeAccount{}, root)
}

func signIn(s account.SignIn) facts.Given {
	return account.UserSignIn.Given(account.UserKey{User: "alice"}, s)
}

var phone = []string{"arn:aws:iam::123456789012:mfa/alice-phone"}

func TestRootMFA(t *testing.T) {
	no, yes := new(int32(0)), new(int32(1))
	off := account.RootUser{MFAEnabled: no, PasswordPresent: yes, AccessKeysPresent: no}
	checktest.Run(t, iam.RootMFA, []checktest.Case{
		{
			Name: "MFA is on", Facts: []facts.Given{summary(account.RootUser{MFAEnabled: yes})},
			Want: checks.Pass, Found: "root MFA is on",
		},
		{
			Name:  "root has nothing to sign in with",
			Facts: []facts.Given{summary(account.RootUser{MFAEnabled: no, PasswordPresent: no, AccessKeysPresent: no})},
			Want:  checks.Pass, Found: "no credentials, so no MFA is needed",
		},
		{
			Name: "a password without MFA", Facts: []facts.Given{summary(off), signIn(account.SignIn{})},
			Want: checks.Fail, Found: "root MFA is off", Expected: "root MFA is on",
		},
		{
			Name: "an access key without MFA",
			Facts: []facts.Given{
				summary(account.RootUser{MFAEnabled: no, PasswordPresent: no, AccessKeysPresent: yes}), signIn(account.SignIn{}),
			},
			Want: checks.Fail, Found: "root MFA is off and the root user has 1 access key",
		},
		{
			Name:  "the own user was protected in its place",
			Facts: []facts.Given{summary(off), signIn(account.SignIn{MFADevices: phone})},
			Want:  checks.Fail, NearMiss: "IAM user alice has MFA; the root user is a separate sign-in",
		},
		{
			Name: "the root user has no user of its own to mix up", Site: checktest.Root(),
			Facts: []facts.Given{summary(off)}, Want: checks.Fail,
		},
		{
			Name:  "a summary without the password counts it as there",
			Facts: []facts.Given{summary(account.RootUser{MFAEnabled: no, AccessKeysPresent: no}), signIn(account.SignIn{})},
			Want:  checks.Fail,
		},
		{
			Name: "a summary without MFA", Facts: []facts.Given{summary(account.RootUser{PasswordPresent: yes})},
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name:  "a summary without access keys decides nothing for a root user without a password",
			Facts: []facts.Given{summary(account.RootUser{MFAEnabled: no, PasswordPresent: no})},
			Want:  checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "a count of access keys below zero tells nothing",
			Facts: []facts.Given{
				summary(account.RootUser{MFAEnabled: no, PasswordPresent: no, AccessKeysPresent: new(int32(-1))}),
			},
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "a Learner Lab", Site: checktest.LearnerLab(),
			Want: checks.Skipped, Found: "belongs to AWS Academy",
		},
		{Name: "GovCloud", Site: govCloud(), Want: checks.Skipped, Found: "GovCloud"},
	})
}
