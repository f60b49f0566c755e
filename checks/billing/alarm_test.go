package billing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/billing"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

const (
	topicARN  = "arn:aws:sns:us-east-1:123456789012:billing-alerts"
	confirmed = topicARN + ":00000000-0000-0000-0000-000000000000"
)

func yes() *bool { on := true; return &on }

func no() *bool { return new(bool) }

// alarms is an account's one alarm, as the lab wants it and then changed.
func alarms(changes ...func(*account.MetricAlarm)) []account.MetricAlarm {
	five := 5.0
	alarm := account.MetricAlarm{
		Name: "billing-5usd", ARN: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:billing-5usd",
		Elements:   []account.AlarmElement{{Returns: true, Metric: charge()}},
		Comparison: "GreaterThanThreshold", Threshold: &five,
		Notice: account.Notice{Enabled: yes(), OnAlarm: []string{topicARN}},
		State:  "OK", Updated: checktest.Now.Add(-time.Hour),
	}
	for _, change := range changes {
		change(&alarm)
	}
	return []account.MetricAlarm{alarm}
}

// charge is the metric of the estimated charges, with more dimensions.
func charge(dimensions ...string) account.AlarmMetric {
	m := account.AlarmMetric{
		Namespace: "AWS/Billing", Name: "EstimatedCharges", Dimensions: map[string]string{"Currency": "USD"},
		Statistic: "Maximum", Period: 21600,
	}
	for i := 0; i < len(dimensions); i += 2 {
		m.Dimensions[dimensions[i]] = dimensions[i+1]
	}
	return m
}

// topic is the topic of the alarm with subscriptions of these ARNs.
func topic(subscriptions ...string) map[string]account.Topic {
	topic := account.Topic{Exists: true}
	for _, arn := range subscriptions {
		topic.Subscriptions = append(topic.Subscriptions, account.Subscription{Protocol: "email", ARN: arn})
	}
	return map[string]account.Topic{topicARN: topic}
}

func unmuted() map[string][]string { return map[string][]string{"billing-5usd": nil} }

// Parts of the fixes.
const (
	put5 = "aws cloudwatch put-metric-alarm --alarm-name billing-5usd --namespace AWS/Billing " +
		"--metric-name EstimatedCharges --dimensions Name=Currency,Value=USD --statistic Maximum --period 21600 " +
		"--evaluation-periods 1 --threshold 5 --comparison-operator GreaterThanThreshold --alarm-actions " + topicARN +
		" --region us-east-1"
	newTopic = "aws sns create-topic --name billing-alerts --region us-east-1\n" +
		"aws sns subscribe --topic-arn " + topicARN + " --protocol email --notification-endpoint YOU@EXAMPLE.COM " +
		"--region us-east-1\naws cloudwatch put-metric-alarm --alarm-name billing-5usd"
)

func TestAlarm(t *testing.T) {
	checktest.Run(t, billing.Alarm, slices.Concat(
		alarmCases(), mathCases(), bandCases(), topicCases(), compositeCases(), budgetCases(), eitherCases(), fixCases(),
	))
}

