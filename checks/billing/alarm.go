package billing

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Alarm passes when an alarm on the estimated charges or a cost budget tells somebody. The budgets are asked for only if
// no alarm passes.
var Alarm = checks.New(checks.Spec[checks.NoParams]{
	ID:    "billing-alarm",
	Title: "Somebody is told when the bill grows",
	Why:   "A forgotten resource is paid for until somebody notices it, and a message comes sooner than the bill.",
	Verify: "aws cloudwatch describe-alarms --region us-east-1 --query \"MetricAlarms[?Namespace=='AWS/Billing']\"; " +
		"aws budgets describe-budgets --account-id ACCOUNT",
	Reads: []facts.Source{
		account.AlarmsOn, account.TopicSubscriptions,
		account.Budgets, account.BudgetNotifications, account.BudgetSubscribers,
	},
	Extra:  []facts.Source{account.ActiveMuteRules},
	Skip:   notTheirBill,
	Run:    alarmOrBudget,
	Fix:    createBudget,
	Settle: openTheMail,
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

func alarmOrBudget(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	alarms := best(alarmFindings(v))
	if checks.Worst(alarms) == checks.Pass {
		return checks.Of(alarms...), nil
	}
	budgets, names := budgetFindings(v)
	ways := slices.Concat(alarms, budgets)
	findings := best(ways)
	switch checks.Worst(findings) {
	case checks.Pass:
		findings[0].Advice = checks.Join(findings[0].Advice, unfinished(alarms))
	case checks.Unknown:
		findings[0].Found = checks.Join(findings[0].Found, foundIn(with(checks.Fail, ways)))
	case checks.Fail:
		findings[0].NearMiss = checks.Join(findings[0].NearMiss, alarmElsewhere(v))
	default:
	}
	known := map[string]string{newBudget: freeName(names)}
	if slices.ContainsFunc(findings, func(f checks.Finding) bool { return f.Detail == unopened }) {
		known[mail] = unopened
	}
	return checks.Result{Findings: findings, Known: known}, nil
}

// unfinished says what keeps an alarm from telling somebody, though a budget does.
func unfinished(alarms []checks.Finding) string {
	for _, f := range alarms {
		if f.Subject != anyAlarm && f.Found != "" {
			return f.Subject + ": " + f.Found
		}
	}
	return ""
}

func foundIn(findings []checks.Finding) string {
	var found []string
	for _, f := range findings {
		found = append(found, f.Found)
	}
	return checks.Join(found...)
}
