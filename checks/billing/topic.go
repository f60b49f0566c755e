package billing

import (
	"fmt"
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
	var begun []func() checks.Finding
	for _, arn := range arns {
		begun = append(begun, startTopic(v, arn))
	}
	return func() checks.Finding {
		var ways []checks.Finding
		for _, finish := range begun {
			ways = append(ways, finish())
		}
		return best(ways)[0]
	}
}

func startTopic(v *facts.View, arn string) (finish func() checks.Finding) {
	t, err := parseTopic(arn)
	switch {
	case err != nil:
		return func() checks.Finding { return checks.Finding{}.Unanswered(err) }
	case t.account != v.Site().Account:
		return func() checks.Finding {
			return checks.Finding{Reason: facts.Unsupported, Detail: "the topic " + arn + " is in another account"}
		}
	}
	pending := account.TopicSubscriptions.Start(v, account.TopicKey{Region: t.region, ARN: arn})
	return func() checks.Finding {
		answer, err := pending.Get()
		if err != nil {
			return checks.Finding{}.Unanswered(err)
		}
		return told(t.name, answer)
	}
}

func subscribers(confirmed int) string {
	if confirmed == 1 {
		return "1 confirmed subscriber"
	}
	return fmt.Sprintf("%d confirmed subscribers", confirmed)
}

// unopened is why nobody can say yet whether a subscription tells somebody.
const unopened = "the link in the mail from AWS Notifications has not been opened yet"

// mail is the key of Result.Known that is set where a mail waits to be opened.
const mail = "mail"

// openTheMail is the way to a confirmed subscription: no command has the token that only the mail holds.
func openTheMail(_ checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	if r.Known[mail] == "" {
		return checks.Fix{} // AWS alone can finish what is not finished
	}
	return checks.Fix{
		ConsoleOnly: true,
		Console: "your mailbox › AWS Notification - Subscription Confirmation › Confirm subscription; " +
			"SNS › Subscriptions › Request confirmation sends the mail again",
		Simulate: "confirm-subscriptions",
	}
}

// told says whether somebody is told through a topic.
func told(name string, t account.Topic) checks.Finding {
	var confirmed, waiting, unclear int
	for _, s := range t.Subscriptions {
		switch {
		case strings.HasPrefix(s.ARN, "arn:"):
			confirmed++
		case s.ARN == "PendingConfirmation":
			waiting++
		case s.ARN != "Deleted":
			unclear++
		}
	}
	switch {
	case !t.Exists:
		return failed("its topic " + name + " does not exist")
	case confirmed > 0:
		return passed(fmt.Sprintf("%s of the topic %s", subscribers(confirmed), name))
	case waiting > 0:
		return checks.Finding{
			Found:  "the subscription of its topic " + name + " waits for its confirmation",
			Reason: facts.NotYetConsistent, Detail: unopened,
			Advice: "the link in the mail works for 2 days",
		}
	case unclear > 0:
		return checks.Finding{Reason: facts.Unsupported, Detail: "the subscriptions of the topic " + name + " are in an unknown state"}
	}
	return failed("its topic " + name + " has no subscription")
}
