package logs

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Retention passes when the log group keeps its events long enough and not longer than the lab allows. A longer time
// than that is still a limit, and earns half.
var Retention = checks.New(checks.Spec[RetentionParams]{
	ID:       "logs-retention",
	Title:    "The log group's events expire",
	Why:      "CloudWatch Logs keeps events for ever by default, and stored events cost money every month.",
	Verify:   "aws logs describe-log-groups --log-group-name-prefix LOG_GROUP --region REGION --query 'logGroups[].retentionInDays'",
	Reads:    []facts.Source{account.LogGroups},
	Extra:    []facts.Source{workstation.CLI},
	Defaults: RetentionParams{MinDays: 1, MaxDays: 90},
	Run:      retention,
	Fix:      limitRetention,
})

// The keys of Result.Known that say why the retention of the log group cannot be set.
const (
	policyRules = "policy" // a policy of the account rules it
	classRules  = "class"  // the class of the log group does
)

func retention(v *facts.View, p RetentionParams) (checks.Result, error) {
	l := lookUp(v, p.LogGroup, "events expire after "+p.span())
	if !l.found {
		return l.result(), nil
	}
	judgeRetention(&l.finding, l.group, p)
	known := map[string]string{}
	switch policy := l.group.RetentionPolicy; {
	case l.group.Class == deliveryClass && l.finding.Verdict != checks.Pass:
		known[classRules] = deliveryClass
		l.finding.Advice = "the class " + deliveryClass + " decides and cannot be changed: only a new log group has another, without the stored events"
	case policy != "":
		known[policyRules] = policy
		l.finding.Advice = "the account's retention policy " + policy + " decides, and the setting of the log group has no effect"
	}
	if l.finding.Verdict == checks.Fail || l.finding.Verdict == checks.Partial {
		l.finding.Advice = checks.Join(l.finding.Advice, gitBash(v, p.LogGroup))
	}
	return checks.Result{Findings: []checks.Finding{l.finding}, Known: known}, nil
}

func judgeRetention(f *checks.Finding, g account.LogGroup, p RetentionParams) {
	kept := g.RetentionDays
	if g.Class == deliveryClass {
		fixed := int32(deliveryDays)
		kept = &fixed
	}
	switch {
	case kept == nil && !slices.Contains(ordinaryClasses(), g.Class):
		f.Reason, f.Detail = facts.Unsupported, fmt.Sprintf("how long the unknown class %q keeps events is not known", g.Class)
	case kept == nil:
		f.Verdict, f.Found = checks.Fail, "events never expire"
	case *kept <= 0:
		f.Reason, f.Detail = facts.InvalidResponse, fmt.Sprintf("AWS answers a retention of %d days", *kept)
	case int(*kept) > p.MaxDays:
		f.Verdict, f.Share, f.Found = checks.Partial, 50, "events expire after "+checks.Count(int(*kept), "day")
	case int(*kept) < p.MinDays:
		f.Verdict, f.Found = checks.Fail, "events expire after "+checks.Count(int(*kept), "day")
	default:
		f.Verdict, f.Found = checks.Pass, "events expire after "+checks.Count(int(*kept), "day")
	}
}

func limitRetention(s checks.Site, p RetentionParams, r checks.Result) checks.Fix {
	if r.Known[policyRules] != "" {
		return checks.Fix{Console: "CloudWatch › Settings › Logs › Account-level policies › Retention", ConsoleOnly: true}
	}
	commands := []checks.Command{
		logsCommand(s, "put-retention-policy", p.LogGroup, "--retention-in-days", strconv.Itoa(p.best())),
	}
	if r.Known[classRules] != "" {
		commands = append(makeAnew(s, p.LogGroup), commands...)
	}
	return checks.Fix{
		Commands: mend(s, p.LogGroup, r, commands...),
		Console:  "CloudWatch › Logs › Log groups › " + p.LogGroup + " › Actions › Edit retention setting",
	}
}
