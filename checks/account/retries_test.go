package account

import (
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

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