func alarmCases() []checktest.Case {
	// An alarm that can ring leads to the questions about its topic; one that cannot, to the budgets at once.
	rings := func(name, found, advice string, change func(*account.MetricAlarm)) checktest.Case {
		return checktest.Case{
			Name: name, Facts: situation{alarms: alarms(change), topics: topic(confirmed), muted: unmuted()}.facts(),
			Want: checks.Pass, Found: found, Advice: advice,
		}
	}
	flawed := func(name, found, fix string, change func(*account.MetricAlarm)) checktest.Case {
		return checktest.Case{
			Name: name, Facts: situation{alarms: alarms(change), budgets: noBudgets()}.facts(),
			Want: checks.Fail, Found: found, Expected: "EstimatedCharges", Fix: fix,
		}
	}
	unclear := func(name string, reason facts.Reason, change func(*account.MetricAlarm)) checktest.Case {
		return checktest.Case{
			Name: name, Facts: situation{alarms: alarms(change), budgets: noBudgets(), muted: unmuted()}.facts(),
			Want: checks.Unknown, Reason: reason,
		}
	}
	type alarm = account.MetricAlarm
	threshold := func(x float64) func(*alarm) { return func(a *alarm) { a.Threshold = &x } }
	dimensions := func(d map[string]string) func(*alarm) { return func(a *alarm) { a.Elements[0].Metric.Dimensions = d } }
	days := func(n int) time.Time { return checktest.Now.AddDate(0, 0, -n) }
	return []checktest.Case{
		rings(
			"as the lab wants it", "above 5 USD it tells 1 confirmed subscriber of the topic billing-alerts", "",
			func(*alarm) {},
		),
		rings("or equal", "above 5 USD", "", func(a *alarm) { a.Comparison = "GreaterThanOrEqualToThreshold" }),
		rings("rings", "", "the charges are above 5 USD", func(a *alarm) { a.State = "ALARM" }),
		rings("new and without data", "", "the first comes within a day", func(a *alarm) { a.State = "INSUFFICIENT_DATA" }),
		rings(
			"old and without data", "", "is probably off", func(a *alarm) { a.State, a.Updated = "INSUFFICIENT_DATA", days(3) },
		),
		rings("high threshold", "above 5000 USD", "5000 USD is high", threshold(5000)),
		rings("average", "", "the statistic is Average", func(a *alarm) { a.Elements[0].Metric.Statistic = "Average" }),
		rings("short period", "", "the period is 300 s", func(a *alarm) { a.Elements[0].Metric.Period = 300 }),
		rings("another currency", "above 5 EUR", "most accounts", dimensions(map[string]string{"Currency": "EUR"})),
		rings("one's own account", "above 5 USD", "", dimensions(charge("LinkedAccount", checktest.Account).Dimensions)),
		flawed("no Currency", "without the dimension Currency", put5, dimensions(nil)),
		flawed(
			"currency in small letters", `the currency "usd", for which there is no metric`, put5,
			dimensions(map[string]string{"Currency": "usd"}),
		),
		flawed(
			"the wrong way round", "rings when the charges are low", put5,
			func(a *alarm) { a.Comparison = "LessThanThreshold" },
		),
		flawed("threshold 0", "its threshold is 0 USD: it rings at the first cent, and then not again", put5, threshold(0)),
		flawed("threshold 0 or equal", "its threshold is 0 USD, and so it always rings", put5, func(a *alarm) {
			a.Comparison, a.Threshold = "GreaterThanOrEqualToThreshold", new(float64)
		}),
		flawed("threshold below 0", "its threshold is -5 USD, and so it always rings", put5, threshold(-5)),
		flawed("a count", "its statistic SampleCount counts values", put5, func(a *alarm) {
			a.Elements[0].Metric.Statistic = "SampleCount"
		}),
		flawed("actions disabled", "its actions are disabled",
			"aws cloudwatch enable-alarm-actions --alarm-names billing-5usd --region us-east-1",
			func(a *alarm) { a.Notice.Enabled = no() }),
		flawed("no action", "it has no action", newTopic, func(a *alarm) { a.Notice.OnAlarm = nil }),
		flawed("only OK actions", "only when it goes back to OK", "--ok-actions "+topicARN, func(a *alarm) {
			a.Notice.OnAlarm, a.Notice.OnOK = nil, []string{topicARN}
		}),
		flawed("only actions without data", "only when it has no data", newTopic, func(a *alarm) {
			a.Notice.OnAlarm, a.Notice.OnNoData = nil, []string{topicARN}
		}),
		flawed("another action", "no SNS topic: arn:aws:automate", "--alarm-actions arn:aws:automate", func(a *alarm) {
			a.Notice.OnAlarm = []string{"arn:aws:automate:us-east-1:ec2:stop"}
		}),
		unclear("a topic in a Region that is none", facts.InvalidResponse, func(a *alarm) {
			a.Notice.OnAlarm = []string{"arn:aws:sns:us-east-1.evil.example/:123456789012:billing-alerts"}
		}),
		flawed("another metric", "no alarm in us-east-1", create, func(a *alarm) { a.Elements[0].Metric.Name = "Other" }),
		flawed("a comparison that AWS adds one day, and no action", "it has no action", newTopic, func(a *alarm) {
			a.Comparison, a.Notice.OnAlarm = "WigglesAboutThreshold", nil
		}),
		unclear(
			"a comparison that AWS adds one day", facts.Unsupported, func(a *alarm) { a.Comparison = "WigglesAboutThreshold" },
		),
		unclear("a query", facts.Unsupported, func(a *alarm) {
			a.Elements = []account.AlarmElement{
				{ID: "q", Returns: true, Expression: `SELECT MAX(EstimatedCharges) FROM SCHEMA("AWS/Billing", Currency)`},
			}
		}),
		unclear("another account's metric", facts.Unsupported, func(a *alarm) {
			a.Elements[0].Metric.Account = "210987654321"
		}),
		unclear("no threshold", facts.InvalidResponse, func(a *alarm) { a.Threshold = nil }),
		unclear("nobody knows whether actions are enabled", facts.InvalidResponse, func(a *alarm) { a.Notice.Enabled = nil }),
		unclear("the topic of another account", facts.Unsupported, func(a *alarm) {
			a.Notice.OnAlarm = []string{"arn:aws:sns:us-east-1:210987654321:billing-alerts"}
		}),
		{
			Name: "two alarms, the second is right", Facts: situation{
				alarms: append(alarms(func(a *alarm) { a.Name, a.Notice.Enabled = "old", no() }), alarms()...),
				topics: topic(confirmed), muted: unmuted(),
			}.facts(),
			Want: checks.Pass,
		},
		{
			Name: "a part only, for one account", Facts: situation{
				alarms: alarms(dimensions(map[string]string{"Currency": "USD", "LinkedAccount": "210987654321"})),
				topics: topic(confirmed), muted: unmuted(), budgets: noBudgets(),
			}.facts(),
			Want: checks.Partial, Share: 50, Found: "it watches only LinkedAccount 210987654321",
		},
	}
}

