package account

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
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

// probe asks one plain operation of a service: what a test of the door needs.
type probe = facts.Read[probeKey, bool]

type probeKey struct {
	Region string `json:"region"`
	N      int    `json:"n"` // tells questions apart
}

func newProbe(operation string, call func(context.Context, *facts.Access, probeKey) error) *probe {
	return &probe{
		Name:       "probe." + operation,
		Operations: []string{operation},
		Fetch: func(ctx context.Context, a *facts.Access, key probeKey) (bool, error) {
			err := call(ctx, a, key)
			return err == nil, err
		},
	}
}

// probes returns one probe for each wire protocol.
func probes() map[string]*probe {
	return map[string]*probe{
		"json": newProbe("ecr:DescribeRepositories", func(ctx context.Context, a *facts.Access, key probeKey) error {
			client, err := clientFor(a, key.Region, ecr.NewFromConfig)
			if err != nil {
				return err
			}
			_, err = client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})
			return err
		}),
		"query": newProbe("iam:ListUsers", func(ctx context.Context, a *facts.Access, _ probeKey) error {
			client, err := clientFor(a, globalService, iam.NewFromConfig)
			if err != nil {
				return err
			}
			_, err = client.ListUsers(ctx, &iam.ListUsersInput{})
			return err
		}),
		"ec2": newProbe("ec2:DescribeVpcs", func(ctx context.Context, a *facts.Access, key probeKey) error {
			_, err := Ask[struct{ Vpcs []vpc }](ctx, a, "ec2:DescribeVpcs", key.Region, nil)
			return err
		}),
		"cbor": newProbe("cloudwatch:DescribeAlarms", func(ctx context.Context, a *facts.Access, key probeKey) error {
			_, err := Ask[alarmLists](ctx, a, "cloudwatch:DescribeAlarms", key.Region, nil)
			return err
		}),
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// ask asks one probe once through the transport.
func ask(t *testing.T, transport http.RoundTripper, p *probe) error {
	t.Helper()
	_, err := p.Get(openTest(t, transport, p), probeKey{Region: "us-east-1"})
	return err
}
