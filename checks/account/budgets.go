package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// What AWS Budgets gives in one page at most: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference
const (
	budgetsPerPage     = 1000 // budgets, and budgets with their notifications
	subscribersPerPage = 100
)

// BudgetsKey asks about the budgets of an account. AWS Budgets is global.
type BudgetsKey struct {
	Account string `json:"account"`
}

// Budget is one budget.
type Budget struct {
	Name string `json:"name"`
	Type string `json:"type"` // COST, USAGE, RI_UTILIZATION …
	// TimeUnit is after how long it begins anew: DAILY, MONTHLY, QUARTERLY, ANNUALLY or CUSTOM.
	TimeUnit string `json:"timeUnit,omitempty"`
	// Limit is an amount of Unit as AWS writes it, such as "5.0"; empty if there is none or it changes (Varies).
	Limit string `json:"limit,omitempty"`
	Unit  string `json:"unit,omitempty"` // such as USD
	// Varies says that the limit adjusts itself or is planned month by month.
	Varies bool `json:"varies,omitempty"`
	// Filtered says that the budget watches only a part of the account's cost.
	Filtered bool `json:"filtered,omitempty"`
	// View is the ARN of the billing view that the budget watches; empty for the account's own, which holds all of its
	// cost.
	View string `json:"view,omitempty"`
	// Credits says that credits are taken off the cost; nil if AWS does not tell.
	Credits *bool `json:"credits,omitempty"`
	// Starts is zero if AWS does not tell. A budget may begin in the future.
	Starts time.Time `json:"starts,omitzero"`
	// Ends is zero if AWS does not tell.
	Ends time.Time `json:"ends,omitzero"`
	// Health is HEALTHY, UNHEALTHY or empty.
	Health string `json:"health,omitempty"`
}

// Budgets lists the budgets of an account.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudgets.html
var Budgets = &facts.Read[BudgetsKey, []Budget]{
	Name:       "budgets.budgets",
	Operations: []string{"budgets:DescribeBudgets"},
	Actions:    []string{"budgets:ViewBudget"},
	Fetch: func(ctx context.Context, a *facts.Access, key BudgetsKey) ([]Budget, error) {
		client, err := clientFor(a, globalService, budgets.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &budgets.DescribeBudgetsInput{
			AccountId: &key.Account, MaxResults: aws.Int32(budgetsPerPage),
			ShowFilterExpression: aws.Bool(true), // else a budget of today's form looks as if it watched the whole cost
		}
		return wholeList(func(token *string) ([]types.Budget, *string, error) {
			in.NextToken = token
			out, err := client.DescribeBudgets(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return orEmpty(out.Budgets), out.NextToken, nil
		}, func(b types.Budget) (Budget, error) { return budgetOf(b, key.Account) })
	},
}

// orEmpty is the list of an answer of AWS Budgets, which leaves empty ones out.
func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func budgetOf(b types.Budget, account string) (Budget, error) {
	//nolint:staticcheck // SA1019: the API still answers with the old fields for budgets made with them
	ours := Budget{
		Name: aws.ToString(b.BudgetName), Type: string(b.BudgetType), TimeUnit: string(b.TimeUnit),
		Varies:   b.AutoAdjustData != nil || len(b.PlannedBudgetLimits) > 0,
		Filtered: filters(b.CostFilters, account) || narrows(b.FilterExpression, account),
		View:     otherView(aws.ToString(b.BillingViewArn)), Credits: creditsIn(b),
	}
	if b.BudgetLimit != nil {
		ours.Limit, ours.Unit = aws.ToString(b.BudgetLimit.Amount), aws.ToString(b.BudgetLimit.Unit)
	}
	if b.TimePeriod != nil {
		ours.Starts, ours.Ends = aws.ToTime(b.TimePeriod.Start).UTC(), aws.ToTime(b.TimePeriod.End).UTC()
	}
	if b.HealthStatus != nil {
		ours.Health = string(b.HealthStatus.Status)
	}
	return ours, requireID("a budget", b.BudgetName)
}

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
// docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudgetNotificationsForAccount.html
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
			AccountId: &key.Account, MaxResults: aws.Int32(budgetsPerPage),
		}
		lists, err := wholeList(func(token *string) ([]types.BudgetNotificationsForAccount, *string, error) {
			in.NextToken = token
			out, err := client.DescribeBudgetNotificationsForAccount(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return orEmpty(out.BudgetNotificationsForAccount), out.NextToken, nil
		}, notificationsOf)
		if absent(err, "NotFoundException") {
			return nil, nil
		}
		return slices.Concat(lists...), err
	},
}

