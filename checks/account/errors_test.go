package account

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// errorAnswer writes an error as AWS writes it in a protocol.
func errorAnswer(t *testing.T, protocol string, status int, code, message string) *answering {
	t.Helper()
	switch protocol {
	case "json":
		return answer(status, jsonType, fmt.Sprintf(`{"__type":"com.amazonaws.example#%s","message":%q}`, code, message))
	case "query":
		return answer(status, xmlType, fmt.Sprintf(`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>
			<Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, code, message))
	case "ec2":
		return answer(status, xmlType, fmt.Sprintf(`<?xml version="1.0"?><Response><Errors><Error>
			<Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>1</RequestID></Response>`, code, message))
	}
	body, err := cbor.Marshal(map[string]string{"__type": "com.amazonaws.example#" + code, "message": message})
	require.NoError(t, err)
	a := answer(status, cborType, string(body))
	a.header.Set("Smithy-Protocol", "rpc-v2-cbor")
	return a
}

const (
	alice    = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
	student  = "User: arn:aws:sts::123456789012:assumed-role/voclabs/user1=mia@school.example is not authorized to perform: "
	canceled = " with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/voc-cancel-cred"
)

func TestErrorCodesHaveTheirReason(t *testing.T) {
	for _, c := range []struct {
		protocol      string
		status        int
		code, message string
		want          facts.Reason
		action        string
		detail        string
	}{
		{"query", 403, "AccessDenied", alice + "iam:ListUsers on resource: * because no identity-based policy allows the iam:ListUsers action", facts.AccessDenied, "iam:ListUsers", "no policy of the caller allows iam:ListUsers"},
		{"json", 400, "AccessDeniedException", alice + "budgets:ViewBudget", facts.AccessDenied, "budgets:ViewBudget", "budgets:ViewBudget"},
		{"cbor", 400, "AccessDenied", alice + "cloudwatch:DescribeAlarms with an explicit deny in a permissions boundary", facts.AccessDenied, "cloudwatch:DescribeAlarms", "boundary denies"},
		{"query", 403, "AuthorizationError", alice + "SNS:ListTopics on resource: x", facts.AccessDenied, "sns:ListTopics", "sns:ListTopics"},
		{"ec2", 403, "UnauthorizedOperation", "You are not authorized to perform this operation.", facts.AccessDenied, "ec2:DescribeVpcs", "ec2:DescribeVpcs"},
		{"json", 400, "AccessDeniedException", student + "ecr:DescribeRepositories" + canceled, facts.AccessDenied, "ecr:DescribeRepositories", "press Start Lab"},

		{"query", 403, "NotAuthorized", "no", facts.AccessDenied, "", "no policy of the caller allows iam:ListUsers"},
		{"json", 403, "Forbidden", "no", facts.AccessDenied, "", "no policy of the caller allows ecr:DescribeRepositories"},

		{"query", 403, "ExpiredToken", "expired", facts.ExpiredCredentials, "", ""},
		{"json", 400, "ExpiredTokenException", "expired", facts.ExpiredCredentials, "", ""},
		{"ec2", 400, "RequestExpired", "Request has expired.", facts.ExpiredCredentials, "", ""},
		{"query", 403, "InvalidClientTokenId", "invalid", facts.RejectedCredentials, "", ""},
		{"json", 400, "UnrecognizedClientException", "invalid", facts.RejectedCredentials, "", ""},
		{"ec2", 401, "AuthFailure", "AWS was not able to validate the provided access credentials", facts.RejectedCredentials, "", "access key: it is deleted"},
		{"query", 403, "InvalidAccessKeyId", "", facts.RejectedCredentials, "", "access key: it is deleted"},
		{"query", 403, "SignatureDoesNotMatch", "The request signature we calculated does not match. The Canonical String was: x-amz-security-token:SECRET", facts.RejectedCredentials, "", "secret access key is most likely mistyped"},
		{"json", 400, "InvalidSignatureException", "The request signature we calculated does not match", facts.RejectedCredentials, "", "secret access key is most likely mistyped"},
		{"query", 403, "SignatureDoesNotMatch", "Signature expired: 20261123T110000Z is now earlier than 20261123T115500Z", facts.ClockWrong, "", "clock"},
		{"json", 400, "InvalidSignatureException", "Signature not yet current: 20261123T130000Z", facts.ClockWrong, "", "clock"},
		{"json", 400, "RequestTimeTooSkewed", "", facts.ClockWrong, "", "clock"},
		{"json", 400, "SubscriptionRequiredException", "", facts.AccountNotActive, "", "24 hours"},
		{"ec2", 400, "OptInRequired", "", facts.AccountNotActive, "", "24 hours"},

		{"query", 400, "Throttling", "Rate exceeded", facts.Throttled, "", "Throttling"},
		{"ec2", 503, "RequestLimitExceeded", "", facts.Throttled, "", "RequestLimitExceeded"},
		{"json", 400, "LimitExceededException", "", facts.Throttled, "", "LimitExceededException"},
		{"json", 400, "ThrottlingException", "", facts.Throttled, "", "ThrottlingException"},
		{"cbor", 400, "ThrottlingException", "", facts.Throttled, "", "ThrottlingException"},
		{"json", 400, "TooManyRequestsException", "", facts.Throttled, "", "TooManyRequestsException"},
		{"query", 409, "LimitExceeded", "", facts.Throttled, "", "LimitExceeded"},
		{"cbor", 503, "ServiceUnavailable", "", facts.Unreachable, "", "ServiceUnavailable (HTTP 503)"},
		{"json", 500, "ServerException", "", facts.Unreachable, "", "HTTP 500"},
		{"json", 400, "UnknownOperationException", "", facts.Unsupported, "", "UnknownOperationException"},
		{"query", 400, "InvalidAction", "Could not find operation", facts.Unsupported, "", "Could not find operation"},
		{"json", 400, "InvalidParameterException", "nope", facts.InternalError, "", "nope"},
	} {
		t.Run(c.protocol+" "+c.code, func(t *testing.T) {
			err := ask(t, errorAnswer(t, c.protocol, c.status, c.code, c.message), probes()[c.protocol])
			e := facts.AsError(err)
			require.Equal(t, c.want, e.Reason, e.Detail)
			require.Equal(t, c.action, e.MissingAction)
			require.Contains(t, e.Detail, c.detail)
			require.True(t, absent(err, c.code), "the SDK's error is still inside")
			for _, private := range []string{"SECRET", "mia@school.example", "alice"} {
				require.NotContains(t, err.Error(), private)
			}
		})
	}
}

// A proxy or a firewall that answers with a status and nothing else is not told as an answer of AWS.
func TestAnswerWithoutCode(t *testing.T) {
	for status, want := range map[int]facts.Reason{403: facts.InvalidResponse, 503: facts.Unreachable} {
		e := facts.AsError(ask(t, answer(status, "", ""), probes()["query"]))
		require.Equal(t, want, e.Reason)
		require.Contains(t, e.Detail, fmt.Sprintf("HTTP %d and no more", status))
		require.NotContains(t, e.Detail, "UnknownError")
	}
}

func TestAbsentKnowsOnlyItsOwnCodes(t *testing.T) {
	err := ask(t, errorAnswer(t, "json", 400, "RepositoryNotFoundException", "no such"), probes()["json"])
	require.True(t, absent(err, "ImageNotFoundException", "RepositoryNotFoundException"))
	require.False(t, absent(err, "ImageNotFoundException"))
	require.False(t, absent(facts.Errorf(facts.Timeout, "late"), "RepositoryNotFoundException"))
	require.False(t, absent(nil, ""))
}

// An endpoint that repeats the request, as some proxies do, does not get a credential into an error.
func TestWhatAnEndpointRepeatsIsRedacted(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjEXAMPLETOKEN"
	p := probes()["json"]
	o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
		message := strings.Join([]string{r.Header.Get("Authorization"), r.Header.Get("X-Amz-Security-Token"), "AKIAIOSFODNN7EXAMPLE"}, " ")
		return errorAnswer(t, "json", 400, "OddException", message).RoundTrip(r)
	}), p)
	o.Credentials.SessionToken = token
	err := askWithin(t, o, p, standardLimits())
	require.Equal(t, "ecr:DescribeRepositories: unsupported: AWS answered OddException: … … …", err.Error())
}

func TestALongMessageIsClipped(t *testing.T) {
	err := ask(t, errorAnswer(t, "json", 400, "OddException", strings.Repeat("á", 100_000)), probes()["json"])
	require.Less(t, len([]rune(err.Error())), 400)
}
