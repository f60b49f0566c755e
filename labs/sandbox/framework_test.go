package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// load starts a practice account in a built-in state.
func load(t *testing.T, state string, options sandbox.Options) (*sandbox.Account, aws.Config) {
	t.Helper()
	s, err := sandboxtest.Load(state, now)
	require.NoError(t, err)
	options.Now = func() time.Time { return now }
	account := sandbox.New(s, options)
	return account, config(account)
}

// config is how AWS's own clients talk to an account, without retries.
func config(account *sandbox.Account) aws.Config {
	id, secret, token := account.Credentials()
	return aws.Config{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider(id, secret, token),
		HTTPClient:       &http.Client{Transport: account},
		RetryMaxAttempts: 1,
	}
}

// perProtocol is one call in each protocol, by the service that it asks.
func perProtocol(cfg aws.Config) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"iam": func(ctx context.Context) error {
			_, err := iam.NewFromConfig(cfg).ListUsers(ctx, nil)
			return err
		},
		"ecr": func(ctx context.Context) error {
			_, err := ecr.NewFromConfig(cfg).DescribeRepositories(ctx, nil)
			return err
		},
		"ec2": func(ctx context.Context) error {
			_, err := askEC2(ctx, cfg, "DescribeVpcs")
			return err
		},
		"cloudwatch": func(ctx context.Context) error {
			_, err := cloudwatch.NewFromConfig(cfg).DescribeAlarms(ctx, nil)
			return err
		},
		"sns": func(ctx context.Context) error {
			_, err := sns.NewFromConfig(cfg).GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{
				TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:billing-alerts"),
			})
			return err
		},
		"budgets": func(ctx context.Context) error {
			_, err := budgets.NewFromConfig(
				cfg,
			).DescribeBudgets(ctx, &budgets.DescribeBudgetsInput{AccountId: aws.String("123456789012")})
			return err
		},
	}
}

func TestFaultsAnswerWithTheServicesOwnErrors(t *testing.T) {
	tests := map[sandbox.FaultKind]map[string]string{
		sandbox.Throttle: {
			"iam": "Throttling", "ecr": "ThrottlingException", "ec2": "RequestLimitExceeded",
			"cloudwatch": "Throttling", "sns": "Throttling",
			"budgets": "ThrottlingException",
		},
		sandbox.Deny: {
			"iam": "AccessDenied", "ecr": "AccessDeniedException", "ec2": "UnauthorizedOperation",
			"cloudwatch": "AccessDenied",
			"sns":        "AuthorizationError", "budgets": "AccessDeniedException",
		},
		sandbox.InternalError: {
			"iam": "InternalFailure", "ecr": "InternalFailure", "ec2": "InternalError", "cloudwatch": "InternalFailure",
			"sns": "InternalFailure", "budgets": "InternalFailure",
		},
		sandbox.InvalidToken: {
			"iam": "InvalidClientTokenId", "ecr": "UnrecognizedClientException", "ec2": "AuthFailure",
			"cloudwatch": "UnrecognizedClientException", "sns": "InvalidClientTokenId",
			"budgets": "UnrecognizedClientException",
		},
		sandbox.Expired: {
			"iam": "ExpiredToken", "ecr": "ExpiredTokenException", "ec2": "RequestExpired",
			"cloudwatch": "ExpiredTokenException",
			"sns":        "ExpiredToken", "budgets": "ExpiredTokenException",
		},
		sandbox.ClockSkew: {
			"iam": "SignatureDoesNotMatch", "ecr": "InvalidSignatureException", "ec2": "RequestExpired",
			"cloudwatch": "InvalidSignatureException", "sns": "SignatureDoesNotMatch",
			"budgets": "InvalidSignatureException",
		},
		sandbox.NotActive: {
			"iam": "OptInRequired", "ecr": "SubscriptionRequiredException", "ec2": "OptInRequired",
			"cloudwatch": "SubscriptionRequiredException", "sns": "OptInRequired",
			"budgets": "SubscriptionRequiredException",
		},
	}
	for kind, codes := range tests {
		t.Run(string(kind), func(t *testing.T) {
			_, cfg := load(
				t, "finished", sandbox.Options{Faults: []sandbox.Fault{{Service: "*", Operation: "*", Kind: kind}}},
			)
			for service, call := range perProtocol(cfg) {
				requireCode(t, codes[service], call(t.Context()))
			}
		})
	}
}

