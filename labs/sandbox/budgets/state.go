package budgets

import (
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Budgets are the budgets of the account.
var Budgets = &wire.Part[[]*Budget]{Key: "budgets"}

// A Budget is an AWS budget with its notifications. Amounts are decimal numbers as text, as Budgets writes them.
type Budget struct {
	Name          string              `json:"name" wire:"BudgetName,required"`
	Type          string              `json:"type" wire:"BudgetType,required"`   // COST, USAGE, ...
	TimeUnit      string              `json:"timeUnit" wire:"TimeUnit,required"` // MONTHLY, ...
	Limit         *Spend              `json:"limit,omitempty" wire:"BudgetLimit"`
	PlannedLimits map[string]Spend    `json:"plannedLimits,omitempty" wire:"PlannedBudgetLimits"`
	AutoAdjust    *AutoAdjust         `json:"autoAdjust,omitempty" wire:"AutoAdjustData"`
	CostFilters   map[string][]string `json:"costFilters,omitempty" wire:"CostFilters"`
	Filter        *CostExpression     `json:"filterExpression,omitempty" wire:"FilterExpression"`
	View          string              `json:"billingView,omitempty" wire:"BillingViewArn,omitempty"` // its ARN; empty: AWS does not tell
	CostTypes     *CostTypes          `json:"costTypes,omitempty" wire:"CostTypes"`
	Metrics       []string            `json:"metrics,omitempty" wire:"Metrics"` // what is counted, such as UnblendedCost
	Period        *TimePeriod         `json:"timePeriod,omitempty" wire:"TimePeriod"`
	Spent         *CalculatedSpend    `json:"calculatedSpend,omitempty" wire:"CalculatedSpend"`
	Health        *Health             `json:"health,omitempty" wire:"HealthStatus"`
	Updated       wire.Time           `json:"updated,omitzero" wire:"LastUpdatedTime"`

	Notifications []*NotificationState `json:"notifications,omitempty"`
}

// A Spend is an amount of money or of use.
type Spend struct {
	Amount string `json:"amount" wire:"Amount"`
	Unit   string `json:"unit" wire:"Unit"`
}

// A CalculatedSpend is what a budget has cost so far and what it is forecast to cost.
type CalculatedSpend struct {
	Actual     *Spend `json:"actual,omitempty" wire:"ActualSpend"`
	Forecasted *Spend `json:"forecasted,omitempty" wire:"ForecastedSpend"`
}

// An AutoAdjust makes a budget follow earlier spending.
type AutoAdjust struct {
	Type string `json:"type" wire:"AutoAdjustType"` // HISTORICAL or FORECAST
}

// CostTypes are the kinds of charges that a budget counts; nil counts as Budgets does by default.
type CostTypes struct {
	IncludeCredit            *bool `json:"includeCredit,omitempty" wire:"IncludeCredit"`
	IncludeDiscount          *bool `json:"includeDiscount,omitempty" wire:"IncludeDiscount"`
	IncludeOtherSubscription *bool `json:"includeOtherSubscription,omitempty" wire:"IncludeOtherSubscription"`
	IncludeRecurring         *bool `json:"includeRecurring,omitempty" wire:"IncludeRecurring"`
	IncludeRefund            *bool `json:"includeRefund,omitempty" wire:"IncludeRefund"`
	IncludeSubscription      *bool `json:"includeSubscription,omitempty" wire:"IncludeSubscription"`
	IncludeSupport           *bool `json:"includeSupport,omitempty" wire:"IncludeSupport"`
	IncludeTax               *bool `json:"includeTax,omitempty" wire:"IncludeTax"`
	IncludeUpfront           *bool `json:"includeUpfront,omitempty" wire:"IncludeUpfront"`
	UseAmortized             *bool `json:"useAmortized,omitempty" wire:"UseAmortized"`
	UseBlended               *bool `json:"useBlended,omitempty" wire:"UseBlended"`
}

// A CostExpression narrows a budget to a part of the cost.
type CostExpression struct {
	And        []CostExpression `json:"and,omitempty" wire:"And"`
	Or         []CostExpression `json:"or,omitempty" wire:"Or"`
	Not        *CostExpression  `json:"not,omitempty" wire:"Not"`
	Dimensions *CostValues      `json:"dimensions,omitempty" wire:"Dimensions"`
	Tags       *CostValues      `json:"tags,omitempty" wire:"Tags"`
	Categories *CostValues      `json:"costCategories,omitempty" wire:"CostCategories"`
}

// CostValues are the values of one key that a CostExpression lets through.
type CostValues struct {
	Key          string   `json:"key" wire:"Key"`
	Values       []string `json:"values" wire:"Values"`
	MatchOptions []string `json:"matchOptions,omitempty" wire:"MatchOptions"`
}

// A TimePeriod is when a budget begins and ends.
type TimePeriod struct {
	Start wire.Time `json:"start,omitzero" wire:"Start"`
	End   wire.Time `json:"end,omitzero" wire:"End"`
}

// A Health tells whether a budget can be calculated.
type Health struct {
	Status  string    `json:"status" wire:"Status"` // HEALTHY or UNHEALTHY
	Reason  string    `json:"reason,omitempty" wire:"StatusReason,omitempty"`
	Updated wire.Time `json:"updated,omitzero" wire:"LastUpdatedTime"`
}

// A NotificationState is a notification of a budget with those who get it.
type NotificationState struct {
	Notification Notification `json:"notification" wire:"Notification,required"`
	Subscribers  []Subscriber `json:"subscribers,omitempty" wire:"Subscribers,required"`
}

// A Notification says when a budget tells its subscribers.
type Notification struct {
	Type               string  `json:"type" wire:"NotificationType,required"` // ACTUAL or FORECASTED
	ComparisonOperator string  `json:"comparisonOperator" wire:"ComparisonOperator,required"`
	Threshold          float64 `json:"threshold" wire:"Threshold,required"`
	ThresholdType      string  `json:"thresholdType" wire:"ThresholdType"`                 // PERCENTAGE or ABSOLUTE_VALUE
	State              string  `json:"state,omitempty" wire:"NotificationState,omitempty"` // OK or ALARM
}

// A Subscriber gets a budget's notifications.
type Subscriber struct {
	Type    string `json:"type" wire:"SubscriptionType,required"` // EMAIL or SNS
	Address string `json:"address" wire:"Address,required"`
}
