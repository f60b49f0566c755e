package facts

import (
	"context"
	"errors"
	"fmt"
)

// Reason says why something could not be learned. It is a word of the report's schema: a reason is never renamed.
type Reason string

// The reasons. None of them says anything about the student's work.
const (
	AccessDenied        Reason = "access_denied"
	NoCredentials       Reason = "no_credentials"
	ExpiredCredentials  Reason = "expired_credentials"
	RejectedCredentials Reason = "rejected_credentials"
	ClockWrong          Reason = "clock_wrong"
	AccountNotActive    Reason = "account_not_active"
	NoRegion            Reason = "no_region"
	RegionDisabled      Reason = "region_disabled"
	Throttled           Reason = "throttled"
	Timeout             Reason = "timeout"
	Unreachable         Reason = "unreachable"
	NotYetConsistent    Reason = "not_yet_consistent"
	NotLooked           Reason = "not_looked"
	Unsupported         Reason = "unsupported"
	InvalidResponse     Reason = "invalid_response"
	Interrupted         Reason = "interrupted"
	InternalError       Reason = "internal_error"
)

// maxDetail is the longest detail kept, in runes: a lying endpoint may send megabytes as its message.
const maxDetail = 400

// Reasons returns every reason, in the order of the design.
func Reasons() []Reason {
	return []Reason{
		AccessDenied, NoCredentials, ExpiredCredentials, RejectedCredentials, ClockWrong, AccountNotActive, NoRegion,
		RegionDisabled, Throttled, Timeout, Unreachable, NotYetConsistent, NotLooked, Unsupported, InvalidResponse,
		Interrupted, InternalError,
	}
}

// ErrInterrupted and ErrRunTimeout are the causes with which a session's context is cancelled.
var (
	ErrInterrupted = errors.New("interrupted")
	ErrRunTimeout  = errors.New("the run took longer than --timeout allows")
)

// Error is what a read returns when it could not learn its fact.
type Error struct {
	Reason Reason
	// Operation is the API operation that failed, such as "ecr:DescribeRepositories"; empty if none was asked.
	Operation string
	Region    string
	// MissingAction is the IAM action that was denied, such as "ecr:DescribeRepositories".
	MissingAction string
	// Detail is one clause for a person. It may hold text from the account: renderers escape it.
	Detail string
	Err    error
}

// Error implements error. It never holds a credential: Detail and Err come from answers, not from requests.
func (e *Error) Error() string {
	text := string(e.Reason)
	if e.Operation != "" {
		text = e.Operation + ": " + text
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a reason and a detail for a person. Like fmt.Errorf it understands %w.
func Errorf(reason Reason, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Reason: reason, Detail: clip(err.Error()), Err: errors.Unwrap(err)}
}

// AsError turns any error of a read into an *Error: an unknown error is an internal_error, except for a context's end.
func AsError(err error) *Error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return e
	case errors.Is(err, ErrInterrupted):
		return &Error{Reason: Interrupted, Detail: "the run was interrupted", Err: err}
	case errors.Is(err, ErrRunTimeout), errors.Is(err, context.DeadlineExceeded):
		return &Error{Reason: Timeout, Detail: "no answer in time", Err: err}
	case errors.Is(err, context.Canceled):
		return &Error{Reason: Interrupted, Detail: "the run was interrupted", Err: err}
	}
	return &Error{Reason: InternalError, Detail: clip(err.Error()), Err: err}
}

func clip(text string) string {
	n := 0
	for i := range text {
		if n++; n > maxDetail {
			return text[:i] + "…"
		}
	}
	return text
}
