package account

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTopicSubscriptions(t *testing.T) {
	a := stateOf(t, `"regions": {"us-east-1": {"topics": [
		{"name": "empty"},
		{"name": "billing-alerts", "subscriptions": [
			{"id": "3b1d6e1c-0c1f-4a52-9a5e-6f2b8f0d7c11", "protocol": "email", "endpoint": "alice@mail.internal",
			 "pending": true},
			{"id": "3b1d6e1c-0c1f-4a52-9a5e-6f2b8f0d7c12", "protocol": "sms", "endpoint": "+15550100"},
			{"id": "3b1d6e1c-0c1f-4a52-9a5e-6f2b8f0d7c13", "protocol": "email", "endpoint": "You@example.com"}
		]}]}}`)
	of := func(name string) TopicKey { return TopicKey{"us-east-1", "arn:aws:sns:us-east-1:123456789012:" + name} }
	topic := readFrom(t, a, TopicSubscriptions, of("billing-alerts"))
	require.True(t, topic.Exists)
	require.Len(t, topic.Subscriptions, 3)
	require.Equal(t, Subscription{Protocol: "email", ARN: "PendingConfirmation"}, topic.Subscriptions[0])
	require.Equal(t, "sms", topic.Subscriptions[1].Protocol)
	require.True(t, strings.HasPrefix(topic.Subscriptions[1].ARN, "arn:aws:sns:"))
	require.Equal(t, "You@example.com", topic.Subscriptions[2].Example)
	data, err := json.Marshal(topic)
	require.NoError(t, err)
	require.NotContains(t, string(data), "alice@mail.internal", "where a message goes is not kept")

	require.Equal(t, Topic{Exists: true, Subscriptions: []Subscription{}}, readFrom(t, a, TopicSubscriptions, of("empty")))
	require.Zero(t, readFrom(t, a, TopicSubscriptions, of("gone")))
}

func TestAddressesOfExamples(t *testing.T) {
	for _, address := range []string{
		"YOU@EXAMPLE.COM", "alice@example.org", "a@example.net", "a@mail.example.com", "a@lab.test", "a@localhost",
		"a@shop.example", "a@b.invalid", "a@example.com.", " a@example.com ",
	} {
		require.NotEmpty(t, exampleAddress(address), address)
	}
	for _, address := range []string{
		"", "example.com", "a@university.edu", "a@example.edu", "a@myexample.com", "a@example.com.au", "a@testing",
		"a@example.company", "+15550100", "https://example.com/@x.test/hook", strings.Repeat("a", 320) + "@example.com",
	} {
		require.Empty(t, exampleAddress(address), address)
	}
}

func TestTopics(t *testing.T) {
	var topics, want []string
	for i := range 101 { // AWS gives 100 a page
		topics = append(topics, fmt.Sprintf(`{"name": "t%03d"}`, i))
		want = append(want, fmt.Sprintf("arn:aws:sns:us-east-1:123456789012:t%03d", i))
	}
	a := stateOf(t, `"regions": {"us-east-1": {"topics": [`+strings.Join(topics, ",")+`]}}`)
	require.Equal(t, want, readFrom(t, a, Topics, TopicsKey{"us-east-1"}))
	require.Empty(t, readFrom(t, a, Topics, TopicsKey{"eu-west-1"}))
}
