package sandbox

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/ecr"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Options are the settings of an Account. The zero value is a good one.
type Options struct {
	// Now tells the time; nil is the clock of the machine.
	Now func() time.Time
	// Log receives one line for each request that the practice account does not know; nil drops them.
	Log io.Writer
	// Latency is how long each answer takes. Requests are delayed side by side.
	Latency time.Duration
	// Faults are what goes wrong.
	Faults []Fault
	// Changed is called after each change of the account's state and before the answer to the request that changed it,
	// so that whoever keeps the state in a file has it there when the client learns of the change. It is never called
	// twice at once, and it may call [Account.Snapshot]. Nil: nobody wants to know.
	Changed func()
	// AnySecret believes whoever names one of the account's access keys: signatures and session tokens are not checked.
	// For tests that change requests on their way, or that have secrets of their own.
	AnySecret bool
	// ForgetCalls keeps no list of the requests: [Account.Calls] is empty. For accounts that live long.
	ForgetCalls bool
}

// An Account is a running practice account. It is safe for use by several goroutines.
//
// It is an [http.RoundTripper], for use in this process behind AWS's own endpoint names, and an [http.Handler], for use
// behind a port. Either way a request belongs to the service and the Region in the credential scope of its signature.
type Account struct {
	options  Options
	requests atomic.Int64

	telling sync.Mutex // held while Options.Changed runs

	mu          sync.Mutex // guards everything below
	state       *State
	calls       []Call
	faultCounts []int // by index in options.Faults: requests seen
	*shared
	untilStopped, untilChanged wire.Memories
}

// shared is what the accounts of a server have in common, so that a thousand of them need it once. An account by itself
// has its own.
type shared struct {
	keyring  keyring // where the keys are known that the accounts issue
	commands commandLists
	codec    wire.Codec
	memories wire.Memories
}

// New starts an account. It takes the state over: the operations change it.
func New(state *State, options Options) *Account {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	return &Account{options: options, state: state, faultCounts: make([]int, len(options.Faults)), shared: &shared{}}
}

// A Call is a request that reached one of the account's operations.
type Call struct {
	Service   string // IAM prefix, such as "ecr"
	Operation string
	Region    string
	Input     string // canonical JSON of what the account understood
	Code      string // code of the error that it answered with; "" when the answer was good
}

// Calls returns the requests answered so far, in order.
func (a *Account) Calls() []Call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.calls)
}

// RegistryLogin returns the user and the password with which the state's caller signs in to the registry of a Region,
// as "aws ecr get-login-password" prints it. It is good for twelve hours.
func (a *Account) RegistryLogin(region string) (user, password string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return ecr.Login(a.state.Caller, region, a.options.Now())
}

// Credentials returns the credentials of the state's caller. The session token is empty for a long-term key.
func (a *Account) Credentials() (accessKeyID, secretAccessKey, sessionToken string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.state.Caller
	return c.AccessKeyID, c.SecretAccessKey, c.SessionToken
}

// request opens a request of somebody in a Region, to be used while the account's lock is held.
func (a *Account) request(region string, who wire.Caller) *wire.Request {
	return &wire.Request{Account: held{a}, Region: region, Now: a.options.Now().UTC(), Caller: who}
}

// view runs f on the account's state, as an operation that a caller asks for in a Region. Operations run one at a time.
func (a *Account) view(region string, who wire.Caller, f func(*wire.Request) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return f(a.request(region, who))
}

// change is view for an f that changes the state. Unless f fails, the change is told before change returns.
func (a *Account) change(region string, who wire.Caller, f func(*wire.Request) error) error {
	err := a.view(region, who, func(r *wire.Request) error {
		r.Changes = true
		defer a.untilChanged.Clear()
		return f(r)
	})
	if err == nil {
		a.tell()
	}
	return err
}

// tell calls Options.Changed. The caller does not hold the account's lock.
func (a *Account) tell() {
	if a.options.Changed == nil {
		return
	}
	a.telling.Lock()
	defer a.telling.Unlock()
	a.options.Changed()
}

// unknown says on the log that the account was asked for something that it does not have.
func (a *Account) unknown(s *wire.Service, operation string) {
	what := fmt.Sprintf("the operation %s:%s", s.ID, operation)
	if len(s.Operations) == 0 {
		var known []string
		for _, other := range a.state.services {
			known = append(known, other.SigningName())
		}
		slices.Sort(known)
		what = fmt.Sprintf("the service %q (it has %s)", s.ID, strings.Join(known, ", "))
	}
	// A log that cannot be written must not change an answer.
	_, _ = fmt.Fprintf(a.options.Log, "sandbox: the practice account does not have %s\n", what)
}

// requestID makes the id of one request.
func (a *Account) requestID() string { return requestID(a.state.Account, int(a.requests.Add(1))) }

// requestID is the id that an account's nth request has: always the same one, so that a report of a practice account
// can be told from a report of AWS.
func requestID(account string, n int) string { return wire.UUID(wire.Draw("request", account, n)) }

// RequestIDs are the ids of the first n requests that a practice account of this number answers.
func RequestIDs(account string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = requestID(account, i+1)
	}
	return ids
}

// held is an account as its services see it, while its lock is held.
type held struct{ account *Account }

var _ wire.Account = held{}

// Number is the account's number.
func (h held) Number() string { return h.account.state.Account }

// Unique draws 32 bytes that the account never draws again. They come from a counter in the state, so that two runs
// over the same state make the same ids, and from the account's number, so that no two accounts do.
func (h held) Unique() []byte {
	s := h.account.state
	s.Drawn++
	return wire.Draw("resource", s.Account, s.Drawn)
}

// IssueKey makes a new access key known to the server.
func (h held) IssueKey(id string) error { return h.account.keyring.add(h.account, id) }

// RevokeKey ends the account's own credentials, if this is their key.
func (h held) RevokeKey(id string) {
	if caller := &h.account.state.Caller; caller.AccessKeyID == id {
		caller.Revoked = true
	}
}

// Services are the account's services.
func (h held) Services() []*wire.Service { return h.account.state.services }

// Memory is what the services remember outside of the state.
func (h held) Memory(lifetime wire.Lifetime) *wire.Memories {
	switch lifetime {
	case wire.Shared:
		return &h.account.memories
	case wire.UntilChanged:
		return &h.account.untilChanged
	default:
		return &h.account.untilStopped
	}
}

// Part is a part of the state.
func (h held) Part(key, region string, keep bool) any { return h.account.state.Part(key, region, keep) }

// Regions are the Regions of which the state says something.
func (h held) Regions() []string { return h.account.state.Regions() }
