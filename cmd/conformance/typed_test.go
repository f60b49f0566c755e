//go:build conformance

package conformance

// typed is an account in which as much as possible is wrong, until the commands that labcheck prints are typed.
func typed() story {
	return story{name: "the printed fixes", scenarios: []scenario{
		{
			name: "everything is wrong",
			types: `
				aws iam create-login-profile --user-name alice --password 'Correct-horse-1'
				aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
				sed -i '/region/d' ~/.aws/config`,
			changes: table{
				"iam-user-mfa":        "fail",
				"iam-least-privilege": "partial 50",
				"cli-configured":      "fail",
			},
		},
		{name: "the AWS CLI's Region", fix: "cli-configured", changes: table{"cli-configured": "pass"}},
		{name: "MFA", fix: "iam-user-mfa", changes: table{"iam-user-mfa": "pass"}},
		{name: "less than an administrator", fix: "iam-least-privilege", changes: table{"iam-least-privilege": "pass"}},
		{
			name: "the repository", fix: "ecr-repository",
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "fail",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "blocked by ecr-image",
				"ecr-lifecycle-policy":     "fail",
				"ecr-storage":              "blocked by ecr-image",
			},
		},
		{name: "docker's sign-in", fix: "ecr-docker-login", changes: table{"ecr-docker-login": "pass"}},
		{
			name: "the image", fix: "ecr-image",
			changes: table{"ecr-image": "pass", "ecr-no-critical-findings": "fail", "ecr-storage": "pass"},
		},
		{name: "scan on push", fix: "ecr-scan-on-push"},
		{name: "the scan", fix: "ecr-no-critical-findings", changes: table{"ecr-no-critical-findings": "pass"}},
		{name: "the lifecycle policy", fix: "ecr-lifecycle-policy", changes: table{"ecr-lifecycle-policy": "pass"}},
		{
			name: "the log group", fix: "logs-group",
			changes: table{"logs-group": "pass", "logs-retention": "fail", "logs-storage": "pass"},
		},
		{name: "retention", fix: "logs-retention", changes: table{"logs-retention": "pass"}},
		{name: "the budget", fix: "billing-alarm", changes: table{"billing-alarm": "unknown invalid_response"}},
	}}
}
