package account

import (
	"context"

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
	return Subscription{Protocol: aws.ToString(s.Protocol), ARN: aws.ToString(s.SubscriptionArn)}, nil
}
