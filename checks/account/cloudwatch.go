package account

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/labcheck/labcheck/checks/facts"
)

// BillingRegion is the only Region that holds the billing metrics and their alarms:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
const BillingRegion = "us-east-1"

// alarmsPerPage is the most that CloudWatch gives in one page.
const alarmsPerPage = 100

// AlarmsKey asks for the alarms of a Region that watch metrics of a namespace, such as AWS/Billing.
type AlarmsKey struct {
	Region    string `json:"region"`
	Namespace string `json:"namespace"`
}

// Alarms are the alarms that watch a namespace, and every composite alarm, which may stand on one of them.
type Alarms struct {
	Metric    []MetricAlarm    `json:"metric,omitempty"`
	Composite []CompositeAlarm `json:"composite,omitempty"`
}

// Notice is what an alarm does when its state changes: lists of ARNs.
type Notice struct {
	// Enabled is nil if AWS does not tell.
	Enabled *bool `json:"enabled,omitempty"`
	// OnAlarm, OnOK and OnNoData are done as the alarm goes to ALARM, OK and INSUFFICIENT_DATA.
	OnAlarm  []string `json:"onAlarm,omitempty"`
	OnOK     []string `json:"onOk,omitempty"`
	OnNoData []string `json:"onNoData,omitempty"`
}

// MetricAlarm compares a number with a threshold as time goes by: a metric's, or that of an expression over metrics.
type MetricAlarm struct {
	Name string `json:"name"`
	ARN  string `json:"arn"`
	// Elements are what the alarm is made of: its one metric, or the metrics and expressions of metric math.
	Elements []AlarmElement `json:"elements"`
	// Comparison is AWS's word, such as GreaterThanThreshold.
	Comparison string `json:"comparison"`
	// Threshold is nil if the alarm learns it (anomaly detection) or AWS does not tell.
	Threshold *float64 `json:"threshold,omitempty"`
	// Band is the id of the element that takes the place of a threshold: what an alarm of anomaly detection has learned.
	Band   string `json:"band,omitempty"`
	Notice Notice `json:"notice"`
	State  string `json:"state"` // OK, ALARM or INSUFFICIENT_DATA
	// Updated is when the alarm was last configured; zero if AWS does not tell.
	Updated time.Time `json:"updated,omitzero"`
}

// AlarmElement is a part of what an alarm compares: a metric, or an expression over the other elements.
type AlarmElement struct {
	// ID is what expressions call it; empty for the metric of an alarm without metric math.
	ID string `json:"id,omitempty"`
	// Returns says that its data are what the alarm compares. The other elements are only read by expressions.
	Returns bool `json:"returns,omitempty"`
	// Expression is metric math such as "m1 + m2", or a query of Metrics Insights; empty for a metric.
	Expression string `json:"expression,omitempty"`
	// Metric is zero for an expression.
	Metric AlarmMetric `json:"metric,omitzero"`
}

// AlarmMetric is a metric that an alarm reads. Of a metric of another namespace than was asked for, only the name is
// kept.
type AlarmMetric struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Account is the account whose metric it is, where that is said.
	Account    string            `json:"account,omitempty"`
	Dimensions map[string]string `json:"dimensions,omitempty"`
	Statistic  string            `json:"statistic,omitempty"` // such as Maximum or p99
	Period     int32             `json:"period,omitempty"`    // seconds
}

// CompositeAlarm stands on the states of other alarms.
type CompositeAlarm struct {
	Name   string `json:"name"`
	ARN    string `json:"arn"`
	Rule   string `json:"rule"` // such as ALARM("billing-5usd") OR ALARM(other)
	Notice Notice `json:"notice"`
}

// AlarmsOn lists alarms of both kinds.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
var AlarmsOn = &facts.Read[AlarmsKey, Alarms]{
	Name:       "cloudwatch.alarms",
	Operations: []string{"cloudwatch:DescribeAlarms"},
	Fetch: func(ctx context.Context, a *facts.Access, key AlarmsKey) (Alarms, error) {
		out, err := Ask[alarmLists](ctx, a, "cloudwatch:DescribeAlarms", key.Region, map[string]any{
			"AlarmTypes": []any{"MetricAlarm", "CompositeAlarm"}, "MaxRecords": int64(alarmsPerPage),
		})
		if err != nil {
			return Alarms{}, err
		}
		return alarmsOf(key.Namespace, out)
	},
}

// alarmLists are what is kept of the two lists of alarms. The fields are named like AWS's members, and what is nil was
// not in the answer.
type alarmLists struct {
	MetricAlarms    []metricAlarm
	CompositeAlarms []compositeAlarm
}

type metricAlarm struct {
	AlarmName, AlarmArn, ComparisonOperator, StateValue string

	ThresholdMetricID string `json:"ThresholdMetricId"`

	Threshold      *float64
	Updated        time.Time `json:"AlarmConfigurationUpdatedTimestamp"`
	ActionsEnabled *bool

	AlarmActions, OKActions, InsufficientDataActions []string

	Metrics []metricQuery
	// The metric of an alarm without metric math.
	Namespace, MetricName        *string
	Dimensions                   []dimension
	Statistic, ExtendedStatistic string
	Period                       int32
}

type compositeAlarm struct {
	AlarmName, AlarmArn, AlarmRule string

	ActionsEnabled *bool

	AlarmActions, OKActions, InsufficientDataActions []string
}

// metricQuery is a metric or an expression of metric math.
type metricQuery struct {
	ID         string `json:"Id"`
	ReturnData *bool
	Expression string
	Account    string `json:"AccountId"`
	MetricStat *metricStat
}

type metricStat struct {
	Metric *metric
	Period int32
	Stat   string
}