func TestWhatAWSDoesNotTellIsNoAdvice(t *testing.T) {
	silent := alarms(func(a *account.MetricAlarm) { a.Elements[0].Metric.Statistic, a.Elements[0].Metric.Period = "", 0 })
	result := checktest.Look(t, billing.Alarm, checktest.Case{
		Facts: situation{alarms: silent, topics: topic(confirmed), muted: unmuted()}.facts(),
	})
	require.Equal(t, checks.Pass, result.Verdict())
	require.Empty(t, result.Findings[0].Advice)
}

func topicCases() []checktest.Case {
	says := func(
		name string, topics map[string]account.Topic, want checks.Verdict, reason facts.Reason, found string,
	) checktest.Case {
		s := situation{alarms: alarms(), topics: topics, muted: unmuted()}
		if want != checks.Pass {
			s.budgets = noBudgets()
		}
		return checktest.Case{Name: name, Facts: s.facts(), Want: want, Reason: reason, Found: found}
	}
	const other = "arn:aws:sns:us-east-1:123456789012:other"
	both := alarms(func(a *account.MetricAlarm) { a.Notice.OnAlarm = []string{other, topicARN} })
	denied := account.TopicSubscriptions.GivenError(
		account.TopicKey{Region: "us-east-1", ARN: other}, facts.Errorf(facts.AccessDenied, "denied"))
	muted := situation{alarms: alarms(), topics: topic(confirmed), muted: map[string][]string{"billing-5usd": {"night"}}}
	return []checktest.Case{
		{
			Name: "a topic that may not be looked at beside one that tells somebody", Want: checks.Pass,
			Facts: append(situation{alarms: both, topics: topic(confirmed), muted: unmuted()}.facts(), denied),
		},
		{
			Name: "a topic that may not be looked at beside one that tells nobody", Want: checks.Unknown,
			Reason: facts.AccessDenied,
			Facts:  append(situation{alarms: both, topics: topic(), muted: unmuted(), budgets: noBudgets()}.facts(), denied),
		},
		says(
			"one of several is confirmed", topic("Deleted", confirmed, "PendingConfirmation", confirmed), checks.Pass, "",
			"2 confirmed subscribers",
		),
		says(
			"not confirmed", topic("Deleted", "PendingConfirmation"), checks.Unknown, facts.NotYetConsistent,
			"waits for its confirmation",
		),
		says("unsubscribed", topic("Deleted"), checks.Fail, "", "billing-alerts has no subscription"),
		says("no subscription", topic(), checks.Fail, "", "billing-alerts has no subscription"),
		says(
			"deleted topic", map[string]account.Topic{topicARN: {}}, checks.Fail, "", "its topic billing-alerts does not exist",
		),
		says("a word that AWS adds one day", topic("Asleep"), checks.Unknown, facts.Unsupported, ""),
		{
			Name: "muted", Facts: muted.facts(),
			Want: checks.Pass, Advice: "the mute rule night keeps it silent now",
		},
	}
}

// Nobody but the owner of the mailbox can confirm a subscription.
func TestAMailThatWaitsIsOpened(t *testing.T) {
	fixOf := func(s situation) checks.Fix {
		result := checktest.Look(t, billing.Alarm, checktest.Case{Facts: s.facts()})
		require.Equal(t, checks.Unknown, result.Verdict())
		return result.Fix
	}
	fix := fixOf(situation{alarms: alarms(), topics: topic("PendingConfirmation"), muted: unmuted(), budgets: noBudgets()})
	require.Equal(t, "confirm-subscriptions", fix.Simulate)
	require.True(t, fix.ConsoleOnly)
	require.Contains(t, fix.Console, "Confirm subscription")
	require.Empty(t, fixOf(situation{alarms: alarms(), topics: topic("Asleep"), muted: unmuted(), budgets: noBudgets()}))
}
