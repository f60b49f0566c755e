package sandbox

import "slices"

// A service is one AWS service: the names that AWS knows it by, the protocols that it speaks and the operations that it has here.
type service struct {
	// id is the service's IAM prefix, such as "ecr". It names the service in a Fault, in a Call and in messages.
	id string
	// signing is the service's name in a SigV4 credential scope, where that is not id ("monitoring" is CloudWatch).
	signing string
	// protocols are the protocols that the service speaks. A request is read by the first one that claims it.
	protocols []protocol
	// target is the prefix of X-Amz-Target (AWS JSON) and the service name in the path of a CBOR request.
	target string
	// namespace is the XML namespace of answers (Query and EC2).
	namespace string
	// codes are the error codes that AWS's front door uses for this service.
	codes errorCodes
	// queryCodes names an error's code in the Query protocol where it is not the error's own.
	queryCodes map[string]string
	// actions names the IAM action of an operation where it is not the operation's own name.
	actions    map[string]string
	operations []operation
}

// errorCodes are the codes of errors that any operation of a service can answer with.
type errorCodes struct {
	denied    string // not authorized
	throttled string // too many requests
	invalid   string // a parameter is missing or cannot be read
}

// signingName is the service's name in a credential scope.
func (s *service) signingName() string {
	if s.signing != "" {
		return s.signing
	}
	return s.id
}

// queryCode is an error's code in the Query protocol.
func (s *service) queryCode(e *apiError) string {
	if code := s.queryCodes[e.Code]; code != "" {
		return code
	}
	return e.Code
}

// operation finds an operation by its exact name.
func (s *service) operation(name string) (operation, bool) {
	for _, o := range s.operations {
		if o.name == name {
			return o, true
		}
	}
	return operation{}, false
}

// An operation is one API operation with the types of its input and output hidden behind any.
type operation struct {
	name     string
	changes  bool // it may change the state
	newInput func() any
	run      func(r *request, in any) (any, error)
}

// op makes an operation that only reads from a function. In and Out are structs whose fields carry wire tags (see wire.go).
func op[In, Out any](name string, f func(*request, *In) (*Out, error)) operation {
	return operation{
		name:     name,
		newInput: func() any { return new(In) },
		run: func(r *request, in any) (any, error) {
			out, err := f(r, in.(*In))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// change makes an operation that may change the state.
func change[In, Out any](name string, f func(*request, *In) (*Out, error)) operation {
	o := op(name, f)
	o.changes = true
	return o
}

// none is the input or output of an operation that has none.
type none struct{}

// services lists every service of the practice account.
func services() []*service {
	return []*service{
		&stsService, &iamService, &ecrService, &logsService, &ec2Service, &cloudwatchService, &snsService, &budgetsService,
	}
}

// serviceSignedAs finds a service by its name in a credential scope; nil when there is none.
func serviceSignedAs(name string) *service {
	all := services()
	if i := slices.IndexFunc(all, func(s *service) bool { return s.signingName() == name }); i >= 0 {
		return all[i]
	}
	return nil
}
