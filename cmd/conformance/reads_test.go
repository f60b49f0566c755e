//go:build conformance

package conformance

// setUp makes something of every kind that a read can show. It is typed by an administrator, in bash.
const setUp = `
	policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]}'
	aws iam create-user --user-name bob
	aws iam create-login-profile --user-name bob --password 'Correct-horse-1'
	aws iam create-access-key --user-name bob >key
	aws iam create-virtual-mfa-device --virtual-mfa-device-name bob --outfile mfa.png --bootstrap-method QRCodePNG
	aws iam enable-mfa-device --user-name bob --serial-number arn:aws:iam::$ACCOUNT:mfa/bob \
	  --authentication-code1 123456 --authentication-code2 654321
	aws iam create-virtual-mfa-device --virtual-mfa-device-name spare --outfile mfa.png --bootstrap-method Base32StringSeed
	aws iam create-group --group-name learners
	aws iam attach-group-policy --group-name learners --policy-arn arn:aws:iam::aws:policy/PowerUserAccess
	aws iam put-group-policy --group-name learners --policy-name own --policy-document "$policy"
	aws iam add-user-to-group --group-name learners --user-name bob
	aws iam create-policy --policy-name images --policy-document "$policy"
	aws iam attach-user-policy --user-name bob --policy-arn arn:aws:iam::$ACCOUNT:policy/images
	aws iam put-user-policy --user-name bob --policy-name own --policy-document "$policy"
	aws iam create-role --role-name task --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
	  {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
	aws iam attach-role-policy --role-name task \
	  --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
	aws iam put-role-policy --role-name task --policy-name own --policy-document "$policy"
	aws ecr create-repository --repository-name docker-api
	docker push $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest
	aws ecr start-image-scan --repository-name docker-api --image-id imageTag=latest
	aws ecr put-image-scanning-configuration --repository-name docker-api --image-scanning-configuration scanOnPush=true
	aws ecr put-lifecycle-policy --repository-name docker-api --lifecycle-policy-text '{"rules": [{
	  "rulePriority": 1,
	  "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7},
	  "action": {"type": "expire"}}]}'
	aws ecr put-registry-scanning-configuration --scan-type BASIC --rules '[{
	  "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "docker-*", "filterType": "WILDCARD"}]}]'
	aws logs create-log-group --log-group-name /ecs/docker-api
	aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7
	topic=$(aws sns create-topic --name billing-alerts --query TopicArn --output text)
	aws sns subscribe --topic-arn "$topic" --protocol email --notification-endpoint alice@example.com
	aws cloudwatch put-metric-alarm --alarm-name billing-5usd --namespace AWS/Billing --metric-name EstimatedCharges \
	  --dimensions Name=Currency,Value=USD --statistic Maximum --period 21600 --evaluation-periods 1 \
	  --threshold 5 --comparison-operator GreaterThanThreshold --alarm-actions "$topic"
	aws budgets create-budget --account-id $ACCOUNT --budget \
	  '{"BudgetName": "lab", "BudgetLimit": {"Amount": "5", "Unit": "USD"}, "TimeUnit": "MONTHLY", "BudgetType": "COST"}' \
	  --notifications-with-subscribers '[{"Notification": {"NotificationType": "ACTUAL",
	    "ComparisonOperator": "GREATER_THAN", "Threshold": 80, "ThresholdType": "PERCENTAGE"},
	    "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "alice@example.com"}]}]'
`

// reads ask for everything that there is. Some fail, on one side or on both: that is compared, too.
const reads = `
	aws sts get-caller-identity
	aws iam get-account-summary
	aws iam get-user --user-name bob
	aws iam list-users
	aws iam get-login-profile --user-name bob
	aws iam list-access-keys --user-name bob
	aws iam get-access-key-last-used --access-key-id $(sed -n 's/.*"AccessKeyId": "\(.*\)".*/\1/p' key)
	aws iam list-mfa-devices --user-name bob
	aws iam list-virtual-mfa-devices
	aws iam list-groups-for-user --user-name bob
	aws iam list-attached-user-policies --user-name bob
	aws iam list-user-policies --user-name bob
	aws iam get-user-policy --user-name bob --policy-name own
	aws iam list-attached-group-policies --group-name learners
	aws iam list-group-policies --group-name learners
	aws iam get-group-policy --group-name learners --policy-name own
	aws iam get-role --role-name task
	aws iam list-attached-role-policies --role-name task
	aws iam list-role-policies --role-name task
	aws iam get-role-policy --role-name task --policy-name own
	aws iam get-policy --policy-arn arn:aws:iam::$ACCOUNT:policy/images
	aws iam get-policy-version --policy-arn arn:aws:iam::$ACCOUNT:policy/images --version-id v1
	aws ecr describe-repositories
	aws ecr describe-repositories --repository-names docker-apiatest
	aws ecr list-images --repository-name docker-api
	aws ecr describe-images --repository-name docker-api
	aws ecr describe-images --repository-name docker-api --image-ids imageTag=none
	aws ecr batch-get-image --repository-name docker-api --image-ids imageTag=latest imageTag=none
	aws ecr batch-get-repository-scanning-configuration --repository-names docker-api docker-apiatest
	aws ecr get-registry-scanning-configuration
	aws ecr get-lifecycle-policy --repository-name docker-api
	aws ecr describe-image-scan-findings --repository-name docker-api --image-id imageTag=latest
	aws ecr get-authorization-token
	aws logs describe-log-groups
	aws logs describe-log-streams --log-group-name /ecs/docker-api
	aws logs filter-log-events --log-group-name /ecs/docker-api
	aws ec2 describe-vpcs
	aws ec2 describe-subnets
	aws ec2 describe-internet-gateways
	aws ec2 describe-route-tables
	aws ec2 describe-availability-zones
	aws ec2 describe-regions
	aws ec2 describe-vpc-block-public-access-options
	aws cloudwatch describe-alarms
	aws cloudwatch list-alarm-mute-rules
	aws sns get-topic-attributes --topic-arn arn:aws:sns:us-east-1:$ACCOUNT:billing-alerts
	aws sns get-topic-attributes --topic-arn arn:aws:sns:us-east-1:$ACCOUNT:none
	aws sns list-topics
	aws sns list-subscriptions-by-topic --topic-arn arn:aws:sns:us-east-1:$ACCOUNT:billing-alerts
	aws budgets describe-budgets --account-id $ACCOUNT
	aws budgets describe-budget --account-id $ACCOUNT --budget-name lab
	aws budgets describe-notifications-for-budget --account-id $ACCOUNT --budget-name lab
	aws budgets describe-subscribers-for-notification --account-id $ACCOUNT --budget-name lab --notification \
	  NotificationType=ACTUAL,ComparisonOperator=GREATER_THAN,Threshold=80,ThresholdType=PERCENTAGE
	aws budgets describe-budget-notifications-for-account --account-id $ACCOUNT
`
