package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	practiceiam "github.com/labcheck/labcheck/labs/sandbox/iam"
)

const loopback = "127.0.0.1:5000"

// Each simulation is seen by the clients of AWS.
func TestSimulations(t *testing.T) {
	ctx := t.Context()
	summary := func(t *testing.T, cfg aws.Config, key string) int32 {
		out, err := iam.NewFromConfig(cfg).GetAccountSummary(ctx, nil)
		require.NoError(t, err)
		return out.SummaryMap[key]
	}
	tests := map[string]struct {
		state string
		seen  func(*testing.T, aws.Config) bool
	}{
		"root-mfa": {
			"fresh", func(t *testing.T, cfg aws.Config) bool { return summary(t, cfg, "AccountMFAEnabled") == 1 },
		},
		"delete-root-access-keys": {"fresh", func(t *testing.T, cfg aws.Config) bool {
			return summary(t, cfg, "AccountAccessKeysPresent") == 0
		}},
		"confirm-subscriptions": {"half-done", func(t *testing.T, cfg aws.Config) bool {
			out, err := sns.NewFromConfig(cfg).ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{
				TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:billing-alerts"),
			})
			require.NoError(t, err)
			return *out.Subscriptions[0].SubscriptionArn != "PendingConfirmation"
		}},
	}
	for _, s := range sandbox.Simulations() {
		t.Run(s.Name, func(t *testing.T) {
			require.NotEmpty(t, s.Help)
			test := tests[s.Name]
			changes := 0
			account, cfg := load(t, test.state, sandbox.Options{Changed: func() { changes++ }})
			if s.Name == "delete-root-access-keys" {
				_, err := iam.NewFromConfig(cfg).CreateAccessKey(ctx, nil)
				require.NoError(t, err)
				changes = 0
			}
			require.False(t, test.seen(t, cfg))
			require.NoError(t, account.Simulate(s.Name))
			require.True(t, test.seen(t, cfg))
			require.Equal(t, 1, changes)
		})
	}
	account, _ := load(t, "fresh", sandbox.Options{})
	require.EqualError(t, account.Simulate("roots-mfa"),
		`"roots-mfa" cannot be simulated; what can be is root-mfa, delete-root-access-keys, confirm-subscriptions`)
}

func TestSimulationsAreServed(t *testing.T) {
	c := open(t, "fresh", "111122223333")
	list, err := c.web.Client().Get(c.web.URL + "/labcheck/simulate")
	require.NoError(t, err)
	require.NoError(t, list.Body.Close())
	require.Equal(t, http.StatusOK, list.StatusCode)

	for name, test := range map[string]struct {
		path, from string
		header     http.Header
		want       int
	}{
		"a name that is none": {"/labcheck/simulate/mfa", loopback, nil, http.StatusBadRequest},
		"another machine":     {"/labcheck/simulate/root-mfa", "192.0.2.1:5000", nil, http.StatusForbidden},
		"a page in a browser": {
			"/labcheck/simulate/root-mfa", loopback,
			http.Header{"Origin": {"https://example.com"}},
			http.StatusForbidden,
		},
		"no name":      {"/labcheck/simulate", loopback, nil, http.StatusNotFound},
		"another path": {"/labcheck/simulated/root-mfa", loopback, nil, http.StatusNotFound},
		"an account elsewhere": {
			"/labcheck/simulate/root-mfa?account=123456789012", loopback, nil, http.StatusBadRequest,
		},
	} {
		before := written(t, c.accounts[0])
		require.Equal(t, test.want, post(t, c.server, test.path, test.from, test.header).Code, name)
		require.Equal(t, before, written(t, c.accounts[0]), name)
	}
	require.Equal(t, http.StatusNoContent, post(t, c.server, "/labcheck/simulate/root-mfa", loopback, nil).Code)
	require.True(t, rootMFA(c.accounts[0]))
}

// rootMFA reports whether root has an MFA device.
func rootMFA(account *sandbox.Account) bool {
	return practiceiam.RootUser.From(account.Snapshot(), "", false).MFA
}

func TestSimulationsNameTheAccountWhereThereAreSeveral(t *testing.T) {
	c := open(t, "fresh", "111122223333", "444455556666")
	require.Equal(t, http.StatusBadRequest, post(t, c.server, "/labcheck/simulate/root-mfa", loopback, nil).Code)
	require.Equal(
		t, http.StatusNoContent,
		post(t, c.server, "/labcheck/simulate/root-mfa?account=444455556666", "[::1]:5000", nil).Code,
	)
	require.False(t, rootMFA(c.accounts[0]))
	require.True(t, rootMFA(c.accounts[1]))

	w := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPut, "http://localhost/labcheck/simulate/root-mfa", nil)
	req.RemoteAddr = loopback
	c.server.ServeHTTP(w, req)
	require.Equal(t, http.StatusNotFound, w.Code)
}
