package cmd

import "fmt"

// alarmMutants are about the alarm on the estimated charges and who is told by it.
func alarmMutants() []mutant {
	const (
		dimensions   = atAlarm + "/dimensions"
		actions      = atAlarm + "/alarmActions"
		subscription = atTopic + "/subscriptions/0"
		ownTopic     = `["arn:aws:sns:us-east-1:123456789012:billing-alerts"]`
		currency     = `{"name": "Currency", "value": "USD"}`
	)
	of := func(verdict string) changes { return changes{"billing-alarm": verdict} }
	fail := of("fail")
	silent := drop(actions)
	composite := func(rule, more string) edit {
		return set(atRegion+"/alarms/-", fmt.Sprintf(
			`{"name": "spending", "rule": %q, "state": "OK", "alarmActions": %s%s}`, rule, ownTopic, more))
	}
	expression := func(metric, currency string) edit {
		return all(
			drop(atAlarm+"/metricName"), drop(atAlarm+"/namespace"), drop(atAlarm+"/statistic"), drop(atAlarm+"/period"), drop(dimensions),
			set(atAlarm+"/metrics", fmt.Sprintf(`[
				{"id": "e1", "expression": "m1 * 1.2", "label": "with tax", "returnData": true},
				{"id": "m1", "returnData": false, "metricStat": {"period": 21600, "stat": "Maximum", "metric": {
					"namespace": "AWS/Billing", "metricName": %q, "dimensions": [%s]}}}]`, metric, currency)),
		)
	}
	elsewhere := all(
		set("/regions/eu-west-1", `{"alarms": [], "topics": []}`),
		move(atAlarm, "/regions/eu-west-1/alarms/-"), move(atTopic, "/regions/eu-west-1/topics/-"),
	)
	list := []mutant{
		{"no alarm", set(atRegion+"/alarms", `[]`), fail},
		{"the alarm in another Region", all(elsewhere,
			set("/regions/eu-west-1/alarms/0/alarmActions", `["arn:aws:sns:eu-west-1:123456789012:billing-alerts"]`)), fail},
		{"the alarm's actions disabled", set(atAlarm+"/actionsEnabled", `false`), fail},
		{"the alarm's actions enabled by name", set(atAlarm+"/actionsEnabled", `true`), nil},
		{"the alarm without an action", silent, fail},
		{"the alarm tells only that all is well", move(actions, atAlarm+"/okActions"), fail},
		{"the alarm tells only that there is no data", move(actions, atAlarm+"/insufficientDataActions"), fail},
		{"the alarm tells that all is well too", set(atAlarm+"/okActions", ownTopic), nil},
		{"the alarm stops an instance", set(actions, `["arn:aws:automate:us-east-1:ec2:stop"]`), fail},
		{"the alarm calls a function", set(actions, `["arn:aws:lambda:us-east-1:123456789012:function:stop"]`), fail},
		{"the alarm stops an instance and tells somebody", set(actions, `["arn:aws:automate:us-east-1:ec2:stop", `+ownTopic[1:]), nil},

		{"an alarm on another metric", text(atAlarm+"/metricName", "EstimatedCharge"), fail},
		{"an alarm on another namespace", text(atAlarm+"/namespace", "AWS/EC2"), fail},
		{"an alarm without the Currency", set(dimensions, `[]`), fail},
		{"an alarm on a currency in small letters", text(dimensions+"/0/value", "usd"), fail},
		{"an alarm in another currency", text(dimensions+"/0/value", "EUR"), nil},
		{"an alarm on a service without the Currency", set(dimensions, `[{"name": "ServiceName", "value": "AmazonEC2"}]`), fail},
		{"an alarm on one service", set(dimensions, `[{"name": "ServiceName", "value": "AmazonEC2"}, `+currency+`]`), of("partial 50")},
		{"an alarm on one account", set(dimensions, `[`+currency+`, {"name": "LinkedAccount", "value": "123456789012"}]`), of("partial 50")},
		{"an alarm on an expression", expression("EstimatedCharges", currency), nil},
		{"an alarm on an expression without the Currency", expression("EstimatedCharges", ""), fail},
		{"an alarm on an expression of another metric", expression("Charges", currency), fail},
		{"a threshold of 0", set(atAlarm+"/threshold", `0`), fail},
		{"a threshold below 0", set(atAlarm+"/threshold", `-5`), fail},
		{"a threshold of a cent", set(atAlarm+"/threshold", `0.01`), nil},
		{"a threshold of 60 USD", set(atAlarm+"/threshold", `60`), nil},
		{"an alarm without a threshold", drop(atAlarm + "/threshold"), of("unknown invalid_response")},
		{"the average of the charges", text(atAlarm+"/statistic", "Average"), nil},
		{"a period of five minutes", set(atAlarm+"/period", `300`), nil},
		{"the alarm rings", text(atAlarm+"/state", "ALARM"), nil},
		{"the alarm never had data", text(atAlarm+"/state", "INSUFFICIENT_DATA"), nil},
		{"a mute rule", set(atRegion+"/muteRules", `[{"name": "holidays", "alarms": ["billing-5usd"], "status": "ACTIVE"}]`), nil},
		{"another alarm's mute rule", set(atRegion+"/muteRules", `[{"name": "holidays", "alarms": ["cpu"], "status": "ACTIVE"}]`), nil},

		{"a composite alarm speaks for the alarm", all(silent, composite(`ALARM("billing-5usd") OR ALARM(cpu)`, "")), nil},
		{"a composite alarm speaks while the alarm does not ring", all(silent, composite(`NOT ALARM("billing-5usd")`, "")), fail},
		{"a composite alarm on another alarm", all(silent, composite(`ALARM("billing-50usd")`, "")), fail},
		{"a composite alarm whose actions are disabled", all(silent, composite(`ALARM(billing-5usd)`, `, "actionsEnabled": false`)), fail},

		{"the subscription not confirmed", set(subscription+"/pending", `true`), of("unknown not_yet_consistent")},
		{"one of two subscriptions not confirmed", set(atTopic+"/subscriptions/-", `{"id": "1", "protocol": "email",
			"endpoint": "bob@example.com", "pending": true}`), nil},
		{"no subscription", set(atTopic+"/subscriptions", `[]`), fail},
		{"a subscription by SMS", text(subscription+"/protocol", "sms"), nil},
		{"the topic deleted", set(atRegion+"/topics", `[]`), fail},
		{"the topic renamed", text(atTopic+"/name", "alerts"), fail},
		{"the topic of another account", set(actions, `["arn:aws:sns:us-east-1:210987654321:billing-alerts"]`), of("unknown unsupported")},
	}
	for comparison, verdict := range map[string]string{
		"GreaterThanOrEqualToThreshold":            "pass",
		"LessThanThreshold":                        "fail",
		"LessThanOrEqualToThreshold":               "fail",
		"LessThanLowerThreshold":                   "fail",
		"GreaterThanUpperThreshold":                "pass",
		"LessThanLowerOrGreaterThanUpperThreshold": "pass",
		"NearThreshold":                            "unknown unsupported", // AWS may add values
	} {
		m := mutant{name: "the comparison " + comparison, edit: text(atAlarm+"/comparisonOperator", comparison)}
		if verdict != "pass" {
			m.changes = of(verdict)
		}
		list = append(list, m)
	}
	return list
}
