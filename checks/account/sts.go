package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/labcheck/labcheck/checks/facts"
)

// IdentityKey asks who is calling. Region is where STS is asked; the answer is the same everywhere.
type IdentityKey struct {
	Region string `json:"region"`
}

// Identity is the principal behind the credentials.
type Identity struct {
	Account string `json:"account"`
	ARN     string `json:"arn"`
	UserID  string `json:"userId"`
}

// CallerIdentity needs no permission and cannot be denied by an IAM policy:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
var CallerIdentity = &facts.Read[IdentityKey, Identity]{
	Name:       "sts.caller-identity",
	Operations: []string{identityOperation},
	Fetch: func(ctx context.Context, a *facts.Access, key IdentityKey) (Identity, error) {
		client, err := stsClient(a, key.Region)
		if err != nil {
			return Identity{}, err
		}
		out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return Identity{}, err
		}
		id := Identity{aws.ToString(out.Account), aws.ToString(out.Arn), aws.ToString(out.UserId)}
		if id.Account == "" || id.ARN == "" {
			return Identity{}, facts.Errorf(facts.InvalidResponse, "STS names no caller")
		}
		if d, err := facts.Through[*Door](a); err == nil {
			d.proven.in(key.Region)
		}
		return id, nil
	},
}
