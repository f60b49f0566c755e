package billing

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// topicARN is the grammar of an SNS topic's name in full. The Region in it becomes a part of a host's name, and so
// nothing else passes.
var topicARN = regexp.MustCompile(`^arn:aws:sns:([a-z]{2,4}(?:-[a-z]+)+-\d+):(\d{12}):([A-Za-z0-9_-]+(?:\.fifo)?)$`)

// anyTopic begins the name in full of every SNS topic.
const anyTopic = "arn:aws:sns:"

// topic is an SNS topic by the parts of its ARN.
type topic struct {
	arn, region, account, name string
}

func parseTopic(arn string) (topic, error) {
	parts := topicARN.FindStringSubmatch(arn)
	if parts == nil {
		return topic{}, facts.Errorf(facts.InvalidResponse, "it tells %q, which is no name of an SNS topic", arn)
	}
	return topic{arn, parts[1], parts[2], parts[3]}, nil
}

// startTopics asks who is told through the topics, all at once. The finding names them if somebody is told.
func startTopics(v *facts.View, arns []string) (finish func() way) {
	var started []func() way
	for _, arn := range arns {
		started = append(started, startTopic(v, arn))
	}
	return func() way {
		var ways []way
		for _, finish := range started {
			ways = append(ways, finish())
		}
		return best(ways)[0]
	}
}

func startTopic(v *facts.View, arn string) (finish func() way) {
	t, err := parseTopic(arn)
	switch {
	case err != nil:
		return func() way { return notKnown(err) }
	case t.account != v.Site().Account:
		return func() way { return unclear(facts.Unsupported, "the topic %s is in another account", arn) }
	}
	pending := account.TopicSubscriptions.Start(v, account.TopicKey{Region: t.region, ARN: arn})
	return func() way {
		answer, err := pending.Get()
		if err != nil {
			return notKnown(err)
		}
		return judgeTopic(t, answer)
	}
}

// unopened is why nobody can say yet whether a subscription tells somebody.
const unopened = "the link in the mail from AWS Notifications has not been opened yet"

// subscribers are those of a topic, counted.
type subscribers struct {
	confirmed, waiting, strange int
	pasted                      int    // have the address that is printed for one's own
	example                     string // an address that is nobody's
}

func countSubscribers(t account.Topic) subscribers {
	var n subscribers
	for _, s := range t.Subscriptions {
		confirmed := strings.HasPrefix(s.ARN, "arn:")
		switch {
		case s.ARN == "Deleted":
		case isPlaceholder(s.Example):
			n.pasted++
		case confirmed && s.Example != "":
			n.example = s.Example
		case confirmed:
			n.confirmed++
		case s.ARN == "PendingConfirmation":
			n.waiting++
		default:
			n.strange++
		}
	}
	return n
}

// judgeTopic says whether somebody is told through a topic.
func judgeTopic(t topic, answer account.Topic) way {
	n := countSubscribers(answer)
	subscribe := func() repair { return subscribe(t, answer.Exists) }
	switch {
	case !answer.Exists:
		return failed("its topic " + t.name + " does not exist").fixedBy(subscribe)
	case n.confirmed > 0:
		return passed(checks.Count(n.confirmed, "confirmed subscriber") + " of the topic " + t.name)
	case n.example != "":
		w := passed("1 confirmed subscriber of the topic " + t.name)
		w.Advice = exampleAdvice(n.example)
		return w
	case n.waiting > 0:
		w := unclear(facts.NotYetConsistent, unopened)
		w.Found = "the subscription of its topic " + t.name + " waits for its confirmation"
		w.Advice = "the link in the mail works for 2 days"
		return w
	case n.strange > 0:
		return unclear(facts.Unsupported, "the subscriptions of the topic %s are in an unknown state", t.name)
	case n.pasted > 0:
		return failed("its topic " + t.name + " tells nobody: " + pastedText).fixedBy(subscribe)
	}
	return failed("its topic " + t.name + " has no subscription").fixedBy(subscribe)
}

// pastedText is about a fix that was pasted as it was printed.
const pastedText = checks.PlaceholderEmail + " stands for your own address"

