package billing

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// freeName is a name, or the same with the first number that makes it free.
func freeName(name string, taken []string) string {
	free := name
	for i := 2; slices.Contains(taken, free); i++ {
		free = fmt.Sprintf("%s-%d", name, i)
	}
	return free
}

// enableActions switches on what an alarm does.
func enableActions(alarm string) repair {
	return repair{Fix: checks.Fix{
		Commands: []checks.Command{
			checks.Sh("aws", "cloudwatch", "enable-alarm-actions", "--alarm-names", alarm, "--region", billingRegion),
		},
		Console: inCloudWatch(alarm) + " › Actions › Alarm actions › Enable",
	}}
}

func inCloudWatch(alarm string) string {
	return "CloudWatch › " + billingRegion + " › All alarms › " + alarm
}

// putAlarm writes an alarm anew as the lab wants it, with what is right in it: its limit, its currency, what it does.
// Where it tells no SNS topic, it does: one that somebody has confirmed, or else a new one.
func putAlarm(v *facts.View, a chargeAlarm, name string, notice account.Notice) repair {
	limit, code := a.limit, "USD"
	if math.IsNaN(limit) {
		limit = defaultLimit
	}
	for _, m := range a.charges {
		if c := m.Dimensions[currency]; currencyCode.MatchString(c) {
			code = c
			break
		}
	}
	put := []string{
		"aws", "cloudwatch", "put-metric-alarm", "--alarm-name", name,
		"--namespace", billingNamespace, "--metric-name", billingMetric, "--dimensions", "Name=Currency,Value=" + code,
		"--statistic", "Maximum", "--period", strconv.Itoa(metricPeriod), "--evaluation-periods", "1",
		"--threshold", strconv.FormatFloat(limit, 'f', -1, 64), "--comparison-operator", greater,
	}
	var r repair
	actions := notice.OnAlarm
	if len(topicsIn(actions)) == 0 {
		arn, found := confirmedTopic(v)
		if !found {
			t := topic{"", billingRegion, v.Site().Account, newTopic}
			t.arn = anyTopic + t.region + ":" + t.account + ":" + t.name
			r = subscribe(t, false)
			arn = t.arn
		}
		actions = append(slices.Clone(actions), arn)
	}
	for flag, list := range [][]string{actions, notice.OnOK, notice.OnNoData} {
		if len(list) > 0 {
			put = append(append(put, [...]string{"--alarm-actions", "--ok-actions", "--insufficient-data-actions"}[flag]),
				list...)
		}
	}
	r.Commands = append(r.Commands, checks.Sh(append(put, "--region", billingRegion)...))
	r.Console = checks.Join(r.Console, inCloudWatch(name)+" › Edit")
	return r
}

const (
	// defaultLimit is the amount, in the currency of the bill, above which a learner wants to be told.
	defaultLimit = 5
	// newTopic is the name of the topic that a fix makes.
	newTopic = "billing-alerts"
)

// confirmedTopic finds a topic through which somebody is told by mail or by SMS, a topic about the bill first.
func confirmedTopic(v *facts.View) (arn string, found bool) {
	arns, err := account.Topics.Get(v, account.TopicsKey{Region: billingRegion})
	if err != nil {
		return "", false
	}
	var topics []topic
	for _, arn := range arns {
		if t, err := parseTopic(arn); err == nil && t.account == v.Site().Account && t.region == billingRegion {
			topics = append(topics, t)
		}
	}
	aboutBill := func(t topic) int { return strings.Count(strings.ToLower(t.name), "bill") }
	slices.SortStableFunc(topics, func(a, b topic) int { return aboutBill(b) - aboutBill(a) })
	const most = 10 // a question each
	for _, t := range topics[:min(most, len(topics))] {
		answer, err := account.TopicSubscriptions.Get(v, account.TopicKey{Region: t.region, ARN: t.arn})
		if err == nil && tellsSomebody(answer) {
			return t.arn, true
		}
	}
	return "", false
}

// tellsSomebody says whether a topic has a confirmed subscriber who is a person.
func tellsSomebody(t account.Topic) bool {
	return slices.ContainsFunc(t.Subscriptions, func(s account.Subscription) bool {
		return strings.HasPrefix(s.ARN, "arn:") && s.Example == "" &&
			slices.Contains([]string{"email", "email-json", "sms"}, s.Protocol)
	})
}

// subscribe subscribes a mail address to a topic, which it makes if it is not there. The mail that comes then has to be
// opened.
func subscribe(t topic, exists bool) repair {
	r := repair{mail: true, Fix: checks.Fix{
		Console: "SNS › " + t.region + " › Topics › " + t.name + " › Create subscription › Email",
	}}
	if !exists {
		r.Commands = []checks.Command{checks.Sh("aws", "sns", "create-topic", "--name", t.name, "--region", t.region)}
		r.Console = "SNS › " + t.region + " › Topics › Create topic › Standard › " + t.name +
			" › Create subscription › Email"
	}
	r.Commands = append(r.Commands, checks.Sh("aws", "sns", "subscribe", "--topic-arn", t.arn, "--protocol", "email",
		"--notification-endpoint", checks.PlaceholderEmail, "--region", t.region))
	return r
}

