//go:build conformance

package conformance

// stories are all that is told on the emulator. Each has an account of its own, and they run side by side.
func stories() []story {
	return []story{
		typed(), // the longest first
		notes(),
		callers(),
		billing(),
		registry(),
		stray(),
		logGroup(),
		policies(),
	}
}

// notes are the notes of the learner who finished the module, and what they speak of without a command.
func notes() story {
	return story{name: "the notes", scenarios: []scenario{
		{name: "an empty account", caller: ":user/alice"},
		{
			name: "the notes to the letter", // aws logs tail follows for ever, and so its --follow is left out
			types: `
				aws sts get-caller-identity
				aws ecr create-repository --repository-name docker-api --region us-east-1
				aws ecr describe-repositories --repository-names docker-api
				aws ecr list-images --repository-name docker-api
				aws ecr get-login-password --region us-east-1 | \
				  docker login --username AWS --password-stdin \
				  $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com
				docker tag docker-api:latest $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest
				docker push $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest
				aws ec2 describe-vpcs --query 'Vpcs[?IsDefault==` + "`true`" + `]'
				aws ec2 describe-subnets --filters "Name=vpc-id,Values=vpc-xxx"
				aws logs create-log-group --log-group-name /ecs/docker-api
				aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7
				aws logs tail /ecs/docker-api`,
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "pass",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "fail", // no scan was ever made
				"ecr-lifecycle-policy":     "fail",
				"ecr-docker-login":         "pass",
				"ecr-storage":              "pass",
				"logs-group":               "pass",
				"logs-retention":           "pass",
				"logs-storage":             "pass",
			},
			says: table{"logs-retention": "7 days"},
		},
		{
			name: "what the notes tell without a command",
			types: `
				aws iam create-login-profile --user-name alice --password 'Correct-horse-1'
				aws iam create-virtual-mfa-device --virtual-mfa-device-name alice --outfile mfa.png --bootstrap-method QRCodePNG
				aws iam enable-mfa-device --user-name alice --serial-number arn:aws:iam::$ACCOUNT:mfa/alice \
				  --authentication-code1 123456 --authentication-code2 654321
				aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/PowerUserAccess
				aws ecr put-image-scanning-configuration --repository-name docker-api --image-scanning-configuration scanOnPush=true
				aws ecr start-image-scan --repository-name docker-api --image-id imageTag=latest
				aws ecr put-lifecycle-policy --repository-name docker-api --lifecycle-policy-text '{"rules": [{
				  "rulePriority": 1,
				  "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7},
				  "action": {"type": "expire"}}]}'
				topic=$(aws sns create-topic --name billing-alerts --query TopicArn --output text)
				aws sns subscribe --topic-arn "$topic" --protocol email --notification-endpoint alice@example.com
				aws cloudwatch put-metric-alarm --alarm-name billing-5usd --namespace AWS/Billing --metric-name EstimatedCharges \
				  --dimensions Name=Currency,Value=USD --statistic Maximum --period 21600 --evaluation-periods 1 \
				  --threshold 5 --comparison-operator GreaterThanThreshold --alarm-actions "$topic"
				vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
				table=$(aws ec2 describe-route-tables --query 'RouteTables[0].RouteTableId' --output text)
				gateway=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)
				aws ec2 attach-internet-gateway --internet-gateway-id "$gateway" --vpc-id "$vpc"
				aws ec2 create-route --route-table-id "$table" --destination-cidr-block 0.0.0.0/0 --gateway-id "$gateway"`,
			changes: table{
				"iam-user-mfa":             "pass",
				"ecr-scan-on-push":         "pass",
				"ecr-no-critical-findings": "pass",
				"ecr-lifecycle-policy":     "pass",
				"vpc-internet-route":       "pass",
				"billing-alarm":            "pass",
			},
			calls: map[string]int{"budgets:DescribeBudgets": 0},
		},
		{
			name: "a second account, untouched by the first", anew: true, account: "300000000001", caller: ":user/bob",
			types: `
				role=$(aws sts assume-role --role-arn arn:aws:iam::300000000001:role/landing --role-session-name second \
				  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
				read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<<"$role"
				export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
				aws iam create-user --user-name bob
				key=$(aws iam create-access-key --user-name bob --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
				printf '%s\nus-east-1\njson\n' "${key/$'\t'/$'\n'}" | aws configure --profile second`,
			flags: []string{"--profile", "second"},
			says:  table{"ecr-docker-login": "another account or Region"},
		},
	}}
}

