package account

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTopicSubscriptions(t *testing.T) {
	a := stateOf(t, `"regions": {"us-east-1": {"topics": [
		{"name": "empty"},
		{"name": "billing-alerts", "subscriptions": [
			{"id": "3b1d6e1c-0c1f-4a52-9a5e-6f2b8f0d7c11", "protocol": "email", "endpoint": "alice@example.com",
			 "pending": true},
			{"id": "3b1d6e1c-0c1f-4a52-9a5e-6f2b8f0d7c12", "protocol": "sms", "endpoint": "+15550100"}
		]}]}}`)
	of := func(name string) TopicKey { return TopicKey{"us-east-1", "arn:aws:sns:us-east-1:123456789012:" + name} }
	topic := readFrom(t, a, TopicSubscriptions, of("billing-alerts"))
	require.True(t, topic.Exists)
	require.Len(t, topic.Subscriptions, 2)
	require.Equal(t, Subscription{"email", "PendingConfirmation"}, topic.Subscriptions[0])
	require.Equal(t, "sms", topic.Subscriptions[1].Protocol)
	require.True(t, strings.HasPrefix(topic.Subscriptions[1].ARN, "arn:aws:sns:"))
	data, err := json.Marshal(topic)
	require.NoError(t, err)
	require.NotContains(t, string(data), "alice@example.com", "where a message goes is not kept")

	require.Equal(t, Topic{Exists: true, Subscriptions: []Subscription{}}, readFrom(t, a, TopicSubscriptions, of("empty")))
	require.Zero(t, readFrom(t, a, TopicSubscriptions, of("gone")))
}
