package account

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// A read that calls what it did not declare is stopped before anything leaves the process.
func TestTheGuardRefusesWhatThePlanDoesNotDeclare(t *testing.T) {
	for operation, call := range map[string]func(context.Context, *ecr.Client) error{
		"ecr:DeleteRepository": func(ctx context.Context, c *ecr.Client) error {
			name := "docker-api"
			_, err := c.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: &name})
			return err
		},
		"ecr:GetAuthorizationToken": func(ctx context.Context, c *ecr.Client) error {
			_, err := c.GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{})
			return err
		},
	} {
		t.Run(operation, func(t *testing.T) {
			wayward := &probe{
				Name: "probe.wayward", Operations: []string{"ecr:DescribeRepositories"},
				Fetch: func(ctx context.Context, a *facts.Access, key probeKey) (bool, error) {
					client, err := clientFor(a, key.Region, ecr.NewFromConfig)
					if err != nil {
						return false, err
					}
					return true, call(ctx, client)
				},
			}
			v := openTest(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				t.Error("a request reached the transport: ", r.URL)
				return nil, http.ErrServerClosed
			}), wayward)
			_, err := wayward.Get(v, probeKey{Region: "us-east-1"})
			require.ErrorContains(t, err, "guard refused "+operation)
			require.Equal(t, facts.InternalError, facts.AsError(err).Reason)
			require.Empty(t, v.Evidence())
		})
	}
}

// The configuration for reads of others is guarded and limited like ours, under the prefix that Config documents.
func TestConfigForOthersIsGuarded(t *testing.T) {
	others := &probe{
		Name: "others.log-groups", Operations: []string{"logs:DescribeLogGroups"},
		Fetch: func(ctx context.Context, a *facts.Access, key probeKey) (bool, error) {
			cfg, err := Config(a, key.Region)
			if err != nil {
				return false, err
			}
			client := cloudwatchlogs.NewFromConfig(cfg)
			if _, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{}); err != nil {
				return false, err
			}
			_, err = client.DescribeQueries(ctx, &cloudwatchlogs.DescribeQueriesInput{})
			return false, err
		},
	}
	v := openTest(t, practice(t), others)
	_, err := others.Get(v, probeKey{Region: "us-east-1"})
	require.ErrorContains(t, err, "guard refused logs:DescribeQueries")
	require.Len(t, v.Evidence(), 1)

	_, err = others.Get(v, probeKey{})
	require.Equal(t, facts.NoRegion, facts.AsError(err).Reason)
}

func TestEachAnsweredRequestIsEvidence(t *testing.T) {
	p := probes()["json"]
	v := openTest(t, practice(t,
		sandbox.Fault{Service: "ecr", Operation: "*", Kind: sandbox.Throttle, Times: 1},
		sandbox.Fault{Service: "ecr", Operation: "*", Kind: sandbox.Reset, Times: 1},
	), p)
	_, err := p.Get(v, probeKey{Region: "eu-west-1"})
	require.NoError(t, err)
	calls := v.Evidence() // the broken connection gave no answer
	require.Len(t, calls, 2)
	require.NotEqual(t, calls[0].RequestID, calls[1].RequestID)
	for _, call := range calls {
		require.Len(t, call.RequestID, 36)
		call.RequestID, call.Date = "", nil // the server's clock is not that of the test
		require.Equal(t, facts.Call{Operation: "ecr:DescribeRepositories", Region: "eu-west-1", At: testNow()}, call)
	}
}

// An answer that comes after an attempt's 5 s comes too late: AWS is asked twice, and the count says so. A connection
// that was never made carried nothing.
func TestARequestWithoutAnAnswerIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, asked := probes()["query"], 0
		good := answer(200, xmlType, "<ListUsersResponse><ListUsersResult><Users/></ListUsersResult></ListUsersResponse>")
		s := openSession(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			switch asked++; asked {
			case 1:
				return refused(r)
			case 2: // as an emulator does that first loads the policies of an account
				select {
				case <-time.After(7 * time.Second):
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
			}
			return good.RoundTrip(r)
		}), p)
		v := s.View(facts.Site{Region: "us-east-1"}, []facts.Source{p}, nil)
		_, err := p.Get(v, probeKey{Region: "us-east-1"})
		require.NoError(t, err)
		require.Equal(t, 3, asked)
		require.Len(t, v.Evidence(), 1, "what got no answer is no evidence")
		calls := s.Calls()
		require.Len(t, calls, 2)
		require.Equal(t, []bool{true, false}, []bool{calls[0].Unanswered, calls[1].Unanswered})
		require.Equal(t, "iam:ListUsers", calls[0].Operation)
		require.Equal(t, "us-east-1", calls[0].Region)
	})
}

