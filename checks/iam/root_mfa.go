package iam

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// RootMFA passes when the root user has an MFA device, or has neither password nor access key to protect.
// It asks the account summary and not the credential report, which may be four hours old. CIS AWS Foundations v5 1.4.
var RootMFA = checks.New(checks.Spec[checks.NoParams]{
	ID:     "iam-root-mfa",
	Title:  "The root user has MFA",
	Why:    "The root user can do everything and no policy limits it: a stolen password alone must not be enough.",
	Verify: "aws iam get-account-summary --query SummaryMap.AccountMFAEnabled",
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/enable-mfa-for-root.html",
		Console: "iam/home#/security_credentials",
	},
	Reads: []facts.Source{account.RootSummary},
	Extra: []facts.Source{account.UserSignIn},
	Skip:  noRootUser,
	Run:   rootMFA,
})

// assignRootMFA is the fix: no command of another user reaches the root user's devices.
var assignRootMFA = checks.Fix{
	Console: "Sign in as the root user › account menu (top right) › Security credentials › " +
		"Multi-factor authentication (MFA) › Assign MFA device",
	ConsoleOnly: true, Simulate: "root-mfa",
}

func rootMFA(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{Subject: "root user", LookedAt: "IAM account summary", Expected: "root MFA is on"}
	root, err := account.RootSummary.Get(v, account.WholeAccount{})
	switch {
	case err != nil:
		f = f.Unknown(err)
	case equals(root.MFAEnabled, 1):
		f = f.Pass("root MFA is on")
	case equals(root.PasswordPresent, 0) && equals(root.AccessKeysPresent, 0):
		f = f.Pass("the root user has no credentials, so no MFA is needed")
	case equals(root.MFAEnabled, 0) && !equals(root.PasswordPresent, 0): // not to be told is no proof of absence
		f = f.Fail("root MFA is off")
	case equals(root.MFAEnabled, 0) && root.AccessKeysPresent != nil && *root.AccessKeysPresent > 0:
		f = f.Fail("root MFA is off and the root user has " + checks.Count(int(*root.AccessKeysPresent), "access key"))
	default:
		f = f.Unknown(facts.Errorf(facts.InvalidResponse,
			"the account summary does not tell enough about the root user"))
	}
	if f.Verdict == checks.Fail {
		f.NearMiss = ownMFA(v)
		return checks.Of(f).WithFix(assignRootMFA), nil
	}
	return checks.Of(f), nil
}

// ownMFA tells when the caller protected the own user and may have taken it for the root user.
func ownMFA(v *facts.View) string {
	user, err := iamUser(v.Site())
	if err != nil || noIAMUser(v.Site()) != "" {
		return ""
	}
	signIn, err := account.UserSignIn.Get(v, account.UserKey{User: user})
	if err != nil || len(signIn.MFADevices) == 0 {
		return ""
	}
	return "IAM user " + user + " has MFA; the root user is a separate sign-in with its own devices"
}

// equals says whether a count of the account summary is there and has this value.
func equals(count *int32, value int32) bool { return count != nil && *count == value }
