package account

import (
	"context"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// TopicKey asks about an SNS topic. Region is the one in the topic's ARN.
type TopicKey struct {
	Region string `json:"region"`
	ARN    string `json:"arn"`
}

// Topic is who is told what is published to an SNS topic. The zero value is that there is no such topic.
type Topic struct {
	Exists        bool           `json:"exists"`
	Subscriptions []Subscription `json:"subscriptions"`
}

// Subscription is one who is told. Where the message goes (an e-mail address or a telephone number) is not kept.
type Subscription struct {
	Protocol string `json:"protocol"` // such as "email"
	// ARN is the subscription's, or the words "PendingConfirmation" or "Deleted" in its place.
	ARN string `json:"arn"`
	// Example is the mail address if it is one of an example domain, which is nobody's.
	Example string `json:"example,omitempty"`
}

// TopicSubscriptions lists the subscriptions of a topic.
// https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
var TopicSubscriptions = &facts.Read[TopicKey, Topic]{
	Name:       "sns.topic-subscriptions",
	Operations: []string{"sns:ListSubscriptionsByTopic"},
	Fetch: func(ctx context.Context, a *facts.Access, key TopicKey) (Topic, error) {
		out, err := Ask[struct{ Subscriptions []subscription }](
			ctx, a, "sns:ListSubscriptionsByTopic", key.Region, map[string]any{"TopicArn": key.ARN})
		switch {
		case absent(err, "NotFound"):
			return Topic{}, nil
		case err != nil:
			return Topic{}, err
		}
		list, err := eachOf(out.Subscriptions, func(s subscription) (Subscription, error) {
			return Subscription{Protocol: s.Protocol, ARN: s.SubscriptionArn, Example: exampleAddress(s.Endpoint)}, nil
		})
		return Topic{Exists: true, Subscriptions: list}, err
	},
}

// subscription is what is kept of one in AWS's answer.
type subscription struct{ Protocol, SubscriptionArn, Endpoint string }

// exampleAddress is a mail address in a domain that is set aside for examples, and so can be no mailbox; empty for
// every other: https://www.rfc-editor.org/rfc/rfc2606
func exampleAddress(address string) string {
	address = strings.TrimSpace(address)
	_, domain, isMail := strings.Cut(address, "@")
	labels := strings.Split(strings.TrimSuffix(strings.ToLower(domain), "."), ".")
	last := len(labels) - 1
	switch {
	case !isMail || len(address) > maxMailAddress:
		return ""
	case slices.Contains([]string{"test", "example", "invalid", "localhost"}, labels[last]):
		return address
	case last > 0 && labels[last-1] == "example" && slices.Contains([]string{"com", "net", "org"}, labels[last]):
		return address
	}
	return ""
}

// maxMailAddress is the longest address that mail can have, in bytes: https://www.rfc-editor.org/rfc/rfc5321
const maxMailAddress = 320

// TopicsKey asks about the SNS topics of a Region.
type TopicsKey struct {
	Region string `json:"region"`
}

// Topics lists the ARNs of a Region's topics.
// https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html
var Topics = &facts.Read[TopicsKey, []string]{
	Name:       "sns.topics",
	Operations: []string{"sns:ListTopics"},
	Fetch: func(ctx context.Context, a *facts.Access, key TopicsKey) ([]string, error) {
		type topic struct{ TopicArn string }
		out, err := Ask[struct{ Topics []topic }](ctx, a, "sns:ListTopics", key.Region, nil)
		if err != nil {
			return nil, err
		}
		return eachOf(out.Topics, func(t topic) (string, error) { return nameOf("a topic", &t.TopicArn) })
	},
}
