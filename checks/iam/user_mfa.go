package iam

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// UserMFA passes when the caller's IAM user has an MFA device. A user without a console password and without a device
// has nothing that a second factor would protect: it is skipped. CIS AWS Foundations v5 1.9.
var UserMFA = checks.New(checks.Spec[checks.NoParams]{
	ID:     "iam-user-mfa",
	Title:  "The IAM user has MFA",
	Why:    "A password can be guessed, phished or reused; with MFA it opens nothing on its own.",
	Verify: "aws iam list-mfa-devices --user-name USER",
	About:  checks.AboutCaller,
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/id_credentials_mfa.html",
		Console: "iam/home#/users",
	},
	Reads: []facts.Source{account.UserSignIn},
	Extra: []facts.Source{account.UnassignedMFADevices},
	Skip:  noIAMUser,
	Run:   userMFA,
})

func userMFA(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	const expected = "at least 1 MFA device"
	user, err := iamUser(v.Site())
	if err != nil {
		return unknownUser(expected, err), nil
	}
	f := checks.Finding{
		Subject: "IAM user " + user, LookedAt: "MFA devices of IAM user " + user, Expected: expected,
	}
	signIn, err := account.UserSignIn.Get(v, account.UserKey{User: user})
	switch {
	case err != nil:
		return checks.Of(f.Unknown(err)), nil
	case len(signIn.MFADevices) > 0:
		return checks.Of(f.Pass(checks.Count(len(signIn.MFADevices), "MFA device"))), nil
	case !signIn.HasPassword:
		f.Advice = "assign an MFA device before the user gets a console password"
		return checks.Of(f.Skip("0 MFA devices and no console password that one would protect")), nil
	}
	f.Advice = byAdministrator
	waiting, err := account.UnassignedMFADevices.Get(v, account.WholeAccount{})
	if err != nil {
		waiting = nil
	}
	if len(waiting) > 0 {
		f.NearMiss = "found " + checks.Count(len(waiting), "MFA device") + " made and not activated (" +
			checks.Names(deviceNames(waiting)) + "): two codes in a row from the authenticator activate it; " +
			"wrong codes mostly come from a phone whose clock is off"
	}
	fix := assignMFADevice(v.Site(), waitingFor(user, waiting))
	return checks.Of(f.Fail("0 MFA devices and a console password")).WithFix(fix), nil
}

// waitingFor picks the device that was made for the user: the one with the user's name, else the only one; "" for none
// whose ARN may stand in a command.
func waitingFor(user string, waiting []string) string {
	named := func(serial string) bool { return deviceName(serial) == user }
	if i := slices.IndexFunc(waiting, named); i >= 0 {
		waiting = waiting[i : i+1]
	}
	if len(waiting) == 1 && arnGrammar.MatchString(waiting[0]) {
		return waiting[0]
	}
	return ""
}

func deviceNames(serials []string) []string {
	names := make([]string, len(serials))
	for i, serial := range serials {
		names[i] = deviceName(serial)
	}
	return names
}

// deviceName is the last part of a virtual device's ARN.
func deviceName(serial string) string { return serial[strings.LastIndexByte(serial, '/')+1:] }

// assignMFADevice activates the virtual device of an ARN; without one ("") it makes a device first.
func assignMFADevice(s checks.Site, serial string) checks.Fix {
	user := forCommand(userForFix(s))
	fix := checks.Fix{Console: "IAM › Users › " + userForFix(s) + " › Security credentials › Assign MFA device"}
	if serial == "" {
		serial = s.ARN("iam", "", "mfa/"+user)
		fix.Commands = append(fix.Commands, checks.Sh("aws", "iam", "create-virtual-mfa-device",
			"--virtual-mfa-device-name", user, "--outfile", "mfa.png", "--bootstrap-method", "QRCodePNG"))
	}
	fix.Commands = append(fix.Commands, checks.Sh("aws", "iam", "enable-mfa-device", "--user-name", user,
		"--serial-number", serial, "--authentication-code1", checks.PlaceholderCode1,
		"--authentication-code2", checks.PlaceholderCode2))
	return fix
}