type metric struct {
	Namespace, MetricName *string
	Dimensions            []dimension
}

type dimension struct{ Name, Value *string }

// alarmsOf keeps the alarms on a namespace. The lists that were asked for are there, be they empty.
func alarmsOf(namespace string, lists alarmLists) (a Alarms, err error) {
	if lists.MetricAlarms == nil && lists.CompositeAlarms == nil {
		return a, facts.Errorf(facts.InvalidResponse, "the answer does not hold the list")
	}
	for _, m := range lists.MetricAlarms {
		elements, err := elementsOf(namespace, m)
		switch {
		case err != nil:
			return Alarms{}, err
		case !slices.ContainsFunc(elements, func(e AlarmElement) bool { return e.names(namespace) }):
			continue
		}
		a.Metric = append(a.Metric, MetricAlarm{
			Name: m.AlarmName, ARN: m.AlarmArn, Elements: elements,
			Comparison: m.ComparisonOperator, Threshold: m.Threshold, Band: m.ThresholdMetricID,
			Notice: noticeOf(m.ActionsEnabled, m.AlarmActions, m.OKActions, m.InsufficientDataActions),
			State:  m.StateValue, Updated: m.Updated.UTC(),
		})
	}
	for _, c := range lists.CompositeAlarms {
		a.Composite = append(a.Composite, CompositeAlarm{
			Name: c.AlarmName, ARN: c.AlarmArn, Rule: c.AlarmRule,
			Notice: noticeOf(c.ActionsEnabled, c.AlarmActions, c.OKActions, c.InsufficientDataActions),
		})
	}
	return a, nil
}

// noticeOf is what an alarm does. AWS sends an empty list where there is no action; none is none, also in a facts file.
func noticeOf(enabled *bool, onAlarm, onOK, onNoData []string) Notice {
	some := func(list []string) []string { return append([]string(nil), list...) }
	return Notice{enabled, some(onAlarm), some(onOK), some(onNoData)}
}

// names says whether an element is a metric of the namespace, or an expression that names it itself:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html
func (e AlarmElement) names(namespace string) bool {
	return e.Metric.Namespace == namespace || strings.Contains(e.Expression, namespace)
}

// elementsOf lists what an alarm is made of: its own metric, or its metrics and expressions.
func elementsOf(namespace string, m metricAlarm) ([]AlarmElement, error) {
	queries := m.Metrics
	if m.Namespace != nil || m.MetricName != nil {
		queries = append(queries, metricQuery{MetricStat: &metricStat{
			Metric: &metric{m.Namespace, m.MetricName, m.Dimensions},
			Period: m.Period, Stat: cmp.Or(m.Statistic, m.ExtendedStatistic),
		}})
	}
	var elements []AlarmElement
	for _, query := range queries {
		element, err := elementOf(namespace, query)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	if len(elements) == 0 { // an alarm on something else than metrics still has a name
		return nil, requireID("an alarm", &m.AlarmName)
	}
	return elements, nil
}

func elementOf(namespace string, query metricQuery) (AlarmElement, error) {
	element := AlarmElement{
		ID: query.ID, Returns: query.ReturnData == nil || *query.ReturnData, // that is AWS's default
		Expression: query.Expression,
	}
	stat := query.MetricStat
	if stat == nil || stat.Metric == nil {
		return element, nil
	}
	element.Metric.Namespace = aws.ToString(stat.Metric.Namespace)
	element.Metric.Name = aws.ToString(stat.Metric.MetricName)
	if element.Metric.Namespace != "" && element.Metric.Namespace != namespace {
		return element, nil
	}
	if err := requireID("the metric of an alarm", stat.Metric.Namespace, stat.Metric.MetricName); err != nil {
		return element, err
	}
	element.Metric.Account, element.Metric.Statistic, element.Metric.Period = query.Account, stat.Stat, stat.Period
	for _, d := range stat.Metric.Dimensions {
		if err := requireID("a dimension of an alarm", d.Name, d.Value); err != nil {
			return element, err
		}
		if element.Metric.Dimensions == nil {
			element.Metric.Dimensions = map[string]string{}
		}
		element.Metric.Dimensions[*d.Name] = *d.Value
	}
	return element, nil
}

// MuteRulesKey asks for the rules that keep an alarm silent now.
type MuteRulesKey struct {
	Region string `json:"region"`
	// Alarm is its name. An empty one asks whether there is a rule that keeps any alarm of the Region silent.
	Alarm string `json:"alarm"`
}

// ActiveMuteRules are the names of the mute rules that hold an alarm's actions back at this moment. A rule does not say
// here which alarms it is about: they are asked one by one only where there is a rule.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html
var ActiveMuteRules = &facts.Read[MuteRulesKey, []string]{
	Name:       "cloudwatch.active-mute-rules",
	Operations: []string{"cloudwatch:ListAlarmMuteRules"},
	Fetch: func(ctx context.Context, a *facts.Access, key MuteRulesKey) ([]string, error) {
		input := map[string]any{"Statuses": []any{"ACTIVE"}}
		if key.Alarm != "" {
			input["AlarmName"] = key.Alarm
		}
		type rule struct{ AlarmMuteRuleArn string }
		out, err := Ask[struct{ AlarmMuteRuleSummaries []rule }](
			ctx, a, "cloudwatch:ListAlarmMuteRules", key.Region, input)
		if err != nil {
			return nil, err
		}
		return eachOf(out.AlarmMuteRuleSummaries, func(r rule) (string, error) {
			return r.AlarmMuteRuleArn[strings.LastIndexByte(r.AlarmMuteRuleArn, ':')+1:], nil
		})
	},
}
