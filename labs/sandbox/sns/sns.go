// Package sns is the Amazon Simple Notification Service of the practice account.
package sns

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is the Amazon Simple Notification Service. It sends nothing.
var Service = &wire.Service{
	API:   api,
	Codes: wire.ErrorCodes{Denied: "AuthorizationError", Invalid: "InvalidParameter"},
	Operations: []wire.Operation{
		wire.Change("ConfirmSubscription", confirmSubscription),
		wire.Change("CreateTopic", createTopic),
		wire.Change("DeleteTopic", deleteTopic),
		wire.Op("GetTopicAttributes", getTopicAttributes),
		wire.Op("ListSubscriptionsByTopic", listSubscriptionsByTopic),
		wire.Op("ListTopics", listTopics),
		wire.Change("Subscribe", subscribe),
		wire.Change("Unsubscribe", unsubscribe),
	},
	Parts: []wire.AnyPart{Topics},
	Simulations: []wire.Simulation{{
		Name: "confirm-subscriptions",
		Help: "Everybody who got a mail of SNS clicks its link \"Confirm subscription\".",
		Run:  confirmAll,
	}},
}

// subscriptionPaging has one page size, which the caller cannot choose.
var subscriptionPaging = wire.Paging{Size: 100, Max: 100, BadToken: "InvalidParameter"}

func topicARN(r *wire.Request, name string) string { return r.ARN("sns", name) }

// findTopic finds a topic by its ARN. SNS tells one in another Region or account from one that is not there.
func findTopic(r *wire.Request, arn string) (*Topic, error) {
	name, here := strings.CutPrefix(arn, topicARN(r, ""))
	if !here || strings.Contains(name, ":") {
		return nil, wire.Failf("InvalidParameter", "Invalid parameter: TopicArn")
	}
	for _, t := range *Topics.Of(r) {
		if t.Name == name {
			return t, nil
		}
	}
	return nil, notFound("Topic does not exist")
}

// notFound is SNS's error for what is not there.
func notFound(message string) error {
	return &wire.Error{Code: "NotFound", Message: message, Status: http.StatusNotFound}
}

func subscriptionARN(r *wire.Request, t *Topic, s *Subscription) string {
	return topicARN(r, t.Name) + ":" + s.ID
}

var topicName = wire.Grammar{Pattern: regexp.MustCompile(`^[A-Za-z0-9_-]+(\.fifo)?$`), Longest: 256}

// createTopic gives the topic of that name, which it makes where there is none.
func createTopic(r *wire.Request, in *createTopicInput) (*createTopicOutput, error) {
	if !topicName.Takes(in.Name) {
		return nil, wire.Failf("InvalidParameter", "Invalid parameter: Topic Name")
	}
	arn := topicARN(r, in.Name)
	if _, err := findTopic(r, arn); err != nil {
		topics := Topics.Of(r)
		*topics = append(*topics, &Topic{Name: in.Name})
	}
	return &createTopicOutput{TopicArn: &arn}, nil
}

// deleteTopic may be repeated: a topic that is not there is no error.
func deleteTopic(r *wire.Request, in *deleteTopicInput) (*wire.None, error) {
	t, err := findTopic(r, in.TopicArn)
	if err != nil {
		return &wire.None{}, nil
	}
	topics := Topics.Of(r)
	*topics = slices.DeleteFunc(*topics, func(other *Topic) bool { return other == t })
	return &wire.None{}, nil
}

func getTopicAttributes(r *wire.Request, in *getTopicAttributesInput) (*getTopicAttributesOutput, error) {
	t, err := findTopic(r, in.TopicArn)
	if err != nil {
		return nil, err
	}
	pending := 0
	for _, s := range t.Subscriptions {
		if s.Pending {
			pending++
		}
	}
	return &getTopicAttributesOutput{Attributes: map[string]string{
		"DisplayName":            "",
		"Owner":                  r.AccountID(),
		"SubscriptionsConfirmed": strconv.Itoa(len(t.Subscriptions) - pending),
		"SubscriptionsDeleted":   "0",
		"SubscriptionsPending":   strconv.Itoa(pending),
		"TopicArn":               in.TopicArn,
	}}, nil
}

