package logs

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Group passes when the lab's log group exists under exactly its name.
var Group = checks.New(checks.Spec[GroupParams]{
	ID:     "logs-group",
	Title:  "The lab's log group exists",
	Why:    "A container's output is lost when it stops, unless a log group keeps it.",
	Verify: "aws logs describe-log-groups --log-group-name-prefix LOG_GROUP --region REGION",
	Reads:  []facts.Source{account.LogGroups},
	Extra:  []facts.Source{workstation.CLI},
	Run:    group,
	Fix: func(s checks.Site, p GroupParams, r checks.Result) checks.Fix {
		return checks.Fix{
			Commands: []checks.Command{logsCommand(s, "create-log-group", p.LogGroup)},
			Console:  "CloudWatch › Logs › Log groups › Create log group",
		}
	},
})

func group(v *facts.View, p GroupParams) (checks.Result, error) {
	l := lookUp(v, p.LogGroup, "log group "+p.LogGroup+" exists")
	switch {
	case l.found:
		l.finding.Verdict, l.finding.Found = checks.Pass, "log group "+p.LogGroup+" exists"
	case l.finding.Verdict == checks.Fail:
		l.finding.NearMiss, l.finding.Advice = nearMiss(v, p.LogGroup), gitBash(v, p.LogGroup)
	}
	return l.result(), nil
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
