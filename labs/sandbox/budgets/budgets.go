// Package budgets is AWS Budgets of the practice account.
package budgets

import (
	"slices"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is AWS Budgets. It is global: its requests are signed for us-east-1. IAM knows two actions for all of its operations.
var Service = &wire.Service{
	ID:        "budgets",
	Protocols: []wire.Protocol{wire.JSON11},
	Target:    "AWSBudgetServiceGateway",
	Codes:     wire.ErrorCodes{Denied: "AccessDeniedException", Throttled: "ThrottlingException", Invalid: "InvalidParameterException"},
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
	},
	Parts: []wire.AnyPart{Budgets},
}

var (
	budgetPaging       = wire.Paging{Size: 100, Max: 1000, BadSize: "InvalidParameterException", BadToken: "InvalidNextTokenException"}
	notificationPaging = wire.Paging{Size: 100, Max: 100, BadSize: "InvalidParameterException", BadToken: "InvalidNextTokenException"}
)

// budgetEnd is when a budget ends that nobody gave an end: 15 June 2087, as Budgets has it.
var budgetEnd = time.Date(2087, time.June, 15, 0, 0, 0, 0, time.UTC)

// An accountInput names the account, as every operation of Budgets wants it.
type accountInput struct {
	AccountID string `wire:"AccountId,required"`
}

// checkAccount refuses requests about other accounts.
func checkAccount(r *wire.Request, in accountInput) error {
	if in.AccountID != r.AccountID() {
		return wire.Failf("AccessDeniedException", "Account %s is not authorized to access the budgets of account %s", r.AccountID(), in.AccountID)
	}
	return nil
}

// A budgetInput names one budget.
type budgetInput struct {
	accountInput
	BudgetName string `wire:"BudgetName,required"`
}

// findBudget finds the budget that a request is about.
func findBudget(r *wire.Request, in budgetInput) (*Budget, error) {
	if err := checkAccount(r, in.accountInput); err != nil {
		return nil, err
	}
	i := budgetIndex(r, in.BudgetName)
	if i < 0 {
		return nil, wire.Failf("NotFoundException", "Unable to get budget: %s - the budget doesn't exist.", in.BudgetName)
	}
	return (*Budgets.Of(r))[i], nil
}

func budgetIndex(r *wire.Request, name string) int {
	return slices.IndexFunc(*Budgets.Of(r), func(b *Budget) bool { return b.Name == name })
}

// A notificationInput names one notification, by repeating all of it but its state.
type notificationInput struct {
	budgetInput
	Notification Notification `wire:"Notification,required"`
}

// findNotification finds the notification that a request is about.
func findNotification(r *wire.Request, in notificationInput) (*NotificationState, error) {
	b, err := findBudget(r, in.budgetInput)
	if err != nil {
		return nil, err
	}
	i := b.indexNotification(in.Notification)
	if i < 0 {
		return nil, wire.Failf("NotFoundException", "Unable to find the notification of budget %s", b.Name)
	}
	return b.Notifications[i], nil
}

// indexNotification finds a notification of the budget, whatever its state.
func (b *Budget) indexNotification(n Notification) int {
	return slices.IndexFunc(b.Notifications, func(other *NotificationState) bool {
		n.State = other.Notification.State
		return other.Notification == n
	})
}

type createBudgetInput struct {
	accountInput
	Budget        Budget              `wire:"Budget,required"`
	Notifications []NotificationState `wire:"NotificationsWithSubscribers"`
}

