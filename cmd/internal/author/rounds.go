package author

import (
	"net/http"
	"sync"
	"time"
)

// rounds answers all requests that are waiting at once, when for a moment no other has come: a round. Their number is
// the longest chain of requests that wait for one another, which is how long a run takes.
type rounds struct {
	next  http.RoundTripper
	quiet time.Duration // how long the moment is

	mu    sync.Mutex
	round chan struct{}
	begin *time.Timer
	count int
}

// RoundTrip implements http.RoundTripper.
func (r *rounds) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	if r.round == nil {
		round := make(chan struct{})
		r.round = round
		r.begin = time.AfterFunc(r.quiet, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.round = nil
			r.count++
			close(round)
		})
	}
	r.begin.Reset(r.quiet)
	round := r.round
	r.mu.Unlock()
	<-round
	return r.next.RoundTrip(req)
}

// between puts the rounds between a run and the account.
func (r *rounds) between(next http.RoundTripper) http.RoundTripper {
	r.next = next
	return r
}
