package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var logsService = service{
	id:        "logs",
	protocols: []protocol{awsJSON11},
	target:    "Logs_20140328",
	codes:     errorCodes{denied: "AccessDeniedException", throttled: "ThrottlingException", invalid: "InvalidParameterException"},
	operations: []operation{
		change("CreateLogGroup", createLogGroup),
		change("DeleteLogGroup", deleteLogGroup),
		change("DeleteRetentionPolicy", deleteRetentionPolicy),
		op("DescribeLogGroups", describeLogGroups),
		op("DescribeLogStreams", describeLogStreams),
		op("FilterLogEvents", filterLogEvents),
		change("PutRetentionPolicy", putRetentionPolicy),
	},
}

var logsPaging = paging{size: 50, max: 50, badSize: "InvalidParameterException", badToken: "InvalidParameterException"}

// logGroupName is the pattern of the API.
var logGroupName = grammar{regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`), 512}

// retentionPeriods are the days that PutRetentionPolicy takes.
var retentionPeriods = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// logGroup finds a log group, or fails as every operation on a missing one does.
func (r *request) logGroup(name string) (*LogGroup, error) {
	group, ok := r.regional().Logs.group(name)
	if !ok {
		return nil, failf("ResourceNotFoundException", "The specified log group does not exist.")
	}
	return group, nil
}

type logGroupInput struct {
	Name string `wire:"logGroupName,required"`
}

type createLogGroupInput struct {
	Name  string `wire:"logGroupName,required"`
	Class string `wire:"logGroupClass"`
}

func createLogGroup(r *request, in *createLogGroupInput) (*none, error) {
	if !logGroupName.takes(in.Name) {
		return nil, badLogs(in.Name, "logGroupName", `Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`)
	}
	logs := &r.regional().Logs
	if _, ok := logs.group(in.Name); ok {
		return nil, failf("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	logs.Groups = append(logs.Groups, &LogGroup{Name: in.Name, Created: at(r.Now), Class: in.Class})
	return &none{}, nil
}

func deleteLogGroup(r *request, in *logGroupInput) (*none, error) {
	group, err := r.logGroup(in.Name)
	if err != nil {
		return nil, err
	}
	logs := &r.regional().Logs
	logs.Groups = slices.DeleteFunc(logs.Groups, func(other *LogGroup) bool { return other == group })
	return &none{}, nil
}

type putRetentionPolicyInput struct {
	Name string `wire:"logGroupName,required"`
	Days int32  `wire:"retentionInDays,required"`
}

func putRetentionPolicy(r *request, in *putRetentionPolicyInput) (*none, error) {
	group, err := r.logGroup(in.Name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(retentionPeriods, in.Days) {
		return nil, badLogs(strconv.Itoa(int(in.Days)), "retentionInDays", "Member must satisfy enum value set: "+fmt.Sprint(retentionPeriods))
	}
	group.RetentionInDays = &in.Days
	return &none{}, nil
}

func deleteRetentionPolicy(r *request, in *logGroupInput) (*none, error) {
	group, err := r.logGroup(in.Name)
	if err != nil {
		return nil, err
	}
	group.RetentionInDays = nil
	return &none{}, nil
}

type describeLogGroupsInput struct {
	Prefix      *string  `wire:"logGroupNamePrefix"`
	Pattern     *string  `wire:"logGroupNamePattern"`
	Identifiers []string `wire:"logGroupIdentifiers"`
	Class       *string  `wire:"logGroupClass"`
	Limit       *int32   `wire:"limit"`
	NextToken   *string  `wire:"nextToken"`
}

type describeLogGroupsOutput struct {
	Groups    []logGroupOutput `wire:"logGroups"`
	NextToken *string          `wire:"nextToken"`
}

type logGroupOutput struct {
	Name            string  `wire:"logGroupName"`
	ARN             string  `wire:"arn"`
	CreationTime    int64   `wire:"creationTime"` // milliseconds since 1970
	GroupARN        *string `wire:"logGroupArn"`
	RetentionInDays *int32  `wire:"retentionInDays"`
	RetentionPolicy *string `wire:"retentionPolicyName"`
	MetricFilters   *int32  `wire:"metricFilterCount"`
	StoredBytes     *int64  `wire:"storedBytes"`
	Class           *string `wire:"logGroupClass"`
}

// describeLogGroups lists groups by name. A search by pattern answers with the name, the ARN and the time of creation alone: there is
// no retention in it, as on AWS.
func describeLogGroups(r *request, in *describeLogGroupsInput) (*describeLogGroupsOutput, error) {
	if in.Prefix != nil && in.Pattern != nil {
		return nil, failf("InvalidParameterException", "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	var groups []*LogGroup
	for _, group := range r.regional().Logs.Groups {
		if in.matches(r, group) {
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, func(a, b *LogGroup) int { return strings.Compare(a.Name, b.Name) })
	some, next, err := page(logsPaging, groups, in.Limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeLogGroupsOutput{Groups: []logGroupOutput{}, NextToken: next}
	for _, group := range some {
		shown := logGroupOutput{Name: group.Name, ARN: group.arn(r) + ":*", CreationTime: group.Created.UnixMilli()}
		if in.Pattern == nil {
			group.describe(r, &shown)
		}
		out.Groups = append(out.Groups, shown)
	}
	return out, nil
}

// matches says whether a group is among those asked for.
func (in *describeLogGroupsInput) matches(r *request, group *LogGroup) bool {
	switch {
	case in.Prefix != nil && !strings.HasPrefix(group.Name, *in.Prefix),
		in.Pattern != nil && !strings.Contains(group.Name, *in.Pattern),
		in.Class != nil && *in.Class != group.class():
		return false
	case len(in.Identifiers) > 0:
		return slices.Contains(in.Identifiers, group.Name) || slices.Contains(in.Identifiers, group.arn(r))
	default:
		return true
	}
}

// describe fills in what only a full answer shows.
func (g *LogGroup) describe(r *request, shown *logGroupOutput) {
	arn, class, filters := g.arn(r), g.class(), int32(0)
	shown.GroupARN, shown.Class, shown.MetricFilters = &arn, &class, &filters
	shown.RetentionInDays, shown.StoredBytes = g.RetentionInDays, &g.StoredBytes
	if g.RetentionPolicy != "" {
		shown.RetentionPolicy = &g.RetentionPolicy
	}
}

func (g *LogGroup) arn(r *request) string { return r.arn("logs", "log-group:"+g.Name) }

// class is the log class with its default.
func (g *LogGroup) class() string {
	if g.Class == "" {
		return "STANDARD"
	}
	return g.Class
}

// badLogs is the answer to a value that CloudWatch Logs refuses.
func badLogs(value, parameter, constraint string) error {
	return failf("InvalidParameterException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, parameter, constraint)
}
