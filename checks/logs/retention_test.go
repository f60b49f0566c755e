package logs_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/logs"
)

func TestRetention(t *testing.T) {
	const put = "aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7 --region us-east-1"
	const create = "aws logs create-log-group --log-group-name /ecs/docker-api --region us-east-1"
	keeps := func(days int32) func(*account.LogGroup) {
		return func(g *account.LogGroup) { g.RetentionDays = &days }
	}
	checktest.Run(t, logs.Retention, []checktest.Case{
		{
			Name: "a week", Params: params(), Facts: []facts.Given{listed(group(keeps(7)))},
			Want: checks.Pass, Found: "events expire after 7 days",
		},
		{
			Name: "never", Params: params(), Facts: []facts.Given{listed(group(func(*account.LogGroup) {})), on("windows")},
			Want: checks.Fail, Found: "events never expire", Expected: "1 to 90 days", Fix: put, Advice: "MSYS_NO_PATHCONV=1",
		},
		{
			Name: "longer than allowed", Params: params(), Facts: []facts.Given{listed(group(keeps(365))), on("linux")},
			Want: checks.Partial, Share: 50, Found: "365 days", Fix: put,
		},
		{
			Name: "shorter than allowed", Params: params("min", 14), Facts: []facts.Given{listed(group(keeps(7))), on("linux")},
			Want: checks.Fail, Found: "7 days", Fix: "--retention-in-days 14",
		},
		{
			Name: "a short limit", Params: params("max", 4),
			Facts: []facts.Given{listed(group(keeps(1)), account.LogGroup{Name: wanted + "-dev"})},
			Want:  checks.Pass, Found: "after 1 day",
		},
		{
			Name: "the fix keeps to a short limit", Params: params("max", 4),
			Facts: []facts.Given{listed(group(keeps(7))), on("linux")},
			Want:  checks.Partial, Share: 50, Found: "after 7 days", Fix: "--retention-in-days 3",
		},
		{
			Name: "zero days", Params: params(), Facts: []facts.Given{listed(group(keeps(0)))},
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "no log group", Params: params(), Facts: []facts.Given{listed()},
			Want: checks.Fail, Found: "no log group", Fix: create + "\n" + put,
		},
		{
			Name: "the account's policy says never", Params: params(),
			Facts: []facts.Given{listed(group(func(g *account.LogGroup) { g.RetentionPolicy = "keep-all" })), on("linux")},
			Want:  checks.Fail, Found: "events never expire", Advice: "policy keep-all decides",
		},
		{
			Name: "the account's policy says 30 days", Params: params(),
			Facts: []facts.Given{listed(group(func(g *account.LogGroup) { g.RetentionPolicy = "month"; keeps(30)(g) }))},
			Want:  checks.Pass, Found: "30 days", Advice: "policy month decides",
		},
		{
			Name: "a class that AWS adds one day", Params: params(),
			Facts: []facts.Given{listed(group(func(g *account.LogGroup) { g.Class = "FLEETING" }))},
			Want:  checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "a week in a class that AWS adds one day", Params: params("min", 7, "max", 7),
			Facts: []facts.Given{listed(group(func(g *account.LogGroup) { g.Class = "FLEETING"; keeps(7)(g) }))},
			Want:  checks.Pass, Expected: "events expire after 7 days",
		},
		{
			Name: "a class that keeps a day", Params: params(),
			Facts: []facts.Given{listed(group(func(g *account.LogGroup) { g.Class = "DELIVERY" }))},
			Want:  checks.Pass, Found: "after 1 day",
		},
		{
			Name: "a class that keeps less than is asked for", Params: params("min", 7),
			Facts: []facts.Given{listed(group(func(g *account.LogGroup) { g.Class = "DELIVERY" })), on("linux")},
			Want:  checks.Fail, Found: "after 1 day", Advice: "without the stored events",
			Fix: "aws logs delete-log-group --log-group-name /ecs/docker-api --region us-east-1\n" + create + "\n" + put,
		},
	})
}
