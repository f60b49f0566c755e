package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// The kinds of Principal.
const (
	UserPrincipal  = "user"
	GroupPrincipal = "group"
)

// Principal is an IAM user or group, which policies belong to.
type Principal struct {
	Kind string `json:"kind"` // UserPrincipal or GroupPrincipal
	Name string `json:"name"` // without its path
}

// String says it as a person would: "IAM user alice".
func (p Principal) String() string { return "IAM " + p.Kind + " " + p.Name }

// UserGroups lists the names of the groups that an IAM user is in:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html
var UserGroups = &facts.Read[UserKey, []string]{
	Name:       "iam.user-groups",
	Operations: []string{"iam:ListGroupsForUser"},
	Fetch: func(ctx context.Context, a *facts.Access, key UserKey) ([]string, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		return iamList(func(marker *string) ([]types.Group, bool, *string, error) {
			out, err := client.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: &key.User, Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.Groups, out.IsTruncated, out.Marker, nil
		}, func(g types.Group) (string, error) { return nameOf("an IAM group", g.GroupName) })
	},
}

// AttachedPolicy is a managed policy, AWS's or the customer's own.
type AttachedPolicy struct {
	ARN  string `json:"arn"`
	Name string `json:"name"` // free text: a customer's policy may bear the name of one of AWS's
}

// AttachedPolicies lists the managed policies that are attached to a user or group.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html
var AttachedPolicies = &facts.Read[Principal, []AttachedPolicy]{
	Name:       "iam.attached-policies",
	Operations: []string{"iam:ListAttachedUserPolicies", "iam:ListAttachedGroupPolicies"},
	Fetch: func(ctx context.Context, a *facts.Access, key Principal) ([]AttachedPolicy, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		ask := func(marker *string) ([]types.AttachedPolicy, bool, *string, error) {
			out, err := client.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{
				UserName: &key.Name, Marker: marker,
			})
			if err != nil {
				return nil, false, nil, err
			}
			return out.AttachedPolicies, out.IsTruncated, out.Marker, nil
		}
		if key.Kind == GroupPrincipal {
			ask = func(marker *string) ([]types.AttachedPolicy, bool, *string, error) {
				out, err := client.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{
					GroupName: &key.Name, Marker: marker,
				})
				if err != nil {
					return nil, false, nil, err
				}
				return out.AttachedPolicies, out.IsTruncated, out.Marker, nil
			}
		}
		return iamList(ask, func(p types.AttachedPolicy) (AttachedPolicy, error) {
			arn, err := nameOf("an attached policy", p.PolicyArn)
			return AttachedPolicy{arn, aws.ToString(p.PolicyName)}, err
		})
	},
}

// InlinePolicies lists the names of the policies that are written into a user or group.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html
var InlinePolicies = &facts.Read[Principal, []string]{
	Name:       "iam.inline-policies",
	Operations: []string{"iam:ListUserPolicies", "iam:ListGroupPolicies"},
	Fetch: func(ctx context.Context, a *facts.Access, key Principal) ([]string, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		return iamList(func(marker *string) ([]string, bool, *string, error) {
			if key.Kind == GroupPrincipal {
				out, err := client.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: &key.Name, Marker: marker})
				if err != nil {
					return nil, false, nil, err
				}
				return out.PolicyNames, out.IsTruncated, out.Marker, nil
			}
			out, err := client.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: &key.Name, Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.PolicyNames, out.IsTruncated, out.Marker, nil
		}, func(name string) (string, error) { return nameOf("an inline policy", &name) })
	},
}
