package account

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxPages is the longest list that is read, in pages: a lying endpoint could go on for ever.
const maxPages = 1000

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
