package cmd

// budgetMutants have a budget in place of the alarm.
func budgetMutants() []mutant {
	const (
		budget       = "/budgets/0"
		notification = budget + "/notifications/0/notification"
		subscribers  = budget + "/notifications/0/subscribers"
		toTopic      = `[{"type": "SNS", "address": "arn:aws:sns:us-east-1:123456789012:billing-alerts"}]`
		monthly      = `{"name": "monthly-cost", "type": "COST", "timeUnit": "MONTHLY", "limit": {"amount": "5", "unit": "USD"},
			"notifications": [{
				"notification": {"type": "ACTUAL", "comparisonOperator": "GREATER_THAN", "threshold": 80, "thresholdType": "PERCENTAGE"},
				"subscribers": [{"type": "EMAIL", "address": "alice@example.com"}]}]}`
	)
	noAlarm, made := set(atRegion+"/alarms", `[]`), set("/budgets", `[`+monthly+`]`)
	of := func(verdict string) changes { return changes{"billing-alarm": verdict} }
	fail, half := of("fail"), of("partial 50")
	list := []mutant{
		{"a budget beside a silent alarm", all(drop(atAlarm+"/alarmActions"), made), nil},
		{"a budget beside an alarm on one service", all(
			made, set(atAlarm+"/dimensions/-", `{"name": "ServiceName", "value": "AmazonEC2"}`),
		), nil},
		{"a forecast beside an alarm that is not confirmed", all(
			made, text(notification+"/type", "FORECASTED"), set(atTopic+"/subscriptions/0/pending", `true`),
		), of("unknown not_yet_consistent")},
		{"an alarm beside a budget of usage", all(made, text(budget+"/type", "USAGE")), nil},
	}
	for _, m := range []mutant{
		{"a budget", all(), nil},
		{"a budget that tells a topic", set(subscribers, toTopic), nil},
		{"a budget that tells a topic without a subscription", all(
			set(subscribers, toTopic), set(atTopic+"/subscriptions", `[]`),
		), fail},
		{"a budget that tells a topic whose subscription is not confirmed", all(
			set(subscribers, toTopic), set(atTopic+"/subscriptions/0/pending", `true`),
		), of("unknown not_yet_consistent")},
		{"a budget that tells nobody", set(subscribers, `[]`), fail},
		{"a budget without a notification", set(budget+"/notifications", `[]`), fail},
		{"a budget that goes by the forecast", text(notification+"/type", "FORECASTED"), half},
		{"a budget that goes by the forecast and by the cost", set(budget+"/notifications/-", `{
			"notification": {"type": "FORECASTED", "comparisonOperator": "GREATER_THAN", "threshold": 100},
			"subscribers": [{"type": "EMAIL", "address": "alice@example.com"}]}`), nil},
		{"a budget that goes by something unknown", text(notification+"/type", "WISHED"), of("unknown unsupported")},
		{"a budget that tells of low cost", text(notification+"/comparisonOperator", "LESS_THAN"), fail},
		{"a budget that tells at an amount", text(notification+"/thresholdType", "ABSOLUTE_VALUE"), nil},
		{"a budget that tells late", set(notification+"/threshold", `150`), nil},
		{"a budget for one service", set(budget+"/costFilters", `{"Service": ["Amazon Elastic Compute Cloud - Compute"]}`), half},
		{"a budget for one tag", set(budget+"/filterExpression", `{"tags": {"key": "lab", "values": ["1.2"]}}`), half},
		{"a budget without credits and refunds", set(budget+"/filterExpression",
			`{"not": {"dimensions": {"key": "RECORD_TYPE", "values": ["Credit", "Refund"]}}}`), nil},
		{"a budget without taxes", set(budget+"/filterExpression",
			`{"not": {"dimensions": {"key": "RECORD_TYPE", "values": ["Tax"]}}}`), half},
		{"a budget of today's form that takes credits off", set(budget+"/metrics", `["UnblendedCost"]`), nil},
		{
			"a budget on another billing view", text(budget+"/billingView", "arn:aws:billing::123456789012:billingview/custom-1"),
			of("unknown unsupported"),
		},
		{"a budget on the account's own billing view", text(budget+"/billingView", "arn:aws:billing::123456789012:billingview/primary"), nil},
		{"a budget that has not begun", set(budget+"/timePeriod", `{"start": "240h", "end": "9600h"}`), fail},
		{"a budget that has ended", set(budget+"/timePeriod", `{"start": "-9600h", "end": "-24h"}`), fail},
		{"a budget that ends tomorrow", set(budget+"/timePeriod", `{"start": "-9600h", "end": "24h"}`), nil},
		{"a budget of nothing", text(budget+"/limit/amount", "0"), fail},
		{"a budget without a limit", drop(budget + "/limit"), fail},
		{"a budget whose limit is no number", text(budget+"/limit/amount", "five"), of("unknown invalid_response")},
		{"a budget that adjusts itself", all(drop(budget+"/limit"), set(budget+"/autoAdjust", `{"type": "HISTORICAL"}`)), nil},
		{"a budget that takes credits off", set(budget+"/costTypes", `{"includeCredit": true}`), nil},
		{"a budget that is not healthy", set(budget+"/health", `{"status": "UNHEALTHY"}`), nil},
		{"a budget of usage", text(budget+"/type", "USAGE"), fail},
		{"a budget of reservations", text(budget+"/type", "RI_UTILIZATION"), fail},
		{"a budget of an unknown type", text(budget+"/type", "CARBON"), of("unknown unsupported")},
		{"a budget by the year", text(budget+"/timeUnit", "ANNUALLY"), nil},
	} {
		m.name += " in place of the alarm"
		m.edit = all(noAlarm, made, m.edit)
		list = append(list, m)
	}
	return list
}
