package iam_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

func TestUserMFA(t *testing.T) {
	const enable = "aws iam enable-mfa-device --user-name alice --serial-number arn:aws:iam::123456789012:mfa/"
	const codes = " --authentication-code1 FIRST_MFA_CODE --authentication-code2 SECOND_MFA_CODE"
	without := func(waiting ...string) []facts.Given {
		for i, name := range waiting {
			waiting[i] = "arn:aws:iam::123456789012:mfa/" + name
		}
		return []facts.Given{
			signIn(account.SignIn{HasPassword: true}), account.UnassignedMFADevices.Given(account.WholeAccount{}, waiting),
		}
	}
	cases := []checktest.Case{
		{
			Name: "a device", Facts: []facts.Given{signIn(account.SignIn{MFADevices: phone})},
			Want: checks.Pass, Found: "1 MFA device",
		},
		{
			Name: "a password and no device", Facts: without(),
			Want: checks.Fail, Found: "0 MFA devices and a console password", Expected: "at least 1 MFA device",
			Advice: "the root user or an administrator can",
			Fix: "aws iam create-virtual-mfa-device --virtual-mfa-device-name alice --outfile mfa.png " +
				"--bootstrap-method QRCodePNG\n" + enable + "alice" + codes,
		},
		{
			Name: "no password and no device", Facts: []facts.Given{signIn(account.SignIn{})},
			Want: checks.Skipped, Found: "no console password", Advice: "before the user gets a console password",
		},
		{
			Name: "a device that was never activated", Facts: without("my-phone"),
			Want: checks.Fail, NearMiss: "found 1 MFA device made and not activated (my-phone)",
			Fix: enable + "my-phone" + codes,
		},
		{
			Name: "of several that were never activated, the user's", Facts: without("bob", "alice"),
			Want: checks.Fail, NearMiss: "found 2 MFA devices made and not activated (bob, alice)",
			Fix: enable + "alice" + codes,
		},
		{
			Name: "several that were never activated, none of them the user's", Facts: without("bob", "carol"),
			Want: checks.Fail, NearMiss: "not activated (bob, carol)", Fix: "create-virtual-mfa-device",
		},
		{
			Name: "a device's name that AWS would refuse never enters a command", Facts: without("$(id)"),
			Want: checks.Fail, NearMiss: "not activated ($(id))", Fix: "create-virtual-mfa-device",
		},
		{
			Name: "GovCloud has ARNs of its own", Site: govCloud(), Facts: without(),
			Want: checks.Fail, Fix: "--serial-number arn:aws-us-gov:iam::123456789012:mfa/alice",
		},
	}
	checktest.Run(t, iam.UserMFA, append(cases, aboutIAMUsersOnly()...))
}
