// Package budgets is AWS Budgets of the practice account.
package budgets

import (
	"slices"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is AWS Budgets. It is global: its requests are signed for us-east-1. IAM knows two actions for all of its
// operations.
var Service = &wire.Service{
	API:   api,
	Codes: wire.ErrorCodes{Invalid: "InvalidParameterException"},
	Actions: map[string]string{
		"CreateBudget":                          "ModifyBudget",
		"CreateNotification":                    "ModifyBudget",
		"CreateSubscriber":                      "ModifyBudget",
		"DeleteBudget":                          "ModifyBudget",
		"DescribeBudget":                        "ViewBudget",
		"DescribeBudgetNotificationsForAccount": "ViewBudget",
		"DescribeBudgets":                       "ViewBudget",
		"DescribeNotificationsForBudget":        "ViewBudget",
		"DescribeSubscribersForNotification":    "ViewBudget",
		"UpdateBudget":                          "ModifyBudget",
	},
	Operations: []wire.Operation{
		wire.Change("CreateBudget", createBudget),
		wire.Change("CreateNotification", createNotification),
		wire.Change("CreateSubscriber", createSubscriber),
		wire.Change("DeleteBudget", deleteBudget),
		wire.Op("DescribeBudget", describeBudget),
		wire.Op("DescribeBudgetNotificationsForAccount", describeBudgetNotificationsForAccount),
		wire.Op("DescribeBudgets", describeBudgets),
		wire.Op("DescribeNotificationsForBudget", describeNotificationsForBudget),
		wire.Op("DescribeSubscribersForNotification", describeSubscribersForNotification),
		wire.Change("UpdateBudget", updateBudget),
	},
	Parts: []wire.AnyPart{Budgets},
}

var (
	budgetPaging = wire.Paging{
		Size: 100, Max: 1000, BadSize: "InvalidParameterException", BadToken: "InvalidNextTokenException",
	}
	notificationPaging = wire.Paging{
		Size: 100, Max: 100, BadSize: "InvalidParameterException", BadToken: "InvalidNextTokenException",
	}
)

// budgetEnd is when a budget ends that nobody gave an end: 15 June 2087, as Budgets has it.
var budgetEnd = time.Date(2087, time.June, 15, 0, 0, 0, 0, time.UTC)

// checkAccount refuses requests about other accounts.
func checkAccount(r *wire.Request, account string) error {
	if account != r.AccountID() {
		return wire.Failf("AccessDeniedException", "Account %s is not authorized to access the budgets of account %s",
			r.AccountID(), account)
	}
	return nil
}

// findBudget finds the budget that a request is about.
func findBudget(r *wire.Request, account, name string) (*Budget, error) {
	if err := checkAccount(r, account); err != nil {
		return nil, err
	}
	i := budgetIndex(r, name)
	if i < 0 {
		return nil, wire.Failf("NotFoundException", "Unable to get budget: %s - the budget doesn't exist.", name)
	}
	return (*Budgets.Of(r))[i], nil
}

func budgetIndex(r *wire.Request, name string) int {
	return slices.IndexFunc(*Budgets.Of(r), func(b *Budget) bool { return b.BudgetName == name })
}

// findNotice finds the notification that a request is about. It names one by repeating all of it but its state.
func findNotice(r *wire.Request, account, budget string, n notificationWire) (*Notice, error) {
	b, err := findBudget(r, account, budget)
	if err != nil {
		return nil, err
	}
	i := b.indexNotice(n)
	if i < 0 {
		return nil, wire.Failf("NotFoundException", "Unable to find the notification of budget %s", b.BudgetName)
	}
	return b.Notifications[i], nil
}

// indexNotice finds a notification of the budget, whatever its state.
func (b *Budget) indexNotice(n notificationWire) int {
	return slices.IndexFunc(b.Notifications, func(other *Notice) bool {
		known := other.Notification
		return known.NotificationType == n.NotificationType && known.ComparisonOperator == n.ComparisonOperator &&
			known.Threshold == n.Threshold && wire.Value(known.ThresholdType) == wire.Value(n.ThresholdType)
	})
}

func createBudget(r *wire.Request, in *createBudgetInput) (*createBudgetOutput, error) {
	if err := checkAccount(r, in.AccountId); err != nil {
		return nil, err
	}
	if budgetIndex(r, in.Budget.BudgetName) >= 0 {
		return nil, wire.Failf(
			"DuplicateRecordException", "Error creating budget: %s - the budget already exists.", in.Budget.BudgetName,
		)
	}
	b := &Budget{budgetWire: in.Budget}
	b.complete(r.Now)
	for _, n := range in.NotificationsWithSubscribers {
		if err := b.addNotice(n.Notification, n.Subscribers); err != nil {
			return nil, err
		}
	}
	budgets := Budgets.Of(r)
	*budgets = append(*budgets, b)
	return &createBudgetOutput{}, nil
}

// complete fills in what Budgets tells of a new budget: that nothing was spent, from when to when it holds, and what a
// cost budget counts by default. One of today's form names metrics in place of kinds of charges.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CostTypes.html
func (b *Budget) complete(now time.Time) {
	b.LastUpdatedTime = wire.At(now)
	if b.TimePeriod == nil {
		b.TimePeriod = &timePeriodWire{}
	}
	if b.TimePeriod.Start.IsZero() {
		b.TimePeriod.Start = wire.At(time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC))
	}
	if b.TimePeriod.End.IsZero() {
		b.TimePeriod.End = wire.At(budgetEnd)
	}
	unit := "USD"
	if b.BudgetLimit != nil {
		unit = b.BudgetLimit.Unit
	}
	b.CalculatedSpend = &calculatedSpendWire{ActualSpend: spendWire{Amount: "0.0", Unit: unit}}
	if b.BudgetType != "COST" || b.CostTypes != nil || len(b.Metrics) > 0 {
		return
	}
	yes, no := true, false
	b.CostTypes = &costTypesWire{
		IncludeCredit: &yes, IncludeDiscount: &yes, IncludeOtherSubscription: &yes, IncludeRecurring: &yes,
		IncludeRefund: &yes, IncludeSubscription: &yes, IncludeSupport: &yes, IncludeTax: &yes, IncludeUpfront: &yes,
		UseAmortized: &no, UseBlended: &no,
	}
}

