package sandbox_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	practiceiam "github.com/labcheck/labcheck/labs/sandbox/iam"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// work does something in every service that keeps something.
func work(t *testing.T, cfg aws.Config) {
	t.Helper()
	ctx := t.Context()
	const document = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get<&>*", "Resource": "*"}}`
	users := iam.NewFromConfig(cfg)
	_, err := users.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("bob")})
	require.NoError(t, err)
	_, err = users.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		UserName: aws.String("bob"), PolicyName: aws.String("p"), PolicyDocument: aws.String(document),
	})
	require.NoError(t, err)
	_, err = users.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("bob")})
	require.NoError(t, err)
	role, err := users.CreateRole(
		ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(document)},
	)
	require.NoError(t, err)
	_, err = sts.NewFromConfig(
		cfg,
	).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("x")})
	require.NoError(t, err)
	_, err = ecr.NewFromConfig(cfg).PutImage(ctx, &ecr.PutImageInput{
		RepositoryName: aws.String("docker-api"), ImageTag: aws.String("by-hand"),
		ImageManifest: aws.String("{ \"schemaVersion\": 2,\n\"annotation\": \"<&>\" }"),
	})
	require.NoError(t, err)
	_, err = cloudwatchlogs.NewFromConfig(
		cfg,
	).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/ecs/other")})
	require.NoError(t, err)
	_, err = sns.NewFromConfig(cfg).CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("other")})
	require.NoError(t, err)
	_, err = budgets.NewFromConfig(
		cfg,
	).CreateBudget(ctx, &budgets.CreateBudgetInput{AccountId: aws.String("123456789012"), Budget: &types.Budget{
		BudgetName: aws.String("monthly"), BudgetType: types.BudgetTypeCost, TimeUnit: types.TimeUnitMonthly,
		BudgetLimit: &types.Spend{Amount: aws.String("5"), Unit: aws.String("USD")},
	}})
	require.NoError(t, err)
	_, err = askEC2(ctx, cfg, "CreateInternetGateway")
	require.NoError(t, err)
}

// An account that is written and read again is the same account, and goes on where it was.
func TestAnAccountOutlivesItsProcess(t *testing.T) {
	account, cfg := load(t, "half-done", sandbox.Options{})
	work(t, cfg)
	text := written(t, account)
	state, err := sandbox.Parse([]byte(text), time.Time{})
	require.NoError(t, err)
	require.Equal(t, account.Snapshot(), state)
	again := sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})
	require.Equal(t, text, written(t, again))

	for service, ask := range map[string]func(aws.Config) (any, error){
		"iam": func(cfg aws.Config) (any, error) {
			out, err := iam.NewFromConfig(
				cfg,
			).ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{UserName: aws.String("bob")})
			return out.AccessKeyMetadata, err
		},
		"policy": func(cfg aws.Config) (any, error) {
			out, err := iam.NewFromConfig(cfg).GetUserPolicy(
				t.Context(), &iam.GetUserPolicyInput{UserName: aws.String("bob"), PolicyName: aws.String("p")},
			)
			return strings.Contains(*out.PolicyDocument, "s3%3AGet%3C%26%3E%2A"), err
		},
		"images": func(cfg aws.Config) (any, error) {
			out, err := ecr.NewFromConfig(
				cfg,
			).DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("docker-api")})
			return out.ImageDetails, err
		},
		"stray images": func(cfg aws.Config) (any, error) {
			out, err := ecr.NewFromConfig(cfg).BatchGetImage(t.Context(), &ecr.BatchGetImageInput{
				RepositoryName: aws.String("docker-apiatest"),
				ImageIds:       []ecrtypes.ImageIdentifier{{ImageTag: aws.String("latest")}},
			})
			return out.Images, err
		},
		"gateways": func(cfg aws.Config) (any, error) {
			out, err := askEC2(t.Context(), cfg, "DescribeInternetGateways")
			return gatewayID.FindAllString(out, -1), err
		},
	} {
		before, err := ask(cfg)
		require.NoError(t, err, service)
		after, err := ask(config(again))
		require.NoError(t, err, service)
		require.Equal(t, before, after, service)
		require.NotEmpty(t, after, service)
	}

	// No id is given twice, also not by the account that goes on.
	first, err := askEC2(t.Context(), cfg, "CreateInternetGateway")
	require.NoError(t, err)
	second, err := askEC2(t.Context(), config(again), "CreateInternetGateway")
	require.NoError(t, err)
	id := gatewayID.FindString(second)
	require.NotEmpty(t, id)
	require.Equal(t, gatewayID.FindString(first), id)
	require.NotContains(t, text, id)
}

var gatewayID = regexp.MustCompile(`igw-[0-9a-f]{17}`)

func TestSnapshotsShareNothing(t *testing.T) {
	account, cfg := load(t, "half-done", sandbox.Options{})
	before := account.Snapshot()
	text := written(t, account)
	work(t, cfg)
	var b strings.Builder
	require.NoError(t, before.Write(&b))
	require.Equal(t, text, b.String())
	practiceiam.Part.From(before, "", true).Users[0].Name = "mallory"
	require.NotContains(t, written(t, account), "mallory")
}

func TestWritingSaysWhatFailed(t *testing.T) {
	account, _ := load(t, "fresh", sandbox.Options{})
	err := account.Snapshot().Write(full{})
	require.ErrorIs(t, err, errBroken)
	require.ErrorContains(t, err, "write the practice state")
}

type full struct{}

var _ io.Writer = full{}

func (full) Write([]byte) (int, error) { return 0, errBroken }

// A change is told once it is made, before its answer; nothing else is told.
func TestChangesAreTold(t *testing.T) {
	changes := 0
	var account *sandbox.Account
	seen := ""
	account, cfg := load(t, "half-done", sandbox.Options{Changed: func() {
		changes++
		seen = written(t, account)
	}})
	for service, call := range perProtocol(cfg) {
		require.NoError(t, call(t.Context()), service)
	}
	groups := cloudwatchlogs.NewFromConfig(cfg)
	missing := &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/none")}
	_, err := groups.DeleteLogGroup(t.Context(), missing)
	requireCode(t, "ResourceNotFoundException", err)
	require.Zero(t, changes)

	_, err = groups.CreateLogGroup(
		t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/ecs/other")},
	)
	require.NoError(t, err)
	require.Equal(t, 1, changes)
	require.Contains(t, seen, "/ecs/other")
}

// Renumbered, a state is another account: nothing in it is the first one's.
func TestRenumber(t *testing.T) {
	for _, name := range sandboxtest.States() {
		state, err := sandboxtest.Load(name, now)
		require.NoError(t, err)
		other, err := state.Renumber("444455556666")
		require.NoError(t, err)
		var b strings.Builder
		require.NoError(t, other.Write(&b))
		require.NotContains(t, b.String(), "123456789012")
		require.NotContains(t, b.String(), state.Caller.AccessKeyID)
		require.NotContains(t, b.String(), state.Caller.SecretAccessKey)
		require.Regexp(t, `^A[KS]IA[A-Z2-7]{9}EXAMPLE$`, other.Caller.AccessKeyID)
		_, err = sts.NewFromConfig(config(sandbox.New(other, sandbox.Options{}))).GetCallerIdentity(t.Context(), nil)
		require.NoError(t, err)
	}
	state, err := sandboxtest.Load("fresh", now)
	require.NoError(t, err)
	_, err = state.Renumber("12")
	require.ErrorContains(t, err, "twelve digits")
}
