package account

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestBudgetsTheirNotificationsAndSubscribers(t *testing.T) {
	a := stateOf(t, `"regions": {}, "budgets": [
		{"name": "lab", "type": "COST", "timeUnit": "MONTHLY", "limit": {"amount": "5.0", "unit": "USD"},
		 "costTypes": {"includeCredit": false}, "timePeriod": {"start": "-240h", "end": "2087-06-15T00:00:00Z"},
		 "health": {"status": "HEALTHY"},
		 "notifications": [
			{"notification": {"type": "ACTUAL", "comparisonOperator": "GREATER_THAN",
			  "threshold": 80, "thresholdType": "PERCENTAGE", "state": "OK"},
			 "subscribers": [{"type": "EMAIL", "address": "alice@mail.internal"},
			  {"type": "EMAIL", "address": "YOU@EXAMPLE.COM"},
			  {"type": "SNS", "address": "arn:aws:sns:us-east-1:123456789012:t"}]},
			{"notification": {"type": "FORECASTED", "comparisonOperator": "GREATER_THAN",
			  "threshold": 0.5, "thresholdType": "ABSOLUTE_VALUE"}}
		 ]},
		{"name": "part", "type": "COST", "timeUnit": "MONTHLY", "autoAdjust": {"type": "HISTORICAL"},
		 "costFilters": {"Service": ["Amazon EC2"]}, "timePeriod": {"start": "-240h", "end": "2087-06-15T00:00:00Z"}}
	]`)
	key := BudgetsKey{Account: "123456789012"}
	start := testNow().Add(-240 * time.Hour).UTC()
	end, off := time.Date(2087, 6, 15, 0, 0, 0, 0, time.UTC), false
	list := readFrom(t, a, Budgets, key)
	require.Len(t, list, 2)
	require.Equal(t, Budget{
		Name: "lab", Type: "COST", TimeUnit: "MONTHLY", Limit: "5.0", Unit: "USD", Credits: &off, Starts: start, Ends: end,
		Health: "HEALTHY",
	}, list[0])
	require.Equal(t, "part", list[1].Name)
	require.True(t, list[1].Varies)
	require.True(t, list[1].Filtered)

	notifications := readFrom(t, a, BudgetNotifications, key)
	require.Len(t, notifications, 2)
	require.Equal(t, BudgetNotification{
		Budget: "lab", Type: "ACTUAL", Comparison: "GREATER_THAN", Threshold: 80, ThresholdType: "PERCENTAGE", State: "OK",
	}, notifications[0])

	told := BudgetSubscribersKey{key.Account, notifications[0]}
	require.Equal(t, []BudgetSubscriber{
		{Kind: "EMAIL"},
		{Kind: "EMAIL", Example: "YOU@EXAMPLE.COM"},
		{Kind: "SNS", Topic: "arn:aws:sns:us-east-1:123456789012:t"},
	},
		readFrom(t, a, BudgetSubscribers, told))
	require.Empty(t, readFrom(t, a, BudgetSubscribers, BudgetSubscribersKey{key.Account, notifications[1]}))
	told.Threshold = 81
	_, err := BudgetSubscribers.Get(openTest(t, a, BudgetSubscribers), told)
	require.Equal(t, facts.NotYetConsistent, facts.AsError(err).Reason, "that it is not found is not that nobody is told")
}

func TestAnAccountWithoutBudgets(t *testing.T) {
	a := stateOf(t, `"regions": {}`)
	require.Empty(t, readFrom(t, a, Budgets, BudgetsKey{"123456789012"}))
	require.Empty(t, readFrom(t, a, BudgetNotifications, BudgetsKey{"123456789012"}))
}

func TestABudgetWithoutAnythingIsKeptAsItCame(t *testing.T) {
	key := BudgetsKey{Account: "123456789012"}
	require.Equal(t, []Budget{{Name: "a"}}, readFrom(t,
		answer(http.StatusOK, jsonType, `{"Budgets": [{"BudgetName": "a", "CostTypes": {}, "BudgetLimit": {}}]}`), Budgets,
		key))
	require.Equal(t, []BudgetNotification{{Budget: "a"}}, readFrom(t, answer(http.StatusOK, jsonType,
		`{"BudgetNotificationsForAccount": [{"BudgetName": "a", "Notifications": [{}]}]}`), BudgetNotifications, key))
}