// openTheMail is the way to a confirmed subscription: no command has the token that only the mail holds.
var openTheMail = checks.Fix{
	ConsoleOnly: true,
	Console: "your mailbox › AWS Notification - Subscription Confirmation › Confirm subscription; " +
		"SNS › Subscriptions › Request confirmation sends the mail again",
	Simulate: "confirm-subscriptions",
}

// budgetName is the name that the fix gives to a new budget, where it is free.
const budgetName = "monthly-cost"

// The parts of a budget as the AWS CLI takes them.
type (
	newBudget struct {
		Name   string    `json:"BudgetName"`
		Type   string    `json:"BudgetType"`
		Every  string    `json:"TimeUnit"`
		Limit  spend     `json:"BudgetLimit"`
		Counts costTypes `json:"CostTypes"`
	}
	spend struct {
		Amount string
		Unit   string
	}
	// costTypes leaves credits out of the count, or else a budget on an account with credits is blind.
	costTypes struct {
		IncludeCredit bool
	}
	newNotification struct {
		NotificationType   string
		ComparisonOperator string
		Threshold          float64
		ThresholdType      string `json:",omitempty"`
	}
	newSubscriber struct {
		SubscriptionType string
		Address          string
	}
	notificationWithSubscribers struct {
		Notification newNotification
		Subscribers  []newSubscriber
	}
)

func monthlyBudget(name string) newBudget {
	return newBudget{Name: name, Type: "COST", Every: "MONTHLY", Limit: spend{strconv.Itoa(defaultLimit), "USD"}}
}

func actualCost() newNotification {
	return newNotification{actual, "GREATER_THAN", 80, "PERCENTAGE"}
}

func yourself() newSubscriber { return newSubscriber{"EMAIL", checks.PlaceholderEmail} }

// createBudget is one command, and a budget's mail needs no confirmation: an alarm would need a topic, a subscription
// and a switch in the console.
func createBudget(s checks.Site, name string) checks.Fix {
	return checks.Fix{
		Commands: []checks.Command{budgetsCommand(s, "create-budget", "--budget", asJSON(monthlyBudget(name)),
			"--notifications-with-subscribers",
			asJSON([]notificationWithSubscribers{{actualCost(), []newSubscriber{yourself()}}}))},
		Console: "Billing and Cost Management › Budgets › Create budget › Monthly cost budget",
	}
}

// updateBudget gives a budget a limit and a time that has begun and does not end. Its notifications stay.
func updateBudget(s checks.Site, b account.Budget) repair {
	to := monthlyBudget(b.Name)
	if slices.Contains([]string{"DAILY", "QUARTERLY", "ANNUALLY"}, b.TimeUnit) {
		to.Every = b.TimeUnit
	}
	if limit, err := strconv.ParseFloat(b.Limit, 64); err == nil && limit > 0 {
		to.Limit = spend{b.Limit, b.Unit}
	}
	return repair{Fix: checks.Fix{
		Commands: []checks.Command{budgetsCommand(s, "update-budget", "--new-budget", asJSON(to))},
		Console:  inBudgets(b.Name) + " › Edit",
	}}
}

// actual is the type of a notification that goes by the cost that there is, and not by the forecast.
const actual = "ACTUAL"

// tellOfCost makes a budget tell a mail address of its cost: by a notification of that kind, if there is one. The
// address needs no confirmation.
func tellOfCost(s checks.Site, budget string, notifications []account.BudgetNotification) repair {
	i := slices.IndexFunc(notifications, func(n account.BudgetNotification) bool { return n.Type == actual })
	if i < 0 {
		return repair{Fix: checks.Fix{
			Commands: []checks.Command{budgetsCommand(s, "create-notification", "--budget-name", budget,
				"--notification", asJSON(actualCost()), "--subscribers", asJSON([]newSubscriber{yourself()}))},
			Console: inBudgets(budget) + " › Edit › Alerts › Add an alert threshold",
		}}
	}
	n := notifications[i]
	return repair{Fix: checks.Fix{
		Commands: []checks.Command{budgetsCommand(s, "create-subscriber", "--budget-name", budget,
			"--notification", asJSON(newNotification{n.Type, n.Comparison, n.Threshold, n.ThresholdType}),
			"--subscriber", asJSON(yourself()))},
		Console: inBudgets(budget) + " › Edit › Alerts › Email recipients",
	}}
}

func inBudgets(name string) string { return "Billing and Cost Management › Budgets › " + name }

func budgetsCommand(s checks.Site, operation string, args ...string) checks.Command {
	return checks.Sh(slices.Concat([]string{"aws", "budgets", operation, "--account-id", s.Account}, args,
		[]string{"--region", billingRegion})...)
}

// asJSON writes a parameter of the AWS CLI. What it is made of always encodes.
func asJSON(value any) string {
	var text strings.Builder
	encode := json.NewEncoder(&text)
	encode.SetEscapeHTML(false)
	if err := encode.Encode(value); err != nil {
		return "{}"
	}
	return strings.TrimSpace(text.String())
}