// stray is what zsh made of "$REPO:latest": the image went to docker-apiatest.
func stray() story {
	return story{name: "docker-apiatest", scenarios: []scenario{
		{
			name: "the image is in the stray repository",
			types: `
				aws ecr create-repository --repository-name docker-apiatest --region us-east-1
				docker push $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-apiatest`,
			says: table{"ecr-repository": "found docker-apiatest, did you mean it?"},
		},
		{
			name:  "the right repository is there, and empty",
			types: `aws ecr create-repository --repository-name docker-api --region us-east-1`,
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "fail",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "blocked by ecr-image",
				"ecr-lifecycle-policy":     "fail",
				"ecr-storage":              "blocked by ecr-image",
			},
			says: table{"ecr-repository": "docker-apiatest", "ecr-image": "found an image in docker-apiatest"},
		},
		{
			name: "the image is pushed again, with braces",
			types: `
				docker tag docker-api:latest $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest
				docker push $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest`,
			changes: table{"ecr-image": "pass", "ecr-no-critical-findings": "fail", "ecr-storage": "pass"},
		},
	}}
}

// registry is what else goes wrong in ECR.
func registry() story {
	return story{name: "the registry", scenarios: []scenario{
		{
			name:  "the repository is in another Region",
			types: `aws ecr create-repository --repository-name docker-api --region us-west-2`,
			says:  table{"ecr-repository": "us-west-2"},
		},
		{
			name:  "that Region is graded",
			flags: []string{"--region", "us-west-2"},
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "fail",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "blocked by ecr-image",
				"ecr-lifecycle-policy":     "fail",
				"ecr-storage":              "blocked by ecr-image",
			},
			says: table{"ecr-image": "the repository is empty"},
		},
		{
			name:  "the tag is misspelt",
			types: `docker push $ACCOUNT.dkr.ecr.us-west-2.amazonaws.com/docker-api:lastest`,
			flags: []string{"--region", "us-west-2"},
			says:  table{"ecr-image": "found the tag lastest, did you mean it?"},
		},
		{
			name:    "the tag is what the lab was told",
			flags:   []string{"--region", "us-west-2", "--set", "tag=lastest"},
			changes: table{"ecr-image": "pass", "ecr-no-critical-findings": "fail", "ecr-storage": "pass"},
		},
		{
			name: "scanning is off on the repository, and a rule of the registry covers it",
			types: `aws ecr put-registry-scanning-configuration --region us-west-2 --scan-type BASIC --rules '[{
				"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "docker-*", "filterType": "WILDCARD"}]}]'`,
			flags:   []string{"--region", "us-west-2", "--set", "tag=lastest"},
			changes: table{"ecr-scan-on-push": "pass"},
		},
		{
			name:    "an image of 600 MB",
			types:   `IMAGE_BYTES=600000000 docker push $ACCOUNT.dkr.ecr.us-west-2.amazonaws.com/docker-api:latest`,
			flags:   []string{"--region", "us-west-2"},
			changes: table{"ecr-storage": "fail"},
			says:    table{"ecr-storage": "600"},
		},
		{
			name:  "a Region that the emulator does not have",
			flags: []string{"--region", "us-east-9"}, anew: true,
			changes: table{},
		},
	}}
}

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
				--protocol email --notification-endpoint alice@example.com`,
			changes: table{"billing-alarm": "pass"},
			calls:   map[string]int{"budgets:DescribeBudgets": 0},
		},
		{
			name:    "an alarm whose actions are disabled",
			types:   `aws cloudwatch disable-alarm-actions --alarm-names billing-5usd`,
			changes: table{"billing-alarm": "fail"},
			says:    table{"billing-alarm": "its actions are disabled"},
		},
		{
			name: "a budget, for which the emulator lacks an operation", // it answers HTTP 500 with a page
			types: `aws budgets create-budget --account-id $ACCOUNT --budget \
				'{"BudgetName": "lab", "BudgetLimit": {"Amount": "5", "Unit": "USD"}, "TimeUnit": "MONTHLY", "BudgetType": "COST"}'`,
			changes: table{"billing-alarm": "unknown invalid_response"},
			calls:   map[string]int{"budgets:DescribeBudgetNotificationsForAccount": 1},
		},
	}}
}

// callers are the other identities that a learner may work as.
func callers() story {
	const asRole = `
		temporary() { # PROFILE ROLE SESSION
			keys=$(aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/$2" --role-session-name "$3" \
			  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
			read -r id secret token <<<"$keys"
			printf '\n[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\naws_session_token = %s\n' \
			  "$1" "$id" "$secret" "$token" >>~/.aws/credentials
			printf '\n[profile %s]\nregion = us-east-1\n' "$1" >>~/.aws/config
		}`
	return story{name: "who is calling", scenarios: []scenario{
		{
			name:    "an administrator",
			types:   `aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`,
			changes: table{"iam-least-privilege": "partial 50"},
		},
		{
			name: "a role that the profile assumes",
			types: `
				aws iam create-role --role-name developer --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
				  {"Effect": "Allow", "Principal": {"AWS": "'"$ACCOUNT"'"}, "Action": "sts:AssumeRole"}]}'
				cat >>~/.aws/config <<END

