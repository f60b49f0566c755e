package logs

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// lookup is the search for the lab's log group.
type lookup struct {
	group account.LogGroup
	// finding is about the log group, for a check to complete. Without the group it is complete: it says that there is
	// no such group, or why that could not be learned.
	finding checks.Finding
	found   bool
}

// lookUp finds the log group of exactly this name. AWS lists by prefix, and so the name is compared once more.
func lookUp(v *facts.View, name, expected string) lookup {
	region := v.Site().Region
	l := lookup{finding: checks.Finding{
		Subject: "log group " + name, LookedAt: "CloudWatch log groups in " + region, Expected: expected,
	}}
	groups, err := account.LogGroups.Get(v, account.LogGroupsKey{Region: region, Prefix: name})
	if err != nil {
		l.finding = l.finding.Unanswered(err)
		return l
	}
	l.finding.LookedAt = fmt.Sprintf("CloudWatch log groups in %s that begin with %s (%d)", region, name, len(groups))
	for _, g := range groups {
		if g.Name == name {
			l.group, l.found = g, true
			return l
		}
	}
	l.finding.Verdict, l.finding.Found = checks.Fail, fmt.Sprintf("there is no log group %s in %s", name, region)
	return l
}

// missing is the key of Result.Known that tells the fix to create the log group first.
const missing = "missing"

// result makes a result of the finding that the check has completed.
func (l lookup) result() checks.Result {
	r := checks.Of(l.finding)
	if l.finding.Verdict == checks.Fail && !l.found {
		r.Known = map[string]string{missing: l.finding.Subject}
	}
	return r
}

// mend creates the log group if it is missing and then runs the commands, which need it.
func mend(s checks.Site, name string, r checks.Result, commands ...checks.Command) []checks.Command {
	if r.Known[missing] == "" {
		return commands
	}
	return append([]checks.Command{logsCommand(s, "create-log-group", name)}, commands...)
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
