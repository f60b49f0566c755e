package account

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/labcheck/labcheck/checks/facts"
)

// WholeAccount is the key of a read that asks a global service about everything in the account.
type WholeAccount struct{}

// UserKey names an IAM user of the account, without its path. IAM is global: there is no Region.
type UserKey struct {
	User string `json:"user"`
}

// iamList collects a whole IAM list, and keeps of each item what keep makes of it. IAM says with a flag that there is
// more, and with a marker where it goes on; a flag without a marker is a list that was cut off, never a complete one.
func iamList[I, V any](
	ask func(marker *string) (items []I, truncated bool, next *string, err error), keep func(I) (V, error),
) ([]V, error) {
	return wholeList(func(marker *string) ([]I, *string, error) {
		items, truncated, next, err := ask(marker)
		if err == nil && truncated && aws.ToString(next) == "" {
			err = facts.Errorf(facts.InvalidResponse, "the list was cut off: it is truncated and has no marker")
		}
		return items, next, err
	}, keep)
}

// nameOf keeps of a thing the one field that tells it from others.
func nameOf(what string, field *string) (string, error) {
	return aws.ToString(field), needed(what, field)
}