// notifier is an alarm that notifies when the charges grow: the billing alarm, or a composite alarm that rings with it.
type notifier struct {
	name   string
	notice account.Notice
}

// topicsOf lists the SNS topics that the notifiers publish to when they ring.
func topicsOf(notifiers []notifier) []string {
	var topics []string
	for _, t := range notifiers {
		if t.notice.Enabled != nil && *t.notice.Enabled {
			topics = append(topics, topicsIn(t.notice.OnAlarm)...)
		}
	}
	return topics
}

// topicsIn picks the SNS topics among the actions of an alarm.
func topicsIn(actions []string) []string {
	var topics []string
	for _, arn := range actions {
		if strings.HasPrefix(arn, anyTopic) {
			topics = append(topics, arn)
		}
	}
	return topics
}

// silence says why an alarm that rings publishes to no topic, if so.
func silence(v *facts.View, a chargeAlarm, around surroundings) (way, bool) {
	notifiers := around.notifiers(a)
	if len(topicsOf(notifiers)) > 0 {
		return sound()
	}
	var disabled []notifier
	for _, t := range notifiers {
		switch {
		case len(topicsIn(t.notice.OnAlarm)) == 0:
		case t.notice.Enabled == nil:
			return unclear(facts.InvalidResponse, "AWS does not tell whether the alarm's actions are enabled"), true
		default:
			disabled = append(disabled, t)
		}
	}
	unread := withTopics(around.unread)
	put := func() repair { return putAlarm(v, a, a.Name, a.Notice) }
	switch {
	case len(unread) > 0:
		return unclear(facts.Unsupported, "the rule of the composite alarm %s is not understood here: %s",
			unread[0].Name, unread[0].Rule), true
	case len(disabled) > 0:
		found := "its actions are disabled"
		if disabled[0].name != a.Name {
			found = "the actions of the composite alarm " + disabled[0].name + " are disabled"
		}
		return failed(found).fixedBy(func() repair { return enableActions(disabled[0].name) }), true
	}
	if silent := withTopics(around.silent); len(silent) > 0 {
		a.Notice.OnAlarm = append(a.Notice.OnAlarm, topicsIn(silent[0].Notice.OnAlarm)...)
		return failed("the composite alarm " + silent[0].Name + " does not ring with it alone: its rule is " +
			silent[0].Rule).fixedBy(func() repair { return putAlarm(v, a, a.Name, a.Notice) }), true
	}
	found := "it has no action"
	switch {
	case len(a.Notice.OnAlarm) > 0 && a.Notice.OnAlarm[0] != "":
		found = "its action is no SNS topic: " + a.Notice.OnAlarm[0]
	case len(a.Notice.OnOK) > 0:
		found = "it tells somebody only when it goes back to OK"
	case len(a.Notice.OnNoData) > 0:
		found = "it tells somebody only when it has no data"
	}
	return failed(found).fixedBy(put), true
}

// withTopics picks the composite alarms that would tell an SNS topic.
func withTopics(alarms []account.CompositeAlarm) []account.CompositeAlarm {
	var telling []account.CompositeAlarm
	for _, c := range alarms {
		if len(topicsIn(c.Notice.OnAlarm)) > 0 {
			telling = append(telling, c)
		}
	}
	return telling
}

// startMuteRules asks which rules keep the notifiers silent now. That passes, and so it is advice. One question is
// about all alarms; only where there is a rule is it asked whose it is.
func startMuteRules(v *facts.View, notifiers []notifier) (finish func() string) {
	ofAny := account.ActiveMuteRules.Start(v, account.MuteRulesKey{Region: billingRegion})
	return func() string {
		if rules, err := ofAny.Get(); err != nil || len(rules) == 0 {
			return ""
		}
		var pending []*facts.Pending[[]string]
		for _, t := range notifiers {
			if len(topicsOf([]notifier{t})) > 0 {
				key := account.MuteRulesKey{Region: billingRegion, Alarm: t.name}
				pending = append(pending, account.ActiveMuteRules.Start(v, key))
			}
		}
		for _, p := range pending {
			if rules, err := p.Get(); err == nil && len(rules) > 0 {
				return "the mute rule " + rules[0] + " keeps it silent now"
			}
		}
		return ""
	}
}
