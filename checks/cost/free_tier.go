package cost

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// FreeTier passes as long as nothing is used beyond what is free, and tells what will be.
var FreeTier = checks.New(checks.Spec[checks.NoParams]{
	ID:     "cost-free-tier",
	Title:  "The free tier covers what is used",
	Why:    "What is used beyond the free tier is charged, and AWS tells it only as a mail that is easily missed.",
	Verify: "aws freetier get-free-tier-usage --region us-east-1",
	Pages: checks.Pages{
		Docs:    "cost-management/latest/userguide/what-is-costmanagement.html",
		Console: "billing/home#/freetier",
	},
	Reads: []facts.Source{account.FreeTier},
	Skip:  notTheirBill,
	Run:   freeTier,
})

// nearlyAll is from which part of a limit on somebody is warned.
const nearlyAll = 0.85

func freeTier(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{
		Subject: "the free tier", LookedAt: "what was used of the free tier", Expected: "less than the limit of every offer",
	}
	offers, err := account.FreeTier.Get(v, account.PlanKey{Region: account.BillingRegion})
	if err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	f.LookedAt = checks.Count(len(offers), "offer") + " of the free tier that is used"
	var over, soon []string
	for _, o := range offers {
		line := fmt.Sprintf("%s (%s): %g of %g %s", o.Service, o.Usage, o.Used, o.Limit, o.Unit)
		switch {
		case o.Limit <= 0: // nobody says how much
		case o.Used >= o.Limit:
			over = append(over, line)
		case o.Forecast > o.Limit || o.Used >= nearlyAll*o.Limit:
			soon = append(soon, line)
		}
	}
	if len(soon) > 0 {
		f.Advice = "soon used up: " + checks.Names(soon)
	}
	if len(over) > 0 {
		return checks.Of(f.Fail("used up: " + checks.Names(over))).WithFix(checks.Fix{
			ConsoleOnly: true, Console: "Billing and Cost Management › Free Tier: delete what uses it",
		}), nil
	}
	return checks.Of(f.Pass("no offer is used up")), nil
}
