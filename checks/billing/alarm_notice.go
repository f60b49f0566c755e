package billing

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// teller is an alarm that speaks when the charges grow: the billing alarm, or a composite alarm that stands on it.
type teller struct {
	name   string
	notice account.Notice
}

// topicsOf lists the SNS topics that the tellers publish to when they ring.
func topicsOf(tellers []teller) []string {
	var topics []string
	for _, t := range tellers {
		if t.notice.Enabled != nil && *t.notice.Enabled {
			topics = append(topics, topicsIn(t.notice.OnAlarm)...)
		}
	}
	return topics
}

func topicsIn(actions []string) []string {
	var topics []string
	for _, arn := range actions {
		if strings.HasPrefix(arn, anyTopic) {
			topics = append(topics, arn)
		}
	}
	return topics
}

// muteness says why a ringing alarm publishes to no topic, if so.
func muteness(tellers []teller) (checks.Finding, bool) {
	if len(topicsOf(tellers)) > 0 {
		return checks.Finding{}, false
	}
	for _, t := range tellers {
		if t.notice.Enabled == nil && len(topicsIn(t.notice.OnAlarm)) > 0 {
			return checks.Finding{Reason: facts.InvalidResponse, Detail: "AWS does not tell whether the alarm's actions are enabled"}, true
		}
	}
	own := tellers[0].notice
	switch {
	case len(topicsIn(own.OnAlarm)) > 0:
		return failed("its actions are disabled"), true
	case len(own.OnAlarm) > 0:
		return failed("its action is no SNS topic: " + own.OnAlarm[0]), true
	case len(own.OnOK) > 0:
		return failed("it tells somebody only when it goes back to OK"), true
	case len(own.OnNoData) > 0:
		return failed("it tells somebody only when it has no data"), true
	}
	return failed("it has no action"), true
}

// startMutes asks which rules keep the tellers silent now. That passes, and so it is advice.
func startMutes(v *facts.View, tellers []teller) (finish func() string) {
	var pending []*facts.Pending[[]string]
	for _, t := range tellers {
		if len(topicsOf([]teller{t})) > 0 {
			pending = append(pending, account.ActiveMuteRules.Start(v, account.MuteRulesKey{Region: billingRegion, Alarm: t.name}))
		}
	}
	return func() string {
		for _, p := range pending {
			if rules, err := p.Get(); err == nil && len(rules) > 0 {
				return "the mute rule " + rules[0] + " keeps it silent now"
			}
		}
		return ""
	}
}
