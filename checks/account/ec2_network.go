package account

import (
	"slices"

	"github.com/labcheck/labcheck/checks/facts"
)

// networkPage is the page size of the reads of EC2: the most that DescribeRouteTables allows. A page size is always
// given, because EC2 allows fewer requests that ask for everything at once.
const networkPage = 100

// NetworkKey asks about the network of one Region.
type NetworkKey struct {
	Region string `json:"region"`
}

// needed says which kind of thing came without one of the fields that tell it from others.
func needed(what string, fields ...*string) error {
	if slices.ContainsFunc(fields, func(field *string) bool { return field == nil || *field == "" }) {
		return facts.Errorf(facts.InvalidResponse, "%s came without saying which one it is", what)
	}
	return nil
}
