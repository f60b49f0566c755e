package cost_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
	"github.com/labcheck/labcheck/checks/facts"
)

func TestFreeTier(t *testing.T) {
	t.Parallel()
	with := func(offers ...account.Offer) []facts.Given {
		return []facts.Given{account.FreeTier.Given(account.PlanKey{Region: "us-east-1"}, offers)}
	}
	ecr := func(used, forecast float64) account.Offer {
		return account.Offer{
			Service: "Amazon ECR", Usage: "TimedStorage-ByteHrs", Used: used, Forecast: forecast, Limit: 0.5, Unit: "GB-Mo",
		}
	}
	checktest.Run(t, cost.FreeTier, []checktest.Case{
		{Name: "nothing was used", Facts: with(), Want: checks.Pass, Found: "no offer is used up"},
		{Name: "a little", Facts: with(ecr(0.1, 0.2)), Want: checks.Pass},
		{Name: "it will not last", Facts: with(ecr(0.1, 0.6)), Want: checks.Pass, Advice: "0.1 of 0.5 GB-Mo"},
		{Name: "nearly all", Facts: with(ecr(0.45, 0.45)), Want: checks.Pass, Advice: "soon used up"},
		{Name: "all", Facts: with(ecr(0.5, 0.6)), Want: checks.Fail, Found: "used up: Amazon ECR"},
	})
}
