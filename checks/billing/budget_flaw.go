package billing

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// otherTypes are the types of budgets that do not watch cost.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
func otherTypes() []string {
	return []string{"USAGE", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"}
}

// budgetFlaw says what keeps a budget from watching the cost, if something does.
func budgetFlaw(b account.Budget, now time.Time) (checks.Finding, bool) {
	limit, err := strconv.ParseFloat(b.Limit, 64)
	switch {
	case slices.Contains(otherTypes(), b.Type):
		return failed("it is a budget of the type " + b.Type + " and does not watch the cost"), true
	case b.Type != "COST":
		return checks.Finding{Reason: facts.Unsupported, Detail: fmt.Sprintf("the type of budget %q is not known", b.Type)}, true
	case !b.Ends.IsZero() && !b.Ends.After(now):
		return failed("it ended on " + b.Ends.UTC().Format(time.DateOnly)), true
	case b.Starts.After(now):
		return failed("it begins on " + b.Starts.UTC().Format(time.DateOnly) + ", and watches nothing before that"), true
	case b.Varies:
	case b.Limit == "":
		return failed("it has no limit"), true
	case err != nil:
		return checks.Finding{Reason: facts.InvalidResponse, Detail: fmt.Sprintf("the limit %q is no number", b.Limit)}, true
	case limit <= 0:
		return failed("its limit is " + b.Limit + " " + b.Unit), true
	}
	return checks.Finding{}, false
}

// fullyUsed is the threshold, in percent of the limit, above which a notification comes late.
const fullyUsed = 100

// budgetAdvice lists what is worth changing in a budget that works.
func budgetAdvice(b account.Budget, rising []account.BudgetNotification) []string {
	var list []string
	early := func(n account.BudgetNotification) bool {
		return n.ThresholdType == absoluteValue || n.Threshold <= fullyUsed
	}
	if !slices.ContainsFunc(rising, early) {
		list = append(list, fmt.Sprintf("it tells only when more than %d %% of the limit is used", fullyUsed))
	}
	if b.Credits != nil && *b.Credits {
		list = append(list, "credits are taken off the cost: it sees nothing until they are used up")
	}
	if b.Health == "UNHEALTHY" {
		list = append(list, "AWS says that the budget is unhealthy")
	}
	return list
}