// addNotice adds a notification that the budget does not have yet.
func (b *Budget) addNotice(n notificationWire, subscribers []subscriberWire) error {
	n.NotificationState = new("OK")
	if wire.Value(n.ThresholdType) == "" {
		n.ThresholdType = new("PERCENTAGE")
	}
	if len(subscribers) == 0 {
		return wire.Failf("InvalidParameterException", "A notification needs a subscriber")
	}
	if b.indexNotice(n) >= 0 {
		return wire.Failf("DuplicateRecordException", "Error creating notification: the notification already exists.")
	}
	b.Notifications = append(b.Notifications, &Notice{Notification: n, Subscribers: subscribers})
	return nil
}

// updateBudget takes a whole budget in place of the one of its name. Its notifications stay.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_UpdateBudget.html
func updateBudget(r *wire.Request, in *updateBudgetInput) (*updateBudgetOutput, error) {
	b, err := findBudget(r, in.AccountId, in.NewBudget.BudgetName)
	if err != nil {
		return nil, err
	}
	b.budgetWire = in.NewBudget
	b.complete(r.Now)
	return &updateBudgetOutput{}, nil
}

func deleteBudget(r *wire.Request, in *deleteBudgetInput) (*deleteBudgetOutput, error) {
	b, err := findBudget(r, in.AccountId, in.BudgetName)
	if err != nil {
		return nil, err
	}
	budgets := Budgets.Of(r)
	*budgets = slices.DeleteFunc(*budgets, func(other *Budget) bool { return other == b })
	return &deleteBudgetOutput{}, nil
}

