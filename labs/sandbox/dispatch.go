package sandbox

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"syscall"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// An exchange is one request on its way through an account.
type exchange struct {
	id        string // the request id
	signature wire.Signature
	signed    bool // the signature is whole
	service   *wire.Service
	protocol  wire.Protocol
	operation string
	fault     FaultKind
}

// open finds out which service, protocol and operation a request is for. An unknown service is one without operations.
func open(services []*wire.Service, m *wire.Message) *exchange {
	x := &exchange{}
	x.signature, x.signed = wire.ParseSignature(m.Header.Get("Authorization"))
	for _, s := range signedAs(services, x.signature.Service) {
		for _, p := range s.Protocols {
			if name, claimed := p.Operation(s, m); claimed {
				x.service, x.protocol, x.operation = s, p, name
				return x
			}
		}
		x.service, x.protocol = s, s.Protocols[0]
	}
	if x.service == nil {
		x.service = &wire.Service{API: wire.API{ID: x.signature.Service, Protocols: []wire.Protocol{wire.Query}}}
		if m.Header.Get("X-Amz-Target") != "" {
			x.service.Protocols = []wire.Protocol{wire.JSON11}
		}
		x.protocol = x.service.Protocols[0]
		x.operation, _ = x.protocol.Operation(x.service, m)
	}
	return x
}

// OperationOf names the operation for which a request asks the standard services, in any protocol; "" is none.
func OperationOf(req *http.Request, body []byte) string {
	m := messageOf(req)
	m.Body = body
	return open(Standard(), m).operation
}

// messageOf is a request of this process without its body.
func messageOf(req *http.Request) *wire.Message {
	return &wire.Message{Method: req.Method, Host: cmp.Or(req.Host, req.URL.Host), Header: req.Header, URL: req.URL}
}

// serve answers one request. An error means that there is no answer: the caller gave up, or the connection broke.
func (a *Account) serve(ctx context.Context, m *wire.Message) (*wire.Answer, error) {
	return a.handle(ctx, open(a.state.services, m), m)
}

// handle is serve for a request whose envelope has been opened.
func (a *Account) handle(ctx context.Context, x *exchange, m *wire.Message) (*wire.Answer, error) {
	x.id = a.requestID()
	x.fault = a.fault(x.service.ID, x.operation)
	if err := a.travel(ctx, x.fault); err != nil {
		return nil, err
	}
	answer := a.answer(x, m)
	now := m.Received // clients set their clock by the answer, so it is the one that signatures are checked by
	if now.IsZero() {
		now = a.options.Now()
	}
	stamp(answer, x.id, now)
	return answer, nil
}

// stamp adds what every answer carries.
func stamp(a *wire.Answer, id string, now time.Time) {
	a.Header.Set("X-Amzn-Requestid", id)
	a.Header.Set("Date", now.UTC().Format(http.TimeFormat))
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
func (a *Account) answer(x *exchange, m *wire.Message) *wire.Answer {
	if x.fault == HTML {
		return wire.NewAnswer(
			http.StatusInternalServerError, "text/html",
			[]byte("<!DOCTYPE html><title>Internal Server Error</title>\n"),
		)
	}
	out, err := a.run(x, m)
	if err != nil {
		return x.protocol.EncodeError(x.service, err, x.id)
	}
	if x.fault == WrongType {
		out.Spoil()
	}
	answer := x.protocol.Encode(x.service, x.operation, out, x.id)
	if x.fault == Truncate {
		answer.Body = answer.Body[:len(answer.Body)/2]
	}
	return answer
}

// run checks the request as AWS's front door does, runs its operation, and notes the call.
func (a *Account) run(x *exchange, m *wire.Message) (wire.Object, *wire.Error) {
	caller, fail := a.authenticate(x, m)
	if fail != nil {
		return nil, fail
	}
	door := x.protocol.FrontDoor()
	o, ok := x.service.Operation(x.operation)
	if !ok {
		a.unknown(x.service, x.operation)
		return nil, &door.UnknownOperation
	}
	in := o.NewInput()
	if err := x.protocol.Decode(&a.codec, m, in); err != nil {
		return nil, x.refusal(err)
	}
	r := a.request(x.signature.Region, caller)
	r.Host, r.Changes = m.Host, o.Changes
	out, fail := a.perform(x, o, r, in)
	if fail == nil && o.Changes {
		a.tell()
	}
	return out, fail
}

// perform runs an operation, unless a fault or the caller's policies forbid it. Operations run one at a time.
func (a *Account) perform(x *exchange, o wire.Operation, r *wire.Request, in any) (wire.Object, *wire.Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fail := x.faultError(r.Caller, r.Now)
	if fail == nil {
		fail = x.authorize(r)
	}
	var tree wire.Object
	if fail == nil {
		out, err := o.Run(r, in)
		if err == nil {
			tree = a.codec.Outline(out)
		} else if !errors.As(err, &fail) {
			internal := x.protocol.FrontDoor().Internal
			fail = &wire.Error{Code: internal.Code, Message: err.Error(), Status: internal.Status}
		}
		if o.Changes {
			a.untilChanged.Clear()
		}
	}
	a.note(x, r, in, fail)
	return tree, fail
}

// note keeps the call for [Account.Calls].
func (a *Account) note(x *exchange, r *wire.Request, in any, fail *wire.Error) {
	if a.options.ForgetCalls {
		return
	}
	call := Call{Service: x.service.ID, Operation: x.operation, Region: r.Region}
	call.Input = a.codec.JSON(in)
	if fail != nil {
		call.Code = fail.Code
	}
	a.calls = append(a.calls, call)
}

// refusal is the answer to a request that cannot be read.
func (x *exchange) refusal(err error) *wire.Error {
	e := x.protocol.FrontDoor().Unreadable
	var bad *wire.BindError
	if errors.As(err, &bad) && bad.Missing {
		e.Code = x.service.ErrorCodes().Invalid
	}
	e.Message = err.Error()
	return &e
}
