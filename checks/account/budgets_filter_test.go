package account

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// What an expression leaves out decides whether a budget still watches the whole cost.
func TestWhatAFilterExpressionLeavesOut(t *testing.T) {
	notKind := func(kinds string) string {
		return `{"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": [` + kinds + `]}}}`
	}
	credits := notKind(`"Credit", "Refund"`)
	for expression, want := range map[string]struct{ filtered, credits bool }{
		credits:             {false, false},
		notKind(`"Refund"`): {false, true},
		notKind(`"Credit", "Enterprise Discount Program Discount"`):                                         {false, false},
		notKind(`"Credit", "Tax"`):                                                                          {true, false},
		`{"And": [` + notKind(`"Credit"`) + `, ` + notKind(`"Refund"`) + `]}`:                               {false, false},
		`{"And": [` + credits + `, {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon EC2"]}}]}`:          {true, false},
		`{"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit"]}}`:                                      {true, true},
		`{"Not": {"Dimensions": {"Key": "SERVICE", "Values": ["Credit"]}}}`:                                 {true, true},
		`{"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["C"], "MatchOptions": ["CONTAINS"]}}}`:    {true, true},
		`{"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit"], "MatchOptions": ["EQUALS"]}}}`: {false, false},
		`{"Or": [` + credits + `, ` + notKind(`"Usage"`) + `]}`:                                             {true, true},
		`{"Tags": {"Key": "lab", "Values": ["1.2"]}}`:                                                       {true, true},
		`{"Not": {"Tags": {"Key": "lab", "Values": ["1.2"]}}}`:                                              {true, true},
	} {
		body := `{"Budgets": [{"BudgetName": "a", "Metrics": ["UnblendedCost"], "FilterExpression": ` + expression + `}]}`
		list := readFrom(t, answer(http.StatusOK, jsonType, body), Budgets, BudgetsKey{Account: "123456789012"})
		require.Equal(t, []Budget{{Name: "a", Filtered: want.filtered, Credits: &want.credits}}, list, expression)
	}
}

// A budget of today's form shows its filter only when it is asked for.
func TestBudgetsAreAskedForTheirFilters(t *testing.T) {
	a := stateOf(t, `"regions": {}, "budgets": [{"name": "part", "type": "COST", "timeUnit": "MONTHLY", "metrics": ["UnblendedCost"],
		"filterExpression": {"dimensions": {"key": "SERVICE", "values": ["Amazon EC2"]}}}]`)
	require.True(t, readFrom(t, a, Budgets, BudgetsKey{Account: "123456789012"})[0].Filtered)
}

func TestTheBillingViewOfABudget(t *testing.T) {
	const view = "arn:aws:billing::123456789012:billingview/"
	for suffix, want := range map[string]string{"primary": "", "custom-0123": view + "custom-0123", "my-primary": view + "my-primary"} {
		list := readFrom(t, answer(http.StatusOK, jsonType, `{"Budgets": [{"BudgetName": "a", "BillingViewArn": "`+view+suffix+`"}]}`),
			Budgets, BudgetsKey{Account: "123456789012"})
		require.Equal(t, want, list[0].View)
	}
}
