package billing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/billing"
	"github.com/labcheck/labcheck/checks/checktest"
)

// fixCases are about the fix that fits what is found: a new budget only where nothing is there.
func fixCases() []checktest.Case {
	type subscription = account.Subscription
	const other = "arn:aws:sns:us-east-1:123456789012:other"
	topics := func(arn string, subscriptions ...subscription) map[string]account.Topic {
		return map[string]account.Topic{arn: {Exists: true, Subscriptions: subscriptions}}
	}
	read := subscription{Protocol: "email", ARN: other + ":0"}
	silent := alarms(func(a *account.MetricAlarm) { a.Notice.OnAlarm = nil })
	fails := func(name string, s situation, found, fix string) checktest.Case {
		if s.budgets == nil {
			s.budgets = noBudgets()
		}
		if s.alarms != nil {
			s.muted = unmuted()
		}
		return checktest.Case{Name: name, Facts: s.facts(), Want: checks.Fail, Found: found, Fix: fix}
	}
	pasted := func(address string) *budgets {
		return mailed(monthly(), actual(80)).to(account.BudgetSubscriber{Kind: "EMAIL", Example: address})
	}
	example := checktest.Case{
		Name: "a budget that tells an example's address", Want: checks.Pass,
		Advice: "alice@example.org is in a domain for examples, where nobody reads mail",
		Facts:  situation{budgets: pasted("alice@example.org")}.facts(),
	}
	exampleTopic := checktest.Case{
		Name: "a topic that tells an example's address", Want: checks.Pass,
		Advice: "jo@lab.test is in a domain for examples",
		Facts: situation{alarms: alarms(), muted: unmuted(), topics: topics(topicARN,
			subscription{Protocol: "email", ARN: confirmed, Example: "jo@lab.test"})}.facts(),
	}
	both := mailed(monthly(), actual(80)).to(
		account.BudgetSubscriber{Kind: "EMAIL", Example: "YOU@EXAMPLE.COM"}, account.BudgetSubscriber{Kind: "EMAIL"})
	forecast := mailed(monthly(), with(actual(80), func(n *account.BudgetNotification) { n.Type = "FORECASTED" }))
	part := mailed(monthly(func(b *account.Budget) { b.Filtered = true }), actual(80))
	partial := func(name string, b *budgets, fix string) checktest.Case {
		return checktest.Case{
			Name: name, Facts: situation{budgets: b}.facts(), Want: checks.Partial, Share: 50, Fix: fix,
		}
	}
	old := func(change func(*account.Budget)) *budgets {
		return &budgets{list: []account.Budget{monthly(func(b *account.Budget) { b.TimeUnit = "ANNUALLY" }, change)}}
	}
	const update = `aws budgets update-budget --account-id 123456789012 --new-budget '{"BudgetName":"lab","BudgetType":` +
		`"COST","TimeUnit":"ANNUALLY","BudgetLimit":{"Amount":`
	return []checktest.Case{
		fails("no action, and a topic that somebody reads",
			situation{alarms: silent, known: []string{other}, topics: topics(other, read)},
			"it has no action", "--comparison-operator GreaterThanThreshold --alarm-actions "+other),
		fails("no action, and a topic that a queue reads",
			situation{
				alarms: silent, known: []string{other},
				topics: topics(other, subscription{Protocol: "sqs", ARN: other + ":0"}),
			},
			"it has no action", "aws sns create-topic --name billing-alerts"),
		fails("no action, and a budget that tells nobody", situation{alarms: silent, budgets: mailed(monthly())},
			"no notification", "aws budgets create-notification --account-id 123456789012 --budget-name lab"),
		fails("the topic is gone", situation{alarms: alarms(), topics: map[string]account.Topic{topicARN: {}}},
			"does not exist", "aws sns create-topic --name billing-alerts --region us-east-1\naws sns subscribe"),
		fails("nobody reads the topic", situation{alarms: alarms(), topics: topic()},
			"has no subscription", "aws sns subscribe --topic-arn "+topicARN+" --protocol email"),
		fails("the topic tells the printed address",
			situation{alarms: alarms(), topics: topics(topicARN,
				subscription{Protocol: "email", ARN: "PendingConfirmation", Example: "you@example.com"})},
			"its topic billing-alerts tells nobody: YOU@EXAMPLE.COM stands for your own address", "aws sns subscribe"),
		fails("a budget tells the printed address", situation{budgets: pasted("You@Example.Com")},
			"its notification tells nobody: YOU@EXAMPLE.COM stands for your own address",
			`aws budgets create-subscriber --account-id 123456789012 --budget-name lab --notification `+
				`'{"NotificationType":"ACTUAL","ComparisonOperator":"GREATER_THAN","Threshold":80,"ThresholdType":`+
				`"PERCENTAGE"}' --subscriber '{"SubscriptionType":"EMAIL","Address":"YOU@EXAMPLE.COM"}' --region us-east-1`),
		fails("a budget that nobody subscribed to",
			situation{budgets: mailed(monthly(), actual(80)).to([]account.BudgetSubscriber{}...)},
			"no subscriber", "create-subscriber"),
		fails("a budget whose topic tells nobody", situation{
			budgets: mailed(monthly(), actual(80)).to(account.BudgetSubscriber{Kind: "SNS", Topic: topicARN}), topics: topic(),
		}, "billing-alerts has no subscription", "create-subscriber"),
		fails("a budget that has ended", situation{budgets: old(func(b *account.Budget) { b.Ends = checktest.Now })},
			"it ended", update+`"5.0","Unit":"USD"},"CostTypes":{"IncludeCredit":false}}' --region us-east-1`),
		fails("a budget without a limit", situation{budgets: old(func(b *account.Budget) { b.Limit = "" })},
			"no limit", update+`"5","Unit":"USD"}`),
		fails("a budget of usage", situation{budgets: old(func(b *account.Budget) { b.Type = "USAGE" })},
			"USAGE", create),
		partial("a budget of a part of the cost", part, create),
		partial("a budget that goes by the forecast", forecast, "aws budgets create-notification"),
		{Name: "the printed address beside one's own", Facts: situation{budgets: both}.facts(), Want: checks.Pass},
		example, exampleTopic,
	}
}

// An alarm in a Region without billing metrics is made again in the right one.
func TestTheAlarmOfAnotherRegionIsMadeAgain(t *testing.T) {
	result := checktest.Look(t, billing.Alarm, checktest.Case{Facts: append(
		situation{budgets: noBudgets(), known: []string{topicARN}, topics: topic(confirmed)}.facts(),
		alarmsIn("eu-west-1", alarms(func(a *account.MetricAlarm) {
			a.Threshold = new(7.0)
			a.Notice.OnAlarm = []string{"arn:aws:sns:eu-west-1:123456789012:billing-alerts"}
		}), nil))})
	require.Equal(t, checks.Fail, result.Verdict())
	require.Len(t, result.Fix.Commands, 1)
	require.Contains(t, result.Fix.Commands[0].String(), "--alarm-name billing-5usd")
	require.Contains(t, result.Fix.Commands[0].String(), "--threshold 7")
	require.Contains(t, result.Fix.Commands[0].String(), "--alarm-actions "+topicARN+" --region us-east-1")
}