func notificationsOf(b types.BudgetNotificationsForAccount) ([]BudgetNotification, error) {
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
	return list, requireID("the notifications of a budget", b.BudgetName)
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
	// Example is the mail address if it is one of an example domain, which is nobody's.
	Example string `json:"example,omitempty"`
}

// BudgetSubscribers lists who is told by a notification. The notification is sent back exactly as AWS gave it: it is
// not found otherwise.
// docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeSubscribersForNotification.html
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
			AccountId: &key.Account, BudgetName: &key.Budget, MaxResults: aws.Int32(subscribersPerPage),
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
		}, subscriberOf)
		if absent(err, "NotFoundException") {
			return nil, notificationGone(err)
		}
		return list, err
	},
}

// notificationGone is the error about a notification that was listed a moment ago and now is not found. That says
// nothing about its subscribers: a notification without any does not exist.
func notificationGone(err error) error {
	e := *facts.AsError(err)
	e.Reason = facts.NotYetConsistent
	e.Detail = "AWS Budgets lists a notification and does not find it: it may have changed in this moment"
	return &e
}

func subscriberOf(s types.Subscriber) (BudgetSubscriber, error) {
	ours := BudgetSubscriber{Kind: string(s.SubscriptionType)}
	switch s.SubscriptionType {
	case types.SubscriptionTypeSns:
		ours.Topic = aws.ToString(s.Address)
	case types.SubscriptionTypeEmail:
		ours.Example = exampleAddress(aws.ToString(s.Address))
	}
	return ours, nil
}

// creditCharge is the kind of charge that credits are booked as, and refundCharge that of money given back:
// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
const (
	creditCharge = "Credit"
	refundCharge = "Refund"
)

// filters says whether the filters of the older form leave a part of the account's cost out.
func filters(costFilters map[string][]string, account string) bool {
	for kind, values := range costFilters {
		if kind != "LinkedAccount" || !slices.Contains(values, account) {
			return true
		}
	}
	return false
}

// narrows says whether an expression leaves a part of the account's cost out. To leave out what only lowers the bill,
// as the console does with credits and refunds, leaves no cost out; nor do the bills of other accounts.
func narrows(e *types.Expression, account string) bool {
	switch {
	case e == nil:
		return false
	case len(e.And) > 0:
		return slices.ContainsFunc(e.And, func(part types.Expression) bool { return narrows(&part, account) })
	case e.Dimensions != nil && e.Dimensions.Key == types.DimensionLinkedAccount:
		return isLoose(e.Dimensions) || !slices.Contains(e.Dimensions.Values, account)
	}
	kinds, ok := chargesLeftOut(e)
	return !ok || slices.ContainsFunc(kinds, func(kind string) bool {
		return kind != creditCharge && kind != refundCharge && !strings.HasSuffix(kind, "Discount")
	})
}

// isLoose says whether values are matched in another way than letter by letter.
func isLoose(d *types.ExpressionDimensionValues) bool {
	return slices.ContainsFunc(d.MatchOptions, func(o types.MatchOption) bool {
		return o != types.MatchOptionEquals && o != types.MatchOptionCaseSensitive
	})
}

// chargesLeftOut lists the kinds of charges that an expression takes out, if it does nothing else.
func chargesLeftOut(e *types.Expression) (kinds []string, ok bool) {
	if e.Not == nil || e.Not.Dimensions == nil || e.Not.Dimensions.Key != types.DimensionRecordType {
		return nil, false
	}
	return e.Not.Dimensions.Values, !isLoose(e.Not.Dimensions)
}

// creditsIn says whether credits are taken off the cost that a budget watches; nil if AWS does not tell. A budget of
// today's form names metrics and leaves kinds of charges out by its expression, one of the older form has a list of
// them.
func creditsIn(b types.Budget) *bool {
	if old := b.CostTypes; old != nil { //nolint:staticcheck // SA1019: the API still answers with it
		return old.IncludeCredit
	}
	if len(b.Metrics) == 0 && b.FilterExpression == nil {
		return nil
	}
	return aws.Bool(!leavesOut(creditCharge, b.FilterExpression))
}

func leavesOut(kind string, e *types.Expression) bool {
	if e == nil {
		return false
	}
	kinds, _ := chargesLeftOut(e)
	return slices.Contains(kinds, kind) ||
		slices.ContainsFunc(e.And, func(part types.Expression) bool { return leavesOut(kind, &part) })
}

// ownView ends the ARN of the billing view that holds an account's whole cost:
// https://docs.aws.amazon.com/cost-management/latest/userguide/billing-view.html
const ownView = ":billingview/primary"

// otherView is a billing view that is not the account's own, or "".
func otherView(arn string) string {
	if strings.HasSuffix(arn, ownView) {
		return ""
	}
	return arn
}
