//go:build conformance

package conformance

// notes are the notes of the learner who finished the module, and what they speak of without a command.
func notes() story {
	return story{name: "the notes", scenarios: []scenario{
		{name: "an empty account", caller: ":user/alice"},
		{
			name: "the notes to the letter", // but for aws logs tail, which the AWS CLI of PyPI (version 1) does not have
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
				aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7`,
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
				aws ecr put-registry-scanning-configuration --scan-type BASIC --rules '[{
				  "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}]'
				aws ecr start-image-scan --repository-name docker-api --image-id imageTag=latest
				aws ecr put-lifecycle-policy --repository-name docker-api --lifecycle-policy-text '{"rules": [{
				  "rulePriority": 1,
				  "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7},
				  "action": {"type": "expire"}}]}'
				topic=$(aws sns create-topic --name billing-alerts --query TopicArn --output text)
				aws sns subscribe --topic-arn "$topic" --protocol email --notification-endpoint alice@example.com
				aws cloudwatch put-metric-alarm --alarm-name billing-5usd --namespace AWS/Billing --metric-name EstimatedCharges \
				  --dimensions Name=Currency,Value=USD --statistic Maximum --period 21600 --evaluation-periods 1 \
				  --threshold 5 --comparison-operator GreaterThanThreshold --alarm-actions "$topic"`,
			changes: table{
				"iam-user-mfa":             "pass",
				"ecr-scan-on-push":         "pass",
				"ecr-no-critical-findings": "pass",
				"ecr-lifecycle-policy":     "pass",
				"billing-alarm":            "pass",
			},
			calls: map[string]int{"budgets:DescribeBudgets": 0},
		},
		{
			name: "what AWS makes in a new account, and the emulator does not",
			types: `
				vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
				table=$(aws ec2 describe-route-tables --query 'RouteTables[0].RouteTableId' --output text)
				gateway=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)
				aws ec2 attach-internet-gateway --internet-gateway-id "$gateway" --vpc-id "$vpc"
				aws ec2 create-route --route-table-id "$table" --destination-cidr-block 0.0.0.0/0 --gateway-id "$gateway"`,
			changes: table{"vpc-internet-route": "pass"},
		},
		{
			name: "a second account, untouched by the first", anew: true, account: "300000000001", caller: ":user/bob",
			types: newUser + `
				role=$(aws sts assume-role --role-arn arn:aws:iam::300000000001:role/landing --role-session-name second \
				  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text)
				read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<<"$role"
				export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
				user bob`,
			flags: []string{"--profile", "bob"},
			says:  table{"ecr-docker-login": "another account or Region"},
		},
	}}
}
