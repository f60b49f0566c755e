package account

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

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
	// UserID is the account's id for the root user. That of anybody else says nothing more, and is not kept.
	UserID string `json:"userId,omitempty"`
	// Practice is as in [facts.Site].
	Practice string `json:"practice,omitempty"`
}

// accountNumber is the form of an account's id. It becomes a part of names and of hosts.
var accountNumber = regexp.MustCompile(`^[0-9]{12}$`)

// CallerIdentity needs no permission and cannot be denied by an IAM policy:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
var CallerIdentity = &facts.Read[IdentityKey, Identity]{
	Name:       "sts.caller-identity",
	Operations: []string{identityOperation},
	Actions:    []string{},
	Fetch: func(ctx context.Context, a *facts.Access, key IdentityKey) (Identity, error) {
		client, err := clientFor(a, key.Region, sts.NewFromConfig)
		if err != nil {
			return Identity{}, err
		}
		out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return Identity{}, err
		}
		id := Identity{
			Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn),
			Practice: practiceAddress(out.ResultMetadata),
		}
		if aws.ToString(out.UserId) == id.Account {
			id.UserID = id.Account
		}
		if !accountNumber.MatchString(id.Account) || id.ARN == "" {
			return Identity{}, facts.Errorf(facts.InvalidResponse, "STS names no caller")
		}
		if d, err := facts.Through[*Door](a); err == nil {
			d.proven.in(key.Region)
		}
		return id, nil
	},
}

// practiceAddress is where an answer came from if it says that it is a simulation, as every answer of a practice account
// that is served does.
func practiceAddress(metadata middleware.Metadata) string {
	answer, ok := awsmiddleware.GetRawResponse(metadata).(*smithyhttp.Response)
	if !ok || answer.Header.Get("X-Labcheck-Simulated") != "true" || answer.Request == nil {
		return ""
	}
	return answer.Request.URL.Host
}
