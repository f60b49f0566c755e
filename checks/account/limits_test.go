package account

import (
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestAtMostEightRequestsPerServiceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := probes()["json"]
		var under atomic.Int32
		letGo := make(chan struct{})
		v := openTest(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			under.Add(1)
			defer under.Add(-1)
			<-letGo
			return answer(200, jsonType, "{}").RoundTrip(r)
		}), p)
		pending := make([]*facts.Pending[bool], 20)
		for i := range pending {
			pending[i] = p.Start(v, probeKey{Region: "us-east-1", N: i})
		}
		for waiting := len(pending); waiting > 0; waiting-- {
			synctest.Wait()
			require.EqualValues(t, min(8, waiting), under.Load())
			letGo <- struct{}{}
		}
		for _, answer := range pending {
			_, err := answer.Get()
			require.NoError(t, err)
		}
	})
}

// A service that never answers costs four attempts of 5 s, and then the 20 s of the call are over.
func TestTheTimeOfACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := probes()["json"]
		attempts, start := 0, time.Now()
		err := ask(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			attempts++
			require.Equal(t, time.Duration(attempts-1)*5*time.Second, time.Since(start))
			<-r.Context().Done()
			return nil, r.Context().Err()
		}), p)
		require.Equal(t, facts.Timeout, facts.AsError(err).Reason)
		require.Equal(t, 20*time.Second, time.Since(start))
		require.Equal(t, 4, attempts)
	})
}

// With AWS's own pauses a throttled call still makes all its attempts in its time.
func TestPausesFitIntoTheTimeOfACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := probes()["json"]
		throttled := errorAnswer(t, "json", 400, "ThrottlingException", "Rate exceeded")
		o := testOptions(throttled, p)
		o.Backoff = nil
		start := time.Now()
		err := askWithin(t, o, p, standardLimits())
		require.Equal(t, facts.Throttled, facts.AsError(err).Reason)
		require.EqualValues(t, maxAttempts, throttled.asked.Load())
		require.LessOrEqual(t, time.Since(start), (maxAttempts-1)*maxBackoff)
	})
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
	held := door.slots.Load().forService("ECR", 1)
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
	door.slots.Load().forService("ECR", 1) <- struct{}{}
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	_, err := p.Get(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
	require.Equal(t, facts.Timeout, facts.AsError(err).Reason)
}

func refused(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
}

// Without a network a person waits for nothing: the attempts follow each other quickly until something answers.
func TestAPersonWithoutANetworkDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, attempts := probes()["json"], 0
		o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) { attempts++; return refused(r) }), p)
		o.Backoff = nil
		start := time.Now()
		require.Equal(t, facts.Unreachable, facts.AsError(askWithin(t, o, p, standardLimits())).Reason)
		require.Less(t, time.Since(start), time.Second)
		require.Equal(t, maxAttempts, attempts)
	})
}

// Once AWS has answered, a connection that fails is a passing failure, and worth the usual pauses.
func TestAConnectionThatFailsLaterIsWorthAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, practice, asked := probes()["json"], practice(t), 0
		o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
			if asked++; asked == 1 {
				return practice.RoundTrip(r)
			}
			return refused(r)
		}), p)
		o.Credentials.AccessKeyID, o.Credentials.SecretAccessKey, o.Credentials.SessionToken = practice.Credentials()
		o.Backoff = nil
		v := viewThrough(t, o, p)
		_, err := p.Get(v, probeKey{Region: "us-east-1"})
		require.NoError(t, err)
		start := time.Now()
		_, err = p.Get(v, probeKey{Region: "us-east-1", N: 1})
		require.Equal(t, facts.Unreachable, facts.AsError(err).Reason)
		require.Greater(t, time.Since(start), maxBackoff)
	})
}
