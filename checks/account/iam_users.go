package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/labcheck/labcheck/checks/facts"
)

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
