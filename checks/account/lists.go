package account

import (
	"math"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxPages is the longest list that is read, in pages: a lying endpoint could go on for ever.
const maxPages = 1000

// wholeList collects the items of every page, and keeps of each what keep makes of it.
func wholeList[I, V any](
	ask func(token *string) (items []I, next *string, err error), keep func(I) (V, error),
) ([]V, error) {
	all := []V{}
	err := eachPage(func(token *string) (*string, error) {
		items, next, err := ask(token)
		if err != nil {
			return nil, err
		}
		kept, err := eachOf(items, keep)
		all = append(all, kept...)
		return next, err
	})
	return all, err
}

// eachOf keeps of each item what keep makes of it. An empty list is there too, as an empty element: an answer without
// the list tells nothing.
func eachOf[I, V any](items []I, keep func(I) (V, error)) ([]V, error) {
	if items == nil {
		return nil, facts.Errorf(facts.InvalidResponse, "the answer does not hold the list")
	}
	all := make([]V, len(items))
	for i, item := range items {
		var err error
		if all[i], err = keep(item); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// eachPage asks page after page until there is no next token. An empty page with a token is legal; a token that comes
// back twice in a row is not.
func eachPage(ask func(token *string) (next *string, err error)) error {
	var token *string
	for range maxPages {
		next, err := ask(token)
		if err != nil {
			return err
		}
		if aws.ToString(next) == "" {
			return nil
		}
		if token != nil && *token == *next {
			return facts.Errorf(facts.InvalidResponse, "the same page came twice")
		}
		token = next
	}
	return facts.Errorf(facts.InvalidResponse, "the list did not end after %d pages", maxPages)
}

// requireID says which kind of thing came without one of the fields that tell it from others.
func requireID(what string, fields ...*string) error {
	if slices.ContainsFunc(fields, func(field *string) bool { return field == nil || *field == "" }) {
		return facts.Errorf(facts.InvalidResponse, "%s came without saying which one it is", what)
	}
	return nil
}

// nameOf keeps of a thing the one field that tells it from others.
func nameOf(what string, field *string) (string, error) {
	return aws.ToString(field), requireID(what, field)
}

// isNumber tells a number from NaN and the infinities, which the protocols can carry and JSON cannot.
func isNumber(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
