//go:build conformance

package conformance

// beyondTheEmulator lists what moto cannot represent, with the reason: the one place for it.
func beyondTheEmulator() []practice {
	// What the finished account has, by the path in its state.
	const (
		repository = "regions.us-east-1.ecr.repositories.0"
		image      = repository + ".images.0"
		policy     = repository + ".lifecyclePolicy"
		alarms     = "regions.us-east-1.alarms"
	)
	return []practice{
		{
			name:   "everything done, root MFA on",
			reason: "AccountMFAEnabled of its account summary is always 0, so that no account of it can pass the lab",
		},
		{
			name: "the root user as the caller", state: "fresh",
			reason: "GetCallerIdentity never answers with the root user",
			changes: table{
				"iam-root-mfa":             "fail",
				"iam-caller-not-root":      "fail",
				"iam-user-mfa":             "blocked by iam-caller-not-root",
				"iam-access-key-age":       "blocked by iam-caller-not-root",
				"iam-least-privilege":      "blocked by iam-caller-not-root",
				"cli-configured":           "fail",
				"git-no-aws-keys":          "unknown not_looked",
				"ecr-repository":           "fail",
				"ecr-image":                "blocked by ecr-repository",
				"ecr-scan-on-push":         "blocked by ecr-repository",
				"ecr-no-critical-findings": "blocked by ecr-repository",
				"ecr-lifecycle-policy":     "blocked by ecr-repository",
				"ecr-docker-login":         "fail",
				"ecr-storage":              "blocked by ecr-repository",
				"logs-group":               "fail",
				"logs-retention":           "blocked by logs-group",
				"logs-storage":             "blocked by logs-group",
				"billing-alarm":            "fail",
			},
		},
		{
			name:    "an access key of the root user",
			reason:  "AccountAccessKeysPresent of its account summary is always 0",
			edits:   []edit{{"root.accessKeys", []any{map[string]any{"id": "AKIAI44QH8DHBEXAMPLE", "created": "-9600h"}}}},
			changes: table{"iam-root-no-access-keys": "fail"},
		},
		{
			name:    "an access key that is too old",
			reason:  "keys are dated when they are made, and its clock cannot be set",
			edits:   []edit{{"iam.users.0.accessKeys.0.created", "-2184h"}},
			changes: table{"iam-access-key-age": "fail"},
			says:    table{"iam-access-key-age": "91 days ago"},
		},
		{
			name:    "a lifecycle policy that only archives",
			reason:  "it refuses the action transition of a rule",
			edits:   []edit{{policy + ".rules.0.action", map[string]any{"type": "transition", "targetStorageClass": "archive"}}},
			changes: table{"ecr-lifecycle-policy": "fail"},
			says:    table{"ecr-lifecycle-policy": "archive"},
		},
		{
			name: "a critical finding behind an image index",
			reason: "it digests layers in place of manifests, so that an index leads nowhere, and every scan finds the same " +
				"one",
			edits:   []edit{{image + ".scan", map[string]any{"status": "COMPLETE", "counts": map[string]any{"CRITICAL": 2}}}},
			changes: table{"ecr-no-critical-findings": "fail"},
		},
		{
			name:    "a scan that is under way",
			reason:  "its scans are complete at once, and a push starts none",
			edits:   []edit{{image + ".scan", map[string]any{"status": "IN_PROGRESS"}}},
			changes: table{"ecr-no-critical-findings": "unknown not_yet_consistent"},
		},
		{
			name:    "scan on push, switched off for the repository",
			reason:  "its answer about what holds for a repository knows the registry's rules only: off and on are the same",
			edits:   []edit{{repository + ".scanOnPush", false}},
			changes: table{"ecr-scan-on-push": "fail"},
		},
		{
			name:   "continuous scanning by Amazon Inspector",
			reason: "once the registry is ENHANCED, the effective answer for a repository is wrong",
			edits: []edit{
				{repository + ".scanOnPush", false},
				{"regions.us-east-1.ecr.scanning", map[string]any{
					"type": "ENHANCED",
					"rules": []any{map[string]any{
						"frequency": "CONTINUOUS_SCAN",
						"filters":   []any{map[string]any{"filter": "*", "type": "WILDCARD"}},
					}},
				}},
			},
		},
		{
			name:    "logs above the free 5 GB",
			reason:  "the size of a log group is that of the events that it was sent",
			edits:   []edit{{"regions.us-east-1.logs.groups.0.storedBytes", 6_000_000_000}},
			changes: table{"logs-storage": "fail"},
		},
		{
			name:    "an alarm whose subscription is not confirmed",
			reason:  "it confirms a subscription by mail at once",
			edits:   []edit{{"regions.us-east-1.topics.0.subscriptions.0.pending", true}},
			changes: table{"billing-alarm": "unknown not_yet_consistent"},
		},
		{
			name:   "a budget in place of an alarm",
			reason: "it lists neither the subscribers of a budget nor the notifications of all",
			edits:  []edit{{alarms, []any{}}, {"budgets", []any{monthly("ACTUAL")}}},
		},
		{
			name:    "a budget that only forecasts",
			reason:  "the same",
			edits:   []edit{{alarms, []any{}}, {"budgets", []any{monthly("FORECASTED")}}},
			changes: table{"billing-alarm": "partial 50"},
		},
	}
}

// monthly is a budget of 5 USD that mails somebody.
func monthly(notification string) map[string]any {
	return map[string]any{
		"name": "monthly-cost", "type": "COST", "timeUnit": "MONTHLY", "limit": map[string]any{"amount": "5", "unit": "USD"},
		"notifications": []any{map[string]any{
			"notification": map[string]any{
				"type": notification, "comparisonOperator": "GREATER_THAN", "threshold": 80, "thresholdType": "PERCENTAGE",
			},
			"subscribers": []any{map[string]any{"type": "EMAIL", "address": "alice@example.com"}},
		}},
	}
}
