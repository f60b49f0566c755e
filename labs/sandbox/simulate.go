package sandbox

import "net/http"

// A Simulation is something that happens outside of AWS's APIs: in the console, in a mailbox. [Account.Simulate] makes it happen.
type Simulation struct {
	Name string // such as "root-mfa"
	Help string // what it stands for, one sentence
	run  func(*State) error
}

// Simulations lists what can be simulated.
func Simulations() []Simulation { return nil }

// Simulate makes something happen that no API does. An unknown name is an error that lists the known ones.
func (a *Account) Simulate(name string) error { return nil }

// serveOwn serves what is below /labcheck/.
func (s *Server) serveOwn(w http.ResponseWriter, req *http.Request) {
	http.Error(w, "not yet", http.StatusNotImplemented)
}
