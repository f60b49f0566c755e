package cloudwatch

import (
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// What CloudWatch keeps in a Region.
var (
	Alarms    = &wire.Part[[]*Alarm]{Key: "alarms", Regional: true}
	MuteRules = &wire.Part[[]*MuteRule]{Key: "muteRules", Regional: true}
)

// An Alarm is a CloudWatch alarm: a composite alarm when it has a rule, else a metric alarm.
type Alarm struct {
	AlarmSettings
	State        string    `json:"state" wire:"StateValue"` // OK, ALARM or INSUFFICIENT_DATA
	StateReason  string    `json:"stateReason,omitempty" wire:"StateReason,omitempty"`
	StateUpdated wire.Time `json:"stateUpdated,omitzero" wire:"StateUpdatedTimestamp"`
	Updated      wire.Time `json:"updated,omitzero" wire:"AlarmConfigurationUpdatedTimestamp"`
}

// AlarmSettings are what the owner of an alarm decides.
type AlarmSettings struct {
	Name        string `json:"name" wire:"AlarmName,required"`
	Description string `json:"description,omitempty" wire:"AlarmDescription,omitempty"`
	// ActionsEnabled is on when nil.
	ActionsEnabled          *bool    `json:"actionsEnabled,omitempty" wire:"ActionsEnabled"`
	AlarmActions            []string `json:"alarmActions,omitempty" wire:"AlarmActions"`
	OKActions               []string `json:"okActions,omitempty" wire:"OKActions"`
	InsufficientDataActions []string `json:"insufficientDataActions,omitempty" wire:"InsufficientDataActions"`

	// A metric alarm watches one metric, or an expression over several.
	Namespace          string        `json:"namespace,omitempty" wire:"Namespace,omitempty"`
	MetricName         string        `json:"metricName,omitempty" wire:"MetricName,omitempty"`
	Dimensions         []Dimension   `json:"dimensions,omitempty" wire:"Dimensions"`
	Statistic          string        `json:"statistic,omitempty" wire:"Statistic,omitempty"`
	ExtendedStatistic  string        `json:"extendedStatistic,omitempty" wire:"ExtendedStatistic,omitempty"`
	Unit               string        `json:"unit,omitempty" wire:"Unit,omitempty"`
	Metrics            []MetricQuery `json:"metrics,omitempty" wire:"Metrics"`
	Period             int32         `json:"period,omitempty" wire:"Period,omitempty"` // seconds
	EvaluationPeriods  int32         `json:"evaluationPeriods,omitempty" wire:"EvaluationPeriods,omitempty"`
	DatapointsToAlarm  int32         `json:"datapointsToAlarm,omitempty" wire:"DatapointsToAlarm,omitempty"`
	Threshold          *float64      `json:"threshold,omitempty" wire:"Threshold"`
	ComparisonOperator string        `json:"comparisonOperator,omitempty" wire:"ComparisonOperator,omitempty"`
	TreatMissingData   string        `json:"treatMissingData,omitempty" wire:"TreatMissingData,omitempty"`

	// Rule makes it a composite alarm.
	Rule string `json:"rule,omitempty" wire:"AlarmRule,omitempty"`
}

// composite reports whether the alarm is a composite alarm.
func (a *Alarm) composite() bool { return a.Rule != "" }

// A Dimension tells metrics of one name apart.
type Dimension struct {
	Name  string `json:"name" wire:"Name"`
	Value string `json:"value" wire:"Value"`
}

// A MetricQuery is one metric or one expression of an alarm over several metrics.
type MetricQuery struct {
	ID         string      `json:"id" wire:"Id"`
	Expression string      `json:"expression,omitempty" wire:"Expression,omitempty"`
	Label      string      `json:"label,omitempty" wire:"Label,omitempty"`
	ReturnData *bool       `json:"returnData,omitempty" wire:"ReturnData"`
	Stat       *MetricStat `json:"metricStat,omitempty" wire:"MetricStat"`
}

// A MetricStat is a metric with the statistic that is taken of it.
type MetricStat struct {
	Metric Metric `json:"metric" wire:"Metric"`
	Period int32  `json:"period" wire:"Period"` // seconds
	Stat   string `json:"stat" wire:"Stat"`
	Unit   string `json:"unit,omitempty" wire:"Unit,omitempty"`
}

// A Metric names a metric.
type Metric struct {
	Namespace  string      `json:"namespace" wire:"Namespace"`
	MetricName string      `json:"metricName" wire:"MetricName"`
	Dimensions []Dimension `json:"dimensions,omitempty" wire:"Dimensions"`
}

// A MuteRule silences alarms for a while.
type MuteRule struct {
	Name    string    `json:"name"`
	Alarms  []string  `json:"alarms"` // names
	Status  string    `json:"status"` // SCHEDULED, ACTIVE or EXPIRED
	Expires wire.Time `json:"expires,omitzero"`
	Updated wire.Time `json:"updated,omitzero"`
}
