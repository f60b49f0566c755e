package sandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// snsService is the Amazon Simple Notification Service. It sends nothing.
var snsService = service{
	id:        "sns",
	protocols: []protocol{awsQuery},
	namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
	codes:     errorCodes{denied: "AuthorizationError", throttled: "Throttling", invalid: "InvalidParameter"},
	operations: []operation{
		change("ConfirmSubscription", confirmSubscription),
		change("CreateTopic", createTopic),
		change("DeleteTopic", deleteTopic),
		op("GetTopicAttributes", getTopicAttributes),
		op("ListSubscriptionsByTopic", listSubscriptionsByTopic),
		change("Subscribe", subscribe),
		change("Unsubscribe", unsubscribe),
	},
}

// subscriptionPaging has one page size, which the caller cannot choose.
var subscriptionPaging = paging{size: 100, max: 100, badToken: "InvalidParameter"}

func (r *request) topicARN(name string) string { return r.arn("sns", name) }

// topic finds a topic by its ARN. SNS tells one in another Region or account from one that is not there.
func (r *request) topic(arn string) (*Topic, error) {
	name, here := strings.CutPrefix(arn, r.topicARN(""))
	if !here || strings.Contains(name, ":") {
		return nil, failf("InvalidParameter", "Invalid parameter: TopicArn")
	}
	for _, t := range r.regional().Topics {
		if t.Name == name {
			return t, nil
		}
	}
	return nil, notFound("Topic does not exist")
}

// notFound is SNS's error for what is not there.
func notFound(message string) error {
	return &apiError{Code: "NotFound", Message: message, Status: http.StatusNotFound}
}

func (r *request) subscriptionARN(t *Topic, s *Subscription) string {
	return r.topicARN(t.Name) + ":" + s.ID
}

type createTopicInput struct {
	Name string `wire:"Name,required"`
}

type topicARNOutput struct {
	TopicARN string `wire:"TopicArn"`
}

var topicName = grammar{regexp.MustCompile(`^[A-Za-z0-9_-]+(\.fifo)?$`), 256}

// createTopic gives the topic of that name, which it makes where there is none.
func createTopic(r *request, in *createTopicInput) (*topicARNOutput, error) {
	if !topicName.takes(in.Name) {
		return nil, failf("InvalidParameter", "Invalid parameter: Topic Name")
	}
	arn := r.topicARN(in.Name)
	if _, err := r.topic(arn); err != nil {
		r.regional().Topics = append(r.regional().Topics, &Topic{Name: in.Name})
	}
	return &topicARNOutput{TopicARN: arn}, nil
}

type topicInput struct {
	TopicARN string `wire:"TopicArn,required"`
}

// deleteTopic may be repeated: a topic that is not there is no error.
func deleteTopic(r *request, in *topicInput) (*none, error) {
	t, err := r.topic(in.TopicARN)
	if err != nil {
		return &none{}, nil
	}
	r.regional().Topics = slices.DeleteFunc(r.regional().Topics, func(other *Topic) bool { return other == t })
	return &none{}, nil
}

type topicAttributesOutput struct {
	Attributes map[string]string `wire:"Attributes"`
}

func getTopicAttributes(r *request, in *topicInput) (*topicAttributesOutput, error) {
	t, err := r.topic(in.TopicARN)
	if err != nil {
		return nil, err
	}
	pending := 0
	for _, s := range t.Subscriptions {
		if s.Pending {
			pending++
		}
	}
	return &topicAttributesOutput{Attributes: map[string]string{
		"DisplayName":            "",
		"Owner":                  r.accountID(),
		"SubscriptionsConfirmed": strconv.Itoa(len(t.Subscriptions) - pending),
		"SubscriptionsDeleted":   "0",
		"SubscriptionsPending":   strconv.Itoa(pending),
		"TopicArn":               in.TopicARN,
	}}, nil
}

type subscriptionWire struct {
	ARN      string `wire:"SubscriptionArn"`
	Owner    string `wire:"Owner"`
	Protocol string `wire:"Protocol"`
	Endpoint string `wire:"Endpoint"`
	TopicARN string `wire:"TopicArn"`
}

