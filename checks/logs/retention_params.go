package logs

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
)

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
		return &checks.ParamError{Name: "max", Problem: fmt.Sprintf("is %d and less than min, which is %d", p.MaxDays, p.MinDays)}
	case p.best() == 0:
		return &checks.ParamError{
			Name:    "max",
			Problem: fmt.Sprintf("is %d and min is %d: AWS has no period between them. It has %v", p.MaxDays, p.MinDays, periods()),
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