// listTopics lists the topics of a Region, 100 at a time.
func listTopics(r *wire.Request, in *listTopicsInput) (*listTopicsOutput, error) {
	found, next, err := wire.Page(subscriptionPaging, *Topics.Of(r), nil, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listTopicsOutput{Topics: []topicWire{}, NextToken: next}
	for _, t := range found {
		out.Topics = append(out.Topics, topicWire{TopicArn: new(topicARN(r, t.Name))})
	}
	return out, nil
}

// listSubscriptionsByTopic lists subscriptions. One that is not confirmed has a word in the place of its ARN.
func listSubscriptionsByTopic(
	r *wire.Request, in *listSubscriptionsByTopicInput,
) (*listSubscriptionsByTopicOutput, error) {
	t, err := findTopic(r, in.TopicArn)
	if err != nil {
		return nil, err
	}
	found, next, err := wire.Page(subscriptionPaging, t.Subscriptions, nil, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listSubscriptionsByTopicOutput{Subscriptions: []subscriptionWire{}, NextToken: next}
	for _, s := range found {
		arn := subscriptionARN(r, t, s)
		if s.Pending {
			arn = "PendingConfirmation"
		}
		out.Subscriptions = append(out.Subscriptions, subscriptionWire{
			SubscriptionArn: &arn, Owner: new(r.AccountID()), Protocol: &s.Protocol, Endpoint: &s.Endpoint,
			TopicArn: &in.TopicArn,
		})
	}
	return out, nil
}

// subscribe adds a subscription, unless the endpoint has one. People and web servers must confirm theirs first.
func subscribe(r *wire.Request, in *subscribeInput) (*subscribeOutput, error) {
	t, err := findTopic(r, in.TopicArn)
	if err != nil {
		return nil, err
	}
	endpoint := wire.Value(in.Endpoint)
	if endpoint == "" {
		return nil, wire.Failf("InvalidParameter", "Invalid parameter: Endpoint")
	}
	same := func(s *Subscription) bool { return s.Protocol == in.Protocol && s.Endpoint == endpoint }
	i := slices.IndexFunc(t.Subscriptions, same)
	if i < 0 {
		pending := slices.Contains([]string{"email", "email-json", "http", "https"}, in.Protocol)
		i = len(t.Subscriptions)
		t.Subscriptions = append(t.Subscriptions, &Subscription{
			ID: r.UUID(), Protocol: in.Protocol, Endpoint: endpoint, Pending: pending,
		})
	}
	if s := t.Subscriptions[i]; !s.Pending || wire.Value(in.ReturnSubscriptionArn) {
		return &subscribeOutput{SubscriptionArn: new(subscriptionARN(r, t, s))}, nil
	}
	return &subscribeOutput{SubscriptionArn: new("pending confirmation")}, nil
}

// confirmAll confirms whatever waits to be confirmed, in all Regions.
func confirmAll(r *wire.Request) {
	for topics := range Topics.All(r) {
		for _, topic := range *topics {
			for _, subscription := range topic.Subscriptions {
				subscription.Pending = false
			}
		}
	}
}

// confirmSubscription confirms the oldest pending subscription of a topic. As no mail is sent, every token is good.
func confirmSubscription(r *wire.Request, in *confirmSubscriptionInput) (*confirmSubscriptionOutput, error) {
	t, err := findTopic(r, in.TopicArn)
	if err != nil {
		return nil, err
	}
	for _, s := range t.Subscriptions {
		if s.Pending {
			s.Pending = false
			return &confirmSubscriptionOutput{SubscriptionArn: new(subscriptionARN(r, t, s))}, nil
		}
	}
	return nil, wire.Failf("InvalidParameter", "Invalid parameter: Token")
}

func unsubscribe(r *wire.Request, in *unsubscribeInput) (*wire.None, error) {
	for _, t := range *Topics.Of(r) {
		for i, s := range t.Subscriptions {
			if !s.Pending && subscriptionARN(r, t, s) == in.SubscriptionArn {
				t.Subscriptions = slices.Delete(t.Subscriptions, i, i+1)
				return &wire.None{}, nil
			}
		}
	}
	return nil, notFound("Subscription does not exist")
}

// Topics are the topics of a Region.
var Topics = &wire.Part[[]*Topic]{Key: "topics", Regional: true}

// A Topic is an SNS topic.
type Topic struct {
	Name          string          `json:"name"`
	Subscriptions []*Subscription `json:"subscriptions,omitempty"`
}

// A Subscription sends a topic's messages somewhere.
type Subscription struct {
	// ID is the last part of the subscription's ARN, a UUID.
	ID       string `json:"id"`
	Protocol string `json:"protocol"` // such as email
	Endpoint string `json:"endpoint"` // such as an address
	// Pending reports whether the owner of the endpoint has yet to confirm.
	Pending bool `json:"pending,omitempty"`
}
