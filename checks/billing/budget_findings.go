package billing

import (
	"fmt"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

const anyBudget = "cost budget"

// budgetFindings looks at the account's budgets until one passes. It also returns the names of all of them.
func budgetFindings(v *facts.View) (findings []checks.Finding, names []string) {
	key := account.BudgetsKey{Account: v.Site().Account}
	pending, notifications := account.Budgets.Start(v, key), account.BudgetNotifications.Start(v, key)
	lookedAt := "AWS Budgets of the account " + key.Account
	budgets, err := pending.Get()
	if err != nil {
		return []checks.Finding{checks.Finding{Subject: anyBudget, LookedAt: lookedAt, Expected: expected}.Unanswered(err)}, nil
	}
	lookedAt = fmt.Sprintf("%s (%d)", lookedAt, len(budgets))
	if len(budgets) == 0 {
		return []checks.Finding{about(failed("the account has no budget"), anyBudget, lookedAt)}, nil
	}
	for _, b := range budgets {
		names = append(names, b.Name)
	}
	for _, b := range budgets {
		f := judgeBudget(v, b, notifications)
		findings = append(findings, about(f, "budget "+b.Name, lookedAt))
		if f.Verdict == checks.Pass {
			break
		}
	}
	return best(findings), names
}

// judgeBudget says whether a budget tells somebody when the cost grows.
func judgeBudget(v *facts.View, b account.Budget, notifications *facts.Pending[[]account.BudgetNotification]) checks.Finding {
	if flawed, ok := budgetFlaw(b, v.Now()); ok {
		return flawed
	}
	all, err := notifications.Get()
	if err != nil {
		return checks.Finding{}.Unanswered(err)
	}
	rising, unknown := risingOf(b, all)
	switch {
	case len(rising) > 0:
	case unknown != "":
		return checks.Finding{Reason: facts.Unsupported, Detail: "a notification compares in an unknown way: " + unknown}
	default:
		return failed("it has no notification for a cost above a threshold")
	}
	f := tellsAny(v, b, rising)
	switch {
	case f.Verdict == checks.Pass && b.Filtered:
		f = half(f.Found + ", but it watches only a part of the cost")
	case f.Verdict == checks.Pass && b.View != "":
		f = checks.Finding{Reason: facts.Unsupported, Detail: "how much of the cost is in the billing view " + b.View + " is not known"}
	}
	if f.Verdict == checks.Pass || f.Verdict == checks.Partial {
		f.Advice = checks.Join(budgetAdvice(b, rising)...)
	}
	return f
}

// risingOf picks a budget's notifications that are sent when the cost is above a threshold. It also returns a
// comparison that is not known, if there is one.
func risingOf(b account.Budget, all []account.BudgetNotification) (rising []account.BudgetNotification, unknown string) {
	for _, n := range all {
		switch {
		case n.Budget != b.Name:
		case n.Comparison == "GREATER_THAN":
			rising = append(rising, n)
		case n.Comparison != "LESS_THAN" && n.Comparison != "EQUAL_TO":
			unknown = strconv.Quote(n.Comparison)
		}
	}
	return rising, unknown
}
