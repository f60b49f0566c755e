package sandbox

import (
	"fmt"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// A Fault makes requests go wrong. The first fault of [Options.Faults] that applies to a request is the one that
// happens.
type Fault struct {
	// Service is the service's IAM prefix, such as "ecr"; "*" is any.
	Service string
	// Operation is the operation's name, such as "DescribeRepositories"; "*" is any.
	Operation string
	Kind      FaultKind
	// Skip lets this many requests through first.
	Skip int
	// Times ends the fault after this many requests; 0 is never.
	Times int
}

// A FaultKind is a way to go wrong.
type FaultKind string

// The kinds of faults. The first group answers with an error in the service's own form and changes nothing in the
// account.
const (
	Throttle      FaultKind = "throttle"       // the service's own throttling error
	Deny          FaultKind = "deny"           // no identity-based policy allows the action
	DenySCP       FaultKind = "deny-scp"       // a service control policy denies the action
	DenyBoundary  FaultKind = "deny-boundary"  // no permissions boundary allows the action
	InternalError FaultKind = "internal-error" // HTTP 500 in the protocol
	InvalidToken  FaultKind = "invalid-token"  // the credentials are rejected
	Expired       FaultKind = "expired"        // the credentials have expired
	ClockSkew     FaultKind = "clock-skew"     // the request was signed at another time than now
	NotActive     FaultKind = "not-active"     // the account is not signed up for the service

	HTML      FaultKind = "html"       // HTTP 500 and a web page, as a captive portal or a proxy gives
	Truncate  FaultKind = "truncate"   // a good answer, cut in the middle
	WrongType FaultKind = "wrong-type" // a good answer with a string where its first list or map belongs
	Hang      FaultKind = "hang"       // no answer until the caller gives up
	Reset     FaultKind = "reset"      // the connection breaks
)

// applies reports whether the fault is about this operation.
func (f Fault) applies(service, operation string) bool {
	return (f.Service == "*" || f.Service == service) && (f.Operation == "*" || f.Operation == operation)
}

// fault returns the kind of the fault that happens to this request, or "". It counts the request.
func (a *Account) fault(service, operation string) FaultKind {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, f := range a.options.Faults {
		if !f.applies(service, operation) {
			continue
		}
		seen := a.faultCounts[i]
		if f.Times > 0 && seen >= f.Skip+f.Times {
			continue
		}
		a.faultCounts[i]++
		if seen >= f.Skip {
			return f.Kind
		}
	}
	return ""
}

// faultError is the error answer of a fault, or nil when the fault is of another kind.
func (x *exchange) faultError(caller wire.Caller, now time.Time) *wire.Error {
	codes, door := x.service.ErrorCodes(), x.protocol.FrontDoor()
	switch x.fault {
	case Throttle:
		return &wire.Error{Code: codes.Throttled, Message: "Rate exceeded", Status: door.ThrottledStatus}
	case Deny:
		return x.denial(caller, "because no identity-based policy allows the "+x.action()+" action")
	case DenySCP:
		return x.denial(caller, "with an explicit deny in a service control policy")
	case DenyBoundary:
		return x.denial(caller, "because no permissions boundary allows the "+x.action()+" action")
	case InternalError:
		return &door.Internal
	case InvalidToken:
		return &door.Rejected
	case Expired:
		return &door.Expired
	case NotActive:
		return &door.NotActive
	case ClockSkew:
		return door.OutOfTime(now.Add(-time.Hour), now)
	default:
		return nil
	}
}

// denial is the service's access-denied error, worded as AWS words it.
func (x *exchange) denial(caller wire.Caller, reason string) *wire.Error {
	message := fmt.Sprintf(
		"User: %s is not authorized to perform: %s on resource: * %s", caller.ARN, x.action(), reason,
	)
	if x.protocol == wire.EC2Query {
		message = "You are not authorized to perform this operation. " + message
	}
	return &wire.Error{
		Code: x.service.ErrorCodes().Denied, Message: message, Status: x.protocol.FrontDoor().DeniedStatus,
	}
}

// action is the IAM action that the operation needs.
func (x *exchange) action() string { return x.service.Action(x.operation) }
