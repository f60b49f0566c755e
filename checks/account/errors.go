package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// absent says whether the error is one of these codes: the operation's own words for "there is no such thing".
func absent(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

// ErrorCode is the code with which AWS answered, such as "NoSuchBucket"; "" if it answered none.
func ErrorCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// explain is the outermost middleware: whatever goes wrong leaves a call as one *facts.Error. The SDK's error stays
// inside, so that absent finds its code.
func (d *Door) explain(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error) {
	c := &call{}
	ctx = middleware.WithStackValue(ctx, callKey{}, c)
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err == nil {
		return out, metadata, nil
	}
	e := d.classify(ctx, err)
	e.Operation, e.Region = operationOf(ctx), c.region
	e.Detail = clip(redact(e.Detail, c.sent))
	return out, metadata, e
}

// classify finds the one reason of an error.
func (d *Door) classify(ctx context.Context, err error) *facts.Error {
	if ctx.Err() != nil {
		e := *facts.AsError(context.Cause(ctx)) // what ended the run is the better reason
		return &e
	}
	var late *callTimeout
	if errors.As(err, &late) {
		if late.last == nil {
			return &facts.Error{Reason: facts.Timeout, Detail: late.Error(), Err: err}
		}
		err = late.last
	}
	var known *facts.Error
	if errors.As(err, &known) {
		e := *known
		return &e
	}
	e := &facts.Error{Err: err}
	var credentials *signInError
	var api smithy.APIError
	var garbled *smithy.DeserializationError
	switch {
	case errors.As(err, &credentials):
		e.Reason, e.MissingAction, e.Detail = credentials.explain()
	case errors.As(err, &api):
		e.Reason, e.MissingAction, e.Detail = d.explainAnswer(ctx, api, statusOf(err))
	case errors.As(err, &garbled):
		e.Reason, e.Detail = facts.InvalidResponse, "the answer cannot be read: it is cut off or not in the API's form"
	default:
		e.Reason, e.Detail = explainNetwork(err)
	}
	return e
}

// reasonOfCode gives the reason for the error codes that all of AWS's services share. How they are spelled follows the
// protocol, so a new service needs no line here; its own codes are for its reads to know (see absent).
var reasonOfCode = map[string]facts.Reason{
	"AccessDenied":                facts.AccessDenied, // Query, XML, CBOR
	"AccessDeniedException":       facts.AccessDenied, // JSON
	"UnauthorizedOperation":       facts.AccessDenied, // EC2
	"AuthorizationError":          facts.AccessDenied, // SNS
	"AuthorizationErrorException": facts.AccessDenied,
	"NotAuthorized":               facts.AccessDenied,
	"Forbidden":                   facts.AccessDenied,

	"ExpiredToken":          facts.ExpiredCredentials, // Query
	"ExpiredTokenException": facts.ExpiredCredentials, // JSON
	"RequestExpired":        facts.ExpiredCredentials, // EC2

	"InvalidClientTokenId":                facts.RejectedCredentials, // Query
	"UnrecognizedClientException":         facts.RejectedCredentials, // JSON
	"AuthFailure":                         facts.RejectedCredentials, // EC2
	"InvalidAccessKeyId":                  facts.RejectedCredentials,
	"InvalidToken":                        facts.RejectedCredentials,
	"SignatureDoesNotMatch":               facts.RejectedCredentials,
	"InvalidSignatureException":           facts.RejectedCredentials,
	"IncompleteSignature":                 facts.RejectedCredentials,
	"IncompleteSignatureException":        facts.RejectedCredentials,
	"MissingAuthenticationToken":          facts.RejectedCredentials,
	"MissingAuthenticationTokenException": facts.RejectedCredentials,

	"RequestTimeTooSkewed": facts.ClockWrong,
	"RequestInTheFuture":   facts.ClockWrong,

	"OptInRequired":                 facts.AccountNotActive,
	"SubscriptionRequiredException": facts.AccountNotActive,
	"NotSignedUp":                   facts.AccountNotActive,
	"PendingVerification":           facts.AccountNotActive,
	"Blocked":                       facts.AccountNotActive,

	// Quotas of the account pass like throttling does: ask again later. No read asks for anything that lasts.
	"LimitExceeded":                 facts.Throttled,
	"ServiceQuotaExceededException": facts.Throttled,

	// The question itself was wrong, which is for us to fix.
	"ValidationException":       facts.InternalError,
	"ValidationError":           facts.InternalError,
	"InvalidParameterException": facts.InternalError,
	"InvalidParameterValue":     facts.InternalError,
	"InvalidParameter":          facts.InternalError,
	"InvalidInput":              facts.InternalError,
	"MissingParameter":          facts.InternalError,
	"SerializationException":    facts.InternalError,
}

// regionDisabledCodes are what a Region that the account has not enabled answers: the same codes with which a wrong
// access key is rejected.
var regionDisabledCodes = []string{"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"}

// bareStatus is a status of HTTP in the place of a code.
var bareStatus = regexp.MustCompile(`^[1-5][0-9]{2}$`)

// ReasonOfCode is what an error code means whatever the service: a Reason that says nothing about what was asked for.
// "" for a service's own code.
func ReasonOfCode(code string) facts.Reason {
	fault := []string{
		"InternalError", "InternalFailure", "InternalServerError", "InternalServerException", "InternalServiceError",
		"InternalServiceException", "ServiceUnavailable", "ServiceUnavailableException", "Unavailable",
	}
	_, throttled := retry.DefaultThrottleErrorCodes[code]
	switch {
	case throttled:
		return facts.Throttled
	case slices.Contains(fault, code):
		return facts.Unreachable
	case bareStatus.MatchString(code) && code != "404":
		return facts.InvalidResponse
	}
	return reasonOfCode[code]
}

// skewedSignature is in the messages of a request that was signed at another time than AWS's.
var skewedSignature = regexp.MustCompile(`(?i)signature (expired|not yet current)`)

// explainAnswer reads an error answer. The messages about credentials are never repeated: some hold the whole request,
// its session token included.
func (d *Door) explainAnswer(ctx context.Context, api smithy.APIError, status int) (facts.Reason, string, string) {
	code, message := codeOf(api), strings.TrimSpace(api.ErrorMessage())
	reason, known := reasonOfCode[code]
	switch {
	case code == noCode && status >= 500:
		return facts.Unreachable, "", fmt.Sprintf("the answer was HTTP %d and no more: try again later", status)
	case code == noCode:
		return facts.InvalidResponse, "", fmt.Sprintf("the answer was HTTP %d and no more, which is not AWS's way: "+
			"is a proxy or a firewall of the network in the way?", status)
	case retry.IsErrorThrottles(throttles).IsErrorThrottle(api).Bool():
		reason = facts.Throttled
	case !known && status >= 500:
		reason = facts.Unreachable
	case !known:
		reason = facts.Unsupported
	case plainDetails[reason] != "" && skewedSignature.MatchString(message):
		reason = facts.ClockWrong
	case slices.Contains(regionDisabledCodes, code) && d.acceptedIn.othersOnly(callOf(ctx).region):
		reason = facts.RegionDisabled
	}
	switch reason {
	case facts.AccessDenied:
		action, detail := explainDenial(operationOf(ctx), message)
		return reason, action, detail
	case facts.Throttled:
		return reason, "", "AWS asks to slow down (" + code + "): wait a minute and run it again"
	case facts.Unreachable:
		return reason, "", fmt.Sprintf("AWS could not answer: %s (HTTP %d)", code, status)
	case facts.Unsupported, facts.InternalError:
		detail := "AWS answered " + code
		if message != "" {
			detail += ": " + message
		}
		return reason, "", detail
	case facts.RejectedCredentials:
		if strings.Contains(code, "Signature") { // AWS knows the access key; what signed is not its secret
			return reason, "", "AWS does not accept the signature: the secret access key is most likely mistyped"
		}
	default:
	}
	return reason, "", plainDetails[reason]
}

// noCode is what the SDK calls an error answer that names no error.
const noCode = "UnknownError"

// codeOf is the code of an error answer; noCode where it is empty.
func codeOf(api smithy.APIError) string { return cmp.Or(api.ErrorCode(), noCode) }

// throttles is the SDK's own list.
var throttles = []retry.IsErrorThrottle{retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}}

