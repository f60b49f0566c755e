package sandbox

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"syscall"
	"time"
)

// An exchange is one request on its way through an account.
type exchange struct {
	id        string // the request id
	signature signature
	signed    bool // the signature is whole
	service   *service
	protocol  protocol
	operation string
	fault     FaultKind
}

// open finds out which service, protocol and operation a request is for. An unknown service is one without operations.
func open(m *message) *exchange {
	x := &exchange{}
	x.signature, x.signed = parseSignature(m.header.Get("Authorization"))
	x.service = serviceSignedAs(x.signature.service)
	if x.service == nil {
		x.service = &service{id: x.signature.service, protocols: []protocol{awsQuery}}
		if m.header.Get("X-Amz-Target") != "" {
			x.service.protocols = []protocol{awsJSON11}
		}
	}
	x.protocol = x.service.protocols[0]
	for _, p := range x.service.protocols {
		if name, claimed := p.operation(x.service, m); claimed {
			x.protocol, x.operation = p, name
			break
		}
	}
	return x
}

// serve answers one request. An error means that there is no answer: the caller gave up, or the connection broke.
func (a *Account) serve(ctx context.Context, m *message) (*answer, error) {
	return a.handle(ctx, open(m), m)
}

// handle is serve for a request whose envelope has been opened.
func (a *Account) handle(ctx context.Context, x *exchange, m *message) (*answer, error) {
	x.id = a.requestID()
	x.fault = a.fault(x.service.id, x.operation)
	if err := a.travel(ctx, x.fault); err != nil {
		return nil, err
	}
	answer := a.answer(x, m)
	now := m.received // clients set their clock by the answer, so it is the one that signatures are checked by
	if now.IsZero() {
		now = a.options.Now()
	}
	answer.stamp(x.id, now)
	return answer, nil
}

// stamp adds what every answer carries.
func (a *answer) stamp(id string, now time.Time) {
	a.header.Set("X-Amzn-Requestid", id)
	a.header.Set("Date", now.UTC().Format(http.TimeFormat))
}

// travel takes the time that the request and its answer take, and fails where they get lost.
func (a *Account) travel(ctx context.Context, fault FaultKind) error {
	switch fault {
	case Hang:
		<-ctx.Done()
		return ctx.Err()
	case Reset:
		return syscall.ECONNRESET
	default: // the others have an answer
	}
	if a.options.Latency <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(a.options.Latency)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// answer runs the operation and writes what it gave.
func (a *Account) answer(x *exchange, m *message) *answer {
	if x.fault == HTML {
		return newAnswer(http.StatusInternalServerError, "text/html", []byte("<!DOCTYPE html><title>Internal Server Error</title>\n"))
	}
	out, err := a.run(x, m)
	if err != nil {
		return x.protocol.encodeError(x.service, err, x.id)
	}
	if x.fault == WrongType {
		spoil(out)
	}
	answer := x.protocol.encode(x.service, x.operation, out, x.id)
	if x.fault == Truncate {
		answer.body = answer.body[:len(answer.body)/2]
	}
	return answer
}

// run checks the request as AWS's front door does, runs its operation, and notes the call.
func (a *Account) run(x *exchange, m *message) (object, *apiError) {
	caller, fail := a.authenticate(x, m)
	if fail != nil {
		return nil, fail
	}
	door := x.protocol.frontDoor()
	o, ok := x.service.operation(x.operation)
	if !ok {
		a.unknown(x.service, x.operation)
		return nil, &door.unknownOperation
	}
	in := o.newInput()
	if err := x.protocol.decode(m, in); err != nil {
		return nil, x.refusal(err)
	}
	r := a.request(x.signature.region, caller)
	r.host, r.changes = m.host, o.changes
	out, fail := a.perform(x, o, r, in)
	if fail == nil && o.changes {
		a.tell()
	}
	return out, fail
}

// perform runs an operation, unless a fault or the caller's policies forbid it. Operations run one at a time.
func (a *Account) perform(x *exchange, o operation, r *request, in any) (object, *apiError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fail := x.faultError(r.Caller, r.Now)
	if fail == nil {
		fail = x.authorize(a, r.Caller)
	}
	var tree object
	if fail == nil {
		out, err := o.run(r, in)
		if err == nil {
			tree = a.outline(reflect.ValueOf(out)).(object)
		} else if !errors.As(err, &fail) {
			internal := x.protocol.frontDoor().internal
			fail = &apiError{Code: internal.Code, Message: err.Error(), Status: internal.Status}
		}
		if o.changes {
			a.permissions = nil // they may be others now
		}
	}
	a.note(x, r, in, fail)
	return tree, fail
}

// note keeps the call for [Account.Calls].
func (a *Account) note(x *exchange, r *request, in any, fail *apiError) {
	if a.options.ForgetCalls {
		return
	}
	call := Call{Service: x.service.id, Operation: x.operation, Region: r.Region}
	call.Input = string(appendJSON(nil, a.outline(reflect.ValueOf(in))))
	if fail != nil {
		call.Code = fail.Code
	}
	a.calls = append(a.calls, call)
}

// refusal is the answer to a request that cannot be read.
func (x *exchange) refusal(err error) *apiError {
	e := x.protocol.frontDoor().unreadable
	var bad *bindError
	if errors.As(err, &bad) && bad.missing {
		e.Code = x.service.codes.invalid
	}
	e.Message = err.Error()
	return &e
}

// spoil puts a string where the first list or map of an answer belongs.
func spoil(out object) bool {
	for i := range out {
		switch value := out[i].value.(type) {
		case list, dict:
			out[i].value = "not what belongs here"
			return true
		case object:
			if spoil(value) {
				return true
			}
		}
	}
	return false
}
