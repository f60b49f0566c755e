package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// cloudwatchService is Amazon CloudWatch. The AWS SDK speaks CBOR to it; older clients speak Query or AWS JSON 1.0.
var cloudwatchService = service{
	id:        "cloudwatch",
	signing:   "monitoring",
	protocols: []protocol{rpcCBOR, awsJSON10, awsQuery},
	target:    "GraniteServiceVersion20100801",
	namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
	codes:     errorCodes{denied: "AccessDenied", throttled: "Throttling", invalid: "MissingRequiredParameterException"},
	queryCodes: map[string]string{
		"InvalidParameterCombinationException": "InvalidParameterCombination",
		"MissingRequiredParameterException":    "MissingParameter",
		"ValidationException":                  "ValidationError",
	},
	operations: []operation{
		change("DeleteAlarms", deleteAlarms),
		op("DescribeAlarms", describeAlarms),
		change("DisableAlarmActions", switchAlarmActions(false)),
		change("EnableAlarmActions", switchAlarmActions(true)),
		op("ListAlarmMuteRules", listAlarmMuteRules),
		change("PutCompositeAlarm", putCompositeAlarm),
		change("PutMetricAlarm", putMetricAlarm),
	},
}

var alarmPaging = paging{size: 50, max: 100, badSize: "ValidationException", badToken: "InvalidNextToken"}

// alarmWire is an alarm as CloudWatch describes it.
type alarmWire struct {
	Alarm
	ARN string `wire:"AlarmArn"`
}

func (r *request) alarmWire(a *Alarm) alarmWire {
	w := alarmWire{Alarm: *a, ARN: r.arn("cloudwatch", "alarm:"+a.Name)}
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
func describeAlarms(r *request, in *describeAlarmsInput) (*describeAlarmsOutput, error) {
	if len(in.Names) > 0 && in.NamePrefix != "" {
		return nil, failf("InvalidParameterCombinationException", "AlarmNames and AlarmNamePrefix cannot be used together")
	}
	var found []*Alarm
	for _, a := range r.regional().Alarms {
		if in.matches(a) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b *Alarm) int { return strings.Compare(a.Name, b.Name) })
	found, next, err := page(alarmPaging, found, in.MaxRecords, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeAlarmsOutput{Metric: []alarmWire{}, Composite: []alarmWire{}, NextToken: next}
	for _, a := range found {
		if a.composite() {
			out.Composite = append(out.Composite, r.alarmWire(a))
		} else {
			out.Metric = append(out.Metric, r.alarmWire(a))
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

func putMetricAlarm(r *request, in *AlarmSettings) (*none, error) {
	in.Rule = ""
	if len(in.Metrics) == 0 && (in.MetricName == "" || in.Namespace == "" || in.Period == 0) {
		return nil, failf("MissingRequiredParameterException", "The parameters MetricName, Namespace and Period must be set, or Metrics")
	}
	if in.EvaluationPeriods < 1 {
		return nil, failf("ValidationException", "The parameter EvaluationPeriods must be 1 or more")
	}
	return putAlarm(r, in)
}

func putCompositeAlarm(r *request, in *AlarmSettings) (*none, error) {
	if in.Rule == "" {
		return nil, failf("MissingRequiredParameterException", "The parameter AlarmRule must be set")
	}
	return putAlarm(r, in)
}

// putAlarm makes an alarm, or replaces the settings of the one with that name, whose state stays.
func putAlarm(r *request, in *AlarmSettings) (*none, error) {
	alarm := r.alarm(in.Name)
	if alarm == nil {
		alarm = &Alarm{State: "INSUFFICIENT_DATA", StateReason: "Unchecked: Initial alarm creation", StateUpdated: at(r.Now)}
		r.regional().Alarms = append(r.regional().Alarms, alarm)
	}
	alarm.AlarmSettings, alarm.Updated = *in, at(r.Now)
	return &none{}, nil
}

// alarm finds an alarm by name, or nil.
func (r *request) alarm(name string) *Alarm {
	for _, a := range r.regional().Alarms {
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
func deleteAlarms(r *request, in *alarmNamesInput) (*none, error) {
	for _, name := range in.Names {
		if r.alarm(name) == nil {
			return nil, &apiError{Code: "ResourceNotFound", Message: "The alarm " + name + " does not exist", Status: http.StatusNotFound}
		}
	}
	r.regional().Alarms = slices.DeleteFunc(r.regional().Alarms, func(a *Alarm) bool { return slices.Contains(in.Names, a.Name) })
	return &none{}, nil
}

// switchAlarmActions turns the actions of alarms on or off. Names that are not there are passed over.
func switchAlarmActions(on bool) func(*request, *alarmNamesInput) (*none, error) {
	return func(r *request, in *alarmNamesInput) (*none, error) {
		for _, name := range in.Names {
			if a := r.alarm(name); a != nil {
				a.ActionsEnabled, a.Updated = &on, at(r.Now)
			}
		}
		return &none{}, nil
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

func listAlarmMuteRules(r *request, in *listMuteRulesInput) (*listMuteRulesOutput, error) {
	var found []*MuteRule
	for _, rule := range r.regional().MuteRules {
		if (in.AlarmName == "" || slices.Contains(rule.Alarms, in.AlarmName)) &&
			(len(in.Statuses) == 0 || slices.Contains(in.Statuses, rule.Status)) {
			found = append(found, rule)
		}
	}
	found, next, err := page(alarmPaging, found, in.MaxRecords, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listMuteRulesOutput{Rules: []muteRuleWire{}, NextToken: next}
	for _, rule := range found {
		out.Rules = append(out.Rules, muteRuleWire{
			ARN:     r.arn("cloudwatch", "alarm-mute-rule:"+rule.Name),
			Status:  rule.Status,
			Expires: rule.Expires.Time,
			Updated: rule.Updated.Time,
		})
	}
	return out, nil
}
