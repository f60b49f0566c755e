package logs_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/logs"
)

func TestStorage(t *testing.T) {
	const gB = 1 << 30
	const renew = "aws logs delete-log-group --log-group-name /ecs/docker-api --region us-east-1\n" +
		"aws logs create-log-group --log-group-name /ecs/docker-api --region us-east-1"
	holds := func(bytes int64) account.LogGroup {
		return group(func(g *account.LogGroup) { g.StoredBytes = &bytes })
	}
	seven := int32(7)
	full := holds(6 * gB)
	full.RetentionDays = &seven
	checktest.Run(t, logs.Storage, []checktest.Case{
		{
			Name: "new", Params: params(), Facts: []facts.Given{listed(holds(0))},
			Want: checks.Pass, Found: "0 bytes stored", Expected: "at most 5 GB stored",
		},
		{
			Name: "exactly the limit", Params: params(), Facts: []facts.Given{listed(holds(5 * gB))},
			Want: checks.Pass, Found: "5.0 GB stored",
		},
		{
			Name: "over the limit", Params: params(), Facts: []facts.Given{listed(holds(5*gB + 1)), on("linux")},
			Want: checks.Fail, Found: "5.1 GB stored", Advice: "shorter retention", Fix: renew,
		},
		{
			Name: "the fix keeps the retention", Params: params(), Facts: []facts.Given{listed(full), on("windows")},
			Want: checks.Fail, Advice: "MSYS_NO_PATHCONV=1", Found: "6.0 GB stored",
			Fix: "put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7",
		},
		{
			Name: "another limit", Params: params("max-gb", 7), Facts: []facts.Given{listed(full)},
			Want: checks.Pass, Expected: "at most 7 GB",
		},
		{
			Name: "AWS does not tell", Params: params(), Facts: []facts.Given{listed(account.LogGroup{Name: wanted})},
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "no log group", Params: params(), Facts: []facts.Given{listed()},
			Want: checks.Fail, Found: "no log group", Fix: "aws logs create-log-group",
		},
	})
}
