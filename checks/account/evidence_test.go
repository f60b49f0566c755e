package account

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

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
		call.RequestID = ""
		require.Equal(t, facts.Call{Operation: "ecr:DescribeRepositories", Region: "eu-west-1", At: testNow()}, call)
	}
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
