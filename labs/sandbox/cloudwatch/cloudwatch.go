// Package cloudwatch is the alarms of Amazon CloudWatch of the practice account.
package cloudwatch

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is Amazon CloudWatch. The AWS SDK speaks CBOR to it; older clients speak Query or AWS JSON 1.0.
var Service = &wire.Service{
	API: wire.API{
		ID:        "cloudwatch",
		Signing:   "monitoring",
		Protocols: []wire.Protocol{wire.CBOR, wire.JSON10, wire.Query},
		Target:    "GraniteServiceVersion20100801",
		Namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
	},
	Codes: wire.ErrorCodes{Denied: "AccessDenied", Throttled: "Throttling", Invalid: "MissingRequiredParameterException"},
	QueryCodes: map[string]string{
		"InvalidParameterCombinationException": "InvalidParameterCombination",
		"MissingRequiredParameterException":    "MissingParameter",
		"ValidationException":                  "ValidationError",
	},
	Operations: []wire.Operation{
		wire.Change("DeleteAlarms", deleteAlarms),
		wire.Op("DescribeAlarms", describeAlarms),
		wire.Change("DisableAlarmActions", switchAlarmActions(false)),
		wire.Change("EnableAlarmActions", switchAlarmActions(true)),
		wire.Op("ListAlarmMuteRules", listAlarmMuteRules),
		wire.Change("PutCompositeAlarm", putCompositeAlarm),
		wire.Change("PutMetricAlarm", putMetricAlarm),
	},
	Parts: []wire.AnyPart{Alarms, MuteRules},
}

var alarmPaging = wire.Paging{Size: 50, Max: 100, BadSize: "ValidationException", BadToken: "InvalidNextToken"}

// describeAlarm is an alarm as CloudWatch describes it.
type alarmWire struct {
	Alarm
	ARN string `wire:"AlarmArn"`
}

func describeAlarm(r *wire.Request, a *Alarm) alarmWire {
	w := alarmWire{Alarm: *a, ARN: r.ARN("cloudwatch", "alarm:"+a.Name)}
	if w.ActionsEnabled == nil {
		enabled := true
		w.ActionsEnabled = &enabled
	}
	for _, actions := range []*[]string{&w.AlarmActions, &w.OKActions, &w.InsufficientDataActions} {
		if *actions == nil {
			*actions = []string{} // CloudWatch has each of them, also the empty ones
		}
	}
	return w
}

type describeAlarmsInput struct {
	Names        []string `wire:"AlarmNames"`
	NamePrefix   string   `wire:"AlarmNamePrefix"`
	Types        []string `wire:"AlarmTypes"`
	StateValue   string   `wire:"StateValue"`
	ActionPrefix string   `wire:"ActionPrefix"`
	MaxRecords   *int32   `wire:"MaxRecords"`
	NextToken    *string  `wire:"NextToken"`
}

type describeAlarmsOutput struct {
	Metric    []alarmWire `wire:"MetricAlarms"`
	Composite []alarmWire `wire:"CompositeAlarms"`
	NextToken *string     `wire:"NextToken"`
}

// describeAlarms lists alarms in the order of their names: metric alarms alone unless AlarmTypes asks for others.
func describeAlarms(r *wire.Request, in *describeAlarmsInput) (*describeAlarmsOutput, error) {
	if len(in.Names) > 0 && in.NamePrefix != "" {
		return nil, wire.Failf("InvalidParameterCombinationException", "AlarmNames and AlarmNamePrefix cannot be used together")
	}
	var found []*Alarm
	for _, a := range *Alarms.Of(r) {
		if in.matches(a) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b *Alarm) int { return strings.Compare(a.Name, b.Name) })
	found, next, err := wire.Page(alarmPaging, found, in.MaxRecords, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeAlarmsOutput{Metric: []alarmWire{}, Composite: []alarmWire{}, NextToken: next}
	for _, a := range found {
		if a.composite() {
			out.Composite = append(out.Composite, describeAlarm(r, a))
		} else {
			out.Metric = append(out.Metric, describeAlarm(r, a))
		}
	}
	return out, nil
}

func (in *describeAlarmsInput) matches(a *Alarm) bool {
	kind := "MetricAlarm"
	if a.composite() {
		kind = "CompositeAlarm"
	}
	wanted := in.Types
	if len(wanted) == 0 {
		wanted = []string{"MetricAlarm"}
	}
	hasPrefix := func(action string) bool { return strings.HasPrefix(action, in.ActionPrefix) }
	return slices.Contains(wanted, kind) &&
		(len(in.Names) == 0 || slices.Contains(in.Names, a.Name)) &&
		strings.HasPrefix(a.Name, in.NamePrefix) &&
		(in.StateValue == "" || in.StateValue == a.State) &&
		(in.ActionPrefix == "" || slices.ContainsFunc(slices.Concat(a.AlarmActions, a.OKActions, a.InsufficientDataActions), hasPrefix))
}

