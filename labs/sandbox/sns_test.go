package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// The life of the topic of a billing alarm.
func TestTopicAndItsSubscriptions(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx := sns.NewFromConfig(cfg), t.Context()
	topic, err := client.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("billing-alerts")})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:sns:us-east-1:123456789012:billing-alerts", *topic.TopicArn)
	again, err := client.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("billing-alerts")})
	require.NoError(t, err)
	require.Equal(t, *topic.TopicArn, *again.TopicArn)
	_, err = client.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("not a name")})
	requireCode(t, "InvalidParameter", err)

	mail := &sns.SubscribeInput{
		TopicArn: topic.TopicArn, Protocol: aws.String("email"), Endpoint: aws.String("alice@example.com"),
	}
	for range 2 { // subscribing twice is subscribing once
		subscribed, err := client.Subscribe(ctx, mail)
		require.NoError(t, err)
		require.Equal(t, "pending confirmation", *subscribed.SubscriptionArn)
	}
	list := func() []string {
		out, err := client.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: topic.TopicArn})
		require.NoError(t, err)
		arns := []string{}
		for _, s := range out.Subscriptions {
			arns = append(arns, *s.SubscriptionArn)
		}
		return arns
	}
	require.Equal(t, []string{"PendingConfirmation"}, list())
	attributes, err := client.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: topic.TopicArn})
	require.NoError(t, err)
	require.Equal(t, "1", attributes.Attributes["SubscriptionsPending"])

	topics, err := client.ListTopics(ctx, &sns.ListTopicsInput{})
	require.NoError(t, err)
	require.Len(t, topics.Topics, 1)
	require.Equal(t, *topic.TopicArn, *topics.Topics[0].TopicArn)

	confirm := &sns.ConfirmSubscriptionInput{TopicArn: topic.TopicArn, Token: aws.String("from the mail")}
	confirmed, err := client.ConfirmSubscription(ctx, confirm)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(*confirmed.SubscriptionArn, *topic.TopicArn+":"))
	require.Equal(t, []string{*confirmed.SubscriptionArn}, list())
	_, err = client.ConfirmSubscription(ctx, confirm)
	requireCode(t, "InvalidParameter", err)

	queue := &sns.SubscribeInput{
		TopicArn: topic.TopicArn, Protocol: aws.String("sqs"),
		Endpoint: aws.String("arn:aws:sqs:us-east-1:123456789012:q"),
	}
	subscribed, err := client.Subscribe(ctx, queue)
	require.NoError(t, err)
	require.Equal(t, []string{*confirmed.SubscriptionArn, *subscribed.SubscriptionArn}, list())
	_, err = client.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("email")})
	requireCode(t, "InvalidParameter", err)

	_, err = client.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: confirmed.SubscriptionArn})
	require.NoError(t, err)
	require.Equal(t, []string{*subscribed.SubscriptionArn}, list())
	_, err = client.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: confirmed.SubscriptionArn})
	requireCode(t, "NotFound", err)

	for range 2 { // deleting twice is deleting once
		_, err = client.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: topic.TopicArn})
		require.NoError(t, err)
	}
	_, err = client.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: topic.TopicArn})
	requireCode(t, "NotFound", err)
}

func TestTopicsAreAskedForInTheirRegion(t *testing.T) {
	_, cfg := load(t, "finished", sandbox.Options{})
	cfg.Region = "eu-west-1"
	in := &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:billing-alerts")}
	_, err := sns.NewFromConfig(cfg).ListSubscriptionsByTopic(t.Context(), in)
	requireCode(t, "InvalidParameter", err)
}

func TestSubscriptionsComeInPages(t *testing.T) {
	_, cfg := load(t, "finished", sandbox.Options{})
	client, ctx, topic := sns.NewFromConfig(
		cfg,
	), t.Context(), aws.String("arn:aws:sns:us-east-1:123456789012:billing-alerts")
	for i := range 100 {
		_, err := client.Subscribe(ctx, &sns.SubscribeInput{
			TopicArn: topic, Protocol: aws.String("email"),
			Endpoint: aws.String(fmt.Sprintf("student-%d@example.com", i)),
		})
		require.NoError(t, err)
	}
	pages := 0
	for list := sns.NewListSubscriptionsByTopicPaginator(
		client, &sns.ListSubscriptionsByTopicInput{TopicArn: topic},
	); list.HasMorePages(); pages++ {
		_, err := list.NextPage(ctx)
		require.NoError(t, err)
	}
	require.Equal(t, 2, pages, "101 subscriptions")
}
