package account

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

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
		client, err := clientFor(a, key.Region, sns.NewFromConfig)
		if err != nil {
			return Topic{}, err
		}
		in := &sns.ListSubscriptionsByTopicInput{TopicArn: &key.ARN}
		list, err := wholeList(func(token *string) ([]types.Subscription, *string, error) {
			in.NextToken = token
			out, err := client.ListSubscriptionsByTopic(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.Subscriptions, out.NextToken, nil
		}, subscriptionOf)
		if absent(err, "NotFound") {
			return Topic{}, nil
		}
		return Topic{Exists: true, Subscriptions: list}, err
	},
}

func subscriptionOf(s types.Subscription) (Subscription, error) {
	return Subscription{
		Protocol: aws.ToString(s.Protocol), ARN: aws.ToString(s.SubscriptionArn),
		Example: exampleAddress(aws.ToString(s.Endpoint)),
	}, nil
}

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
		client, err := clientFor(a, key.Region, sns.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &sns.ListTopicsInput{}
		return wholeList(func(token *string) ([]types.Topic, *string, error) {
			in.NextToken = token
			out, err := client.ListTopics(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.Topics, out.NextToken, nil
		}, func(t types.Topic) (string, error) { return nameOf("a topic", t.TopicArn) })
	},
}
