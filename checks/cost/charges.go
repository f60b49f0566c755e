package cost

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// ChargesParams are the parameters of Charges.
type ChargesParams struct {
	AtMost int `json:"at-most" help:"what the month may have cost so far, in US dollars"`
}

// Charges passes as long as the month has cost little, and tells when the charges still grow although nothing is left:
// then something is left that no list shows.
var Charges = checks.New(checks.Spec[ChargesParams]{
	ID:    "cost-charges",
	Title: "The month has cost little so far",
	Why:   "Charges that grow after everything was deleted are the only sign of what no list shows.",
	Verify: "aws cloudwatch get-metric-statistics --namespace AWS/Billing --metric-name EstimatedCharges " +
		"--dimensions Name=Currency,Value=USD --statistics Maximum --period 21600 --start-time FROM --end-time TO " +
		"--region us-east-1",
	Pages: checks.Pages{
		Docs:    "AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html",
		Console: "billing/home#/bills",
	},
	Reads:    []facts.Source{account.EstimatedCharges},
	Defaults: ChargesParams{AtMost: 20}, //nolint:mnd // as much as a course may cost
	Skip:     notTheirBill,
	Run:      estimatedCharges,
})

const (
	twoDays = 48 * time.Hour
	// grows is from how many dollars a day on charges grow.
	grows = 0.05
)

func estimatedCharges(v *facts.View, p ChargesParams) (checks.Result, error) {
	f := checks.Finding{
		Subject: "the estimated charges", LookedAt: "EstimatedCharges in " + account.BillingRegion + ", of two days",
		Expected: fmt.Sprintf("at most $%d in this month", p.AtMost),
	}
	now := v.Now().UTC().Truncate(time.Hour)
	points, err := account.EstimatedCharges.Get(v, account.ChargesKey{
		From: now.Add(-twoDays).Format(time.RFC3339), To: now.Format(time.RFC3339),
	})
	if err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	if len(points) == 0 {
		f = f.Unknown(facts.Errorf(facts.NotYetConsistent, "CloudWatch has no charges of the last two days; "+
			"they come some hours after the billing metrics were switched on"))
		return checks.Of(f).WithFix(checks.Fix{
			ConsoleOnly: true, Console: "Billing and Cost Management › Billing preferences › Alert preferences",
		}), nil
	}
	points = slices.Clone(points)
	slices.SortFunc(points, func(a, b account.ChargeSoFar) int { return a.At.Compare(b.At) })
	latest := points[len(points)-1]
	before := slices.MinFunc(points, func(a, b account.ChargeSoFar) int { // the one that is about a day older
		return cmp.Compare(a.At.Sub(latest.At.Add(-24*time.Hour)).Abs(), b.At.Sub(latest.At.Add(-24*time.Hour)).Abs())
	})
	if perDay := latest.Amount - before.Amount; before.At.Before(latest.At) && perDay >= grows {
		f.Advice = fmt.Sprintf("they grew by $%.2f in a day: as long as they grow, something is left", perDay)
	}
	found := fmt.Sprintf("$%.2f so far in this month", latest.Amount)
	if latest.Amount > float64(p.AtMost) {
		return checks.Of(f.Fail(found)).WithFix(checks.Fix{
			ConsoleOnly: true, Console: "Billing and Cost Management › Bills: by service and Region",
		}), nil
	}
	return checks.Of(f.Pass(found)), nil
}
