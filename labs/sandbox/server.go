package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// ServerOptions are the settings of a Server. The zero value is a good one.
type ServerOptions struct {
	// Now tells the time against which the age of signatures is checked; nil is the clock of the machine.
	Now func() time.Time
	// Log receives one line for each request that the practice account does not know and that belongs to no account;
	// nil drops them.
	Log io.Writer
	// Name is a name of the machine by which it may be asked too; "" for none.
	Name string
}

// A Server serves many practice accounts behind one address, kept apart: a request belongs to the account that issued
// the access key that signed it, and sees nothing of the others. It is safe for use by several goroutines.
//
// It speaks three things:
//   - AWS's APIs, on any path but the following ones. Signatures are checked, with their age.
//   - what its services have besides, such as the Docker registry's HTTP API below /v2/.
//   - its own, below /labcheck/, which no API of AWS has: GET /labcheck/simulate lists the [wire.Simulation]s, and POST
//     /labcheck/simulate/NAME makes one happen. Only the machine itself may ask for that, and no page in a browser.
//     Where there are several accounts, ?account=NUMBER says which one is meant.
//
// It answers only to names that lead to this machine alone, and no page of another origin.
type Server struct {
	options  ServerOptions
	shared   shared
	requests atomic.Int64 // that belonged to no account

	mu       sync.RWMutex
	accounts map[string]*Account // by number
	services []*wire.Service     // the standard ones, and those of the accounts
}

var _ http.Handler = (*Server)(nil)

// NewServer makes a server without accounts.
func NewServer(options ServerOptions) *Server {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	return &Server{options: options, accounts: map[string]*Account{}, services: Standard()}
}

// Add serves one more account. It is an error if the server has an account of that number, or one that issued one of
// its access keys: [State.Renumber] makes another account of a state. An account belongs to one server at most.
func (s *Server) Add(a *Account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	number := a.state.Account // which never changes
	if s.accounts[number] != nil {
		return fmt.Errorf("there is a practice account %s already: give each its own number", number)
	}
	if err := a.join(s); err != nil {
		return fmt.Errorf("practice account %s: %w", number, err)
	}
	s.accounts[number] = a
	s.services = join(s.services, a.state.services)
	return nil
}

// join has the account share what the accounts of a server share. From now on the server knows each key that it issues.
func (a *Account) join(s *Server) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var ids []string
	for key := range a.keys() {
		ids = append(ids, key.AccessKeyID)
	}
	if err := s.shared.keyring.add(a, ids...); err != nil {
		return err
	}
	a.shared = &s.shared
	a.state.Workstation.Commands = s.shared.commands.same(a.state.Workstation.Commands)
	return nil
}

// known are the services of the server.
func (s *Server) known() []*wire.Service {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.services
}

// ServeHTTP answers one request. Every answer has the headers "Server: labcheck practice account" and
// "X-Labcheck-Simulated: true".
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	sayPractice(w.Header())
	if s.turnsAway(w, req) {
		return
	}
	services := s.known()
	if site := siteOf(services, req); site != nil {
		patientBody(w, req)
		s.serveSite(site, w, req)
		return
	}
	switch path := req.URL.Path; {
	case path == "/" && req.URL.RawQuery == "" && req.Header.Get("Authorization") == "" && req.Method == http.MethodGet:
		_, _ = io.WriteString(w, introduction) // a client that went away cannot be told
	case !isSigned(req) && (path == "/labcheck" || strings.HasPrefix(path, "/labcheck/")):
		s.serveOwn(w, req)
	default:
		s.serveAWS(services, w, req)
	}
}

// introduction is what somebody sees who opens the address in a browser.
const introduction = "This is a practice account of labcheck: a simulation of AWS on this machine. " +
	"Nothing here is AWS, and nothing costs money.\n"

// sayPractice marks an answer as one of the practice account.
func sayPractice(header http.Header) {
	header.Set("Server", "labcheck practice account")
	header.Set("X-Labcheck-Simulated", "true")
}

// serveAWS hands the request to the account whose key signed it.
func (s *Server) serveAWS(services []*wire.Service, w http.ResponseWriter, req *http.Request) {
	m, ok := receive(w, req)
	if !ok {
		return
	}
	m.Received = s.options.Now().UTC()
	x := open(services, m)
	if a := s.shared.keyring.owner(x.signature.AccessKeyID); a != nil {
		answer, err := a.handle(req.Context(), x, m)
		send(w, answer, err)
		return
	}
	send(w, s.turnAway(x, m), nil)
}

// turnAway answers a request that no account's key signed.
func (s *Server) turnAway(x *exchange, m *wire.Message) *wire.Answer {
	fail := x.unsigned(m)
	if x.signed {
		door := x.protocol.FrontDoor()
		fail = &door.Rejected
		// A log that cannot be written must not change an answer.
		_, _ = fmt.Fprintf(
			s.options.Log, "sandbox: no practice account issued the access key of a request to %s\n", x.service.ID,
		)
	}
	id := wire.UUID(wire.Draw("request", "none", int(s.requests.Add(1))))
	answer := x.protocol.EncodeError(x.service, fail, id)
	stamp(answer, id, m.Received)
	return answer
}