func TestDenialsNameTheActionAndTheReason(t *testing.T) {
	tests := map[sandbox.FaultKind]string{
		sandbox.Deny:         "because no identity-based policy allows the budgets:ViewBudget action",
		sandbox.DenySCP:      "with an explicit deny in a service control policy",
		sandbox.DenyBoundary: "because no permissions boundary allows the budgets:ViewBudget action",
	}
	for kind, reason := range tests {
		t.Run(string(kind), func(t *testing.T) {
			_, cfg := load(
				t, "finished",
				sandbox.Options{Faults: []sandbox.Fault{{Service: "budgets", Operation: "*", Kind: kind}}},
			)
			err := perProtocol(cfg)["budgets"](t.Context())
			var answer smithy.APIError
			require.ErrorAs(t, err, &answer)
			require.Equal(t,
				"User: arn:aws:iam::123456789012:user/alice is not authorized to perform: budgets:ViewBudget "+
					"on resource: * "+reason,
				answer.ErrorMessage())
		})
	}
}

func TestBrokenAnswersAreNotUnderstood(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.HTML, sandbox.Truncate} {
		t.Run(string(kind), func(t *testing.T) {
			_, cfg := load(
				t, "finished", sandbox.Options{Faults: []sandbox.Fault{{Service: "*", Operation: "*", Kind: kind}}},
			)
			for service, call := range perProtocol(cfg) {
				require.Error(t, call(t.Context()), service)
			}
		})
	}
}

// A client that reads XML takes text for an empty list, so only the other protocols can tell.
func TestWrongTypeIsRefusedByTypedProtocols(t *testing.T) {
	_, cfg := load(
		t, "finished",
		sandbox.Options{Faults: []sandbox.Fault{{Service: "*", Operation: "*", Kind: sandbox.WrongType}}},
	)
	calls := perProtocol(cfg)
	require.Error(t, calls["ecr"](t.Context()))
	require.Error(t, calls["cloudwatch"](t.Context()))
}

func TestResetBreaksTheConnection(t *testing.T) {
	account, cfg := load(
		t, "finished", sandbox.Options{Faults: []sandbox.Fault{{Service: "*", Operation: "*", Kind: sandbox.Reset}}},
	)
	err := perProtocol(cfg)["ecr"](t.Context())
	var network *net.OpError
	require.ErrorAs(t, err, &network)
	require.Empty(t, account.Calls())

	server := httptest.NewServer(account)
	defer server.Close()
	cfg.HTTPClient, cfg.BaseEndpoint = server.Client(), &server.URL
	require.ErrorIs(t, perProtocol(cfg)["ecr"](t.Context()), io.EOF)
}

func TestHangLastsUntilTheCallerGivesUp(t *testing.T) {
	_, cfg := load(
		t, "finished", sandbox.Options{Faults: []sandbox.Fault{{Service: "ecr", Operation: "*", Kind: sandbox.Hang}}},
	)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, perProtocol(cfg)["ecr"](ctx), context.Canceled)
}

