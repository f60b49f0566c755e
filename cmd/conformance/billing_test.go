//go:build conformance

package conformance

// billing is what goes wrong with the billing alarm.
func billing() story {
	const alarm = `
		aws cloudwatch put-metric-alarm --alarm-name billing-5usd --namespace AWS/Billing --metric-name EstimatedCharges \
		  --dimensions Name=Currency,Value=USD --statistic Maximum --period 21600 --evaluation-periods 1 \
		  --threshold 5 --comparison-operator GreaterThanThreshold`
	return story{name: "the bill", scenarios: []scenario{
		{
			name: "an alarm without an action", types: alarm,
			says: table{"billing-alarm": "it has no action"},
		},
		{
			name: "an alarm whose topic nobody reads",
			types: `
				aws sns create-topic --name billing-alerts` + alarm + ` \
				--alarm-actions arn:aws:sns:us-east-1:$ACCOUNT:billing-alerts`,
			says: table{"billing-alarm": "has no subscription"},
		},
		{
			name: "an alarm that mails somebody",
			types: `aws sns subscribe --topic-arn arn:aws:sns:us-east-1:$ACCOUNT:billing-alerts \
				--protocol email --notification-endpoint alice@mail.internal`,
			changes: table{"billing-alarm": "pass"},
			calls:   map[string]int{"budgets:DescribeBudgets": 0},
		},
		{
			name: "an alarm whose actions are disabled",
			types: alarm + ` --no-actions-enabled \
				--alarm-actions arn:aws:sns:us-east-1:$ACCOUNT:billing-alerts`,
			changes: table{"billing-alarm": "fail"},
			says:    table{"billing-alarm": "its actions are disabled"},
		},
		{
			name: "a budget, for which the emulator lacks an operation", // it answers HTTP 500 with a page
			types: `aws budgets create-budget --account-id $ACCOUNT --budget \
				'{"BudgetName": "lab", "BudgetLimit": {"Amount": "5", "Unit": "USD"},
				  "TimeUnit": "MONTHLY", "BudgetType": "COST"}'`,
			changes: table{"billing-alarm": "unknown invalid_response"},
			calls:   map[string]int{"budgets:DescribeBudgetNotificationsForAccount": 1},
		},
	}}
}
