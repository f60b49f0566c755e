package billing

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Alarm passes when an alarm on the estimated charges or a cost budget tells somebody. The budgets are asked for only
// if no alarm passes.
var Alarm = checks.New(checks.Spec[checks.NoParams]{
	ID:    "billing-alarm",
	Title: "Somebody is told when the bill grows",
	Why:   "A forgotten resource is paid for until somebody notices it, and a message comes sooner than the bill.",
	Verify: "aws cloudwatch describe-alarms --region us-east-1 --query \"MetricAlarms[?Namespace=='AWS/Billing']\"; " +
		"aws budgets describe-budgets --account-id ACCOUNT",
	Pages: checks.Pages{
		Docs:    "cost-management/latest/userguide/budgets-create.html",
		Console: "billing/home#/budgets",
	},
	Reads: []facts.Source{
		account.AlarmsOn, account.TopicSubscriptions,
		account.Budgets, account.BudgetNotifications, account.BudgetSubscribers,
	},
	Extra: []facts.Source{account.ActiveMuteRules, account.Topics},
	Skip:  notTheirBill,
	Run:   alarmOrBudget,
})

// notTheirBill says whose bill it is if it is not the account's own.
func notTheirBill(s checks.Site) string {
	switch {
	case s.Caller.Kind == facts.LearnerLab:
		return "a Learner Lab account's bill belongs to AWS Academy"
	case s.Partition != "aws":
		return "an account of the partition " + s.Partition + " has no billing metrics and budgets of this kind"
	}
	return ""
}

// alarmOrBudget asks for the budgets only where no alarm is enough.
func alarmOrBudget(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	alarms := best(alarmWays(v))
	if alarms[0].Verdict == checks.Pass {
		return checks.Of(findingsOf(alarms)...), nil
	}
	budgets, names := budgetWays(v)
	ways := slices.Concat(alarms, budgets)
	chosen := best(ways)
	switch chosen[0].Verdict {
	case checks.Pass:
		chosen[0].Advice = checks.Join(chosen[0].Advice, alarmProblem(alarms))
	case checks.Unknown:
		chosen[0].Found = checks.Join(chosen[0].Found, joinFound(withVerdict(checks.Fail, ways)))
	case checks.Fail:
		chosen[0] = alarmElsewhere(v, chosen[0])
	default:
	}
	r := checks.Of(findingsOf(chosen)...)
	switch {
	case slices.ContainsFunc(chosen, func(w way) bool { return w.Detail == unopened }):
		return r.WithFix(openTheMail), nil
	case r.Verdict() == checks.Fail || r.Verdict() == checks.Partial:
		return r.WithFix(fixOf(chosen, v.Site(), names)), nil
	}
	return r, nil
}

// fixOf is the fix of the first way that needs no mail to be opened, or else of the first that has one, or else a new
// budget.
func fixOf(ways []way, s checks.Site, budgets []string) checks.Fix {
	var waits []checks.Fix
	for _, w := range ways {
		if w.repair == nil {
			continue
		}
		r := w.repair()
		if !r.mail {
			return r.Fix
		}
		waits = append(waits, r.Fix)
	}
	if len(waits) > 0 {
		return waits[0]
	}
	return createBudget(s, freeName(budgetName, budgets))
}

// alarmProblem says what keeps an alarm from telling somebody, though a budget does.
func alarmProblem(alarms []way) string {
	for _, w := range alarms {
		if w.Subject != anyAlarm && w.Found != "" {
			return w.Subject + ": " + w.Found
		}
	}
	return ""
}

// joinFound says what all of them found.
func joinFound(ways []way) string {
	var found []string
	for _, w := range ways {
		found = append(found, w.Found)
	}
	return checks.Join(found...)
}
