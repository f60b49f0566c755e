package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// logGroupsPerPage is the most that CloudWatch Logs gives in one page.
const logGroupsPerPage = 50

// LogGroupsKey asks for the log groups of a Region whose names begin with Prefix; empty: for all of them.
type LogGroupsKey struct {
	Region string `json:"region"`
	Prefix string `json:"prefix,omitempty"`
}

// LogGroup is one CloudWatch log group.
type LogGroup struct {
	Name string `json:"name"`
	// Class is STANDARD, INFREQUENT_ACCESS, ESSENTIALS or DELIVERY.
	Class string `json:"class"`
	// RetentionDays is nil when the events never expire.
	RetentionDays *int32 `json:"retentionDays,omitempty"`
	// RetentionPolicy names the policy of the account that rules the group's retention, if one does.
	RetentionPolicy string `json:"retentionPolicy,omitempty"`
	// StoredBytes lags behind by hours; nil when the answer does not tell.
	StoredBytes *int64 `json:"storedBytes,omitempty"`
}

// LogGroups are listed by the beginning of their names and never by a pattern: an answer to a pattern leaves the
// retention out.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
var LogGroups = &facts.Read[LogGroupsKey, []LogGroup]{
	Name:       "logs.groups",
	Operations: []string{"logs:DescribeLogGroups"},
	Fetch: func(ctx context.Context, a *facts.Access, key LogGroupsKey) ([]LogGroup, error) {
		client, err := clientFor(a, key.Region, cloudwatchlogs.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(logGroupsPerPage)}
		if key.Prefix != "" {
			in.LogGroupNamePrefix = &key.Prefix
		}
		return wholeList(func(token *string) ([]types.LogGroup, *string, error) {
			in.NextToken = token
			out, err := client.DescribeLogGroups(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.LogGroups, out.NextToken, nil
		}, logGroupOf)
	},
}

func logGroupOf(g types.LogGroup) (LogGroup, error) {
	return LogGroup{
		Name: aws.ToString(g.LogGroupName), Class: string(g.LogGroupClass), RetentionDays: g.RetentionInDays,
		RetentionPolicy: aws.ToString(g.RetentionPolicyName), StoredBytes: g.StoredBytes,
	}, requireID("a log group", g.LogGroupName)
}