func TestLatencyEndsWithItsContext(t *testing.T) {
	_, cfg := load(t, "finished", sandbox.Options{Latency: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, perProtocol(cfg)["iam"](ctx), context.DeadlineExceeded)
}

func TestFaultsSkipAndEnd(t *testing.T) {
	account, cfg := load(t, "finished", sandbox.Options{
		Faults: []sandbox.Fault{
			{Service: "ecr", Operation: "DescribeRepositories", Kind: sandbox.Throttle, Skip: 1, Times: 2},
		},
	})
	calls := perProtocol(cfg)
	require.NoError(t, calls["ecr"](t.Context()))
	requireCode(t, "ThrottlingException", calls["ecr"](t.Context()))
	require.NoError(t, calls["iam"](t.Context()), "another service")
	requireCode(t, "ThrottlingException", calls["ecr"](t.Context()))
	require.NoError(t, calls["ecr"](t.Context()))

	var codes []string
	for _, call := range account.Calls() {
		codes = append(codes, call.Code)
	}
	require.Equal(t, []string{"", "ThrottlingException", "", "ThrottlingException", ""}, codes)
}

func TestUnknownOperationsAndServicesAreSaid(t *testing.T) {
	var log bytes.Buffer
	account, cfg := load(t, "finished", sandbox.Options{Log: &log})
	_, err := iam.NewFromConfig(cfg).ListRoles(t.Context(), nil)
	requireCode(t, "InvalidAction", err)
	_, err = askEC2(t.Context(), cfg, "DescribeHosts")
	requireCode(t, "InvalidAction", err)
	_, err = ecr.NewFromConfig(cfg).DescribePullThroughCacheRules(t.Context(), nil)
	requireCode(t, "UnknownOperationException", err)
	_, err = cloudwatch.NewFromConfig(cfg).ListDashboards(t.Context(), nil)
	requireCode(t, "UnknownOperationException", err)

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://athena.us-east-1.amazonaws.com/", nil)
	require.NoError(t, err)
	req.Header.Set("X-Amz-Target", "AmazonAthena.ListWorkGroups")
	sign(t, account, req, "athena")
	resp, err := account.RoundTrip(req)
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.JSONEq(t, `{"__type":"UnknownOperationException","message":"Unknown operation"}`, string(body))

	var services []string
	for _, s := range sandbox.Standard() {
		services = append(services, s.SigningName())
	}
	slices.Sort(services)
	const lacks = "sandbox: the practice account does not have the "
	require.Equal(t, lacks+"operation iam:ListRoles\n"+
		lacks+"operation ec2:DescribeHosts\n"+
		lacks+"operation ecr:DescribePullThroughCacheRules\n"+
		lacks+"operation cloudwatch:ListDashboards\n"+
		lacks+`service "athena" (it has `+strings.Join(services, ", ")+")\n", log.String())
	require.Empty(t, account.Calls())
}

func TestOnlyTheAccountsOwnKeysAreGood(t *testing.T) {
	account, cfg := load(t, "half-done", sandbox.Options{})
	cfg.Credentials = credentials.NewStaticCredentialsProvider(
		"AKIAI44QH8DHBEXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "",
	)
	_, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
	requireCode(t, "InvalidClientTokenId", err)

	cfg = config(account)
	cfg.Region = "me-central-1"
	_, err = sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
	requireCode(t, "InvalidClientTokenId", err)
	_, err = ecr.NewFromConfig(cfg).DescribeRepositories(t.Context(), nil)
	requireCode(t, "UnrecognizedClientException", err)

	for _, target := range []string{"", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories"} {
		req := httptest.NewRequest(http.MethodPost, "/", nil)
		req.Header.Set("X-Amz-Target", target)
		w := httptest.NewRecorder()
		account.ServeHTTP(w, req)
		require.Contains(t, w.Body.String(), "MissingAuthenticationToken")
	}
}

func TestAnswersCarryUniqueRequestIDs(t *testing.T) {
	_, cfg := load(t, "finished", sandbox.Options{})
	seen := map[string]bool{}
	transport := cfg.HTTPClient
	cfg.HTTPClient = doer(func(req *http.Request) (*http.Response, error) {
		resp, err := transport.Do(req)
		if err == nil {
			id := resp.Header.Get("X-Amzn-Requestid")
			require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, id)
			require.Equal(t, now.Format(http.TimeFormat), resp.Header.Get("Date"))
			seen[id] = true
		}
		return resp, err
	})
	for _, call := range perProtocol(cfg) {
		require.NoError(t, call(t.Context()))
	}
	require.Len(t, seen, len(perProtocol(cfg)))
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

func TestServedOverHTTPInParallel(t *testing.T) {
	account, cfg := load(t, "finished", sandbox.Options{Latency: time.Millisecond})
	server := httptest.NewServer(account)
	defer server.Close()
	cfg.HTTPClient, cfg.BaseEndpoint = server.Client(), &server.URL
	calls := perProtocol(cfg)
	var wait sync.WaitGroup
	errs := make(chan error, 4*len(calls))
	for range 4 {
		for _, call := range calls {
			wait.Go(func() { errs <- call(t.Context()) })
		}
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.Len(t, account.Calls(), 4*len(calls))
}

func TestRequestsThatAreTooLargeAreRefused(t *testing.T) {
	account, _ := load(t, "fresh", sandbox.Options{})
	w := httptest.NewRecorder()
	account.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", io.LimitReader(zeros{}, 9<<20)))
	require.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestBodiesThatCannotBeReadAreErrors(t *testing.T) {
	account, _ := load(t, "fresh", sandbox.Options{})
	req, err := http.NewRequestWithContext(
		t.Context(), http.MethodPost, "https://ecr.us-east-1.amazonaws.com/", io.NopCloser(broken{}),
	)
	require.NoError(t, err)
	_, err = account.RoundTrip(req)
	require.ErrorIs(t, err, errBroken)
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }
