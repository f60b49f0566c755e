package logs

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

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
			Name:    "log-group",
			Problem: "is " + name + ": Git Bash has made a Windows path of the name. Set MSYS_NO_PATHCONV=1 and try again",
		}
	}
	return &checks.ParamError{
		Name: "log-group",
		Problem: "is no name of a log group: 1 to 512 letters, digits and . - _ / # are allowed, " +
			`and it does not begin with "aws/"`,
	}
}
