package account

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// practice opens the finished practice account with faults.
func practice(t *testing.T, faults ...sandbox.Fault) *sandbox.Account {
	t.Helper()
	state, err := sandboxtest.Load("finished", testNow())
	require.NoError(t, err)
	return sandbox.New(state, sandbox.Options{Faults: faults})
}

func everything(kind sandbox.FaultKind) sandbox.Fault {
	return sandbox.Fault{Service: "*", Operation: "*", Kind: kind}
}

// Every fault of the practice account, in every protocol, has its one reason, and only what may pass is asked again.
func TestFaultsHaveTheirReason(t *testing.T) {
	const once, always = 1, maxAttempts
	for kind, want := range map[sandbox.FaultKind]struct {
		reason  facts.Reason
		answers int
		detail  string
	}{
		sandbox.Throttle:      {facts.Throttled, always, "slow down"},
		sandbox.Deny:          {facts.AccessDenied, once, "no policy of the caller allows "},
		sandbox.DenySCP:       {facts.AccessDenied, once, "a service control policy (SCP) of the organization denies "},
		sandbox.DenyBoundary:  {facts.AccessDenied, once, "the caller's permissions boundary does not allow "},
		sandbox.InternalError: {facts.Unreachable, always, "HTTP 500"},
		sandbox.InvalidToken:  {facts.RejectedCredentials, once, "access key"},
		sandbox.Expired:       {facts.ExpiredCredentials, once, "sign in again"},
		sandbox.ClockSkew:     {facts.ClockWrong, once, "clock"},
		sandbox.NotActive:     {facts.AccountNotActive, once, "24 hours"},
		sandbox.HTML:          {facts.InvalidResponse, once, "text/html"},
		sandbox.Truncate:      {facts.InvalidResponse, once, "cut off"},
		sandbox.WrongType:     {facts.InvalidResponse, once, "not in the API's form"},
		sandbox.Reset:         {facts.Unreachable, 0, "broke"},
	} {
		for protocol, p := range probes() {
			t.Run(string(kind)+" "+protocol, func(t *testing.T) {
				v := openTest(t, practice(t, everything(kind)), p)
				_, err := p.Get(v, probeKey{Region: "us-east-1"})
				e := facts.AsError(err)
				require.Equal(t, want.reason, e.Reason, e.Detail)
				require.Contains(t, e.Detail, want.detail)
				require.Equal(t, p.Operations[0], e.Operation)
				require.Equal(t, "us-east-1", e.Region)
				require.Len(t, v.Evidence(), want.answers)
				if want.reason == facts.AccessDenied {
					require.Equal(t, p.Operations[0], e.MissingAction)
				}
			})
		}
	}
}

func TestAFaultThatPassesIsRetried(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.Throttle, sandbox.InternalError, sandbox.Reset} {
		t.Run(string(kind), func(t *testing.T) {
			fault := everything(kind)
			fault.Times = maxAttempts - 1
			require.NoError(t, ask(t, practice(t, fault), probes()["json"]))
		})
	}
}

func TestAHangingAttemptIsRetried(t *testing.T) {
	fault := everything(sandbox.Hang)
	fault.Times = maxAttempts - 1
	account := practice(t, fault)
	p := probes()["json"]
	require.NoError(t, askWithin(t, testOptions(account, p), p, limits{call: time.Hour, attempt: time.Millisecond, requests: 8}))
	require.Len(t, account.Calls(), 1)
}

func TestAHangIsATimeout(t *testing.T) {
	p := probes()["json"]
	for name, l := range map[string]limits{
		"of the last attempt": {call: time.Hour, attempt: time.Millisecond, requests: 8},
		"of the call":         {call: time.Millisecond, attempt: time.Hour, requests: 8},
	} {
		t.Run(name, func(t *testing.T) {
			err := askWithin(t, testOptions(practice(t, everything(sandbox.Hang)), p), p, l)
			require.Equal(t, facts.Timeout, facts.AsError(err).Reason)
			require.Contains(t, facts.AsError(err).Detail, "no answer")
		})
	}
}

// A throttled call whose next attempt would come too late was throttled; it did not time out.
func TestACallOutOfTimeKeepsItsReason(t *testing.T) {
	p := probes()["json"]
	o := testOptions(practice(t, everything(sandbox.Throttle)), p)
	o.Backoff = func(int) time.Duration { return time.Hour }
	err := askWithin(t, o, p, limits{call: 50 * time.Millisecond, attempt: time.Hour, requests: 8})
	require.Equal(t, facts.Throttled, facts.AsError(err).Reason)
}

func TestTheEndOfTheRunIsTheReason(t *testing.T) {
	p := probes()["json"]
	for _, c := range []struct {
		cause error
		want  facts.Reason
	}{
		{facts.ErrInterrupted, facts.Interrupted},
		{facts.ErrRunTimeout, facts.Timeout},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		door := openDoor(t, testOptions(practice(t, everything(sandbox.Hang)), p), standardLimits())
		s := facts.NewSession(ctx, facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
		pending := p.Start(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
		cancel(c.cause)
		_, err := pending.Get()
		require.Equal(t, c.want, facts.AsError(err).Reason)
	}
}

// askWithin asks one probe once within limits.
func askWithin(t *testing.T, o Options, p *probe, l limits) error {
	t.Helper()
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(openDoor(t, o, l))}})
	_, err := p.Get(s.View(facts.Site{}, []facts.Source{p}, nil), probeKey{Region: "us-east-1"})
	return err
}
