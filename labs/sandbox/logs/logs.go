// Package logs is Amazon CloudWatch Logs of the practice account. Nothing runs in a practice account, so that nothing
// writes to its log groups: their streams and events are empty lists.
package logs

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is Amazon CloudWatch Logs.
var Service = &wire.Service{
	API:   api,
	Codes: wire.ErrorCodes{Invalid: "InvalidParameterException"},
	Operations: []wire.Operation{
		wire.Change("CreateLogGroup", createLogGroup),
		wire.Change("DeleteLogGroup", deleteLogGroup),
		wire.Change("DeleteRetentionPolicy", deleteRetentionPolicy),
		wire.Op("DescribeLogGroups", describeLogGroups),
		wire.Op("DescribeLogStreams", describeLogStreams),
		wire.Op("FilterLogEvents", filterLogEvents),
		wire.Change("PutRetentionPolicy", putRetentionPolicy),
	},
	Parts: []wire.AnyPart{Part},
}

var paging = wire.Paging{Size: 50, Max: 50, BadSize: "InvalidParameterException", BadToken: "InvalidParameterException"}

// logGroupName is the pattern of the API.
var logGroupName = wire.Grammar{Pattern: regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`), Longest: 512}

// retentionPeriods are the days that PutRetentionPolicy takes.
var retentionPeriods = []int32{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// findLogGroup finds a log group, or fails as every operation on a missing one does.
func findLogGroup(r *wire.Request, name string) (*LogGroup, error) {
	group, ok := Part.Of(r).group(name)
	if !ok {
		return nil, wire.Failf("ResourceNotFoundException", "The specified log group does not exist.")
	}
	return group, nil
}

func createLogGroup(r *wire.Request, in *createLogGroupInput) (*wire.None, error) {
	if !logGroupName.Takes(in.LogGroupName) {
		return nil, badLogs(
			in.LogGroupName, "logGroupName", `Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`,
		)
	}
	logs := Part.Of(r)
	if _, ok := logs.group(in.LogGroupName); ok {
		return nil, wire.Failf("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	logs.Groups = append(
		logs.Groups, &LogGroup{Name: in.LogGroupName, Created: wire.At(r.Now), Class: wire.Value(in.LogGroupClass)},
	)
	return &wire.None{}, nil
}

func deleteLogGroup(r *wire.Request, in *deleteLogGroupInput) (*wire.None, error) {
	group, err := findLogGroup(r, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	logs := Part.Of(r)
	logs.Groups = slices.DeleteFunc(logs.Groups, func(other *LogGroup) bool { return other == group })
	return &wire.None{}, nil
}

func putRetentionPolicy(r *wire.Request, in *putRetentionPolicyInput) (*wire.None, error) {
	group, err := findLogGroup(r, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(retentionPeriods, in.RetentionInDays) {
		return nil, badLogs(
			strconv.Itoa(int(in.RetentionInDays)), "retentionInDays",
			"Member must satisfy enum value set: "+fmt.Sprint(retentionPeriods),
		)
	}
	group.RetentionInDays = &in.RetentionInDays
	return &wire.None{}, nil
}

func deleteRetentionPolicy(r *wire.Request, in *deleteRetentionPolicyInput) (*wire.None, error) {
	group, err := findLogGroup(r, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	group.RetentionInDays = nil
	return &wire.None{}, nil
}

// describeLogGroups lists groups by name. A search by pattern answers with the name, the ARN and the time of creation
// alone: there is no retention in it, as on AWS.
func describeLogGroups(r *wire.Request, in *describeLogGroupsInput) (*describeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil {
		return nil, wire.Failf(
			"InvalidParameterException",
			"LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
		)
	}
	var groups []*LogGroup
	for _, group := range Part.Of(r).Groups {
		if in.matches(r, group) {
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, func(a, b *LogGroup) int { return strings.Compare(a.Name, b.Name) })
	some, next, err := wire.Page(paging, groups, in.Limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeLogGroupsOutput{LogGroups: []logGroupWire{}, NextToken: next}
	for _, group := range some {
		shown := logGroupWire{
			LogGroupName: &group.Name, Arn: new(group.arn(r) + ":*"), CreationTime: new(group.Created.UnixMilli()),
		}
		if in.LogGroupNamePattern == nil {
			group.describe(r, &shown)
		}
		out.LogGroups = append(out.LogGroups, shown)
	}
	return out, nil
}

// matches says whether a group is among those asked for.
func (in *describeLogGroupsInput) matches(r *wire.Request, group *LogGroup) bool {
	switch {
	case in.LogGroupNamePrefix != nil && !strings.HasPrefix(group.Name, *in.LogGroupNamePrefix),
		in.LogGroupNamePattern != nil && !strings.Contains(group.Name, *in.LogGroupNamePattern),
		in.LogGroupClass != nil && *in.LogGroupClass != group.class():
		return false
	case len(in.LogGroupIdentifiers) > 0:
		return slices.Contains(in.LogGroupIdentifiers, group.Name) ||
			slices.Contains(in.LogGroupIdentifiers, group.arn(r))
	default:
		return true
	}
}

// describe fills in what only a full answer shows.
func (g *LogGroup) describe(r *wire.Request, shown *logGroupWire) {
	shown.LogGroupArn, shown.LogGroupClass, shown.MetricFilterCount = new(g.arn(r)), new(g.class()), new(int32(0))
	shown.RetentionInDays, shown.StoredBytes = g.RetentionInDays, &g.StoredBytes
	shown.RetentionPolicyName = wire.Present(g.RetentionPolicy)
}

func (g *LogGroup) arn(r *wire.Request) string { return r.ARN("logs", "log-group:"+g.Name) }

// class is the log class with its default.
func (g *LogGroup) class() string {
	if g.Class == "" {
		return "STANDARD"
	}
	return g.Class
}

// badLogs is the answer to a value that CloudWatch Logs refuses.
func badLogs(value, parameter, constraint string) error {
	return wire.Failf(
		"InvalidParameterException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
		value, parameter, constraint,
	)
}

// checkGroup fails unless the group is there that an input names, in one of the two ways that the API has: identifier
// is a name or an ARN.
func checkGroup(r *wire.Request, name, identifier *string) error {
	switch {
	case (name == nil) == (identifier == nil):
		return wire.Failf(
			"InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier must be specified.",
		)
	case name == nil:
		name = identifier
		for _, group := range Part.Of(r).Groups {
			if group.arn(r) == *identifier {
				name = &group.Name
			}
		}
	}
	_, err := findLogGroup(r, *name)
	return err
}

func describeLogStreams(r *wire.Request, in *describeLogStreamsInput) (*describeLogStreamsOutput, error) {
	err := checkGroup(r, in.LogGroupName, in.LogGroupIdentifier)
	return &describeLogStreamsOutput{LogStreams: []logStreamWire{}}, err
}

// filterLogEvents is what `aws logs tail` asks.
func filterLogEvents(r *wire.Request, in *filterLogEventsInput) (*filterLogEventsOutput, error) {
	err := checkGroup(r, in.LogGroupName, in.LogGroupIdentifier)
	return &filterLogEventsOutput{Events: []filteredLogEventWire{}, SearchedLogStreams: []searchedLogStreamWire{}}, err
}

// Part is what CloudWatch Logs keeps.
var Part = &wire.Part[State]{Key: "logs", Regional: true}

// A State is what CloudWatch Logs holds in one Region.
type State struct {
	Groups []*LogGroup `json:"groups,omitempty"`
}

// A LogGroup is one log group.
type LogGroup struct {
	Name    string    `json:"name"`
	Created wire.Time `json:"created"`
	// RetentionInDays is nil when events never expire.
	RetentionInDays *int32 `json:"retentionInDays,omitempty"`
	// RetentionPolicy is the account's retention policy that rules the group, if one does.
	RetentionPolicy string `json:"retentionPolicy,omitempty"`
	StoredBytes     int64  `json:"storedBytes,omitempty"`
	Class           string `json:"class,omitempty"` // STANDARD when empty
}

// findGroup finds a log group by its exact name.
func (s *State) group(name string) (*LogGroup, bool) {
	for _, g := range s.Groups {
		if g.Name == name {
			return g, true
		}
	}
	return nil, false
}

// Validate finds what would make the answers of CloudWatch Logs nonsense.
func (s *State) Validate() error {
	seen := map[string]bool{}
	for _, g := range s.Groups {
		switch {
		case !logGroupName.Takes(g.Name):
			return fmt.Errorf("%.20q is not a name for a log group", g.Name)
		case seen[g.Name]:
			return fmt.Errorf("there are two log groups %.20q", g.Name)
		}
		seen[g.Name] = true
	}
	return nil
}
