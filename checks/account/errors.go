package account

import (
	"errors"
	"slices"

	"github.com/aws/smithy-go"
)

// absent says whether the error is one of these codes: the operation's own words for "there is no such thing".
func absent(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}
