package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/labcheck/labcheck/checks/facts"
)

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
