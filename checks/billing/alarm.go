package billing

import (
	"fmt"
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
	Reads: []facts.Source{
		account.AlarmsOn, account.TopicSubscriptions,
		account.Budgets, account.BudgetNotifications, account.BudgetSubscribers,
	},
	Extra: []facts.Source{account.ActiveMuteRules},
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
	alarms := best(alarmFindings(v))
	if checks.Worst(alarms) == checks.Pass {
		return checks.Of(alarms...), nil
	}
	budgets, names := budgetFindings(v)
	ways := slices.Concat(alarms, budgets)
	findings := best(ways)
	switch checks.Worst(findings) {
	case checks.Pass:
		findings[0].Advice = checks.Join(findings[0].Advice, alarmProblem(alarms))
	case checks.Unknown:
		findings[0].Found = checks.Join(findings[0].Found, joinFound(withVerdict(checks.Fail, ways)))
	case checks.Fail:
		findings[0].NearMiss = checks.Join(findings[0].NearMiss, alarmElsewhere(v))
	default:
	}
	r := checks.Of(findings...)
	switch {
	case !r.Unsettled():
		return r.WithFix(createBudget(v.Site(), freeName(names))), nil
	case slices.ContainsFunc(findings, func(f checks.Finding) bool { return f.Detail == unopened }):
		return r.WithFix(openTheMail), nil
	}
	return r, nil // AWS alone can finish what is not finished
}

// alarmProblem says what keeps an alarm from telling somebody, though a budget does.
func alarmProblem(alarms []checks.Finding) string {
	for _, f := range alarms {
		if f.Subject != anyAlarm && f.Found != "" {
			return f.Subject + ": " + f.Found
		}
	}
	return ""
}

// joinFound says what all of them found.
func joinFound(findings []checks.Finding) string {
	var found []string
	for _, f := range findings {
		found = append(found, f.Found)
	}
	return checks.Join(found...)
}

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
func createBudget(s checks.Site, name string) checks.Fix {
	budget := fmt.Sprintf(`{"BudgetName":"%s","BudgetType":"COST","TimeUnit":"MONTHLY",`+
		`"BudgetLimit":{"Amount":"5","Unit":"USD"},"CostTypes":{"IncludeCredit":false}}`, name)
	notification := fmt.Sprintf(`[{"Notification":{"NotificationType":"ACTUAL","ComparisonOperator":"GREATER_THAN",`+
		`"Threshold":80,"ThresholdType":"PERCENTAGE"},"Subscribers":[{"SubscriptionType":"EMAIL","Address":"%s"}]}]`,
		checks.PlaceholderEmail)
	return checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "budgets", "create-budget", "--account-id", s.Account,
			"--budget", budget, "--notifications-with-subscribers", notification, "--region", billingRegion)},
		Console: "Billing and Cost Management › Budgets › Create budget › Monthly cost budget",
	}
}

// openTheMail is the way to a confirmed subscription: no command has the token that only the mail holds.
var openTheMail = checks.Fix{
	ConsoleOnly: true,
	Console: "your mailbox › AWS Notification - Subscription Confirmation › Confirm subscription; " +
		"SNS › Subscriptions › Request confirmation sends the mail again",
	Simulate: "confirm-subscriptions",
}
