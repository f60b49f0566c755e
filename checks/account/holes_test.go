package account

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	smithymiddleware "github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/holes"
)

// Whatever an error answer leaves out, what is said of it is a whole sentence.
func TestNoHoles(t *testing.T) {
	codes := append(slices.Collect(maps.Keys(reasonOfCode)),
		"", noCode, "OddException", "Throttling", "ForbiddenException")
	door := openDoor(t, testOptions(nil, probes()["json"]), standardLimits())
	ctx := middleware.SetServiceID(smithymiddleware.WithOperationName(t.Context(), "ListUsers"), "IAM")
	for _, code := range codes {
		for _, message := range []string{
			"", " ", "no", "you are not authorized to perform: it", "because no policy allows it",
		} {
			api := &smithy.GenericAPIError{Code: code, Message: message}
			for _, status := range []int{0, 400, 403, 500, 503} {
				_, _, detail := door.explainAnswer(ctx, api, status)
				require.Empty(t, holes.Find(detail), "%q %q %d: %s", code, message, status, detail)
			}
			for _, source := range []aws.CredentialSource{
				aws.CredentialSourceUndefined, aws.CredentialSourceSSO, aws.CredentialSourceLogin,
				aws.CredentialSourceProcess, aws.CredentialSourceSTSAssumeRole,
			} {
				for _, profile := range []string{"", "lab"} {
					failed := &signInError{err: api, profile: profile, sources: []aws.CredentialSource{source}}
					_, _, detail := failed.explain()
					require.Empty(t, holes.Find(detail), "%q %q: %s", code, message, detail)
				}
			}
		}
	}
	for _, err := range []error{
		&net.DNSError{IsNotFound: true}, &net.DNSError{}, &net.OpError{Op: "proxyconnect", Err: errors.New("")},
		errors.New(""),
	} {
		_, detail := explainNetwork(fmt.Errorf("%w", err))
		require.Empty(t, holes.Find(detail), detail)
	}
}
