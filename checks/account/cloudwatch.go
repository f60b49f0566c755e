package account

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

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

// MetricAlarm watches metrics.
type MetricAlarm struct {
	Name string `json:"name"`
	ARN  string `json:"arn"`
	// Metrics are those of the namespace. There are several if the alarm watches an expression.
	Metrics []AlarmMetric `json:"metrics"`
	// Query is an expression of the alarm that names the namespace itself, such as SELECT MAX(EstimatedCharges) FROM
	// SCHEMA("AWS/Billing", Currency). Which metrics it selects is not read from it.
	Query string `json:"query,omitempty"`
	// Comparison is AWS's word, such as GreaterThanThreshold.
	Comparison string `json:"comparison"`
	// Threshold is nil if the alarm learns it (anomaly detection: Learns) or AWS does not tell.
	Threshold *float64 `json:"threshold,omitempty"`
	Learns    bool     `json:"learns,omitempty"`
	Notice    Notice   `json:"notice"`
	State     string   `json:"state"` // OK, ALARM or INSUFFICIENT_DATA
	// Updated is when the alarm was last configured; zero if AWS does not tell.
	Updated time.Time `json:"updated,omitzero"`
}

// AlarmMetric is one metric that an alarm watches.
type AlarmMetric struct {
	Name       string            `json:"name"`
	Dimensions map[string]string `json:"dimensions,omitempty"`
	Statistic  string            `json:"statistic"` // such as Maximum or p99
	Period     int32             `json:"period"`    // seconds
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
		client, err := cloudwatchClient(a, key.Region)
		if err != nil {
			return Alarms{}, err
		}
		in := &cloudwatch.DescribeAlarmsInput{
			AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
			MaxRecords: aws.Int32(alarmsPerPage),
		}
		var alarms Alarms
		err = eachPage(func(token *string) (*string, error) {
			in.NextToken = token
			out, err := client.DescribeAlarms(ctx, in)
			if err != nil {
				return nil, err
			}
			return out.NextToken, alarms.add(key.Namespace, out)
		})
		return alarms, err
	},
}

// add takes over a page. The lists that were asked for are there, be they empty.
func (a *Alarms) add(namespace string, page *cloudwatch.DescribeAlarmsOutput) error {
	if page.MetricAlarms == nil && page.CompositeAlarms == nil {
		return facts.Errorf(facts.InvalidResponse, "the answer does not hold the list")
	}
	for _, m := range page.MetricAlarms {
		metrics, err := metricsIn(namespace, m)
		query := queryOf(namespace, m)
		switch {
		case err != nil:
			return err
		case len(metrics) == 0 && query == "":
			continue
		case !isNumber(aws.ToFloat64(m.Threshold)):
			return facts.Errorf(facts.InvalidResponse, "the threshold of an alarm is no number")
		}
		alarm := metricAlarmOf(m, metrics)
		alarm.Query = query
		a.Metric = append(a.Metric, alarm)
	}
	for _, c := range page.CompositeAlarms {
		a.Composite = append(a.Composite, CompositeAlarm{
			Name: aws.ToString(c.AlarmName), ARN: aws.ToString(c.AlarmArn), Rule: aws.ToString(c.AlarmRule),
			Notice: noticeOf(c.ActionsEnabled, c.AlarmActions, c.OKActions, c.InsufficientDataActions),
		})
	}
	return nil
}

// noticeOf is what an alarm does. AWS sends an empty list where there is no action; none is none, also in a facts file.
func noticeOf(enabled *bool, onAlarm, onOK, onNoData []string) Notice {
	some := func(list []string) []string { return append([]string(nil), list...) }
	return Notice{enabled, some(onAlarm), some(onOK), some(onNoData)}
}

func metricAlarmOf(m types.MetricAlarm, metrics []AlarmMetric) MetricAlarm {
	return MetricAlarm{
		Name: aws.ToString(m.AlarmName), ARN: aws.ToString(m.AlarmArn), Metrics: metrics,
		Comparison: string(m.ComparisonOperator), Threshold: m.Threshold, Learns: m.ThresholdMetricId != nil,
		Notice:  noticeOf(m.ActionsEnabled, m.AlarmActions, m.OKActions, m.InsufficientDataActions),
		State:   string(m.StateValue),
		Updated: aws.ToTime(m.AlarmConfigurationUpdatedTimestamp).UTC(),
	}
}

