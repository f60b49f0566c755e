package account

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// budgetsPerPage is the most that AWS Budgets gives in one page.
const budgetsPerPage = 100

// BudgetsKey asks about the budgets of an account. AWS Budgets is global.
type BudgetsKey struct {
	Account string `json:"account"`
}

// Budget is one budget.
type Budget struct {
	Name string `json:"name"`
	Type string `json:"type"` // COST, USAGE, RI_UTILIZATION …
	// Limit is an amount of Unit as AWS writes it, such as "5.0"; empty if there is none or it changes (Varies).
	Limit string `json:"limit,omitempty"`
	Unit  string `json:"unit,omitempty"` // such as USD
	// Varies says that the limit adjusts itself or is planned month by month.
	Varies bool `json:"varies,omitempty"`
	// Filtered says that the budget watches only a part of the cost.
	Filtered bool `json:"filtered,omitempty"`
	// View is the ARN of the billing view that the budget watches; empty for the account's own, which holds all of its cost.
	View string `json:"view,omitempty"`
	// Credits says that credits are taken off the cost; nil if AWS does not tell.
	Credits *bool `json:"credits,omitempty"`
	// Starts is zero if AWS does not tell. A budget may begin in the future.
	Starts time.Time `json:"starts,omitzero"`
	// Ends is zero if AWS does not tell.
	Ends time.Time `json:"ends,omitzero"`
	// Health is HEALTHY, UNHEALTHY or empty.
	Health string `json:"health,omitempty"`
}

// Budgets lists the budgets of an account.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudgets.html
var Budgets = &facts.Read[BudgetsKey, []Budget]{
	Name:       "budgets.budgets",
	Operations: []string{"budgets:DescribeBudgets"},
	Actions:    []string{"budgets:ViewBudget"},
	Fetch: func(ctx context.Context, a *facts.Access, key BudgetsKey) ([]Budget, error) {
		client, err := clientFor(a, globalService, budgets.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &budgets.DescribeBudgetsInput{
			AccountId: &key.Account, MaxResults: aws.Int32(budgetsPerPage),
			ShowFilterExpression: aws.Bool(true), // else a budget of today's form looks as if it watched the whole cost
		}
		return wholeList(func(token *string) ([]types.Budget, *string, error) {
			in.NextToken = token
			out, err := client.DescribeBudgets(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return orEmpty(out.Budgets), out.NextToken, nil
		}, budget)
	},
}

// orEmpty is the list of an answer of AWS Budgets, which leaves empty ones out.
func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func budget(b types.Budget) (Budget, error) {
	//nolint:staticcheck // SA1019: the API still answers with the old fields for budgets made with them
	ours := Budget{
		Name: aws.ToString(b.BudgetName), Type: string(b.BudgetType),
		Varies:   b.AutoAdjustData != nil || len(b.PlannedBudgetLimits) > 0,
		Filtered: len(b.CostFilters) > 0 || narrows(b.FilterExpression),
		View:     otherView(aws.ToString(b.BillingViewArn)), Credits: creditsIn(b),
	}
	if b.BudgetLimit != nil {
		ours.Limit, ours.Unit = aws.ToString(b.BudgetLimit.Amount), aws.ToString(b.BudgetLimit.Unit)
	}
	if b.TimePeriod != nil {
		ours.Starts, ours.Ends = aws.ToTime(b.TimePeriod.Start).UTC(), aws.ToTime(b.TimePeriod.End).UTC()
	}
	if b.HealthStatus != nil {
		ours.Health = string(b.HealthStatus.Status)
	}
	return ours, needed("a budget", b.BudgetName)
}
