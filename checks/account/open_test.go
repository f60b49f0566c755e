package account

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// testNow is the moment that every test of this package is about.
func testNow() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// openTest opens an account in us-east-1 whose requests go to the transport, and returns a view through which the given
// reads can be asked. It is the way to test a read:
//
//	v := openTest(t, sandbox.New(state, sandbox.Options{}), Repository)
//	got, err := Repository.Get(v, RepositoryKey{Region: "us-east-1", Name: "docker-api"})
//
// Only the operations that the reads declare are let through. A transport with a method Credentials, as the practice
// account has, is asked with its own. Retries do not wait.
func openTest(t *testing.T, transport http.RoundTripper, reads ...facts.Source) *facts.View {
	t.Helper()
	return openSession(t, transport, reads...).View(facts.Site{Region: "us-east-1"}, reads, nil)
}

// openSession is openTest for tests that ask the session itself.
func openSession(t *testing.T, transport http.RoundTripper, reads ...facts.Source) *facts.Session {
	t.Helper()
	door := openDoor(t, testOptions(transport, reads...), standardLimits())
	return facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
}

func openDoor(t *testing.T, o Options, l limits) *Door {
	t.Helper()
	door, err := open(t.Context(), o, l)
	require.NoError(t, err)
	return door
}

// testOptions leave the environment of whoever runs the test alone.
func testOptions(transport http.RoundTripper, reads ...facts.Source) Options {
	credentials := &StaticCredentials{
		AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
	if practice, ok := transport.(interface {
		Credentials() (id, secret, token string)
	}); ok {
		credentials.AccessKeyID, credentials.SecretAccessKey, credentials.SessionToken = practice.Credentials()
	}
	o := Options{
		Region: "us-east-1", Transport: transport, Credentials: credentials, Now: testNow,
		Backoff: func(int) time.Duration { return 0 },
	}
	for _, r := range reads {
		o.Operations = append(o.Operations, r.Describe().Operations...)
	}
	return o
}
