//go:build conformance

package conformance

// logGroup is what goes wrong in CloudWatch Logs.
func logGroup() story {
	return story{name: "the log group", scenarios: []scenario{
		{
			name:  "without its slash",
			types: `aws logs create-log-group --log-group-name ecs/docker-api`,
			says:  table{"logs-group": "found ecs/docker-api, did you mean it?"},
		},
		{
			name:    "never expires, beside one whose longer name does",
			changes: table{"logs-group": "pass", "logs-retention": "fail", "logs-storage": "pass"},
			types: `
				aws logs create-log-group --log-group-name /ecs/docker-api
				aws logs create-log-group --log-group-name /ecs/docker-api-dev
				aws logs put-retention-policy --log-group-name /ecs/docker-api-dev --retention-in-days 7`,
			says: table{"logs-retention": "never expire"},
		},
		{
			name:    "expires after a year",
			types:   `aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 365`,
			changes: table{"logs-retention": "partial 50"},
			says:    table{"logs-retention": "365 days"},
		},
	}}
}
