package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/labcheck/labcheck/checks/facts"
)

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