func createBudget(r *wire.Request, in *createBudgetInput) (*wire.None, error) {
	if err := checkAccount(r, in.accountInput); err != nil {
		return nil, err
	}
	if budgetIndex(r, in.Budget.Name) >= 0 {
		return nil, wire.Failf("DuplicateRecordException", "Error creating budget: %s - the budget already exists.", in.Budget.Name)
	}
	b := in.Budget
	b.Updated = wire.At(r.Now)
	b.complete()
	if b.Period == nil {
		b.Period = &TimePeriod{}
	}
	if b.Period.Start.IsZero() {
		b.Period.Start = wire.At(time.Date(r.Now.Year(), r.Now.Month(), 1, 0, 0, 0, 0, time.UTC))
	}
	if b.Period.End.IsZero() {
		b.Period.End = wire.At(budgetEnd)
	}
	for _, n := range in.Notifications {
		if err := b.addNotification(n); err != nil {
			return nil, err
		}
	}
	budgets := Budgets.Of(r)
	*budgets = append(*budgets, &b)
	return &wire.None{}, nil
}

// complete fills in what Budgets tells of a new budget: that nothing was spent, and what a cost budget counts by default. One
// of today's form names metrics in place of kinds of charges.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CostTypes.html
func (b *Budget) complete() {
	unit := "USD"
	if b.Limit != nil {
		unit = b.Limit.Unit
	}
	b.Spent = &CalculatedSpend{Actual: &Spend{Amount: "0.0", Unit: unit}}
	if b.Type != "COST" || b.CostTypes != nil || len(b.Metrics) > 0 {
		return
	}
	yes, no := true, false
	b.CostTypes = &CostTypes{
		IncludeCredit: &yes, IncludeDiscount: &yes, IncludeOtherSubscription: &yes, IncludeRecurring: &yes, IncludeRefund: &yes,
		IncludeSubscription: &yes, IncludeSupport: &yes, IncludeTax: &yes, IncludeUpfront: &yes, UseAmortized: &no, UseBlended: &no,
	}
}

// addNotification adds a notification that the budget does not have yet.
func (b *Budget) addNotification(n NotificationState) error {
	n.Notification.State = "OK"
	if n.Notification.ThresholdType == "" {
		n.Notification.ThresholdType = "PERCENTAGE"
	}
	if len(n.Subscribers) == 0 {
		return wire.Failf("InvalidParameterException", "A notification needs a subscriber")
	}
	if b.indexNotification(n.Notification) >= 0 {
		return wire.Failf("DuplicateRecordException", "Error creating notification: the notification already exists.")
	}
	b.Notifications = append(b.Notifications, &n)
	return nil
}

func deleteBudget(r *wire.Request, in *budgetInput) (*wire.None, error) {
	b, err := findBudget(r, *in)
	if err != nil {
		return nil, err
	}
	budgets := Budgets.Of(r)
	*budgets = slices.DeleteFunc(*budgets, func(other *Budget) bool { return other == b })
	return &wire.None{}, nil
}

type createNotificationInput struct {
	budgetInput
	NotificationState
}

func createNotification(r *wire.Request, in *createNotificationInput) (*wire.None, error) {
	b, err := findBudget(r, in.budgetInput)
	if err != nil {
		return nil, err
	}
	if err := b.addNotification(in.NotificationState); err != nil {
		return nil, err
	}
	return &wire.None{}, nil
}

type createSubscriberInput struct {
	notificationInput
	Subscriber Subscriber `wire:"Subscriber,required"`
}

func createSubscriber(r *wire.Request, in *createSubscriberInput) (*wire.None, error) {
	n, err := findNotification(r, in.notificationInput)
	if err != nil {
		return nil, err
	}
	if slices.Contains(n.Subscribers, in.Subscriber) {
		return nil, wire.Failf("DuplicateRecordException", "Error creating subscriber: the subscriber already exists.")
	}
	n.Subscribers = append(n.Subscribers, in.Subscriber)
	return &wire.None{}, nil
}

// A filterInput asks for the filter expression too, which Budgets keeps to itself otherwise.
type filterInput struct {
	ShowFilter bool `wire:"ShowFilterExpression"`
}

// show is a budget as the request wants to see it.
func (in filterInput) show(b *Budget) *Budget {
	shown := *b
	if !in.ShowFilter {
		shown.Filter = nil
	}
	return &shown
}

