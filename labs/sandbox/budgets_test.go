package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

var (
	account12 = aws.String("123456789012")
	alice     = []types.Subscriber{
		{SubscriptionType: types.SubscriptionTypeEmail, Address: aws.String("alice@example.com")},
	}
)

// labBudget is the budget of the lab's fix.
func labBudget() *budgets.CreateBudgetInput {
	return &budgets.CreateBudgetInput{
		AccountId: account12,
		Budget: &types.Budget{
			BudgetName: aws.String("lab"), BudgetType: types.BudgetTypeCost, TimeUnit: types.TimeUnitMonthly,
			BudgetLimit: &types.Spend{Amount: aws.String("5"), Unit: aws.String("USD")},
		},
		NotificationsWithSubscribers: []types.NotificationWithSubscribers{{
			Notification: &types.Notification{
				NotificationType: types.NotificationTypeActual, ComparisonOperator: types.ComparisonOperatorGreaterThan,
				Threshold: 80,
			},
			Subscribers: alice,
		}},
	}
}

func TestBudgetAndItsNotifications(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx, name := budgets.NewFromConfig(cfg), t.Context(), aws.String("lab")
	none, err := client.DescribeBudgets(ctx, &budgets.DescribeBudgetsInput{AccountId: account12})
	require.NoError(t, err)
	require.Nil(t, none.Budgets)

	_, err = client.CreateBudget(ctx, labBudget())
	require.NoError(t, err)
	_, err = client.CreateBudget(ctx, labBudget())
	requireCode(t, "DuplicateRecordException", err)
	all, err := client.DescribeBudgets(
		ctx, &budgets.DescribeBudgetsInput{AccountId: account12, MaxResults: aws.Int32(100)},
	)
	require.NoError(t, err)
	require.Len(t, all.Budgets, 1)
	require.Equal(t, "5", *all.Budgets[0].BudgetLimit.Amount)
	require.Equal(t, "2026-11-01 00:00:00 +0000 UTC", all.Budgets[0].TimePeriod.Start.String())
	require.Equal(t, 2087, all.Budgets[0].TimePeriod.End.Year())
	require.Nil(t, all.Budgets[0].CalculatedSpend.ForecastedSpend)
	require.Nil(t, all.Budgets[0].FilterExpression)

	listed, err := client.DescribeNotificationsForBudget(
		ctx, &budgets.DescribeNotificationsForBudgetInput{AccountId: account12, BudgetName: name},
	)
	require.NoError(t, err)
	require.Len(t, listed.Notifications, 1)
	notification := listed.Notifications[0]
	require.Equal(t, types.ThresholdTypePercentage, notification.ThresholdType)

	ask := &budgets.DescribeSubscribersForNotificationInput{
		AccountId: account12, BudgetName: name, Notification: &notification,
	}
	subscribers, err := client.DescribeSubscribersForNotification(ctx, ask)
	require.NoError(t, err)
	require.Equal(t, alice, subscribers.Subscribers)
	_, err = client.CreateSubscriber(ctx, &budgets.CreateSubscriberInput{
		AccountId: account12, BudgetName: name, Notification: &notification, Subscriber: &alice[0],
	})
	requireCode(t, "DuplicateRecordException", err)
	_, err = client.CreateSubscriber(ctx, &budgets.CreateSubscriberInput{
		AccountId: account12, BudgetName: name, Notification: &notification,
		Subscriber: &types.Subscriber{
			SubscriptionType: types.SubscriptionTypeEmail, Address: aws.String("bob@example.com"),
		},
	})
	require.NoError(t, err)
	subscribers, err = client.DescribeSubscribersForNotification(ctx, ask)
	require.NoError(t, err)
	require.Len(t, subscribers.Subscribers, 2)

	inexact := notification
	inexact.ThresholdType = ""
	ask.Notification = &inexact
	_, err = client.DescribeSubscribersForNotification(ctx, ask)
	requireCode(t, "NotFoundException", err)

	forecast := &types.Notification{
		NotificationType: types.NotificationTypeForecasted, ComparisonOperator: types.ComparisonOperatorGreaterThan,
		Threshold: 100,
	}
	add := &budgets.CreateNotificationInput{
		AccountId: account12, BudgetName: name, Notification: forecast, Subscribers: alice,
	}
	_, err = client.CreateNotification(ctx, add)
	require.NoError(t, err)
	_, err = client.CreateNotification(ctx, add)
	requireCode(t, "DuplicateRecordException", err)
	add.Subscribers = []types.Subscriber{}
	_, err = client.CreateNotification(ctx, add)
	requireCode(t, "InvalidParameterException", err)
	overview, err := client.DescribeBudgetNotificationsForAccount(
		ctx, &budgets.DescribeBudgetNotificationsForAccountInput{AccountId: account12},
	)
	require.NoError(t, err)
	require.Len(t, overview.BudgetNotificationsForAccount[0].Notifications, 2)

	changed := &types.Budget{
		BudgetName: name, BudgetType: types.BudgetTypeCost, TimeUnit: types.TimeUnitAnnually,
		BudgetLimit: &types.Spend{Amount: aws.String("7"), Unit: aws.String("USD")},
	}
	update := &budgets.UpdateBudgetInput{AccountId: account12, NewBudget: changed}
	_, err = client.UpdateBudget(ctx, update)
	require.NoError(t, err)
	described, err := client.DescribeBudget(ctx, &budgets.DescribeBudgetInput{AccountId: account12, BudgetName: name})
	require.NoError(t, err)
	require.Equal(t, "7", *described.Budget.BudgetLimit.Amount)
	require.Equal(t, 2087, described.Budget.TimePeriod.End.Year(), "an update begins with AWS's defaults")
	overview, err = client.DescribeBudgetNotificationsForAccount(
		ctx, &budgets.DescribeBudgetNotificationsForAccountInput{AccountId: account12},
	)
	require.NoError(t, err)
	require.Len(t, overview.BudgetNotificationsForAccount[0].Notifications, 2, "the notifications stay")

	_, err = client.DeleteBudget(ctx, &budgets.DeleteBudgetInput{AccountId: account12, BudgetName: name})
	require.NoError(t, err)
	_, err = client.DescribeBudget(ctx, &budgets.DescribeBudgetInput{AccountId: account12, BudgetName: name})
	requireCode(t, "NotFoundException", err)
	_, err = client.UpdateBudget(ctx, update)
	requireCode(t, "NotFoundException", err)
}