// The clients of the SDK are of two generations, which name their operation at different times.
func TestAnOlderClientIsKnownToo(t *testing.T) {
	p := newProbe("budgets:DescribeBudgets", func(ctx context.Context, a *facts.Access, _ probeKey) error {
		client, err := clientFor(a, globalService, budgets.NewFromConfig)
		if err != nil {
			return err
		}
		_, err = client.DescribeBudgets(ctx, &budgets.DescribeBudgetsInput{AccountId: new("123456789012")})
		return err
	})
	v := openTest(t, practice(t), p)
	_, err := p.Get(v, probeKey{})
	require.NoError(t, err)
	require.Equal(t, "budgets:DescribeBudgets", v.Evidence()[0].Operation)
	require.Equal(t, "us-east-1", v.Evidence()[0].Region)

	e := facts.AsError(ask(t, practice(t, everything(sandbox.Deny)), p))
	require.Equal(t, "budgets:DescribeBudgets", e.Operation)
	require.Equal(t, "us-east-1", e.Region)
	require.Equal(t, "budgets:ViewBudget", e.MissingAction)
}

func TestALyingRequestIDIsClipped(t *testing.T) {
	p := probes()["json"]
	a := answer(200, jsonType, "{}")
	a.header.Set("X-Amzn-Requestid", strings.Repeat("x", 10_000))
	v := openTest(t, a, p)
	_, err := p.Get(v, probeKey{Region: "us-east-1"})
	require.NoError(t, err)
	require.Len(t, v.Evidence()[0].RequestID, maxRequestID)
}

// A clock that is off shows by AWS's own time in the evidence; one that is right costs nothing there.
func TestEvidenceHasTheTimeOfAWS(t *testing.T) {
	const body = "<ListUsersResponse><ListUsersResult><Users/></ListUsersResult></ListUsersResponse>"
	for off, want := range map[time.Duration]*time.Time{
		0: nil, time.Minute: nil, -48 * time.Hour: new(testNow().Add(-48 * time.Hour).Truncate(time.Second)),
	} {
		p := probes()["query"]
		good := answer(200, xmlType, body)
		s := openSession(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			response, err := good.RoundTrip(r)
			response.Header.Set("Date", testNow().Add(off).UTC().Format(http.TimeFormat))
			return response, err
		}), p)
		v := s.View(facts.Site{Region: "us-east-1"}, []facts.Source{p}, nil)
		_, err := p.Get(v, probeKey{Region: "us-east-1"})
		require.NoError(t, err)
		require.Equal(t, want, v.Evidence()[0].Date)
	}
}

// What answers in the place of AWS, such as a proxy that looks into what is sent, shows by its certificate.
func TestEvidenceHasAForeignIssuer(t *testing.T) {
	const body = "<ListUsersResponse><ListUsersResult><Users/></ListUsersResult></ListUsersResponse>"
	by := func(name pkix.Name) *tls.ConnectionState {
		return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Issuer: name}}}
	}
	cases := map[string]struct {
		state *tls.ConnectionState
		want  string
	}{
		"Amazon":         {by(pkix.Name{Organization: []string{"Amazon"}, CommonName: "Amazon RSA 2048 M01"}), ""},
		"DigiCert":       {by(pkix.Name{Organization: []string{"DigiCert Inc"}}), ""},
		"a proxy":        {by(pkix.Name{Organization: []string{"Acme", "Proxies"}}), "Acme, Proxies"},
		"a name alone":   {by(pkix.Name{CommonName: "mitmproxy"}), "mitmproxy"},
		"nobody":         {by(pkix.Name{}), "somebody without a name"},
		"a long name":    {by(pkix.Name{CommonName: strings.Repeat("é", 40)}), strings.Repeat("é", maxIssuer/2)},
		"no certificate": {nil, ""},
		"an empty list":  {&tls.ConnectionState{}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p, good := probes()["query"], answer(200, xmlType, body)
			v := openTest(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				response, err := good.RoundTrip(r)
				response.TLS = c.state
				return response, err
			}), p)
			_, err := p.Get(v, probeKey{Region: "us-east-1"})
			require.NoError(t, err)
			require.Equal(t, c.want, v.Evidence()[0].Issuer)
		})
	}
}