func putMetricAlarm(r *wire.Request, in *AlarmSettings) (*wire.None, error) {
	in.Rule = ""
	if len(in.Metrics) == 0 && (in.MetricName == "" || in.Namespace == "" || in.Period == 0) {
		return nil, wire.Failf("MissingRequiredParameterException", "The parameters MetricName, Namespace and Period must be set, or Metrics")
	}
	if in.EvaluationPeriods < 1 {
		return nil, wire.Failf("ValidationException", "The parameter EvaluationPeriods must be 1 or more")
	}
	return putAlarm(r, in)
}

func putCompositeAlarm(r *wire.Request, in *AlarmSettings) (*wire.None, error) {
	if in.Rule == "" {
		return nil, wire.Failf("MissingRequiredParameterException", "The parameter AlarmRule must be set")
	}
	return putAlarm(r, in)
}

// putAlarm makes an alarm, or replaces the settings of the one with that name, whose state stays.
func putAlarm(r *wire.Request, in *AlarmSettings) (*wire.None, error) {
	alarm := findAlarm(r, in.Name)
	if alarm == nil {
		alarm = &Alarm{State: "INSUFFICIENT_DATA", StateReason: "Unchecked: Initial alarm creation", StateUpdated: wire.At(r.Now)}
		alarms := Alarms.Of(r)
		*alarms = append(*alarms, alarm)
	}
	alarm.AlarmSettings, alarm.Updated = *in, wire.At(r.Now)
	return &wire.None{}, nil
}

// findAlarm finds an alarm by name, or nil.
func findAlarm(r *wire.Request, name string) *Alarm {
	for _, a := range *Alarms.Of(r) {
		if a.Name == name {
			return a
		}
	}
	return nil
}

type alarmNamesInput struct {
	Names []string `wire:"AlarmNames,required"`
}

// deleteAlarms deletes all of the alarms, or none when one of them is not there.
func deleteAlarms(r *wire.Request, in *alarmNamesInput) (*wire.None, error) {
	for _, name := range in.Names {
		if findAlarm(r, name) == nil {
			return nil, &wire.Error{Code: "ResourceNotFound", Message: "The alarm " + name + " does not exist", Status: http.StatusNotFound}
		}
	}
	alarms := Alarms.Of(r)
	*alarms = slices.DeleteFunc(*alarms, func(a *Alarm) bool { return slices.Contains(in.Names, a.Name) })
	return &wire.None{}, nil
}

// switchAlarmActions turns the actions of alarms on or off. Names that are not there are passed over.
func switchAlarmActions(on bool) func(*wire.Request, *alarmNamesInput) (*wire.None, error) {
	return func(r *wire.Request, in *alarmNamesInput) (*wire.None, error) {
		for _, name := range in.Names {
			if a := findAlarm(r, name); a != nil {
				a.ActionsEnabled, a.Updated = &on, wire.At(r.Now)
			}
		}
		return &wire.None{}, nil
	}
}

type listMuteRulesInput struct {
	AlarmName  string   `wire:"AlarmName"`
	Statuses   []string `wire:"Statuses"`
	MaxRecords *int32   `wire:"MaxRecords"`
	NextToken  *string  `wire:"NextToken"`
}

type listMuteRulesOutput struct {
	Rules     []muteRuleWire `wire:"AlarmMuteRuleSummaries"`
	NextToken *string        `wire:"NextToken"`
}

type muteRuleWire struct {
	ARN     string    `wire:"AlarmMuteRuleArn"`
	Status  string    `wire:"Status"`
	Expires time.Time `wire:"ExpireDate"`
	Updated time.Time `wire:"LastUpdatedTimestamp"`
}

func listAlarmMuteRules(r *wire.Request, in *listMuteRulesInput) (*listMuteRulesOutput, error) {
	var found []*MuteRule
	for _, rule := range *MuteRules.Of(r) {
		if (in.AlarmName == "" || slices.Contains(rule.Alarms, in.AlarmName)) &&
			(len(in.Statuses) == 0 || slices.Contains(in.Statuses, rule.Status)) {
			found = append(found, rule)
		}
	}
	found, next, err := wire.Page(alarmPaging, found, in.MaxRecords, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listMuteRulesOutput{Rules: []muteRuleWire{}, NextToken: next}
	for _, rule := range found {
		out.Rules = append(out.Rules, muteRuleWire{
			ARN:     r.ARN("cloudwatch", "alarm-mute-rule:"+rule.Name),
			Status:  rule.Status,
			Expires: rule.Expires.Time,
			Updated: rule.Updated.Time,
		})
	}
	return out, nil
}
