package account

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// crowd counts the requests that are under way at the same time, and lets none go before full or all are there.
type crowd struct {
	mu         sync.Mutex
	now, most  int
	full, left int // let go when so many are there; how many are still to come
	open       chan struct{}
}

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.now++
	c.left--
	c.most = max(c.most, c.now)
	if c.now == c.full || c.left == 0 {
		close(c.open)
		c.open = make(chan struct{})
	}
	open := c.open
	if c.now == c.full || c.left == 0 {
		open = nil
	}
	c.mu.Unlock()
	if open != nil {
		<-open
	}
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
	return answer(200, jsonType, "{}").RoundTrip(r)
}

func TestAtMostEightRequestsPerServiceAtATime(t *testing.T) {
	p := probes()["json"]
	const questions = 24
	c := &crowd{full: standardLimits().requests, left: questions, open: make(chan struct{})}
	v := openTest(t, c, p)
	pending := make([]*facts.Pending[bool], questions)
	for i := range pending {
		pending[i] = p.Start(v, probeKey{Region: "us-east-1", N: i})
	}
	for _, answer := range pending {
		_, err := answer.Get()
		require.NoError(t, err)
	}
	require.Equal(t, 8, c.most)
}

// One service that does not answer does not hold up another.
func TestServicesHaveTheirOwnSlots(t *testing.T) {
	slow, quick := probes()["json"], probes()["query"]
	practice := practice(t)
	release := make(chan struct{})
	o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("X-Amz-Target") != "" {
			<-release
		}
		return practice.RoundTrip(r)
	}), slow, quick)
	o.Credentials.AccessKeyID, o.Credentials.SecretAccessKey, o.Credentials.SessionToken = practice.Credentials()
	door := openDoor(t, o, limits{call: time.Hour, attempt: time.Hour, requests: 1})
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	v := s.View(facts.Site{}, []facts.Source{slow, quick}, nil)
	waiting := slow.Start(v, probeKey{Region: "us-east-1"})
	_, err := quick.Get(v, probeKey{Region: "us-east-1"})
	require.NoError(t, err)
	close(release)
	_, err = waiting.Get()
	require.NoError(t, err)
}

// The time of an attempt begins when it has its slot: the second of two requests is not late because of the first.
func TestWaitingForASlotIsNotPartOfTheAttempt(t *testing.T) {
	p := probes()["json"]
	var deadlines []time.Time
	o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
		deadline, ok := r.Context().Deadline()
		require.True(t, ok)
		deadlines = append(deadlines, deadline) // one at a time, by the limit under test
		return answer(200, jsonType, "{}").RoundTrip(r)
	}), p)
	door := openDoor(t, o, limits{call: time.Hour, attempt: time.Minute, requests: 1})
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	v := s.View(facts.Site{}, []facts.Source{p}, nil)
	held := door.slots.of("ECR", 1)
	held <- struct{}{}
	pending := p.Start(v, probeKey{Region: "us-east-1"})
	freed := time.Now()
	<-held
	_, err := pending.Get()
	require.NoError(t, err)
	require.Len(t, deadlines, 1)
	require.False(t, deadlines[0].Before(freed.Add(time.Minute)))
}

// A call that never gets a slot ends with its own deadline.
func TestACallGivesUpWaitingForASlot(t *testing.T) {
	p := probes()["json"]
	door := openDoor(t, testOptions(practice(t), p), limits{call: time.Millisecond, attempt: time.Hour, requests: 1})
	door.slots.of("ECR", 1) <- struct{}{}
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	_, err := p.Get(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
	require.Equal(t, facts.Timeout, facts.AsError(err).Reason)
}