// plainDetails say what is known from the reason alone: AWS's own messages may hold what nobody should read.
var plainDetails = map[facts.Reason]string{
	facts.ExpiredCredentials:  "the session has expired: sign in again",
	facts.RejectedCredentials: "AWS does not accept the access key: it is deleted, mistyped, or lacks its session token",
	facts.ClockWrong:          "this computer's clock is wrong by minutes: set it to the right time",
	facts.AccountNotActive:    "the account is not active for this service yet: a new account may take up to 24 hours",
	facts.RegionDisabled:      "the Region is not enabled on this account",
}

// statusOf is the HTTP status of an error answer, 0 if there was no answer.
func statusOf(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}

// credentialsIn returns what an endpoint could repeat of a request and nobody may read. The secret key itself never
// leaves the process.
func credentialsIn(r *smithyhttp.Request) []string {
	sent := []string{r.Header.Get("X-Amz-Security-Token"), r.Header.Get("Authorization")}
	if m := credentialScope.FindStringSubmatch(sent[1]); m != nil {
		sent = append(sent, m[1])
	}
	return sent
}

var credentialScope = regexp.MustCompile(`Credential=([^/]+)/`)

func redact(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	return text
}

// clip keeps a message of a lying endpoint from filling the screen.
func clip(text string) string {
	const longest = 300 // in runes
	n := 0
	for i := range text {
		if n++; n > longest {
			return text[:i] + "…"
		}
	}
	return text
}
