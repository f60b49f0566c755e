// Package cloudwatch is the alarms of Amazon CloudWatch of the practice account.
package cloudwatch

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is Amazon CloudWatch. The AWS SDK speaks CBOR to it; older clients speak Query or AWS JSON 1.0.
var Service = &wire.Service{
	API:   api,
	Codes: wire.ErrorCodes{Denied: "AccessDenied", Throttled: "Throttling", Invalid: "MissingRequiredParameterException"},
	QueryCodes: map[string]string{
		"InvalidParameterCombinationException": "InvalidParameterCombination",
		"MissingRequiredParameterException":    "MissingParameter",
		"ValidationException":                  "ValidationError",
	},
	Operations: []wire.Operation{
		wire.Change("DeleteAlarms", deleteAlarms),
		wire.Op("DescribeAlarms", describeAlarms),
		wire.Change("DisableAlarmActions", disableAlarmActions),
		wire.Change("EnableAlarmActions", enableAlarmActions),
		wire.Op("GetMetricStatistics", getMetricStatistics),
		wire.Op("ListAlarmMuteRules", listAlarmMuteRules),
		wire.Change("PutCompositeAlarm", putCompositeAlarm),
		wire.Change("PutMetricAlarm", putMetricAlarm),
	},
	Parts: []wire.AnyPart{Alarms, MuteRules, Charges},
}

var alarmPaging = wire.Paging{Size: 50, Max: 100, BadSize: "ValidationException", BadToken: "InvalidNextToken"}

// describeAlarm is an alarm as CloudWatch describes it.
func describeAlarm(r *wire.Request, a *Alarm) metricAlarmWire {
	w := a.metricAlarmWire
	w.AlarmArn = new(r.ARN("cloudwatch", "alarm:"+a.name()))
	if w.ActionsEnabled == nil {
		w.ActionsEnabled = new(true)
	}
	for _, actions := range []*[]string{&w.AlarmActions, &w.OKActions, &w.InsufficientDataActions} {
		if *actions == nil {
			*actions = []string{} // CloudWatch has each of them, also the empty ones
		}
	}
	return w
}

// describeAlarms lists alarms in the order of their names: metric alarms alone unless AlarmTypes asks for others.
func describeAlarms(r *wire.Request, in *describeAlarmsInput) (*describeAlarmsOutput, error) {
	if len(in.AlarmNames) > 0 && wire.Value(in.AlarmNamePrefix) != "" {
		return nil, wire.Failf(
			"InvalidParameterCombinationException", "AlarmNames and AlarmNamePrefix cannot be used together",
		)
	}
	var found []*Alarm
	for _, a := range *Alarms.Of(r) {
		if in.matches(a) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b *Alarm) int { return strings.Compare(a.name(), b.name()) })
	found, next, err := wire.Page(alarmPaging, found, in.MaxRecords, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeAlarmsOutput{
		MetricAlarms: []metricAlarmWire{}, CompositeAlarms: []compositeAlarmWire{}, NextToken: next,
	}
	for _, a := range found {
		described := describeAlarm(r, a)
		if !a.composite() {
			out.MetricAlarms = append(out.MetricAlarms, described)
			continue
		}
		composite := compositeAlarmWire{AlarmRule: &a.Rule}
		wire.Copy(&composite, &described)
		out.CompositeAlarms = append(out.CompositeAlarms, composite)
	}
	return out, nil
}

func (in *describeAlarmsInput) matches(a *Alarm) bool {
	kind := "MetricAlarm"
	if a.composite() {
		kind = "CompositeAlarm"
	}
	wanted := in.AlarmTypes
	if len(wanted) == 0 {
		wanted = []string{"MetricAlarm"}
	}
	state, prefix := wire.Value(in.StateValue), wire.Value(in.ActionPrefix)
	hasPrefix := func(action string) bool { return strings.HasPrefix(action, prefix) }
	return slices.Contains(wanted, kind) &&
		(len(in.AlarmNames) == 0 || slices.Contains(in.AlarmNames, a.name())) &&
		strings.HasPrefix(a.name(), wire.Value(in.AlarmNamePrefix)) &&
		(state == "" || state == wire.Value(a.StateValue)) &&
		(prefix == "" || slices.ContainsFunc(
			slices.Concat(a.AlarmActions, a.OKActions, a.InsufficientDataActions), hasPrefix))
}