// metricsIn lists the metrics of a namespace that an alarm watches: its own one, or those of its expression.
func metricsIn(namespace string, m types.MetricAlarm) ([]AlarmMetric, error) {
	statistic := cmp.Or(string(m.Statistic), aws.ToString(m.ExtendedStatistic))
	watched := []types.MetricStat{}
	if m.Namespace != nil || m.MetricName != nil {
		watched = append(watched, types.MetricStat{
			Metric: &types.Metric{Namespace: m.Namespace, MetricName: m.MetricName, Dimensions: m.Dimensions},
			Stat:   &statistic, Period: m.Period,
		})
	}
	for _, query := range m.Metrics {
		if query.MetricStat != nil && query.MetricStat.Metric != nil {
			watched = append(watched, *query.MetricStat)
		}
	}
	if len(watched) == 0 { // an alarm on something else than metrics still has a name
		return nil, requireID("an alarm", m.AlarmName)
	}
	var metrics []AlarmMetric
	for _, stat := range watched {
		if in := aws.ToString(stat.Metric.Namespace); in != "" && in != namespace {
			continue
		}
		metric, err := alarmMetricOf(stat)
		if err != nil {
			return nil, err
		}
		metrics = append(metrics, metric)
	}
	return metrics, nil
}

// queryOf is the first expression of an alarm that names the namespace itself:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html
func queryOf(namespace string, m types.MetricAlarm) string {
	for _, query := range m.Metrics {
		if text := aws.ToString(query.Expression); strings.Contains(text, namespace) {
			return text
		}
	}
	return ""
}

func alarmMetricOf(stat types.MetricStat) (AlarmMetric, error) {
	metric := AlarmMetric{
		Name: aws.ToString(stat.Metric.MetricName), Statistic: aws.ToString(stat.Stat), Period: aws.ToInt32(stat.Period),
	}
	if err := requireID("the metric of an alarm", stat.Metric.Namespace, stat.Metric.MetricName); err != nil {
		return metric, err
	}
	for _, d := range stat.Metric.Dimensions {
		if err := requireID("a dimension of an alarm", d.Name, d.Value); err != nil {
			return metric, err
		}
		if metric.Dimensions == nil {
			metric.Dimensions = map[string]string{}
		}
		metric.Dimensions[*d.Name] = *d.Value
	}
	return metric, nil
}

// cloudwatchClient asks the billing metrics and their alarms in BillingRegion.
func cloudwatchClient(a *facts.Access, region string) (*cloudwatch.Client, error) {
	return clientFor(a, region, cloudwatch.NewFromConfig, cloudwatchProtocol)
}

// cloudwatchProtocol leaves the SDK's default (CBOR) for AWS, and takes the older Query protocol for a configured
// endpoint: AWS serves it still, and the emulators of today know no other.
func cloudwatchProtocol(d *Door, o *cloudwatch.Options) {
	if !d.EndpointIsAWS() {
		o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
	}
}

// MuteRulesKey asks for the rules that keep an alarm silent now.
type MuteRulesKey struct {
	Region string `json:"region"`
	Alarm  string `json:"alarm"` // its name
}

// ActiveMuteRules are the names of the mute rules that hold an alarm's actions back at this moment.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html
var ActiveMuteRules = &facts.Read[MuteRulesKey, []string]{
	Name:       "cloudwatch.active-mute-rules",
	Operations: []string{"cloudwatch:ListAlarmMuteRules"},
	Fetch: func(ctx context.Context, a *facts.Access, key MuteRulesKey) ([]string, error) {
		client, err := cloudwatchClient(a, key.Region)
		if err != nil {
			return nil, err
		}
		in := &cloudwatch.ListAlarmMuteRulesInput{
			AlarmName: &key.Alarm, Statuses: []types.AlarmMuteRuleStatus{types.AlarmMuteRuleStatusActive},
		}
		return wholeList(func(token *string) ([]types.AlarmMuteRuleSummary, *string, error) {
			in.NextToken = token
			out, err := client.ListAlarmMuteRules(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.AlarmMuteRuleSummaries, out.NextToken, nil
		}, muteRuleNameOf)
	},
}

func muteRuleNameOf(rule types.AlarmMuteRuleSummary) (string, error) {
	arn := aws.ToString(rule.AlarmMuteRuleArn)
	return arn[strings.LastIndexByte(arn, ':')+1:], nil
}
