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
func startTopics(v *facts.View, arns []string) (finish func() checks.Finding) {
	var started []func() checks.Finding
	for _, arn := range arns {
		started = append(started, startTopic(v, arn))
	}
	return func() checks.Finding {
		var ways []checks.Finding
		for _, finish := range started {
			ways = append(ways, finish())
		}
		return best(ways)[0]
	}
}

func startTopic(v *facts.View, arn string) (finish func() checks.Finding) {
	t, err := parseTopic(arn)
	switch {
	case err != nil:
		return func() checks.Finding { return checks.Finding{}.Unknown(err) }
	case t.account != v.Site().Account:
		return func() checks.Finding {
			return unclear(facts.Unsupported, "the topic %s is in another account", arn)
		}
	}
	pending := account.TopicSubscriptions.Start(v, account.TopicKey{Region: t.region, ARN: arn})
	return func() checks.Finding {
		answer, err := pending.Get()
		if err != nil {
			return checks.Finding{}.Unknown(err)
		}
		return judgeTopic(t.name, answer)
	}
}

// unopened is why nobody can say yet whether a subscription tells somebody.
const unopened = "the link in the mail from AWS Notifications has not been opened yet"

// judgeTopic says whether somebody is told through a topic.
func judgeTopic(name string, t account.Topic) checks.Finding {
	var confirmed, waiting, strange int
	for _, s := range t.Subscriptions {
		switch {
		case strings.HasPrefix(s.ARN, "arn:"):
			confirmed++
		case s.ARN == "PendingConfirmation":
			waiting++
		case s.ARN != "Deleted":
			strange++
		}
	}
	switch {
	case !t.Exists:
		return failed("its topic " + name + " does not exist")
	case confirmed > 0:
		return passed(checks.Count(confirmed, "confirmed subscriber") + " of the topic " + name)
	case waiting > 0:
		return checks.Finding{
			Found:  "the subscription of its topic " + name + " waits for its confirmation",
			Advice: "the link in the mail works for 2 days",
		}.Unknown(facts.Errorf(facts.NotYetConsistent, unopened))
	case strange > 0:
		return unclear(facts.Unsupported, "the subscriptions of the topic %s are in an unknown state", name)
	}
	return failed("its topic " + name + " has no subscription")
}

// notifier is an alarm that notifies when the charges grow: the billing alarm, or a composite alarm that depends on it.
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

// silence says why a ringing alarm publishes to no topic, if so.
func silence(notifiers []notifier) (checks.Finding, bool) {
	if len(topicsOf(notifiers)) > 0 {
		return checks.Finding{}, false
	}
	for _, t := range notifiers {
		if t.notice.Enabled == nil && len(topicsIn(t.notice.OnAlarm)) > 0 {
			return unclear(facts.InvalidResponse, "AWS does not tell whether the alarm's actions are enabled"), true
		}
	}
	own := notifiers[0].notice
	switch {
	case len(topicsIn(own.OnAlarm)) > 0:
		return failed("its actions are disabled"), true
	case len(own.OnAlarm) > 0:
		return failed("its action is no SNS topic: " + own.OnAlarm[0]), true
	case len(own.OnOK) > 0:
		return failed("it tells somebody only when it goes back to OK"), true
	case len(own.OnNoData) > 0:
		return failed("it tells somebody only when it has no data"), true
	}
	return failed("it has no action"), true
}

// startMuteRules asks which rules keep the notifiers silent now. That passes, and so it is advice.
func startMuteRules(v *facts.View, notifiers []notifier) (finish func() string) {
	var pending []*facts.Pending[[]string]
	for _, t := range notifiers {
		if len(topicsOf([]notifier{t})) > 0 {
			key := account.MuteRulesKey{Region: billingRegion, Alarm: t.name}
			pending = append(pending, account.ActiveMuteRules.Start(v, key))
		}
	}
	return func() string {
		for _, p := range pending {
			if rules, err := p.Get(); err == nil && len(rules) > 0 {
				return "the mute rule " + rules[0] + " keeps it silent now"
			}
		}
		return ""
	}
}

// ruleToken finds the parts of a composite alarm's rule that matter: an alarm that must ring, such as ALARM("name"),
// ALARM(name) or ALARM(ARN); an alarm in another state; and the brackets and negations around them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
var ruleToken = regexp.MustCompile(
	`\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]*?))\s*\)|\bNOT\b|[()]`)

// dependents are composite alarms by the names and ARNs of the alarms that they depend on.
type dependents map[string][]account.CompositeAlarm

func dependentsOf(composites []account.CompositeAlarm) dependents {
	on := dependents{}
	for _, c := range composites {
		for _, name := range ringsWith(c.Rule) {
			on[name] = append(on[name], c)
		}
	}
	return on
}

// on picks the composite alarms that ring when the alarm does, be it through other composite alarms: first those that
// depend on it, then those that depend on these.
func (s dependents) on(a account.MetricAlarm) []notifier {
	var notifiers []notifier
	rings := map[string]bool{a.Name: true}
	names := []string{a.Name, a.ARN}
	for len(names) > 0 {
		for _, c := range s[names[0]] {
			if !rings[c.Name] {
				rings[c.Name] = true
				notifiers = append(notifiers, notifier{c.Name, c.Notice})
				names = append(names, c.Name, c.ARN)
			}
		}
		names = names[1:]
	}
	return notifiers
}

// ringsWith lists the alarms that a rule asks for to ring, and not for the opposite.
func ringsWith(rule string) []string {
	var names []string
	negated, next := []bool{false}, false // by bracket, and of what comes next
	for _, token := range ruleToken.FindAllStringSubmatch(rule, -1) {
		here := negated[len(negated)-1] != next
		switch {
		case token[0] == "NOT":
			next = !next
			continue
		case token[0] == "(":
			negated = append(negated, here)
		case token[0] == ")":
			negated = negated[:max(1, len(negated)-1)]
		case token[1] == "ALARM" && !here:
			if name := strings.Join(token[2:], ""); name != "" {
				names = append(names, name)
			}
		}
		next = false
	}
	return names
}
