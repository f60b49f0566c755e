// Package logs holds the checks of Amazon CloudWatch Logs: the lab's log group, how long it keeps its events and how
// much it holds.
package logs

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Group, Retention, Storage} }

// findGroup finds the log group of exactly this name: AWS lists by prefix, and so the name is compared once more. The
// finding is about the group, for a check to judge. Without the group (nil) it is judged: it says that there is no such
// group, or why that could not be learned.
func findGroup(v *facts.View, name, expected string) (*account.LogGroup, checks.Finding) {
	region := v.Site().Region
	f := checks.Finding{
		Subject: "log group " + name, LookedAt: "CloudWatch log groups in " + region, Expected: expected,
	}
	groups, err := account.LogGroups.Get(v, account.LogGroupsKey{Region: region, Prefix: name})
	if err != nil {
		return nil, f.Unknown(err)
	}
	f.LookedAt = fmt.Sprintf("CloudWatch log groups in %s that begin with %s", region, name)
	for _, g := range groups {
		if g.Name == name {
			return &g, f
		}
	}
	return nil, f.Fail(fmt.Sprintf("there is no log group %s in %s", name, region))
}

// noGroup is the result about a group that findGroup did not find. The check's own fix works only once there is one.
func noGroup(s checks.Site, name string, f checks.Finding, fix checks.Fix) checks.Result {
	if f.Verdict != checks.Fail {
		return checks.Of(f)
	}
	fix.Commands = append([]checks.Command{logsCommand(s, "create-log-group", name)}, fix.Commands...)
	return checks.Of(f).WithFix(fix)
}

// makeAnew puts a new log group in the place of the old one, which loses the stored events.
func makeAnew(s checks.Site, name string) []checks.Command {
	return []checks.Command{logsCommand(s, "delete-log-group", name), logsCommand(s, "create-log-group", name)}
}

// logsCommand is a command of `aws logs` about a log group.
func logsCommand(s checks.Site, operation, name string, args ...string) checks.Command {
	line := append([]string{"aws", "logs", operation, "--log-group-name", name}, args...)
	return checks.Sh(append(line, "--region", s.Region)...)
}

// GroupParams names the log group that a check looks at.
type GroupParams struct {
	LogGroup string `json:"log-group" need:"true" help:"the CloudWatch log group, such as /ecs/docker-api"`
}

// groupName is AWS's grammar of a log group's name, and longestName how long it may be, in characters.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
var groupName = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`)

const longestName = 512

// rewrittenPath is what Git Bash for Windows makes of an argument that begins with a slash.
var rewrittenPath = regexp.MustCompile(`^[A-Za-z]:[/\\]`)

// Validate holds the name to AWS's grammar.
func (p GroupParams) Validate() error { return validateGroup(p.LogGroup) }

func validateGroup(name string) error {
	switch {
	case len(name) <= longestName && groupName.MatchString(name) && !strings.HasPrefix(name, "aws/"):
		return nil
	case rewrittenPath.MatchString(name):
		return &checks.ParamError{
			Name: "log-group",
			Problem: "is " + name + ": Git Bash has made a Windows path of the name. " +
				"Set MSYS_NO_PATHCONV=1 and try again",
		}
	}
	return &checks.ParamError{
		Name: "log-group",
		Problem: "is no name of a log group: 1 to 512 letters, digits and . - _ / # are allowed, " +
			`and it does not begin with "aws/"`,
	}
}

// nearMiss looks for the log group that was probably meant: one of a similar name, or of the same name in another
// Region. It is asked only when there is none, and a failure to look is the same as finding nothing.
func nearMiss(v *facts.View, name string) string {
	here := v.Site()
	nearby := account.LogGroups.Start(v, account.LogGroupsKey{Region: here.Region})
	elsewhere := map[string]*facts.Pending[[]account.LogGroup]{}
	for _, region := range here.NearbyRegions() {
		elsewhere[region] = account.LogGroups.Start(v, account.LogGroupsKey{Region: region, Prefix: name})
	}
	for _, region := range here.NearbyRegions() {
		if has(elsewhere[region], name) {
			return "found " + name + " in " + region + ", did you mean it? The lab is in " + here.Region
		}
	}
	groups, err := nearby.Get()
	if err != nil {
		return ""
	}
	return similar(groups, name)
}

func has(pending *facts.Pending[[]account.LogGroup], name string) bool {
	groups, err := pending.Get()
	return err == nil && slices.ContainsFunc(groups, func(g account.LogGroup) bool { return g.Name == name })
}

// slip is a way in which a log group's name goes wrong.
type slip struct {
	fits func(found, wanted string) bool
	// why says what most likely happened, after a space; empty if the names speak for themselves.
	why string
}

// slips are in the order of likelihood.
func slips() []slip {
	return []slip{
		{
			func(found, wanted string) bool { return found == strings.TrimPrefix(wanted, "/") },
			" Its name has no slash at the beginning",
		},
		{strings.EqualFold, " Capital and small letters are different in a name"},
		{
			func(found, wanted string) bool { return found == wanted+"atest" },
			" In zsh, $NAME:latest means the name in lower case and then “atest”; ${NAME}:latest is safe",
		},
		{
			func(found, wanted string) bool {
				return strings.Contains(found, "/Git/") && strings.HasSuffix(found, wanted)
			},
			" Git Bash for Windows makes a path of a name that begins with a slash; MSYS_NO_PATHCONV=1 stops it",
		},
		{strings.HasSuffix, " Its name begins with something more"},
		{func(found, wanted string) bool { return levenshtein.Distance(found, wanted, nil) <= 2 }, ""},
		{func(found, wanted string) bool { return strings.EqualFold(path.Base(found), path.Base(wanted)) }, ""},
		{strings.HasPrefix, ""},
	}
}

// similar names the log group whose slip is the most likely one.
func similar(groups []account.LogGroup, name string) string {
	groups = slices.SortedFunc(slices.Values(groups), func(a, b account.LogGroup) int {
		return cmp.Compare(a.Name, b.Name)
	})
	for _, s := range slips() {
		for _, g := range groups {
			if s.fits(g.Name, name) {
				return "found " + g.Name + ", did you mean it?" + s.why
			}
		}
	}
	return ""
}

// gitBash warns of what Git Bash for Windows does to a name that looks like a path.
func gitBash(v *facts.View, name string) string {
	machine, err := workstation.CLI.Get(v, workstation.CLIKey{})
	if err != nil || machine.OS != "windows" || !strings.HasPrefix(name, "/") {
		return ""
	}
	return "in Git Bash for Windows, set MSYS_NO_PATHCONV=1 before a command with such a name: " +
		"otherwise " + name + " becomes C:/Program Files/Git" + name
}
