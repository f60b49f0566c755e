package billing_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/billing"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

// situation is what an account has of alarms, topics and budgets. Only what is set can be asked for.
type situation struct {
	alarms     []account.MetricAlarm
	composites []account.CompositeAlarm
	topics     map[string]account.Topic
	muted      map[string][]string // names of alarms and of the rules that silence them
	known      []string            // ARNs of the topics that there are
	budgets    *budgets
}

// budgets is an account's budgets; nil in a situation in which they are not asked for.
type budgets struct {
	list          []account.Budget
	notifications []account.BudgetNotification
	subscribers   [][]account.BudgetSubscriber // of the notifications, in order; nil: not asked for
}

func noBudgets() *budgets { return &budgets{} }

func (s situation) facts() []facts.Given {
	given := []facts.Given{alarmsIn("us-east-1", s.alarms, s.composites)}
	for arn, topic := range s.topics {
		given = append(given, account.TopicSubscriptions.Given(account.TopicKey{Region: "us-east-1", ARN: arn}, topic))
	}
	if s.muted != nil {
		all := slices.Concat(slices.Collect(maps.Values(s.muted))...)
		given = append(given, account.ActiveMuteRules.Given(account.MuteRulesKey{Region: "us-east-1"}, all))
	}
	for alarm, rules := range s.muted {
		given = append(given, account.ActiveMuteRules.Given(account.MuteRulesKey{Region: "us-east-1", Alarm: alarm}, rules))
	}
	if s.budgets != nil { // what follows is asked if nothing is found, or for a fix
		given = append(given, s.budgets.facts()...)
		given = append(given, account.Topics.Given(account.TopicsKey{Region: "us-east-1"}, s.known))
		for _, region := range checktest.Alice().NearbyRegions() {
			given = append(given, alarmsIn(region, nil, nil))
		}
	}
	return given
}

func (b *budgets) facts() []facts.Given {
	key := account.BudgetsKey{Account: checktest.Account}
	given := []facts.Given{account.Budgets.Given(key, b.list), account.BudgetNotifications.Given(key, b.notifications)}
	for i, list := range b.subscribers {
		if list != nil {
			given = append(given, account.BudgetSubscribers.Given(
				account.BudgetSubscribersKey{Account: checktest.Account, BudgetNotification: b.notifications[i]}, list))
		}
	}
	return given
}

func alarmsIn(region string, metric []account.MetricAlarm, composite []account.CompositeAlarm) facts.Given {
	return account.AlarmsOn.Given(account.AlarmsKey{Region: region, Namespace: "AWS/Billing"},
		account.Alarms{Metric: metric, Composite: composite})
}

func eitherCases() []checktest.Case {
	pending := situation{alarms: alarms(), topics: topic("PendingConfirmation"), muted: unmuted()}
	denied := facts.Errorf(facts.AccessDenied, "denied")
	key := account.BudgetsKey{Account: checktest.Account}
	noAlarms := alarmsIn("us-east-1", nil, nil)
	deniedBudgets := []facts.Given{
		account.Budgets.GivenError(key, denied), account.BudgetNotifications.GivenError(key, denied),
	}
	deniedAlarms := account.AlarmsOn.GivenError(account.AlarmsKey{Region: "us-east-1", Namespace: "AWS/Billing"}, denied)
	north := checktest.Alice()
	north.Region = "eu-north-1"
	return []checktest.Case{
		{
			Name: "neither", Facts: situation{budgets: noBudgets()}.facts(),
			Want: checks.Fail, Found: "no alarm in us-east-1 watches the estimated charges\nthe account has no budget",
			Fix: create,
		},
		{
			Name: "an alarm in the lab's Region", Site: north,
			Facts:    append(situation{budgets: noBudgets()}.facts(), alarmsIn("eu-north-1", alarms(), nil)),
			Want:     checks.Fail,
			NearMiss: "found the alarm billing-5usd in eu-north-1, did you mean it? The billing metrics are in us-east-1 only",
		},
		{
			Name:  "an alarm in a likely Region",
			Facts: append(situation{budgets: noBudgets()}.facts(), alarmsIn("eu-west-1", alarms(), nil)),
			Want:  checks.Fail, NearMiss: "found the alarm billing-5usd in eu-west-1",
		},
		{
			Name: "an unconfirmed alarm and no budget", Facts: pending.budget(noBudgets()),
			Want: checks.Unknown, Reason: facts.NotYetConsistent, Found: "waits for its confirmation; the account has no budget",
		},
		{
			Name: "an unconfirmed alarm and a budget", Facts: pending.budget(mailed(monthly(), actual(80))),
			Want: checks.Pass, Found: "above 80 % of 5 USD it tells a mail address",
			Advice: "billing alarm billing-5usd: the subscription",
		},
		{
			Name: "no alarm and the budgets are denied", Facts: append(deniedBudgets, noAlarms),
			Want: checks.Unknown, Reason: facts.AccessDenied, Found: "no alarm in us-east-1",
		},
		{
			Name:  "the alarms are denied and there is a budget",
			Facts: append(mailed(monthly(), actual(80)).facts(), deniedAlarms), Want: checks.Pass,
		},
		{
			Name:  "the alarms are denied and there is no budget",
			Facts: append(noBudgets().facts(), deniedAlarms), Want: checks.Unknown, Reason: facts.AccessDenied,
		},
		{
			Name: "half an alarm and no budget", Facts: situation{
				alarms: alarms(func(a *account.MetricAlarm) { a.Elements[0].Metric.Dimensions["ServiceName"] = "AmazonEC2" }),
				topics: topic(confirmed), muted: unmuted(), budgets: noBudgets(),
			}.facts(),
			Want: checks.Partial, Share: 50, Found: "watches only ServiceName AmazonEC2",
		},
	}
}

// budget adds budgets to the facts of a situation.
func (s situation) budget(b *budgets) []facts.Given {
	s.budgets = b
	return s.facts()
}

func TestABillThatIsNotTheAccountsOwnIsSkipped(t *testing.T) {
	govCloud := facts.ParseSite(
		checktest.Account, "arn:aws-us-gov:iam::123456789012:user/alice", "AIDAEXAMPLE", "us-gov-west-1")
	for why, site := range map[string]facts.Site{"AWS Academy": checktest.LearnerLab(), "aws-us-gov": govCloud} {
		bound, err := billing.Alarm.Bind(nil)
		require.NoError(t, err)
		session := facts.NewSession(t.Context(), facts.Options{Given: []facts.Given{}})
		view := session.View(site, billing.Alarm.Reads, billing.Alarm.Extra)
		result := bound.Run(view)
		require.Equal(t, checks.Skipped, result.Verdict())
		require.Contains(t, result.Findings[0].Found, why)
		require.Empty(t, view.Asked(), "a skipped check asks nothing")
	}
}

func TestWhatIsLookedAtIsCounted(t *testing.T) {
	result := checktest.Look(t, billing.Alarm, checktest.Case{Facts: situation{budgets: noBudgets()}.facts()})
	require.Len(t, result.Findings, 2)
	require.Equal(t, "CloudWatch alarms in us-east-1 (0 on the estimated charges)", result.Findings[0].LookedAt)
	require.Equal(t, "AWS Budgets of the account 123456789012 (0)", result.Findings[1].LookedAt)
}