[profile developer]
role_arn = arn:aws:iam::$ACCOUNT:role/developer
role_session_name = alice
source_profile = default
region = us-east-1
END`,
			flags:  []string{"--profile", "developer"},
			caller: ":assumed-role/developer/alice",
			changes: table{
				"iam-access-key-age":  "skipped",
				"iam-least-privilege": "skipped",
			},
		},
		{
			name:  "a user of Identity Center",
			types: asRole + "\n" + `temporary sso AWSReservedSSO_PowerUserAccess_0123456789abcdef alice`,
			flags: []string{"--profile", "sso"}, caller: ":assumed-role/AWSReservedSSO_PowerUserAccess_0123456789abcdef/alice",
			says: table{"iam-caller-not-root": "Identity Center"},
		},
		{
			name:  "an AWS Academy Learner Lab",
			types: asRole + "\n" + `temporary academy voclabs user1234567=alice@example.com`,
			flags: []string{"--profile", "academy", "--student", "alice"},
			changes: table{
				"iam-root-mfa":            "skipped",
				"iam-root-no-access-keys": "skipped",
				"billing-alarm":           "skipped",
			},
		},
		{
			name: "the second of two IAM users", anew: true, caller: ":user/bob",
			types: `
				aws iam create-user --user-name bob
				aws iam create-login-profile --user-name bob --password 'Correct-horse-1'
				key=$(aws iam create-access-key --user-name bob --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
				printf '%s\nus-east-1\njson\n' "${key/$'\t'/$'\n'}" | aws configure --profile bob`,
			flags:   []string{"--profile", "bob"},
			changes: table{"iam-user-mfa": "fail"},
		},
		{
			name: "the first of them, who is as before", anew: true, caller: ":user/alice",
			changes: table{"iam-least-privilege": "partial 50"},
		},
	}}
}

// policies is an account whose policies are obeyed. What moto answers to a forbidden question is in no protocol of AWS,
// and so the reason is invalid_response in place of access_denied.
func policies() story {
	return story{name: "permissions", alone: true, scenarios: []scenario{
		{
			name: "only IAM may be asked", enforced: true,
			types: `
				aws ecr create-repository --repository-name docker-api
				aws logs create-log-group --log-group-name /ecs/docker-api
				aws iam put-user-policy --user-name alice --policy-name iam-only --policy-document '{"Version": "2012-10-17",
				  "Statement": [{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "sts:*"], "Resource": "*"}]}'
				aws iam create-user --user-name bob
				aws iam put-user-policy --user-name bob --policy-name nothing --policy-document '{"Version": "2012-10-17",
				  "Statement": [{"Effect": "Allow", "Action": ["sts:*"], "Resource": "*"}]}'
				key=$(aws iam create-access-key --user-name bob --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
				printf '%s\nus-east-1\njson\n' "${key/$'\t'/$'\n'}" | aws configure --profile bob`,
			changes: table{
				"ecr-repository":           "unknown invalid_response",
				"ecr-image":                "unknown invalid_response",
				"ecr-scan-on-push":         "unknown invalid_response",
				"ecr-no-critical-findings": "unknown invalid_response",
				"ecr-lifecycle-policy":     "unknown invalid_response",
				"ecr-storage":              "unknown invalid_response",
				"logs-group":               "unknown invalid_response",
				"logs-retention":           "unknown invalid_response",
				"logs-storage":             "unknown invalid_response",
				"vpc-default":              "unknown invalid_response",
				"vpc-subnets":              "unknown invalid_response",
				"vpc-internet-route":       "unknown invalid_response",
				"billing-alarm":            "unknown invalid_response",
			},
			calls: map[string]int{"logs:DescribeLogGroups": 1, "ecr:GetLifecyclePolicy": 1},
		},
		{
			name:  "nothing may be asked but who is calling",
			flags: []string{"--profile", "bob"}, caller: ":user/bob",
			changes: table{
				"iam-root-mfa":            "unknown invalid_response",
				"iam-root-no-access-keys": "unknown invalid_response",
				"iam-user-mfa":            "unknown invalid_response",
				"iam-access-key-age":      "unknown invalid_response",
				"iam-least-privilege":     "unknown invalid_response",
			},
			calls: map[string]int{"iam:GetAccountSummary": 1},
		},
	}}
}

// typed is an account in which as much as possible is wrong, until the commands that labcheck prints are typed.
func typed() story {
	return story{name: "the printed fixes", scenarios: []scenario{
		{
			name: "everything is wrong",
			types: `
				aws iam create-login-profile --user-name alice --password 'Correct-horse-1'
				aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
				for subnet in $(aws ec2 describe-subnets --query 'Subnets[].SubnetId' --output text); do
					aws ec2 delete-subnet --subnet-id "$subnet"
				done
				aws ec2 delete-vpc --vpc-id "$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)"
				sed -i '/region/d' ~/.aws/config`,
			changes: table{
				"iam-user-mfa":        "fail",
				"iam-least-privilege": "partial 50",
				"cli-configured":      "fail",
				"vpc-default":         "fail",
				"vpc-subnets":         "blocked by vpc-default",
				"vpc-internet-route":  "blocked by vpc-default",
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
		{name: "scan on push", fix: "ecr-scan-on-push", changes: table{"ecr-scan-on-push": "pass"}},
		{name: "the scan", fix: "ecr-no-critical-findings", changes: table{"ecr-no-critical-findings": "pass"}},
		{name: "the lifecycle policy", fix: "ecr-lifecycle-policy", changes: table{"ecr-lifecycle-policy": "pass"}},
		{
			name: "the log group", fix: "logs-group",
			changes: table{"logs-group": "pass", "logs-retention": "fail", "logs-storage": "pass"},
		},
		{name: "retention", fix: "logs-retention", changes: table{"logs-retention": "pass"}},
		{
			name: "the default VPC", fix: "vpc-default",
			changes: table{"vpc-default": "pass", "vpc-subnets": "pass", "vpc-internet-route": "fail"},
		},
		{name: "the way to the internet", fix: "vpc-internet-route", changes: table{"vpc-internet-route": "pass"}},
		{
			name: "the budget", fix: "billing-alarm", changes: table{"billing-alarm": "unknown invalid_response"},
			unproven: "the emulator takes the budget and cannot tell whom it tells",
		},
	}}
}
