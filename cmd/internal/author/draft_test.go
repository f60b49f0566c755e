package author_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/cmd/internal/author"
)

// pasted are lines as teachers have them, each with what is said of it.
var pasted = []struct{ line, is, says string }{
	{"aws s3api get-bucket-versioning --bucket my-bucket --query Status", "", "Status is Enabled"},
	{
		"$ aws s3api get-bucket-versioning \\\n  --bucket my-bucket \\\n  --query 'Status' --output text",
		"", "Status is Enabled",
	},
	{"PS C:\\> aws s3api get-bucket-versioning `\r\n  –-bucket my-bucket —query “Status”", "", "is Enabled"},
	{
		"aws dynamodb describe-table --table-name orders --query Table.BillingModeSummary.BillingMode",
		"PAY_PER_REQUEST", "is PAY_PER_REQUEST",
	},
	{
		"aws ecr describe-repositories --repository-names docker-api --query 'repositories[0].imageTagMutability'",
		"IMMUTABLE", "imageTagMutability is IMMUTABLE",
	},
	{"aws s3api list-buckets --query 'Buckets[].Name'", "my-bucket", "Buckets[].Name holds $bucket"},
	{"aws s3api list-buckets --query \"Buckets[?Name=='my-bucket'].Name | [0]\"", "", "it is there"},
	{
		"aws ec2 describe-instances --instance-ids i-0123456789abcdef0 --query " +
			"'Reservations[].Instances[].InstanceType' --output text",
		"t3.micro", "InstanceType is t3.micro",
	},
	{
		"aws ec2 describe-instances --filters Name=tag:Name,Values=web Name=instance-state-name,Values=running " +
			"--query 'Reservations[].Instances[].MetadataOptions.HttpTokens'",
		"required", "MetadataOptions.HttpTokens is required",
	},
	{"aws ec2 describe-volumes --query 'Volumes[].Encrypted'", "", "Encrypted is true"},
	{"aws ec2 describe-vpcs --query 'length(Vpcs)'", "", "at least 1"},
	{"aws ec2 describe-volumes --query 'length(Volumes[?Encrypted==`false`])'", "0", "Encrypted is true"},
	{"aws iam get-account-password-policy --query PasswordPolicy.MinimumPasswordLength", "", "at least 1"},
	{"aws iam get-account-summary --query SummaryMap.AccountMFAEnabled", "1", "is 1"},
	{
		"aws kms get-key-rotation-status --key-id alias/app --query KeyRotationEnabled",
		"", "KeyRotationEnabled is true",
	},
	{
		"aws rds describe-db-instances --db-instance-identifier db1 --query 'DBInstances[*].PubliclyAccessible'",
		"false", "PubliclyAccessible is false",
	},
	{"aws lambda get-function-configuration --function-name f --query Runtime", "python3.13", "Runtime is python3.13"},
	{
		"aws logs describe-log-groups --log-group-name-prefix /ecs/ --query " +
			"\"logGroups[?logGroupName=='/ecs/docker-api'].retentionInDays\"",
		"", "retentionInDays is at least 1",
	},
	{
		"aws s3api get-public-access-block --bucket b --query " +
			"'PublicAccessBlockConfiguration.[BlockPublicAcls,IgnorePublicAcls]'",
		"", "is [true, true]",
	},
	{"aws cloudtrail describe-trails --query 'trailList[].IsMultiRegionTrail'", "", "IsMultiRegionTrail is true"},
	{"aws cloudtrail get-trail-status --name my-trail --query IsLogging", "", "IsLogging is true"},
	{
		"aws elbv2 describe-load-balancers --names web --query 'LoadBalancers[0].State.Code' --output text",
		"", "State.Code is active",
	},
	{
		"aws ecs describe-services --cluster c --services web --query 'services[0].runningCount'",
		"", "runningCount is at least 1",
	},
	{"aws eks describe-cluster --name c --query cluster.status", "", "cluster.status is ACTIVE"},
	{"aws sns list-topics --query 'Topics[].TopicArn'", "", "holds"},
	{
		"aws sqs get-queue-attributes --queue-url https://sqs.us-east-1.amazonaws.com/123456789012/q " +
			"--attribute-names VisibilityTimeout --query Attributes.VisibilityTimeout",
		"30", "is \"30\"",
	},
	{
		"aws ec2 describe-security-groups --group-names web --query 'SecurityGroups[].IpPermissions[].FromPort'",
		"443", "FromPort is 443",
	},
	{"aws iam list-users --query 'Users[].UserName'", "alice", "holds"},
	{"aws iam list-attached-user-policies --user-name alice --query 'AttachedPolicies[].PolicyName'", "", "holds"},
	{
		"aws cloudwatch describe-alarms --alarm-names billing --query 'MetricAlarms[0].ActionsEnabled' --region " +
			"us-east-1",
		"", "ActionsEnabled is true",
	},
	{
		"aws budgets describe-budgets --account-id $(aws sts get-caller-identity --query Account --output text) " +
			"--query 'Budgets[].BudgetName'",
		"", "holds",
	},
	{
		"aws acm list-certificates --query \"CertificateSummaryList[?DomainName=='example.com'].Status\"",
		"ISSUED", "Status is ISSUED",
	},
	{"AWS_PROFILE=class aws ec2 describe-vpcs --vpc-ids $VPC_ID --query 'Vpcs[0].IsDefault'", "", "IsDefault is true"},
	{"aws iam get-role --role-name r --query Role.CreateDate", "", "newer than"},
	{"aws lambda list-functions --query 'Functions[].Runtime'", "python3.13", "Runtime is python3.13"},
	{
		"aws ec2 describe-subnets --filters \"Name=vpc-id,Values=vpc-1\" --query 'Subnets[*].AvailabilityZone'",
		"", "holds",
	},
	{
		"aws cloudformation describe-stacks --stack-name web --query 'Stacks[0].StackStatus'",
		"CREATE_COMPLETE", "is CREATE_COMPLETE",
	},
	{"aws secretsmanager describe-secret --secret-id db --query RotationEnabled", "", "is true"},
}

