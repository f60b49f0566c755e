package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/require"
)

const twoGroups = `{"logs": {"groups": [
	{"name": "/ecs/docker-api-dev", "created": "-48h", "retentionInDays": 7, "storedBytes": 4096},
	{"name": "/ecs/docker-api", "created": "-24h"}
]}}`

func TestLogGroups(t *testing.T) {
	_, cfg := practice(t, twoGroups)
	client := cloudwatchlogs.NewFromConfig(cfg)
	list := func(in cloudwatchlogs.DescribeLogGroupsInput) []types.LogGroup {
		out, err := client.DescribeLogGroups(t.Context(), &in)
		require.NoError(t, err)
		return out.LogGroups
	}
	groups := list(cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/ecs/docker-api")})
	require.Len(t, groups, 2, "a prefix finds longer names too")
	require.Equal(t, "/ecs/docker-api", *groups[0].LogGroupName, "groups are sorted by name")
	require.Nil(t, groups[0].RetentionInDays)
	require.EqualValues(t, 0, *groups[0].StoredBytes)
	require.Equal(t, "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/docker-api:*", *groups[0].Arn)
	require.Equal(t, "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/docker-api", *groups[0].LogGroupArn)
	require.Equal(t, now.Add(-24*time.Hour).UnixMilli(), *groups[0].CreationTime)
	require.EqualValues(t, 7, *groups[1].RetentionInDays)
	require.EqualValues(t, 4096, *groups[1].StoredBytes)
	require.Equal(t, types.LogGroupClassStandard, groups[1].LogGroupClass)

	groups = list(cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("api-dev")})
	require.Len(t, groups, 1)
	require.Nil(t, groups[0].RetentionInDays, "a search by pattern does not show the retention")
	require.Nil(t, groups[0].StoredBytes)
	require.NotNil(t, groups[0].Arn)

	require.Len(t, list(cloudwatchlogs.DescribeLogGroupsInput{LogGroupIdentifiers: []string{"/ecs/docker-api"}}), 1)
	require.Empty(t, list(cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("ecs")}))

	_, err := client.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{
		LogGroupNamePrefix: aws.String("a"), LogGroupNamePattern: aws.String("a"),
	})
	requireCode(t, "InvalidParameterException", err)
}

func TestLogGroupsArePaged(t *testing.T) {
	_, cfg := practice(t, twoGroups)
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(
		cloudwatchlogs.NewFromConfig(cfg), &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(1)},
	)
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		require.Len(t, page.LogGroups, 1)
		names = append(names, *page.LogGroups[0].LogGroupName)
	}
	require.Equal(t, []string{"/ecs/docker-api", "/ecs/docker-api-dev"}, names)
}

func TestRetentionPolicyOfTheAccount(t *testing.T) {
	_, cfg := practice(
		t,
		`{"logs": {"groups": [{"name": "a", "created": "-1h", "retentionInDays": 30, "retentionPolicy": "all-groups", `+
			`"class": "INFREQUENT_ACCESS"}]}}`,
	)
	out, err := cloudwatchlogs.NewFromConfig(
		cfg,
	).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	require.NoError(t, err)
	require.Equal(t, "all-groups", *out.LogGroups[0].RetentionPolicyName)
	require.Equal(t, types.LogGroupClassInfrequentAccess, out.LogGroups[0].LogGroupClass)
}

func TestLogGroupLife(t *testing.T) {
	_, cfg := practice(t, `{}`)
	client, ctx, name := cloudwatchlogs.NewFromConfig(cfg), t.Context(), aws.String("/ecs/docker-api")
	retention := func() *int32 {
		out, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
		require.NoError(t, err)
		require.Len(t, out.LogGroups, 1)
		return out.LogGroups[0].RetentionInDays
	}
	put := func(days int32) error {
		_, err := client.PutRetentionPolicy(
			ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: &days},
		)
		return err
	}
	requireCode(t, "ResourceNotFoundException", put(7))
	_, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})
	require.NoError(t, err)
	_, err = client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})
	requireCode(t, "ResourceAlreadyExistsException", err)
	_, err = client.CreateLogGroup(
		ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("C:/Program Files/Git/ecs/docker-api")},
	)
	requireCode(t, "InvalidParameterException", err)

	require.Nil(t, retention())
	requireCode(t, "InvalidParameterException", put(8))
	require.NoError(t, put(7))
	require.EqualValues(t, 7, *retention())
	_, err = client.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: name})
	require.NoError(t, err)
	require.Nil(t, retention())

	_, err = client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
	require.NoError(t, err)
	_, err = client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
	requireCode(t, "ResourceNotFoundException", err)
}

// What `aws logs tail` asks: there is nothing to see, but the group must be there.
func TestLogEventsAreEmpty(t *testing.T) {
	_, cfg := practice(t, twoGroups)
	client, ctx := cloudwatchlogs.NewFromConfig(cfg), t.Context()
	events, err := client.FilterLogEvents(
		ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/ecs/docker-api")},
	)
	require.NoError(t, err)
	require.Empty(t, events.Events)
	for identifier, code := range map[string]string{
		"/ecs/docker-api": "",
		"arn:aws:logs:us-east-1:123456789012:log-group:/ecs/docker-api": "",
		"/ecs/docker": "ResourceNotFoundException",
	} {
		streams, err := client.DescribeLogStreams(
			ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupIdentifier: &identifier},
		)
		if code != "" {
			requireCode(t, code, err)
			continue
		}
		require.NoError(t, err)
		require.Empty(t, streams.LogStreams)
	}
	_, err = client.DescribeLogStreams(ctx, nil)
	requireCode(t, "InvalidParameterException", err)
}