func putMetricAlarm(r *wire.Request, in *putMetricAlarmInput) (*wire.None, error) {
	oneMetric := wire.Value(in.MetricName) != "" && wire.Value(in.Namespace) != "" && wire.Value(in.Period) != 0
	if len(in.Metrics) == 0 && !oneMetric {
		return nil, wire.Failf("MissingRequiredParameterException",
			"The parameters MetricName, Namespace and Period must be set, or Metrics")
	}
	if wire.Value(in.EvaluationPeriods) < 1 {
		return nil, wire.Failf("ValidationException", "The parameter EvaluationPeriods must be 1 or more")
	}
	var settings metricAlarmWire
	wire.Copy(&settings, in)
	return putAlarm(r, in.AlarmName, settings, "")
}

func putCompositeAlarm(r *wire.Request, in *putCompositeAlarmInput) (*wire.None, error) {
	if in.AlarmRule == "" {
		return nil, wire.Failf("MissingRequiredParameterException", "The parameter AlarmRule must be set")
	}
	var settings metricAlarmWire
	wire.Copy(&settings, in)
	return putAlarm(r, in.AlarmName, settings, in.AlarmRule)
}

// putAlarm makes an alarm, or replaces the settings of the one with that name, whose state stays. A rule makes it a
// composite alarm.
func putAlarm(r *wire.Request, name string, settings metricAlarmWire, rule string) (*wire.None, error) {
	settings.StateValue = new("INSUFFICIENT_DATA")
	settings.StateReason = new("Unchecked: Initial alarm creation")
	settings.StateUpdatedTimestamp = wire.At(r.Now)
	alarm := findAlarm(r, name)
	if alarm != nil {
		settings.StateValue, settings.StateReason = alarm.StateValue, alarm.StateReason
		settings.StateUpdatedTimestamp = alarm.StateUpdatedTimestamp
	} else {
		alarm = &Alarm{}
		alarms := Alarms.Of(r)
		*alarms = append(*alarms, alarm)
	}
	settings.AlarmName, settings.AlarmConfigurationUpdatedTimestamp = &name, wire.At(r.Now)
	alarm.metricAlarmWire, alarm.Rule = settings, rule
	return &wire.None{}, nil
}

// findAlarm finds an alarm by name, or nil.
func findAlarm(r *wire.Request, name string) *Alarm {
	for _, a := range *Alarms.Of(r) {
		if a.name() == name {
			return a
		}
	}
	return nil
}

// deleteAlarms deletes all of the alarms, or none when one of them is not there.
func deleteAlarms(r *wire.Request, in *deleteAlarmsInput) (*wire.None, error) {
	for _, name := range in.AlarmNames {
		if findAlarm(r, name) == nil {
			return nil, &wire.Error{
				Code: "ResourceNotFound", Message: "The alarm " + name + " does not exist", Status: http.StatusNotFound,
			}
		}
	}
	alarms := Alarms.Of(r)
	*alarms = slices.DeleteFunc(*alarms, func(a *Alarm) bool { return slices.Contains(in.AlarmNames, a.name()) })
	return &wire.None{}, nil
}

func enableAlarmActions(r *wire.Request, in *enableAlarmActionsInput) (*wire.None, error) {
	return switchAlarmActions(r, in.AlarmNames, true)
}

func disableAlarmActions(r *wire.Request, in *disableAlarmActionsInput) (*wire.None, error) {
	return switchAlarmActions(r, in.AlarmNames, false)
}

// switchAlarmActions turns the actions of alarms on or off. Names that are not there are passed over.
func switchAlarmActions(r *wire.Request, names []string, on bool) (*wire.None, error) {
	for _, name := range names {
		if a := findAlarm(r, name); a != nil {
			a.ActionsEnabled, a.AlarmConfigurationUpdatedTimestamp = &on, wire.At(r.Now)
		}
	}
	return &wire.None{}, nil
}

func listAlarmMuteRules(r *wire.Request, in *listAlarmMuteRulesInput) (*listAlarmMuteRulesOutput, error) {
	var found []*MuteRule
	alarm := wire.Value(in.AlarmName)
	for _, rule := range *MuteRules.Of(r) {
		if (alarm == "" || slices.Contains(rule.Alarms, alarm)) &&
			(len(in.Statuses) == 0 || slices.Contains(in.Statuses, rule.Status)) {
			found = append(found, rule)
		}
	}
	found, next, err := wire.Page(alarmPaging, found, in.MaxRecords, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listAlarmMuteRulesOutput{AlarmMuteRuleSummaries: []alarmMuteRuleSummaryWire{}, NextToken: next}
	for _, rule := range found {
		out.AlarmMuteRuleSummaries = append(out.AlarmMuteRuleSummaries, alarmMuteRuleSummaryWire{
			AlarmMuteRuleArn:     new(r.ARN("cloudwatch", "alarm-mute-rule:"+rule.Name)),
			Status:               &rule.Status,
			ExpireDate:           rule.Expires,
			LastUpdatedTimestamp: rule.Updated,
		})
	}
	return out, nil
}
