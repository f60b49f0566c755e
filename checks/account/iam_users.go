package account

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// WholeAccount is the key of a read that asks a global service about everything in the account.
type WholeAccount struct{}

// UserKey names an IAM user of the account, without its path. IAM is global: there is no Region.
type UserKey struct {
	User string `json:"user"`
}

// iamList collects a whole IAM list, and keeps of each item what keep makes of it, once: a list that changes while its
// pages are asked for may show an item again. IAM says with a flag that there is more, and with a marker where it goes
// on; a flag without a marker is a list that was cut off, never a complete one.
func iamList[I any, V comparable](
	ask func(marker *string) (items []I, truncated bool, next *string, err error), keep func(I) (V, error),
) ([]V, error) {
	all, err := wholeList(func(marker *string) ([]I, *string, error) {
		items, truncated, next, err := ask(marker)
		if err == nil && truncated && aws.ToString(next) == "" {
			err = facts.Errorf(facts.InvalidResponse, "the list was cut off: it is truncated and has no marker")
		}
		return items, next, err
	}, keep)
	seen := make(map[V]bool, len(all))
	return slices.DeleteFunc(all, func(v V) bool {
		again := seen[v]
		seen[v] = true
		return again
	}), err
}

// Users lists the names of the account's IAM users, without their paths:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
var Users = &facts.Read[WholeAccount, []string]{
	Name:       "iam.users",
	Operations: []string{"iam:ListUsers"},
	Fetch: func(ctx context.Context, a *facts.Access, _ WholeAccount) ([]string, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		return iamList(func(marker *string) ([]types.User, bool, *string, error) {
			out, err := client.ListUsers(ctx, &iam.ListUsersInput{Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.Users, out.IsTruncated, out.Marker, nil
		}, func(u types.User) (string, error) { return nameOf("an IAM user", u.UserName) })
	},
}

// Boundary is the permissions boundary of an IAM user.
type Boundary struct {
	PolicyARN string `json:"policyArn"` // empty when the user has none
}

// UserBoundary asks which permissions boundary limits an IAM user:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
var UserBoundary = &facts.Read[UserKey, Boundary]{
	Name:       "iam.user-boundary",
	Operations: []string{"iam:GetUser"},
	Fetch: func(ctx context.Context, a *facts.Access, key UserKey) (Boundary, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return Boundary{}, err
		}
		out, err := client.GetUser(ctx, &iam.GetUserInput{UserName: &key.User})
		if err != nil || out.User == nil || out.User.PermissionsBoundary == nil {
			return Boundary{}, err
		}
		return Boundary{aws.ToString(out.User.PermissionsBoundary.PermissionsBoundaryArn)}, nil
	},
}

// RootUser is what the account summary tells about the root user. A count is nil when the summary does not hold it.
type RootUser struct {
	// MFAEnabled is 1 when the root user has an MFA device, else 0.
	MFAEnabled *int32 `json:"mfaEnabled,omitempty"`
	// PasswordPresent is 1 when the root user can sign in with a password, else 0.
	PasswordPresent *int32 `json:"passwordPresent,omitempty"`
	// AccessKeysPresent counts the root user's access keys, inactive ones too.
	AccessKeysPresent *int32 `json:"accessKeysPresent,omitempty"`
}

// RootSummary asks the account summary, which is up to date within seconds (the credential report may be 4 hours old):
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
var RootSummary = &facts.Read[WholeAccount, RootUser]{
	Name:       "iam.root-summary",
	Operations: []string{"iam:GetAccountSummary"},
	Fetch: func(ctx context.Context, a *facts.Access, _ WholeAccount) (RootUser, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return RootUser{}, err
		}
		out, err := client.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
		if err != nil {
			return RootUser{}, err
		}
		count := func(key string) *int32 {
			if n, ok := out.SummaryMap[key]; ok {
				return &n
			}
			return nil
		}
		return RootUser{
			MFAEnabled:        count("AccountMFAEnabled"),
			PasswordPresent:   count("AccountPasswordPresent"),
			AccessKeysPresent: count("AccountAccessKeysPresent"),
		}, nil
	},
}

// SignIn is how an IAM user signs in.
type SignIn struct {
	// MFADevices are the serial numbers of the user's devices; of a virtual one it is an ARN.
	MFADevices []string `json:"mfaDevices"`
	// HasPassword says whether the user can sign in to the console. It is asked only when there is no MFA device.
	HasPassword bool `json:"hasPassword"`
}

// UserSignIn lists the MFA devices of an IAM user and, when there is none, asks whether the user has a console
// password: a user without one has nothing that a second factor would protect.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html
var UserSignIn = &facts.Read[UserKey, SignIn]{
	Name:       "iam.user-sign-in",
	Operations: []string{"iam:ListMFADevices", "iam:GetLoginProfile"},
	Fetch: func(ctx context.Context, a *facts.Access, key UserKey) (SignIn, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return SignIn{}, err
		}
		devices, err := iamList(func(marker *string) ([]types.MFADevice, bool, *string, error) {
			// the name is always given: with temporary credentials IAM cannot infer it
			out, err := client.ListMFADevices(ctx, &iam.ListMFADevicesInput{UserName: &key.User, Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.MFADevices, out.IsTruncated, out.Marker, nil
		}, func(d types.MFADevice) (string, error) { return nameOf("an MFA device", d.SerialNumber) })
		if err != nil {
			return SignIn{}, err
		}
		signIn := SignIn{MFADevices: devices}
		if len(devices) > 0 {
			return signIn, nil
		}
		profile, err := client.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &key.User})
		switch {
		case absent(err, "NoSuchEntity"):
			return signIn, nil
		case err != nil:
			return SignIn{}, err
		case profile.LoginProfile == nil || aws.ToString(profile.LoginProfile.UserName) != key.User:
			return SignIn{}, facts.Errorf(facts.InvalidResponse, "the answer does not hold the login profile")
		}
		signIn.HasPassword = true
		return signIn, nil
	},
}

// UnassignedMFADevices lists the serial numbers (ARNs) of virtual MFA devices that were made and never activated:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
var UnassignedMFADevices = &facts.Read[WholeAccount, []string]{
	Name:       "iam.unassigned-mfa-devices",
	Operations: []string{"iam:ListVirtualMFADevices"},
	Fetch: func(ctx context.Context, a *facts.Access, _ WholeAccount) ([]string, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		return iamList(func(marker *string) ([]types.VirtualMFADevice, bool, *string, error) {
			out, err := client.ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{
				AssignmentStatus: types.AssignmentStatusTypeUnassigned, Marker: marker,
			})
			if err != nil {
				return nil, false, nil, err
			}
			return out.VirtualMFADevices, out.IsTruncated, out.Marker, nil
		}, func(d types.VirtualMFADevice) (string, error) { return nameOf("an MFA device", d.SerialNumber) })
	},
}
