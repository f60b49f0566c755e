package cloudwatch

import "github.com/labcheck/labcheck/labs/sandbox/wire"

// What CloudWatch keeps in a Region.
var (
	Alarms    = &wire.Part[[]*Alarm]{Key: "alarms", Regional: true}
	MuteRules = &wire.Part[[]*MuteRule]{Key: "muteRules", Regional: true}
)

// A state keeps alarms as AWS shows them, under shorter names.
//
//wire:keep MetricAlarm AlarmName=name AlarmDescription=description OKActions=okActions StateValue=state
//wire:keep MetricAlarm StateUpdatedTimestamp=stateUpdated AlarmConfigurationUpdatedTimestamp=updated AlarmArn=-

// An Alarm is a CloudWatch alarm: a composite alarm when it has a rule, else a metric alarm. Its actions are on when
// ActionsEnabled is nil.
type Alarm struct {
	metricAlarmWire
	// Rule makes it a composite alarm.
	Rule string `json:"rule,omitempty"`
}

func (a *Alarm) name() string { return wire.Value(a.AlarmName) }

// composite reports whether the alarm is a composite alarm.
func (a *Alarm) composite() bool { return a.Rule != "" }

// A MuteRule silences alarms for a while.
type MuteRule struct {
	Name    string    `json:"name"`
	Alarms  []string  `json:"alarms"` // names
	Status  string    `json:"status"` // SCHEDULED, ACTIVE or EXPIRED
	Expires wire.Time `json:"expires,omitzero"`
	Updated wire.Time `json:"updated,omitzero"`
}
