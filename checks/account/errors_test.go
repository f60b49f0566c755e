package account

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// errorAnswer writes an error as AWS writes it in a protocol.
func errorAnswer(t *testing.T, protocol string, status int, code, message string) *answering {
	t.Helper()
	switch protocol {
	case "json":
		return answer(status, jsonType, fmt.Sprintf(`{"__type":"com.amazonaws.example#%s","message":%q}`, code, message))
	case "query":
		return answer(status, xmlType, fmt.Sprintf(`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
			<Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
			<RequestId>1</RequestId></ErrorResponse>`, code, message))
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
	alice   = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
	student = "User: arn:aws:sts::123456789012:assumed-role/voclabs/user1=mia@school.example " +
		"is not authorized to perform: "
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
		{
			"query", 403, "AccessDenied",
			alice + "iam:ListUsers on resource: * because no identity-based policy allows the iam:ListUsers action",
			facts.AccessDenied, "iam:ListUsers", "no policy of the caller allows iam:ListUsers",
		},
		{
			"json", 400, "AccessDeniedException", alice + "budgets:ViewBudget", facts.AccessDenied, "budgets:ViewBudget",
			"budgets:ViewBudget",
		},
		{
			"cbor", 400, "AccessDenied", alice + "cloudwatch:DescribeAlarms with an explicit deny in a permissions boundary",
			facts.AccessDenied, "cloudwatch:DescribeAlarms", "boundary denies",
		},
		{
			"query", 403, "AuthorizationError", alice + "SNS:ListTopics on resource: x", facts.AccessDenied, "sns:ListTopics",
			"sns:ListTopics",
		},
		{
			"ec2", 403, "UnauthorizedOperation", "You are not authorized to perform this operation.", facts.AccessDenied,
			"ec2:DescribeVpcs", "ec2:DescribeVpcs",
		},
		{
			"json", 400, "AccessDeniedException", student + "ecr:DescribeRepositories" + canceled, facts.AccessDenied,
			"ecr:DescribeRepositories", "press Start Lab",
		},

		{"query", 403, "NotAuthorized", "no", facts.AccessDenied, "", "no policy of the caller allows iam:ListUsers"},
		{"json", 403, "Forbidden", "no", facts.AccessDenied, "", "no policy of the caller allows ecr:DescribeRepositories"},

		{"query", 403, "ExpiredToken", "expired", facts.ExpiredCredentials, "", ""},
		{"json", 400, "ExpiredTokenException", "expired", facts.ExpiredCredentials, "", ""},
		{"ec2", 400, "RequestExpired", "Request has expired.", facts.ExpiredCredentials, "", ""},
		{"query", 403, "InvalidClientTokenId", "invalid", facts.RejectedCredentials, "", ""},
		{"json", 400, "UnrecognizedClientException", "invalid", facts.RejectedCredentials, "", ""},
		{
			"ec2", 401, "AuthFailure", "AWS was not able to validate the provided access credentials", facts.RejectedCredentials,
			"", "access key: it is deleted",
		},
		{"query", 403, "InvalidAccessKeyId", "", facts.RejectedCredentials, "", "access key: it is deleted"},
		{
			"query", 403, "SignatureDoesNotMatch",
			"The request signature we calculated does not match. The Canonical String was: x-amz-security-token:SECRET",
			facts.RejectedCredentials, "", "secret access key is most likely mistyped",
		},
		{
			"json", 400, "InvalidSignatureException", "The request signature we calculated does not match",
			facts.RejectedCredentials, "", "secret access key is most likely mistyped",
		},
		{
			"query", 403, "SignatureDoesNotMatch", "Signature expired: 20261123T110000Z is now earlier than 20261123T115500Z",
			facts.ClockWrong, "", "clock",
		},
		{
			"json", 400, "InvalidSignatureException", "Signature not yet current: 20261123T130000Z", facts.ClockWrong, "",
			"clock",
		},
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
		message := strings.Join([]string{
			r.Header.Get("Authorization"), r.Header.Get("X-Amz-Security-Token"),
			"AKIAIOSFODNN7EXAMPLE",
		}, " ")
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

// practice opens the finished practice account with faults.
func practice(t *testing.T, faults ...sandbox.Fault) *sandbox.Account {
	t.Helper()
	state, err := sandboxtest.Load("finished", testNow())
	require.NoError(t, err)
	return sandbox.New(state, sandbox.Options{Faults: faults})
}

func everything(kind sandbox.FaultKind) sandbox.Fault {
	return sandbox.Fault{Service: "*", Operation: "*", Kind: kind}
}

// Every fault of the practice account, in every protocol, has its one reason, and only what may pass is asked again.
func TestFaultsHaveTheirReason(t *testing.T) {
	const once, always = 1, maxAttempts
	for kind, want := range map[sandbox.FaultKind]struct {
		reason  facts.Reason
		answers int
		detail  string
	}{
		sandbox.Throttle:      {facts.Throttled, always, "slow down"},
		sandbox.Deny:          {facts.AccessDenied, once, "no policy of the caller allows "},
		sandbox.DenySCP:       {facts.AccessDenied, once, "a service control policy (SCP) of the organization denies "},
		sandbox.DenyBoundary:  {facts.AccessDenied, once, "the caller's permissions boundary does not allow "},
		sandbox.InternalError: {facts.Unreachable, always, "HTTP 500"},
		sandbox.InvalidToken:  {facts.RejectedCredentials, once, "access key"},
		sandbox.Expired:       {facts.ExpiredCredentials, once, "sign in again"},
		sandbox.ClockSkew:     {facts.ClockWrong, once, "clock"},
		sandbox.NotActive:     {facts.AccountNotActive, once, "24 hours"},
		sandbox.HTML:          {facts.InvalidResponse, once, "text/html"},
		sandbox.Truncate:      {facts.InvalidResponse, once, "cut off"},
		sandbox.WrongType:     {facts.InvalidResponse, once, "not in the API's form"},
		sandbox.Reset:         {facts.Unreachable, 0, "broke"},
	} {
		for protocol, p := range probes() {
			t.Run(string(kind)+" "+protocol, func(t *testing.T) {
				v := openTest(t, practice(t, everything(kind)), p)
				_, err := p.Get(v, probeKey{Region: "us-east-1"})
				e := facts.AsError(err)
				require.Equal(t, want.reason, e.Reason, e.Detail)
				require.Contains(t, e.Detail, want.detail)
				require.Equal(t, p.Operations[0], e.Operation)
				require.Equal(t, "us-east-1", e.Region)
				require.Len(t, v.Evidence(), want.answers)
				if want.reason == facts.AccessDenied {
					require.Equal(t, p.Operations[0], e.MissingAction)
				}
			})
		}
	}
}

func TestAFaultThatPassesIsRetried(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.Throttle, sandbox.InternalError, sandbox.Reset} {
		t.Run(string(kind), func(t *testing.T) {
			fault := everything(kind)
			fault.Times = maxAttempts - 1
			require.NoError(t, ask(t, practice(t, fault), probes()["json"]))
		})
	}
}

func TestAHangingAttemptIsRetried(t *testing.T) {
	fault := everything(sandbox.Hang)
	fault.Times = maxAttempts - 1
	account := practice(t, fault)
	p := probes()["json"]
	require.NoError(t, askWithin(t, testOptions(account, p), p,
		limits{call: time.Hour, attempt: time.Millisecond, requests: 8}))
	require.Len(t, account.Calls(), 1)
}

func TestAHangIsATimeout(t *testing.T) {
	p := probes()["json"]
	for name, l := range map[string]limits{
		"of the last attempt": {call: time.Hour, attempt: time.Millisecond, requests: 8},
		"of the call":         {call: time.Millisecond, attempt: time.Hour, requests: 8},
	} {
		t.Run(name, func(t *testing.T) {
			err := askWithin(t, testOptions(practice(t, everything(sandbox.Hang)), p), p, l)
			require.Equal(t, facts.Timeout, facts.AsError(err).Reason)
			require.Contains(t, facts.AsError(err).Detail, "no answer")
		})
	}
}

// A throttled call whose next attempt would come too late was throttled; it did not time out.
func TestACallOutOfTimeKeepsItsReason(t *testing.T) {
	p := probes()["json"]
	o := testOptions(practice(t, everything(sandbox.Throttle)), p)
	o.Backoff = func(int) time.Duration { return time.Hour }
	err := askWithin(t, o, p, limits{call: 50 * time.Millisecond, attempt: time.Hour, requests: 8})
	require.Equal(t, facts.Throttled, facts.AsError(err).Reason)
}

func TestTheEndOfTheRunIsTheReason(t *testing.T) {
	p := probes()["json"]
	for _, c := range []struct {
		cause error
		want  facts.Reason
	}{
		{facts.ErrInterrupted, facts.Interrupted},
		{facts.ErrRunTimeout, facts.Timeout},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		door := openDoor(t, testOptions(practice(t, everything(sandbox.Hang)), p), standardLimits())
		s := facts.NewSession(ctx, facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
		pending := p.Start(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
		cancel(c.cause)
		_, err := pending.Get()
		require.Equal(t, c.want, facts.AsError(err).Reason)
	}
}

// askWithin asks one probe once within limits.
func askWithin(t *testing.T, o Options, p *probe, l limits) error {
	t.Helper()
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(openDoor(t, o, l))}})
	_, err := p.Get(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
	return err
}
