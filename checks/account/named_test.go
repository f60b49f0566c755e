package account

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// readNamed asks an operation by its name through the transport, and returns what the expression names of the answer.
func readNamed(t *testing.T, transport http.RoundTripper, name, expression string, in map[string]any) (any, error) {
	t.Helper()
	o, err := api.Find(name)
	require.NoError(t, err)
	keep, err := o.Select(expression, api.Value)
	require.NoError(t, err)
	typed, problems := o.CheckInput(in)
	require.Empty(t, problems)
	read := &facts.Read[string, map[string]any]{
		Name: name, Operations: []string{name},
		Fetch: func(ctx context.Context, a *facts.Access, region string) (map[string]any, error) {
			return ReadNamed(ctx, a, o, region, typed, keep)
		},
	}
	answer, err := read.Get(openTest(t, transport, read), "us-east-1")
	if err != nil {
		return nil, err
	}
	result, err := api.Search(expression, answer)
	require.NoError(t, err)
	return result, nil
}

func TestThePracticeAccountIsReadByName(t *testing.T) {
	a := stateOf(t, `"regions": {}`)
	for name, test := range map[string]struct {
		expression string
		in         map[string]any
		want       any
	}{
		"sts:GetCallerIdentity":     {"Arn", nil, "arn:aws:iam::123456789012:user/alice"},
		"ec2:DescribeVpcs":          {"Vpcs[].[IsDefault,State]", nil, []any{[]any{true, "available"}}},
		"iam:GetAccountSummary":     {"SummaryMap.AccountMFAEnabled", nil, 0.0},
		"ecr:DescribeRepositories":  {"length(repositories)", nil, 0.0},
		"logs:DescribeLogGroups":    {"logGroups[].logGroupName", nil, []any{}},
		"cloudwatch:DescribeAlarms": {"MetricAlarms[].AlarmName", nil, []any{}},
		"budgets:DescribeBudgets":   {"Budgets[].BudgetName", map[string]any{"AccountId": "123456789012"}, nil},
		"ec2:DescribeRouteTables":   {"RouteTables[].Routes[1].DestinationCidrBlock", nil, []any{"0.0.0.0/0"}},
		"ec2:DescribeSubnets":       {"length(Subnets)", map[string]any{"MaxResults": 5.0}, 6.0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readNamed(t, a, name, test.expression, test.in)
			require.NoError(t, err)
			if test.want != nil {
				require.Equal(t, test.want, got)
			}
		})
	}
}