type listSubscriptionsInput struct {
	topicInput
	NextToken *string `wire:"NextToken"`
}

type listSubscriptionsOutput struct {
	Subscriptions []subscriptionWire `wire:"Subscriptions"`
	NextToken     *string            `wire:"NextToken"`
}

// listSubscriptionsByTopic lists subscriptions. One that is not confirmed has a word in the place of its ARN.
func listSubscriptionsByTopic(r *request, in *listSubscriptionsInput) (*listSubscriptionsOutput, error) {
	t, err := r.topic(in.TopicARN)
	if err != nil {
		return nil, err
	}
	found, next, err := page(subscriptionPaging, t.Subscriptions, nil, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listSubscriptionsOutput{Subscriptions: []subscriptionWire{}, NextToken: next}
	for _, s := range found {
		w := subscriptionWire{
			ARN: r.subscriptionARN(t, s), Owner: r.accountID(), Protocol: s.Protocol, Endpoint: s.Endpoint, TopicARN: in.TopicARN,
		}
		if s.Pending {
			w.ARN = "PendingConfirmation"
		}
		out.Subscriptions = append(out.Subscriptions, w)
	}
	return out, nil
}

type subscribeInput struct {
	topicInput
	Protocol  string `wire:"Protocol,required"`
	Endpoint  string `wire:"Endpoint"`
	ReturnARN bool   `wire:"ReturnSubscriptionArn"`
}

type subscriptionARNOutput struct {
	ARN string `wire:"SubscriptionArn"`
}

// subscribe adds a subscription, unless the endpoint has one. People and web servers must confirm theirs first.
func subscribe(r *request, in *subscribeInput) (*subscriptionARNOutput, error) {
	t, err := r.topic(in.TopicARN)
	if err != nil {
		return nil, err
	}
	if in.Endpoint == "" {
		return nil, failf("InvalidParameter", "Invalid parameter: Endpoint")
	}
	same := func(s *Subscription) bool { return s.Protocol == in.Protocol && s.Endpoint == in.Endpoint }
	i := slices.IndexFunc(t.Subscriptions, same)
	if i < 0 {
		pending := slices.Contains([]string{"email", "email-json", "http", "https"}, in.Protocol)
		i = len(t.Subscriptions)
		t.Subscriptions = append(t.Subscriptions, &Subscription{
			ID: r.uuid(), Protocol: in.Protocol, Endpoint: in.Endpoint, Pending: pending,
		})
	}
	if s := t.Subscriptions[i]; !s.Pending || in.ReturnARN {
		return &subscriptionARNOutput{ARN: r.subscriptionARN(t, s)}, nil
	}
	return &subscriptionARNOutput{ARN: "pending confirmation"}, nil
}

type confirmSubscriptionInput struct {
	topicInput
	Token string `wire:"Token,required"`
}

// confirmSubscription confirms the oldest pending subscription of a topic. As no mail is sent, every token is good.
func confirmSubscription(r *request, in *confirmSubscriptionInput) (*subscriptionARNOutput, error) {
	t, err := r.topic(in.TopicARN)
	if err != nil {
		return nil, err
	}
	for _, s := range t.Subscriptions {
		if s.Pending {
			s.Pending = false
			return &subscriptionARNOutput{ARN: r.subscriptionARN(t, s)}, nil
		}
	}
	return nil, failf("InvalidParameter", "Invalid parameter: Token")
}

type unsubscribeInput struct {
	ARN string `wire:"SubscriptionArn,required"`
}

func unsubscribe(r *request, in *unsubscribeInput) (*none, error) {
	for _, t := range r.regional().Topics {
		for i, s := range t.Subscriptions {
			if !s.Pending && r.subscriptionARN(t, s) == in.ARN {
				t.Subscriptions = slices.Delete(t.Subscriptions, i, i+1)
				return &none{}, nil
			}
		}
	}
	return nil, notFound("Subscription does not exist")
}
