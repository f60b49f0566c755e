package billing_test

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

func compositeCases() []checktest.Case {
	silent := alarms(func(a *account.MetricAlarm) { a.Notice.OnAlarm = nil })
	stands := func(name, rule string, want checks.Verdict) checktest.Case {
		s := situation{alarms: silent, composites: []account.CompositeAlarm{{
			Name: "all", Rule: rule, Notice: account.Notice{Enabled: yes(), OnAlarm: []string{topicARN}},
		}}}
		if want == checks.Pass {
			s.topics, s.muted = topic(confirmed), map[string][]string{"all": nil}
		} else {
			s.budgets = noBudgets()
		}
		c := checktest.Case{Name: "composite " + name, Facts: s.facts(), Want: want}
		if want == checks.Unknown {
			c.Reason = facts.Unsupported
		}
		return c
	}
	chain := situation{
		alarms: silent, topics: topic(confirmed), muted: map[string][]string{"top": nil},
		composites: []account.CompositeAlarm{
			{
				Name: "top", Rule: "ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:middle)",
				Notice: account.Notice{Enabled: yes(), OnAlarm: []string{topicARN}},
			},
			{Name: "middle", ARN: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:middle", Rule: "ALARM(billing-5usd)"},
		},
	}
	// The second alarm rings before the first one does, at 1 USD, and so its composite rings at 5 USD.
	both := situation{
		alarms: append(silent, alarms(func(a *account.MetricAlarm) {
			a.Name, a.ARN, a.Threshold, a.Notice.OnAlarm = "billing-1usd", "arn:1", new(1.0), nil
		})...),
		composites: []account.CompositeAlarm{{
			Name: "all", Rule: "ALARM(billing-1usd) AND ALARM(billing-5usd)",
			Notice: account.Notice{Enabled: yes(), OnAlarm: []string{topicARN}},
		}},
		topics: topic(confirmed), muted: map[string][]string{"all": nil},
	}
	asleep := situation{alarms: silent, budgets: noBudgets(), composites: []account.CompositeAlarm{{
		Name: "all", Rule: "ALARM(billing-5usd)", Notice: account.Notice{Enabled: no(), OnAlarm: []string{topicARN}},
	}}}
	alone := situation{alarms: silent, budgets: noBudgets(), composites: []account.CompositeAlarm{{
		Name: "all", Rule: "ALARM(billing-5usd) AND ALARM(other)",
		Notice: account.Notice{Enabled: yes(), OnAlarm: []string{topicARN}},
	}}}
	return []checktest.Case{
		{Name: "composite of two billing alarms", Facts: both.facts(), Want: checks.Pass, Found: "above 5 USD"},
		{
			Name: "composite whose actions are disabled", Facts: asleep.facts(), Want: checks.Fail,
			Found: "the actions of the composite alarm all are disabled",
			Fix:   "aws cloudwatch enable-alarm-actions --alarm-names all --region us-east-1",
		},
		{
			Name: "composite that rings only with another alarm too", Facts: alone.facts(), Want: checks.Fail,
			Found: "the composite alarm all does not ring with it alone: its rule is ALARM(billing-5usd) AND ALARM(other)",
			Fix:   put5,
		},
		{Name: "composite on a composite", Facts: chain.facts(), Want: checks.Pass},
		stands("by name", `ALARM("billing-5usd") OR ALARM("other")`, checks.Pass),
		stands("by bare name", `ALARM(other) OR ALARM( billing-5usd )`, checks.Pass),
		stands("by ARN", `ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:billing-5usd)`, checks.Pass),
		stands("beside a maintenance window", `ALARM("billing-5usd") AND NOT ALARM("maintenance")`, checks.Pass),
		stands("on the opposite of its opposite", `NOT (ALARM("other") OR NOT ALARM('billing-5usd'))`, checks.Pass),
		stands("on a name in brackets and spaces", `(ALARM("billing-5usd")) AND TRUE OR FALSE`, checks.Pass),
		stands("while another is at rest", `ALARM("billing-5usd") AND OK("other")`, checks.Pass),
		stands("together with another", `ALARM("billing-5usd") AND ALARM("other")`, checks.Fail),
		stands("together with another, said otherwise", `NOT (OK("other") OR NOT ALARM('billing-5usd'))`, checks.Fail),
		stands("together with another without data", `INSUFFICIENT_DATA(other) AND ALARM(billing-5usd)`, checks.Fail),
		stands("and ringing already", `ALARM("billing-5usd") OR OK("other")`, checks.Fail),
		stands("and ringing always", `ALARM("billing-5usd") OR TRUE`, checks.Fail),
		stands("by a function that is not read", `AT_LEAST(1, ALARM, (billing-5usd, other))`, checks.Unknown),
		stands("by words in small letters", `ALARM(billing-5usd) or ALARM(other)`, checks.Unknown),
		stands("by a number", `0 OR ALARM(billing-5usd)`, checks.Unknown),
		stands("on itself", `ALARM(all) OR ALARM(billing-5usd)`, checks.Unknown),
		stands("on nothing", `ALARM("") OR ALARM()`, checks.Fail),
		stands("on its opposite in brackets", `NOT (ALARM("other") OR ALARM("billing-5usd"))`, checks.Fail),
		stands("on its opposite, deeper", `NOT ((OK("other")) AND (ALARM("billing-5usd")))`, checks.Fail),
		stands("with a bracket too many", `) ALARM("other"))`, checks.Fail),
		stands("on another alarm", `ALARM("billing-5usd-old")`, checks.Fail),
		stands("on its opposite", `NOT (ALARM("billing-5usd"))`, checks.Fail),
		stands("on its rest", `OK("billing-5usd")`, checks.Fail),
	}
}
