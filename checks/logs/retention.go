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
	ID:    "logs-retention",
	Title: "The log group's events expire",
	Why:   "CloudWatch Logs keeps events for ever by default, and stored events cost money every month.",
	Verify: "aws logs describe-log-groups --log-group-name-prefix LOG_GROUP --region REGION " +
		"--query 'logGroups[].retentionInDays'",
	Pages: checks.Pages{
		Docs:    "AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
		Console: "cloudwatch/home?region=" + checks.PageRegion + "#logsV2:log-groups",
	},
	Reads:    []facts.Source{account.LogGroups},
	Extra:    []facts.Source{workstation.CLI},
	Defaults: RetentionParams{MinDays: 1, MaxDays: 90},
	Run:      retention,
})

func retention(v *facts.View, p RetentionParams) (checks.Result, error) {
	s := v.Site()
	fix := checks.Fix{
		Commands: []checks.Command{
			logsCommand(s, "put-retention-policy", p.LogGroup, "--retention-in-days", strconv.Itoa(p.best())),
		},
		Console: "CloudWatch › Logs › Log groups › " + p.LogGroup + " › Actions › Edit retention setting",
	}
	g, f := findGroup(v, p.LogGroup, "events expire after "+p.span())
	if g == nil {
		return noGroup(s, p.LogGroup, f, fix), nil
	}
	f = judgeRetention(f, *g, p)
	switch policy := g.RetentionPolicy; {
	case g.Class == deliveryClass && f.Verdict != checks.Pass:
		f.Advice = "the class " + deliveryClass + " decides and cannot be changed: " +
			"only a new log group has another, without the stored events"
		fix.Commands = append(makeAnew(s, p.LogGroup), fix.Commands...)
	case policy != "":
		f.Advice = "the account's retention policy " + policy +
			" decides, and the setting of the log group has no effect"
		fix = checks.Fix{
			Console: "CloudWatch › Settings › Logs › Account-level policies › Retention", ConsoleOnly: true,
		}
	}
	if f.Verdict != checks.Fail && f.Verdict != checks.Partial {
		return checks.Of(f), nil
	}
	f.Advice = checks.Join(f.Advice, gitBash(v, p.LogGroup))
	return checks.Of(f).WithFix(fix), nil
}

// tooLong is what a retention beyond the longest allowed is worth, in percent: it is a limit, and not the lab's.
const tooLong = 50

func judgeRetention(f checks.Finding, g account.LogGroup, p RetentionParams) checks.Finding {
	kept := g.RetentionDays
	if g.Class == deliveryClass {
		fixed := int32(deliveryDays)
		kept = &fixed
	}
	switch {
	case kept == nil && !slices.Contains(ordinaryClasses(), g.Class):
		return f.Unknown(facts.Errorf(facts.Unsupported,
			"how long the unknown class %q keeps events is not known", g.Class))
	case kept == nil:
		return f.Fail("events never expire")
	case *kept <= 0:
		return f.Unknown(facts.Errorf(facts.InvalidResponse, "AWS answers a retention of %d days", *kept))
	}
	found := "events expire after " + checks.Count(int(*kept), "day")
	switch {
	case int(*kept) > p.MaxDays:
		return f.Partial(tooLong, found)
	case int(*kept) < p.MinDays:
		return f.Fail(found)
	}
	return f.Pass(found)
}

// RetentionParams say how long the log group may keep its events, in days.
type RetentionParams struct {
	LogGroup string `json:"log-group" need:"true" help:"the CloudWatch log group, such as /ecs/docker-api"`
	MinDays  int    `json:"min" help:"the shortest time that events are kept, in days (at least 1)"`
	MaxDays  int    `json:"max" help:"the longest time that events are kept, in days (at most 3653)"`
}

// ordinaryClasses keep events for ever unless a retention is set. AWS may leave the class out.
func ordinaryClasses() []string { return []string{"", "STANDARD", "INFREQUENT_ACCESS", "ESSENTIALS"} }

// The DELIVERY class keeps events for a day, whatever is set.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
const (
	deliveryClass = "DELIVERY"
	deliveryDays  = 1
)

// usualDays is what the fix sets where the lab allows it: a week is enough to look into yesterday's mistake.
const usualDays = 7

// periods are the only values that AWS takes, in days.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func periods() []int {
	return []int{
		1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
	}
}

// Validate asks for a range in which AWS has a period.
func (p RetentionParams) Validate() error {
	if err := validateGroup(p.LogGroup); err != nil {
		return err
	}
	switch {
	case p.MinDays < 1:
		return &checks.ParamError{Name: "min", Problem: fmt.Sprintf("is %d; at least 1 day is needed", p.MinDays)}
	case p.MaxDays < p.MinDays:
		problem := fmt.Sprintf("is %d and less than min, which is %d", p.MaxDays, p.MinDays)
		return &checks.ParamError{Name: "max", Problem: problem}
	case p.best() == 0:
		return &checks.ParamError{
			Name: "max",
			Problem: fmt.Sprintf(
				"is %d and min is %d: AWS has no period between them. It has %v", p.MaxDays, p.MinDays, periods(),
			),
		}
	}
	return nil
}

// best is the period that the fix sets: the usual one, or the allowed one that is nearest above it, or else the longest
// allowed. It is 0 if AWS has no such period.
func (p RetentionParams) best() int {
	longest := 0
	for _, days := range periods() {
		if days < p.MinDays || days > p.MaxDays {
			continue
		}
		longest = days
		if days >= usualDays {
			break
		}
	}
	return longest
}

// span is the time that is allowed, such as "1 to 90 days".
func (p RetentionParams) span() string {
	longest := checks.Count(p.MaxDays, "day")
	if p.MinDays == p.MaxDays {
		return longest
	}
	return fmt.Sprintf("%d to %s", p.MinDays, longest)
}
