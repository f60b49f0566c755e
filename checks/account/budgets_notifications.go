package account

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// notificationsPerPage is AWS's own default number of budgets in one page.
const notificationsPerPage = 50

// BudgetNotification is when a budget tells somebody. It identifies itself by all its fields.
type BudgetNotification struct {
	Budget        string  `json:"budget"`        // the budget's name
	Type          string  `json:"type"`          // ACTUAL or FORECASTED
	Comparison    string  `json:"comparison"`    // GREATER_THAN, LESS_THAN or EQUAL_TO
	Threshold     float64 `json:"threshold"`     // of ThresholdType
	ThresholdType string  `json:"thresholdType"` // PERCENTAGE (of the limit; also when empty) or ABSOLUTE_VALUE
	State         string  `json:"state,omitempty"`
}

// BudgetNotifications lists the notifications of all budgets of an account.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudgetNotificationsForAccount.html
var BudgetNotifications = &facts.Read[BudgetsKey, []BudgetNotification]{
	Name:       "budgets.notifications",
	Operations: []string{"budgets:DescribeBudgetNotificationsForAccount"},
	Actions:    []string{"budgets:ViewBudget"},
	Fetch: func(ctx context.Context, a *facts.Access, key BudgetsKey) ([]BudgetNotification, error) {
		client, err := clientFor(a, globalService, budgets.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &budgets.DescribeBudgetNotificationsForAccountInput{
			AccountId: &key.Account, MaxResults: aws.Int32(notificationsPerPage),
		}
		lists, err := wholeList(func(token *string) ([]types.BudgetNotificationsForAccount, *string, error) {
			in.NextToken = token
			out, err := client.DescribeBudgetNotificationsForAccount(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return orEmpty(out.BudgetNotificationsForAccount), out.NextToken, nil
		}, budgetNotifications)
		if absent(err, "NotFoundException") {
			return nil, nil
		}
		return slices.Concat(lists...), err
	},
}

func budgetNotifications(b types.BudgetNotificationsForAccount) ([]BudgetNotification, error) {
	var list []BudgetNotification
	for _, n := range b.Notifications {
		if !isNumber(n.Threshold) {
			return nil, facts.Errorf(facts.InvalidResponse, "the threshold of a notification is no number")
		}
		list = append(list, BudgetNotification{
			Budget: aws.ToString(b.BudgetName), Type: string(n.NotificationType), Comparison: string(n.ComparisonOperator),
			Threshold: n.Threshold, ThresholdType: string(n.ThresholdType), State: string(n.NotificationState),
		})
	}
	return list, needed("the notifications of a budget", b.BudgetName)
}

// BudgetSubscribersKey asks who is told by a notification.
type BudgetSubscribersKey struct {
	Account string `json:"account"`
	BudgetNotification
}

// BudgetSubscriber is one who is told. An e-mail address is not kept.
type BudgetSubscriber struct {
	Kind string `json:"kind"` // EMAIL or SNS
	// Topic is the ARN of the SNS topic.
	Topic string `json:"topic,omitempty"`
}

// BudgetSubscribers lists who is told by a notification. The notification is sent back exactly as AWS gave it: it is
// not found otherwise.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeSubscribersForNotification.html
var BudgetSubscribers = &facts.Read[BudgetSubscribersKey, []BudgetSubscriber]{
	Name:       "budgets.subscribers",
	Operations: []string{"budgets:DescribeSubscribersForNotification"},
	Actions:    []string{"budgets:ViewBudget"},
	Fetch: func(ctx context.Context, a *facts.Access, key BudgetSubscribersKey) ([]BudgetSubscriber, error) {
		client, err := clientFor(a, globalService, budgets.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &budgets.DescribeSubscribersForNotificationInput{
			AccountId: &key.Account, BudgetName: &key.Budget, MaxResults: aws.Int32(budgetsPerPage),
			Notification: &types.Notification{
				NotificationType:   types.NotificationType(key.Type),
				ComparisonOperator: types.ComparisonOperator(key.Comparison),
				Threshold:          key.Threshold,
				ThresholdType:      types.ThresholdType(key.ThresholdType),
				NotificationState:  types.NotificationState(key.State),
			},
		}
		list, err := wholeList(func(token *string) ([]types.Subscriber, *string, error) {
			in.NextToken = token
			out, err := client.DescribeSubscribersForNotification(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return orEmpty(out.Subscribers), out.NextToken, nil
		}, budgetSubscriber)
		if absent(err, "NotFoundException") {
			return nil, changed(err)
		}
		return list, err
	},
}

// changed is the error about a notification that was listed a moment ago and now is not found. That says nothing about
// its subscribers: a notification without any does not exist.
func changed(err error) error {
	e := *facts.AsError(err)
	e.Reason, e.Detail = facts.NotYetConsistent, "AWS Budgets lists a notification and does not find it: it may have changed in this moment"
	return &e
}

func budgetSubscriber(s types.Subscriber) (BudgetSubscriber, error) {
	ours := BudgetSubscriber{Kind: string(s.SubscriptionType)}
	if s.SubscriptionType == types.SubscriptionTypeSns {
		ours.Topic = aws.ToString(s.Address)
	}
	return ours, nil
}
