package account

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// logGroupsPerPage is the most that CloudWatch Logs gives in one page.
const logGroupsPerPage = 50

// firstLogGroups is how many pages of a list without a prefix are read at most.
const firstLogGroups = 20

// LogGroupsKey asks for the log groups of a Region whose names begin with Prefix, up to what settles whether there is
// one of exactly that name. An empty one asks for the first thousand groups, among which to look for a similar name.
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
// retention out. AWS promises that they come in the order of ASCII, in which a name comes before the longer ones that
// begin with it: of thousands that do, the first page says whether it is there. Who answers in another order is read to
// the end.
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
		pages := 0
		return wholeList(func(token *string) ([]types.LogGroup, *string, error) {
			in.NextToken = token
			out, err := client.DescribeLogGroups(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			pages++
			if key.settledBy(out.LogGroups, pages) {
				return out.LogGroups, nil, nil
			}
			return out.LogGroups, out.NextToken, nil
		}, logGroupOf)
	},
}

// settledBy says whether the question is answered by a page and those before it.
func (k LogGroupsKey) settledBy(page []types.LogGroup, pages int) bool {
	name := func(g types.LogGroup) string { return aws.ToString(g.LogGroupName) }
	if k.Prefix == "" {
		return pages == firstLogGroups
	}
	inOrder := func(a, b types.LogGroup) int { return cmp.Compare(name(a), name(b)) }
	return slices.ContainsFunc(page, func(g types.LogGroup) bool { return name(g) == k.Prefix }) ||
		len(page) == logGroupsPerPage && slices.IsSortedFunc(page, inOrder) // a short page may be in order by chance
}

func logGroupOf(g types.LogGroup) (LogGroup, error) {
	return LogGroup{
		Name: aws.ToString(g.LogGroupName), Class: string(g.LogGroupClass), RetentionDays: g.RetentionInDays,
		RetentionPolicy: aws.ToString(g.RetentionPolicyName), StoredBytes: g.StoredBytes,
	}, requireID("a log group", g.LogGroupName)
}