func TestWhatCannotBeToldFromOtherBudgetsIsAnInvalidResponse(t *testing.T) {
	key := BudgetsKey{Account: "123456789012"}
	const list = `{"BudgetNotificationsForAccount": `
	for body, get := range map[string]func(*facts.View) error{
		`{"Budgets": [{}]}`:                 errorOf(Budgets, key),
		list + `[{"Notifications": [{}]}]}`: errorOf(BudgetNotifications, key),
		list + `[{"BudgetName": "a", "Notifications": [{"Threshold": "NaN"}]}]}`: errorOf(BudgetNotifications, key),
	} {
		err := get(openTest(t, answer(http.StatusOK, jsonType, body), Budgets, BudgetNotifications))
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, body)
	}
}

// What an expression leaves out decides whether a budget still watches the whole cost.
func TestWhatAFilterExpressionLeavesOut(t *testing.T) {
	notKind := func(kinds string) string {
		return `{"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": [` + kinds + `]}}}`
	}
	credits := notKind(`"Credit", "Refund"`)
	own := func(more string) string {
		return `{"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": ["123456789012"]` + more + `}}`
	}
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
		`{"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": ["210987654321", "123456789012"]}}`:             {false, true},
		`{"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": ["210987654321"]}}`:                             {true, true},
		`{"Not": ` + own("") + `}`:                             {true, true},
		own(`, "MatchOptions": ["STARTS_WITH"]`):               {true, true},
		`{"And": [` + credits + `, ` + own("") + `]}`:          {false, false},
		`{"Not": {"Tags": {"Key": "lab", "Values": ["1.2"]}}}`: {true, true},
	} {
		body := `{"Budgets": [{"BudgetName": "a", "Metrics": ["UnblendedCost"], "FilterExpression": ` + expression + `}]}`
		list := readFrom(t, answer(http.StatusOK, jsonType, body), Budgets, BudgetsKey{Account: "123456789012"})
		require.Equal(t, []Budget{{Name: "a", Filtered: want.filtered, Credits: &want.credits}}, list, expression)
	}
}

// The account's own number filters nothing out.
func TestABudgetOfTheAccountItself(t *testing.T) {
	for filters, filtered := range map[string]bool{
		`{"LinkedAccount": ["123456789012"]}`:                            false,
		`{"LinkedAccount": ["210987654321", "123456789012"]}`:            false,
		`{"LinkedAccount": ["210987654321"]}`:                            true,
		`{"LinkedAccount": ["123456789012"], "Service": ["Amazon EC2"]}`: true,
	} {
		list := readFrom(t, answer(http.StatusOK, jsonType, `{"Budgets": [{"BudgetName": "a", "CostFilters": `+filters+`}]}`),
			Budgets, BudgetsKey{Account: "123456789012"})
		require.Equal(t, filtered, list[0].Filtered, filters)
	}
}

// A budget of today's form shows its filter only when it is asked for.
func TestBudgetsAreAskedForTheirFilters(t *testing.T) {
	a := stateOf(t, `"regions": {}, "budgets": [{
		"name": "part", "type": "COST", "timeUnit": "MONTHLY", "metrics": ["UnblendedCost"],
		"filterExpression": {"dimensions": {"key": "SERVICE", "values": ["Amazon EC2"]}}}]`)
	require.True(t, readFrom(t, a, Budgets, BudgetsKey{Account: "123456789012"})[0].Filtered)
}

func TestTheBillingViewOfABudget(t *testing.T) {
	const view = "arn:aws:billing::123456789012:billingview/"
	for suffix, want := range map[string]string{
		"primary": "", "custom-0123": view + "custom-0123",
		"my-primary": view + "my-primary",
	} {
		list := readFrom(t, answer(http.StatusOK, jsonType,
			`{"Budgets": [{"BudgetName": "a", "BillingViewArn": "`+view+suffix+`"}]}`),
			Budgets, BudgetsKey{Account: "123456789012"})
		require.Equal(t, want, list[0].View)
	}
}
