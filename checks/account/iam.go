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

// iamPages collects a whole IAM list. IAM says with a flag that there is more, and with a marker where it goes on; a
// flag without a marker is a list that was cut off, never a complete one.
func iamPages[T any](ask func(marker *string) (items []T, truncated bool, next *string, err error)) ([]T, error) {
	return wholeList(func(marker *string) ([]T, *string, error) {
		items, truncated, next, err := ask(marker)
		switch {
		case err != nil || !truncated:
			return items, nil, err
		case aws.ToString(next) == "":
			return nil, nil, facts.Errorf(facts.InvalidResponse, "the list was cut off: it is truncated and has no marker")
		}
		return items, next, nil
	}, func(item T) (T, error) { return item, nil })
}