// A check that is made of a pasted line is proven at once.
func TestDraftsOfPastedLines(t *testing.T) {
	for _, p := range pasted {
		t.Run(p.line, func(t *testing.T) {
			l, err := author.ReadLine(p.line)
			require.NoError(t, err)
			d, err := author.NewDraft(l, author.DraftOptions{Is: p.is})
			require.NoError(t, err)
			assert.Empty(t, d.Proof.Errors)
			assert.Contains(t, d.Expects, p.says, d.Text)
			assert.Contains(t, d.InLab(), "- check: "+d.ID)
		})
	}
}

// What cannot become a check is refused with what to do.
func TestLinesThatAreRefused(t *testing.T) {
	for _, refused := range [][2]string{
		{
			"aws s3api put-bucket-versioning --bucket b",
			"only reads; what it changes is seen by aws s3api get-bucket-versioning",
		},
		{"aws ec2 run-instances", "what it changes is seen by aws ec2 describe-instances"},
		{"aws dynamodb put-item --table-name x", "paste the line with which you see what it did"},
		{"aws s3 ls", "is a program of many requests"},
		{"aws s3api get-bucket-versionin --bucket b", "did you mean get-bucket-versioning?"},
		{"aws dynamodbb list-tables", "did you mean dynamodb?"},
		{"aws secretsmanager get-secret-value --secret-id x", "it gives out a secret"},
		{"aws s3api get-object --bucket b --key k out", "it gives out what is stored"},
		{"aws dynamodb describe-table --table-name x | jq -r '.Table.TableStatus'", "put --query 'Table.TableStatus'"},
		{"aws dynamodb describe-table --table-name x | jq '.T[] | select(.a)'", "in JMESPath, what jq picks"},
		{"aws ec2 describe-instances | grep running", "in the place of grep"},
		{"aws ec2 describe-vpcs | wc -l", "length(LIST)"},
		{"aws ec2 describe-vpcs | tee x", "leave the pipe out"},
		{"aws s3api get-bucket-policy --bucket b --query Policy > x", "leave out"},
		{"aws sts get-caller-identity && aws ec2 describe-vpcs", "made of one command"},
		{"aws dynamodb describe-table --table-name x", "such as Table.TableStatus"},
		{"aws dynamodb describe-table --table-name x --query Table", "such as Table.MEMBER"},
		{"aws dynamodb describe-table --table-name x --query Table.TableStats", "did you mean TableStatus?"},
		{"aws dynamodb describe-table --table-nam x --query Table.TableStatus", "did you mean \"--table-name\"?"},
		{"aws dynamodb describe-table --query Table.TableStatus", "--table-name is needed"},
		{"aws ec2 describe-instances --query 'Reservations[].[OwnerId,RequesterId]'", "shows a table"},
		{"aws ec2 describe-vpcs --filters file://f --query 'length(Vpcs)'", "a check holds its input itself"},
		{"aws ec2 describe-vpcs --query 'Vpcs[", "is a quote not closed?"},
		{"aws ec2 describe-vpcs --query 'length(Vpcs[?IsDefault])' extra", "stands alone"},
		{"aws lambda list-functions --query 'Functions[].Environment.Variables.X'", "sensitive"},
		{"aws ec2 describe-vpcs --query 'Vpcs[?State==`available`] | length(@) + `1`'", ""},
		{"aws ec2", "names a service and an operation"},
		{"ls -l", "paste one that begins with aws"},
		{"", "nothing was pasted"},
		{"aws ec2 a\naws b c", "more than one command"},
		{
			"aws ec2 describe-vpcs --query 'length(Vpcs[?starts_with(VpcId, `v`)])' --cli-input-json file://x",
			"the JSON itself",
		},
	} {
		t.Run(refused[0], func(t *testing.T) {
			l, err := author.ReadLine(refused[0])
			if err == nil {
				_, err = author.NewDraft(l, author.DraftOptions{})
			}
			require.ErrorContains(t, err, refused[1])
		})
	}
}

func FuzzLine(f *testing.F) {
	for _, p := range pasted {
		f.Add(p.line, p.is)
	}
	f.Fuzz(func(t *testing.T, line, is string) {
		l, err := author.ReadLine(line)
		if err != nil {
			return
		}
		d, err := author.NewDraft(l, author.DraftOptions{Is: is})
		if err == nil {
			assert.Empty(t, d.Proof.Errors)
		}
	})
}
