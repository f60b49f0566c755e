//go:build conformance

package conformance

// policies is an account whose policies are obeyed. What moto answers to a forbidden question is in no protocol of AWS,
// and so the reason is invalid_response in place of access_denied.
func policies() story {
	return story{name: "permissions", alone: true, bare: true, scenarios: []scenario{
		{
			// moto wants a permission for sts:GetCallerIdentity, which AWS never does, and names the actions of
			// CloudWatch and Budgets in its own way, so that no policy allows them.
			name: "the policy that labcheck prints is enough", enforced: true,
			types: newUser + `
				aws ecr create-repository --repository-name docker-api
				aws logs create-log-group --log-group-name /ecs/docker-api
				policy() { # ACTIONS
					printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [%s], "Resource": "*"}]}' "$1"
				}
				"$LABCHECK" policy module-1.2 >policy.json
				aws iam create-policy --policy-name labcheck --policy-document file://policy.json
				aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::$ACCOUNT:policy/labcheck
				aws iam put-user-policy --user-name alice --policy-name sts --policy-document "$(policy '"sts:*"')"
				user bob
				aws iam put-user-policy --user-name bob --policy-name sts \
				  --policy-document "$(policy '"sts:*", "iam:Get*", "iam:List*"')"
				user carol
				aws iam put-user-policy --user-name carol --policy-name sts --policy-document "$(policy '"sts:*"')"`,
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "fail",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "blocked by ecr-image",
				"ecr-lifecycle-policy":     "fail",
				"ecr-storage":              "blocked by ecr-image",
				"logs-group":               "pass",
				"logs-retention":           "fail",
				"logs-storage":             "pass",
				"billing-alarm":            "unknown invalid_response",
			},
		},
		{
			name:  "only IAM may be asked",
			flags: []string{"--profile", "bob"}, caller: ":user/bob",
			anew: true, changes: unreadable(append(regional(), "billing-alarm")...),
			calls: map[string]int{"logs:DescribeLogGroups": 1, "ecr:GetLifecyclePolicy": 1},
		},
		{
			name:  "nothing may be asked but who is calling",
			flags: []string{"--profile", "carol"}, caller: ":user/carol",
			changes: unreadable(
				"iam-root-mfa", "iam-root-no-access-keys", "iam-user-mfa", "iam-access-key-age", "iam-least-privilege"),
			calls: map[string]int{"iam:GetAccountSummary": 1},
		},
	}}
}

// regional are the steps that look at the lab's Region.
func regional() []string {
	return []string{
		"ecr-repository", "ecr-image", "ecr-scan-on-push", "ecr-no-critical-findings", "ecr-lifecycle-policy", "ecr-storage",
		"logs-group", "logs-retention", "logs-storage", "vpc-default", "vpc-subnets", "vpc-internet-route",
	}
}

// unreadable is what becomes of steps about which the emulator answers in no protocol of AWS.
func unreadable(steps ...string) table {
	t := table{}
	for _, id := range steps {
		t[id] = "unknown invalid_response"
	}
	return t
}
