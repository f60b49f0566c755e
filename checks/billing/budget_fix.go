package billing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks"
)

// newBudget is the key of Result.Known with a name that no budget of the account has.
const newBudget = "budget"

// budgetName is the name that the fix gives to the new budget, where it is free.
const budgetName = "monthly-cost"

// freeName is budgetName, or the same with the first number that makes it free.
func freeName(taken []string) string {
	name := budgetName
	for i := 2; slices.Contains(taken, name); i++ {
		name = fmt.Sprintf("%s-%d", budgetName, i)
	}
	return name
}

// createBudget is one command, and a budget's mail needs no confirmation: an alarm would need a topic, a subscription
// and a switch in the console. Credits are left out of the count, or else a budget on an account with credits is blind.
func createBudget(s checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	budget := fmt.Sprintf(`{"BudgetName":"%s","BudgetType":"COST","TimeUnit":"MONTHLY",`+
		`"BudgetLimit":{"Amount":"5","Unit":"USD"},"CostTypes":{"IncludeCredit":false}}`, cmp.Or(r.Known[newBudget], budgetName))
	notification := fmt.Sprintf(`[{"Notification":{"NotificationType":"ACTUAL","ComparisonOperator":"GREATER_THAN",`+
		`"Threshold":80,"ThresholdType":"PERCENTAGE"},"Subscribers":[{"SubscriptionType":"EMAIL","Address":"%s"}]}]`,
		checks.PlaceholderEmail)
	return checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "budgets", "create-budget", "--account-id", s.Account,
			"--budget", budget, "--notifications-with-subscribers", notification, "--region", billingRegion)},
		Console: "Billing and Cost Management › Budgets › Create budget › Monthly cost budget",
	}
}