func createNotification(r *wire.Request, in *createNotificationInput) (*createNotificationOutput, error) {
	b, err := findBudget(r, in.AccountId, in.BudgetName)
	if err != nil {
		return nil, err
	}
	if err := b.addNotice(in.Notification, in.Subscribers); err != nil {
		return nil, err
	}
	return &createNotificationOutput{}, nil
}

func createSubscriber(r *wire.Request, in *createSubscriberInput) (*createSubscriberOutput, error) {
	n, err := findNotice(r, in.AccountId, in.BudgetName, in.Notification)
	if err != nil {
		return nil, err
	}
	if slices.Contains(n.Subscribers, in.Subscriber) {
		return nil, wire.Failf("DuplicateRecordException", "Error creating subscriber: the subscriber already exists.")
	}
	n.Subscribers = append(n.Subscribers, in.Subscriber)
	return &createSubscriberOutput{}, nil
}

// show is a budget as a request wants to see it: with its filter expression only if the request asks for that.
func (b *Budget) show(filter *bool) budgetWire {
	shown := b.budgetWire
	if !wire.Value(filter) {
		shown.FilterExpression = nil
	}
	return shown
}

func describeBudget(r *wire.Request, in *describeBudgetInput) (*describeBudgetOutput, error) {
	b, err := findBudget(r, in.AccountId, in.BudgetName)
	if err != nil {
		return nil, err
	}
	return &describeBudgetOutput{Budget: new(b.show(in.ShowFilterExpression))}, nil
}

// describeBudgets lists budgets. The list is absent where there is none.
func describeBudgets(r *wire.Request, in *describeBudgetsInput) (*describeBudgetsOutput, error) {
	if err := checkAccount(r, in.AccountId); err != nil {
		return nil, err
	}
	found, next, err := wire.Page(budgetPaging, *Budgets.Of(r), in.MaxResults, in.NextToken)
	out := &describeBudgetsOutput{NextToken: next}
	for _, b := range found {
		out.Budgets = append(out.Budgets, b.show(in.ShowFilterExpression))
	}
	return out, err
}

func describeNotificationsForBudget(
	r *wire.Request, in *describeNotificationsForBudgetInput,
) (*describeNotificationsForBudgetOutput, error) {
	b, err := findBudget(r, in.AccountId, in.BudgetName)
	if err != nil {
		return nil, err
	}
	found, next, err := wire.Page(notificationPaging, b.notifications(), in.MaxResults, in.NextToken)
	return &describeNotificationsForBudgetOutput{Notifications: found, NextToken: next}, err
}

// notifications are the budget's notifications without their subscribers.
func (b *Budget) notifications() []notificationWire {
	all := make([]notificationWire, len(b.Notifications))
	for i, n := range b.Notifications {
		all[i] = n.Notification
	}
	return all
}

func describeSubscribersForNotification(
	r *wire.Request, in *describeSubscribersForNotificationInput,
) (*describeSubscribersForNotificationOutput, error) {
	n, err := findNotice(r, in.AccountId, in.BudgetName, in.Notification)
	if err != nil {
		return nil, err
	}
	found, next, err := wire.Page(notificationPaging, n.Subscribers, in.MaxResults, in.NextToken)
	return &describeSubscribersForNotificationOutput{Subscribers: found, NextToken: next}, err
}

func describeBudgetNotificationsForAccount(
	r *wire.Request, in *describeBudgetNotificationsForAccountInput,
) (*describeBudgetNotificationsForAccountOutput, error) {
	if err := checkAccount(r, in.AccountId); err != nil {
		return nil, err
	}
	found, next, err := wire.Page(budgetPaging, *Budgets.Of(r), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeBudgetNotificationsForAccountOutput{NextToken: next}
	for _, b := range found {
		out.BudgetNotificationsForAccount = append(out.BudgetNotificationsForAccount, budgetNotificationsForAccountWire{
			BudgetName: &b.BudgetName, Notifications: b.notifications(),
		})
	}
	return out, nil
}
