package sandbox

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"syscall"
	"time"
)

// An exchange is one request on its way through the account.
type exchange struct {
	id        string // the request id
	scope     scope
	service   *service
	protocol  protocol
	operation string
	fault     FaultKind
}

// A scope is what a SigV4 signature says about its request.
type scope struct {
	accessKeyID, region, service string
}

var credentialScope = regexp.MustCompile(`^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request`)

// readScope reads the scope of a request's signature. The signature itself is not checked.
func readScope(m *message) (scope, bool) {
	match := credentialScope.FindStringSubmatch(m.header.Get("Authorization"))
	if match == nil {
		return scope{}, false
	}
	return scope{accessKeyID: match[1], region: match[2], service: match[3]}, true
}

// serve answers one request. An error means that there is no answer: the caller gave up, or the connection broke.
func (a *Account) serve(ctx context.Context, m *message) (*answer, error) {
	x := a.open(m)
	if err := a.travel(ctx, x.fault); err != nil {
		return nil, err
	}
	answer := a.answer(x, m)
	answer.header.Set("X-Amzn-Requestid", x.id)
	answer.header.Set("Date", a.options.Now().UTC().Format(http.TimeFormat))
	return answer, nil
}

// open finds out which service, protocol and operation a request is for. An unknown service is one without operations.
func (a *Account) open(m *message) *exchange {
	a.mu.Lock()
	x := &exchange{id: a.uuid()}
	a.mu.Unlock()
	signed, ok := readScope(m)
	x.scope = signed
	x.service = a.services[signed.service]
	if !ok || x.service == nil {
		x.service = &service{id: signed.service, protocols: []protocol{awsQuery}}
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
	x.fault = a.fault(x.service.id, x.operation)
	return x
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

// run checks the request as AWS's front door does, runs its operation, and notes the call. Operations run one at a time.
func (a *Account) run(x *exchange, m *message) (object, *apiError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	door := x.protocol.frontDoor()
	if x.scope.accessKeyID == "" {
		return nil, &door.unsigned
	}
	caller, ok := a.caller(x.scope.accessKeyID)
	if !ok || !enabledRegion(x.scope.region) {
		return nil, &door.rejected
	}
	o, ok := x.service.operation(x.operation)
	if !ok {
		a.unknown(x.service, x.operation)
		return nil, &door.unknownOperation
	}
	in := o.newInput()
	if err := x.protocol.decode(m, in); err != nil {
		return nil, x.refusal(err)
	}
	r := &request{account: a, Region: x.scope.region, Now: a.options.Now().UTC(), Caller: caller}
	fail := x.faultError(caller, r.Now)
	var out any
	if fail == nil {
		var err error
		if out, err = o.run(r, in); err != nil && !errors.As(err, &fail) {
			fail = &apiError{Code: door.internal.Code, Message: err.Error(), Status: door.internal.Status}
		}
	}
	call := Call{Service: x.service.id, Operation: x.operation, Region: r.Region}
	call.Input = string(appendJSON(nil, outline(reflect.ValueOf(in))))
	if fail != nil {
		call.Code = fail.Code
		a.calls = append(a.calls, call)
		return nil, fail
	}
	a.calls = append(a.calls, call)
	return outline(reflect.ValueOf(out)).(object), nil
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

// caller finds who an access key belongs to. A key that has been switched off belongs to nobody.
func (a *Account) caller(accessKeyID string) (Caller, bool) {
	if c, ok := a.sessions[accessKeyID]; ok {
		return c, true
	}
	u, key := a.accessKey(accessKeyID)
	if key == nil && accessKeyID == a.state.Caller.AccessKeyID {
		return a.state.Caller, true
	}
	if key == nil || key.Inactive {
		return Caller{}, false
	}
	return Caller{ARN: "arn:aws:iam::" + a.state.Account + ":user" + u.path() + u.Name, UserID: u.ID, AccessKeyID: accessKeyID}, true
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
