package logs

import (
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
	Pages: checks.Pages{
		Docs:    "AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
		Console: "cloudwatch/home?region=" + checks.PageRegion + "#logsV2:log-groups",
	},
	Reads: []facts.Source{account.LogGroups},
	Extra: []facts.Source{workstation.CLI},
	Run:   group,
})

func group(v *facts.View, p GroupParams) (checks.Result, error) {
	g, f := findGroup(v, p.LogGroup, "log group "+p.LogGroup+" exists")
	if g != nil {
		return checks.Of(f.Pass("log group " + p.LogGroup + " exists")), nil
	}
	if f.Verdict == checks.Fail {
		f.NearMiss, f.Advice = nearMiss(v, p.LogGroup), gitBash(v, p.LogGroup)
	}
	fix := checks.Fix{Console: "CloudWatch › Logs › Log groups › Create log group"}
	return noGroup(v.Site(), p.LogGroup, f, fix), nil
}
