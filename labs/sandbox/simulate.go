package sandbox

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Simulate makes something happen that no API does. An unknown name is an error that lists the known ones.
func (a *Account) Simulate(name string) error {
	all := simulations(a.state.services)
	i := slices.IndexFunc(all, func(s wire.Simulation) bool { return s.Name == name })
	if i < 0 {
		var names []string
		for _, s := range all {
			names = append(names, s.Name)
		}
		return fmt.Errorf("%q cannot be simulated; what can be is %s", name, strings.Join(names, ", "))
	}
	return a.change("", wire.Caller{}, func(r *wire.Request) error {
		all[i].Run(r)
		return nil
	})
}

// ownPath is where the server speaks for itself.
const ownPath = "/labcheck/simulate"

// serveOwn serves what is below /labcheck/.
func (s *Server) serveOwn(w http.ResponseWriter, req *http.Request) {
	name, ok := strings.CutPrefix(req.URL.Path, ownPath)
	name, one := strings.CutPrefix(name, "/")
	switch {
	case !fromThisMachine(req):
		http.Error(w, "only the machine that serves the practice account may ask for this", http.StatusForbidden)
	case ok && name == "" && req.Method == http.MethodGet:
		for _, known := range simulations(s.known()) {
			_, _ = fmt.Fprintf(w, "%s: %s\n", known.Name, known.Help) // a client that went away cannot be told
		}
	case ok && one && req.Method == http.MethodPost:
		s.simulate(w, req, name)
	default:
		http.Error(w, "there is GET "+ownPath+" and POST "+ownPath+"/NAME", http.StatusNotFound)
	}
}

// simulate makes something happen in the account that the request means.
func (s *Server) simulate(w http.ResponseWriter, req *http.Request, name string) {
	a, err := s.meant(req.URL.Query().Get("account"))
	if err == nil {
		err = a.Simulate(name)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// meant finds the account of a number; where there is one account only, it is meant without a number.
func (s *Server) meant(number string) (*Account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if number == "" && len(s.accounts) == 1 {
		for _, a := range s.accounts {
			return a, nil
		}
	}
	if a := s.accounts[number]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf(
		"there is no practice account %q: say which one of %d with ?account=NUMBER", number, len(s.accounts),
	)
}

// fromThisMachine reports whether a program on this machine asks, and not a page that somebody opened in its browser:
// browsers say where the page is from.
func fromThisMachine(req *http.Request) bool {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && req.Header.Get("Origin") == "" &&
		req.Header.Get("Sec-Fetch-Site") == ""
}
