package budgets

import "github.com/labcheck/labcheck/labs/sandbox/wire"

// Budgets are the budgets of the account.
var Budgets = &wire.Part[[]*Budget]{Key: "budgets"}

// A state keeps budgets as AWS shows them, under shorter names.
//
//wire:keep Budget BudgetName=name BudgetType=type BudgetLimit=limit PlannedBudgetLimits=plannedLimits
//wire:keep Budget AutoAdjustData=autoAdjust BillingViewArn=billingView HealthStatus=health LastUpdatedTime=updated
//wire:keep CalculatedSpend ActualSpend=actual ForecastedSpend=forecasted
//wire:keep AutoAdjustData AutoAdjustType=type
//wire:keep HealthStatus StatusReason=reason LastUpdatedTime=updated
//wire:keep Notification NotificationType=type NotificationState=state
//wire:keep Subscriber SubscriptionType=type

// A Budget is an AWS budget with its notifications. Amounts are decimal numbers as text, as Budgets writes them.
type Budget struct {
	budgetWire
	Notifications []*Notice `json:"notifications,omitempty"`
}

// A Notice is a notification of a budget with those who get it.
type Notice struct {
	Notification notificationWire `json:"notification"`
	Subscribers  []subscriberWire `json:"subscribers,omitempty"`
}