type describeBudgetInput struct {
	budgetInput
	filterInput
}

type describeBudgetOutput struct {
	Budget *Budget `wire:"Budget"`
}

func describeBudget(r *wire.Request, in *describeBudgetInput) (*describeBudgetOutput, error) {
	b, err := findBudget(r, in.budgetInput)
	if err != nil {
		return nil, err
	}
	return &describeBudgetOutput{Budget: in.show(b)}, nil
}

// A budgetPageInput asks for a page of a list.
type budgetPageInput struct {
	MaxResults *int32  `wire:"MaxResults"`
	NextToken  *string `wire:"NextToken"`
}

type describeBudgetsInput struct {
	accountInput
	budgetPageInput
	filterInput
}

type describeBudgetsOutput struct {
	Budgets   []*Budget `wire:"Budgets"`
	NextToken *string   `wire:"NextToken"`
}

// describeBudgets lists budgets. The list is absent where there is none.
func describeBudgets(r *wire.Request, in *describeBudgetsInput) (*describeBudgetsOutput, error) {
	if err := checkAccount(r, in.accountInput); err != nil {
		return nil, err
	}
	found, next, err := wire.Page(budgetPaging, *Budgets.Of(r), in.MaxResults, in.NextToken)
	out := &describeBudgetsOutput{NextToken: next}
	for _, b := range found {
		out.Budgets = append(out.Budgets, in.show(b))
	}
	return out, err
}

type describeNotificationsInput struct {
	budgetInput
	budgetPageInput
}

type describeNotificationsOutput struct {
	Notifications []Notification `wire:"Notifications"`
	NextToken     *string        `wire:"NextToken"`
}

func describeNotificationsForBudget(r *wire.Request, in *describeNotificationsInput) (*describeNotificationsOutput, error) {
	b, err := findBudget(r, in.budgetInput)
	if err != nil {
		return nil, err
	}
	found, next, err := wire.Page(notificationPaging, b.notifications(), in.MaxResults, in.NextToken)
	return &describeNotificationsOutput{Notifications: found, NextToken: next}, err
}

// notifications are the budget's notifications without their subscribers.
func (b *Budget) notifications() []Notification {
	all := make([]Notification, len(b.Notifications))
	for i, n := range b.Notifications {
		all[i] = n.Notification
	}
	return all
}

type describeSubscribersInput struct {
	notificationInput
	budgetPageInput
}

type describeSubscribersOutput struct {
	Subscribers []Subscriber `wire:"Subscribers"`
	NextToken   *string      `wire:"NextToken"`
}

func describeSubscribersForNotification(r *wire.Request, in *describeSubscribersInput) (*describeSubscribersOutput, error) {
	n, err := findNotification(r, in.notificationInput)
	if err != nil {
		return nil, err
	}
	found, next, err := wire.Page(notificationPaging, n.Subscribers, in.MaxResults, in.NextToken)
	return &describeSubscribersOutput{Subscribers: found, NextToken: next}, err
}

type accountNotificationsOutput struct {
	Budgets   []budgetNotifications `wire:"BudgetNotificationsForAccount"`
	NextToken *string               `wire:"NextToken"`
}

type budgetNotifications struct {
	BudgetName    string         `wire:"BudgetName"`
	Notifications []Notification `wire:"Notifications"`
}

type describeAccountNotificationsInput struct {
	accountInput
	budgetPageInput
}

func describeBudgetNotificationsForAccount(r *wire.Request, in *describeAccountNotificationsInput) (*accountNotificationsOutput, error) {
	if err := checkAccount(r, in.accountInput); err != nil {
		return nil, err
	}
	found, next, err := wire.Page(budgetPaging, *Budgets.Of(r), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &accountNotificationsOutput{NextToken: next}
	for _, b := range found {
		out.Budgets = append(out.Budgets, budgetNotifications{BudgetName: b.Name, Notifications: b.notifications()})
	}
	return out, nil
}