func TestBudgetsOfAnotherAccountAreRefused(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	_, err := budgets.NewFromConfig(
		cfg,
	).DescribeBudgets(t.Context(), &budgets.DescribeBudgetsInput{AccountId: aws.String("111122223333")})
	requireCode(t, "AccessDeniedException", err)
}

// What narrows a budget comes through whole: filters and kinds of cost, in the form of today's budgets and in that of
// older ones.
func TestBudgetFilters(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx, in := budgets.NewFromConfig(cfg), t.Context(), labBudget()
	in.Budget.Metrics = []types.Metric{types.MetricUnblendedCost}
	in.Budget.BillingViewArn = aws.String("arn:aws:billing::123456789012:billingview/primary")
	in.Budget.FilterExpression = &types.Expression{Not: &types.Expression{
		Dimensions: &types.ExpressionDimensionValues{Key: types.DimensionService, Values: []string{"Amazon EC2"}},
	}}
	in.Budget.CostFilters = map[string][]string{"Service": {"Amazon EC2"}} //nolint:staticcheck // older budgets have them
	in.Budget.CostTypes = &types.CostTypes{IncludeCredit: aws.Bool(false)} //nolint:staticcheck // older budgets have them
	_, err := client.CreateBudget(ctx, in)
	require.NoError(t, err)
	ask := &budgets.DescribeBudgetInput{
		AccountId: account12, BudgetName: in.Budget.BudgetName, ShowFilterExpression: aws.Bool(true),
	}
	out, err := client.DescribeBudget(ctx, ask)
	require.NoError(t, err)
	got := *out.Budget
	got.LastUpdatedTime, got.TimePeriod, got.CalculatedSpend = nil, nil, nil
	require.Equal(t, *in.Budget, got)

	ask.ShowFilterExpression = nil
	out, err = client.DescribeBudget(ctx, ask)
	require.NoError(t, err)
	require.Nil(t, out.Budget.FilterExpression, "the expression is shown only to those who ask for it")
	all, err := client.DescribeBudgets(ctx, &budgets.DescribeBudgetsInput{AccountId: account12})
	require.NoError(t, err)
	require.Nil(t, all.Budgets[0].FilterExpression)
}

// Budgets fills in what it counts by default, unless the budget says it in one of the two ways.
func TestBudgetDefaults(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx := budgets.NewFromConfig(cfg), t.Context()
	made := func(name string, change func(*types.Budget)) *types.Budget {
		in := labBudget()
		in.Budget.BudgetName = &name
		change(in.Budget)
		_, err := client.CreateBudget(ctx, in)
		require.NoError(t, err)
		out, err := client.DescribeBudget(ctx, &budgets.DescribeBudgetInput{AccountId: account12, BudgetName: &name})
		require.NoError(t, err)
		return out.Budget
	}
	//nolint:staticcheck // SA1019: older budgets have CostTypes
	credits := func(b *types.Budget) *types.CostTypes { return b.CostTypes }
	plain := made("plain", func(*types.Budget) {})
	require.True(t, *credits(plain).IncludeCredit)
	require.False(t, *credits(plain).UseBlended)
	require.Equal(t, "0.0", *plain.CalculatedSpend.ActualSpend.Amount)
	require.Nil(
		t, credits(made("metrics", func(b *types.Budget) { b.Metrics = []types.Metric{types.MetricUnblendedCost} })),
	)
	own := made("own", func(b *types.Budget) {
		b.CostTypes = &types.CostTypes{IncludeCredit: aws.Bool(false)} //nolint:staticcheck // as above
	})
	require.False(t, *credits(own).IncludeCredit)
	use := made(
		"use", func(b *types.Budget) { b.BudgetType, b.BudgetLimit.Unit = types.BudgetTypeUsage, aws.String("GB") },
	)
	require.Nil(t, credits(use))
	require.Equal(t, "GB", *use.CalculatedSpend.ActualSpend.Unit)
}
