package sandbox

import (
	"io"
	"sync"
	"time"
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
}

// An Account is a running practice account.
type Account struct {
	options Options

	mu    sync.Mutex // guards everything below
	state *State
	ids   int
}
