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
	ID:       "logs-storage",
	Title:    "The log group stays within the free storage",
	Why:      "Storage beyond the free 5 GB is billed every month, even if nobody ever reads the events.",
	Verify:   "aws logs describe-log-groups --log-group-name-prefix LOG_GROUP --region REGION --query 'logGroups[].storedBytes'",
	Reads:    []facts.Source{account.LogGroups},
	Extra:    []facts.Source{workstation.CLI},
	Defaults: StorageParams{MaxGB: 5},
	Run:      storage,
	Fix:      emptyGroup,
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

// keptDays is the key of Result.Known with the retention that a new group must have again.
const keptDays = "days"

func storage(v *facts.View, p StorageParams) (checks.Result, error) {
	l := lookUp(v, p.LogGroup, fmt.Sprintf("at most %d GB stored", p.MaxGB))
	if !l.found {
		return l.result(), nil
	}
	stored := l.group.StoredBytes
	if stored == nil || *stored < 0 {
		l.finding.Reason, l.finding.Detail = facts.InvalidResponse, "AWS does not tell how much the log group stores"
		return l.result(), nil
	}
	l.finding.Verdict, l.finding.Found = checks.Pass, size(*stored)+" stored"
	if float64(*stored) > float64(p.MaxGB)*(1<<30) {
		l.finding.Verdict = checks.Fail
		l.finding.Advice = checks.Join(
			"a new log group loses the stored events; a shorter retention lets them expire over the next days", gitBash(v, p.LogGroup))
	}
	r := l.result()
	if l.group.RetentionDays != nil {
		r.Known = map[string]string{keptDays: strconv.Itoa(int(*l.group.RetentionDays))}
	}
	return r, nil
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

// emptyGroup makes the log group anew: nothing else empties one at once.
func emptyGroup(s checks.Site, p StorageParams, r checks.Result) checks.Fix {
	fix := checks.Fix{Console: "CloudWatch › Logs › Log groups › " + p.LogGroup + " › Actions › Delete log group(s)"}
	if r.Known[missing] != "" {
		fix.Commands = mend(s, p.LogGroup, r)
		return fix
	}
	fix.Commands = makeAnew(s, p.LogGroup)
	if days := r.Known[keptDays]; days != "" {
		fix.Commands = append(fix.Commands, logsCommand(s, "put-retention-policy", p.LogGroup, "--retention-in-days", days))
	}
	return fix
}
