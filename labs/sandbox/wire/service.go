// Package wire is how a service of the practice account speaks with its clients, and what it may ask of the account
// that it belongs to. It knows AWS's protocols, signatures, pages and error answers; it knows no service, and nothing
// of what an account holds.
//
// A service is a package of its own, outside of this module too: it lists its operations in a [Service], keeps its
// state in one or more [Part]s, and uses nothing but this package. Whoever starts the practice account hands it over
// with the others.
package wire

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// An API is what AWS's model says of a service: its names, and how it speaks. It is generated (see package generate).
type API struct {
	// ID is the service's IAM prefix, such as "ecr". It names the service in faults, in calls and in messages.
	ID string
	// Signing is the service's name in the credential scope of a signature, where that is not ID ("monitoring" is
	// CloudWatch).
	Signing string
	// Protocols are the protocols that the service speaks. A request is read by the first one that claims it.
	Protocols []Protocol
	// Target is the prefix of X-Amz-Target (AWS JSON) and the service name in the path of a CBOR request.
	Target string
	// Namespace is the XML namespace of answers (Query, EC2 and REST).
	Namespace string
	// Version is the version of the API in a Query request, where another service has the same name in a signature.
	Version string
	// Routes are the requests of a service that speaks REST, those of operations that it does not have here too. The
	// first one that fits a request is meant.
	Routes []Route
}

// A Route says which requests ask for an operation in a REST protocol.
type Route struct {
	Operation, Method string
	Path              string   // such as "/{Bucket}/{Key+}"
	Query             []string // parameters that a request must have: "versioning", "list-type=2"
	Headers           []string // headers that a request must have
	Status            int      // of a good answer; 0 is 200
	// Unwrapped says that the one member of an answer is the text of its root.
	Unwrapped bool
}

// A Service is one AWS service: the names that AWS knows it by, the protocols that it speaks, its operations here and
// its state.
type Service struct {
	API
	// Codes are the error codes that AWS's front door uses for this service; "" is the usual one of the first protocol.
	Codes ErrorCodes
	// QueryCodes names an error's code in the Query protocol where it is not the error's own.
	QueryCodes map[string]string
	// Actions names the IAM action of an operation where it is not the operation's own name. With a colon it names the
	// prefix too.
	Actions map[string]string
	// Roots names the root element of an operation's answer in REST where it is not the operation's own name with
	// "Result".
	Roots      map[string]string
	Operations []Operation

	// Parts are what the service keeps in the state of an account.
	Parts []AnyPart
	// Simulations are what can happen to the service's state outside of any API.
	Simulations []Simulation
	// Site serves paths that are no API of AWS; nil: there are none.
	Site *Site
	// Provides does for other services and for the account what only this service can. It implements one or more of
	// [KeyHolder], [Authority] and [RoleHolder]; nil: none of them.
	Provides any
}

// ErrorCodes are the codes of errors that any operation of a service can answer with.
type ErrorCodes struct {
	Denied    string // not authorized
	Throttled string // too many requests
	Invalid   string // a parameter is missing or cannot be read
}

// ErrorCodes are the codes with which the service answers for its operations.
func (s *Service) ErrorCodes() ErrorCodes {
	usual := s.Protocols[0].FrontDoor().Codes
	return ErrorCodes{
		Denied:    cmp.Or(s.Codes.Denied, usual.Denied),
		Throttled: cmp.Or(s.Codes.Throttled, usual.Throttled),
		Invalid:   cmp.Or(s.Codes.Invalid, usual.Invalid),
	}
}

// SigningName is the service's name in a credential scope.
func (s *Service) SigningName() string {
	return cmp.Or(s.Signing, s.ID)
}

// Action is the IAM action that an operation needs, such as "ecr:DescribeImages".
func (s *Service) Action(operation string) string {
	if action := s.Actions[operation]; strings.Contains(action, ":") {
		return action
	} else if action != "" {
		return s.ID + ":" + action
	}
	return s.ID + ":" + operation
}

// Operation finds an operation by its exact name.
func (s *Service) Operation(name string) (Operation, bool) {
	i := slices.IndexFunc(s.Operations, func(o Operation) bool { return o.Name == name })
	if i < 0 {
		return Operation{}, false
	}
	return s.Operations[i], true
}

// queryCode is an error's code in the Query protocol.
func (s *Service) queryCode(e *Error) string {
	if code := s.QueryCodes[e.Code]; code != "" {
		return code
	}
	return e.Code
}

// An Operation is one API operation. [Op] and [Change] make one.
type Operation struct {
	Name string
	// Changes says whether it may change the state.
	Changes bool
	// NewInput makes a pointer to the operation's input, for the codec to fill.
	NewInput func() any
	// Run does the work. The input is one that NewInput made; the output is a pointer to a struct with wire tags.
	Run func(r *Request, in any) (out any, err error)
}

// Op makes an operation that only reads from a function. In and Out are structs whose fields carry wire tags (see
// codec.go).
func Op[In, Out any](name string, f func(*Request, *In) (*Out, error)) Operation {
	return Operation{
		Name:     name,
		NewInput: func() any { return new(In) },
		Run: func(r *Request, in any) (any, error) {
			out, err := f(r, in.(*In))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// Change makes an operation that may change the state.
func Change[In, Out any](name string, f func(*Request, *In) (*Out, error)) Operation {
	o := Op(name, f)
	o.Changes = true
	return o
}

// None is the input or output of an operation that has none.
type None struct{}

// A Simulation is something that happens outside of AWS's APIs: in the console, in a mailbox.
type Simulation struct {
	Name string // such as "root-mfa"
	Help string // what it stands for, one sentence
	Run  func(*Request)
}

// A Site serves paths that no API of AWS has, for clients that do not speak to AWS: ECR has the API of Docker's
// registries.
type Site struct {
	// Prefix begins and ends with a slash, such as "/v2/". The path without the last slash belongs to the site as well.
	Prefix string
	// KeyID reads out of a request the id of the access key that it goes back to. The account that issued the key gets
	// the request.
	KeyID func(*http.Request) (string, error)
	// Refuse answers a request without a good key: err is what KeyID returned, or [ErrUnknownKey].
	Refuse func(w http.ResponseWriter, req *http.Request, err error)
	// Serve answers a request, and checks what proves that it may use the key.
	Serve func(door Door, w http.ResponseWriter, req *http.Request)
}

// A Door leads from a [Site] into the account that a request is for.
type Door interface {
	Now() time.Time
	// NewRequestID makes an id that no other request has.
	NewRequestID() string
	// KeyOwner finds who an access key belongs to.
	KeyOwner(keyID string) (Caller, KeyProblem)
	// Enter begins what amounts to an operation of the site's service, by a caller in a Region. It takes the time that
	// the account's answers take. An error is a request that got lost: the connection is to be closed without an
	// answer.
	Enter(ctx context.Context, operation, region string, caller Caller) (Entered, error)
}

// An Entered runs functions under the account's lock, one at a time with all operations.
type Entered interface {
	// View runs f if the caller may do what the request amounts to.
	View(f func(*Request) error) error
	// Change is View for an f that changes the state. Unless f fails, the change is told before Change returns.
	Change(f func(*Request) error) error
}
