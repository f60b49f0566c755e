package logs

import (
	"fmt"
	"math"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Storage passes when the log group holds no more than the lab allows. AWS counts what is stored only every few hours,
// and so a new group holds 0 bytes.
var Storage = checks.New(checks.Spec[StorageParams]{
	ID:    "logs-storage",
	Title: "The log group stays within the free storage",
	Why:   "Storage beyond the free 5 GB is billed every month, even if nobody ever reads the events.",
	Verify: "aws logs describe-log-groups --log-group-name-prefix LOG_GROUP --region REGION " +
		"--query 'logGroups[].storedBytes'",
	Pages: checks.Pages{
		Docs:    "AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
		Console: "cloudwatch/home?region=" + checks.PageRegion + "#logsV2:log-groups",
	},
	Reads:    []facts.Source{account.LogGroups},
	Extra:    []facts.Source{workstation.CLI},
	Defaults: StorageParams{MaxGB: 5},
	Run:      storage,
})

// StorageParams say how much the log group may hold, in GB of 2^30 bytes, as AWS counts them.
type StorageParams struct {
	LogGroup string `json:"log-group" need:"true" help:"the CloudWatch log group, such as /ecs/docker-api"`
	MaxGB    int    `json:"max-gb" help:"the most that the log group may store, in GB"`
}

// Validate asks for a limit that a log group can keep.
func (p StorageParams) Validate() error {
	if p.MaxGB < 1 {
		return &checks.ParamError{Name: "max-gb", Problem: fmt.Sprintf("is %d; at least 1 GB is needed", p.MaxGB)}
	}
	return validateGroup(p.LogGroup)
}

func storage(v *facts.View, p StorageParams) (checks.Result, error) {
	fix := checks.Fix{Console: "CloudWatch › Logs › Log groups › " + p.LogGroup + " › Actions › Delete log group(s)"}
	g, f := findGroup(v, p.LogGroup, fmt.Sprintf("at most %d GB stored", p.MaxGB))
	if g == nil {
		return noGroup(v.Site(), p.LogGroup, f, fix), nil
	}
	if g.StoredBytes == nil || *g.StoredBytes < 0 {
		err := facts.Errorf(facts.InvalidResponse, "AWS does not tell how much the log group stores")
		return checks.Of(f.Unknown(err)), nil
	}
	found := size(*g.StoredBytes) + " stored"
	if float64(*g.StoredBytes) <= float64(p.MaxGB)*(1<<30) {
		return checks.Of(f.Pass(found)), nil
	}
	f.Advice = checks.Join(
		"a new log group loses the stored events; a shorter retention lets them expire over the next days",
		gitBash(v, p.LogGroup))
	fix.Commands = makeAnew(v.Site(), p.LogGroup) // nothing else empties a log group at once
	if g.RetentionDays != nil {
		fix.Commands = append(fix.Commands, logsCommand(v.Site(), "put-retention-policy", p.LogGroup,
			"--retention-in-days", strconv.Itoa(int(*g.RetentionDays))))
	}
	return checks.Of(f.Fail(found)).WithFix(fix), nil
}

// size writes a number of bytes for a person. It rounds up, so that what is over a limit is seen to be.
func size(bytes int64) string {
	const kB, mB, gB = 1 << 10, 1 << 20, 1 << 30
	tenths := func(unit float64) float64 { return math.Ceil(float64(bytes)/unit*10) / 10 }
	switch {
	case bytes >= gB:
		return fmt.Sprintf("%.1f GB", tenths(gB))
	case bytes >= mB:
		return fmt.Sprintf("%.1f MB", tenths(mB))
	case bytes >= kB:
		return fmt.Sprintf("%.1f kB", tenths(kB))
	}
	return checks.Count(int(bytes), "byte")
}
