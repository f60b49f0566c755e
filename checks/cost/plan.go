package cost

import (
	"fmt"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Plan passes as long as the account's plan is good. It tells how long that will be, and when charges are real.
var Plan = checks.New(checks.Spec[checks.NoParams]{
	ID:     "cost-plan",
	Title:  "The account's plan has not ended",
	Why:    "On the free plan what is left eats credits, and the account closes when they are gone; else it is money.",
	Verify: "aws freetier get-account-plan-state --region us-east-1",
	Pages: checks.Pages{
		Docs:    "cost-management/latest/userguide/what-is-costmanagement.html",
		Console: "billing/home#/freetier",
	},
	Reads: []facts.Source{account.AccountPlan},
	Skip:  notTheirBill,
	Run:   accountPlan,
})

// What is little of a plan.
const (
	fewDays    = 30
	fewCredits = 10 // US dollars
)

// notTheirBill says whose bill it is if it is not the account's own.
func notTheirBill(s checks.Site) string {
	switch {
	case s.Caller.Kind == facts.LearnerLab:
		return "a Learner Lab account's bill belongs to AWS Academy"
	case s.Partition != "aws":
		return "an account of the partition " + s.Partition + " has no free plan"
	}
	return ""
}

func accountPlan(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{Subject: "the account's plan", LookedAt: "the account's plan", Expected: "a plan that is active"}
	plan, err := account.AccountPlan.Get(v, account.PlanKey{Region: account.BillingRegion})
	switch {
	case err != nil:
		return checks.Of(f.Unknown(err)), nil
	case plan.Type == "":
		f.Advice = "it is older than the plans: charges are real"
		return checks.Of(f.Pass("the account has no plan")), nil
	case plan.Status == "EXPIRED":
		return checks.Of(f.Fail("the free plan has ended")).WithFix(checks.Fix{
			ConsoleOnly: true, Console: "Billing and Cost Management › Free Tier: what is to be kept has to be saved in time",
		}), nil
	case plan.Type == "PAID":
		f.Advice = "charges are real"
		return checks.Of(f.Pass("the account pays as it uses")), nil
	}
	found := "the free plan is " + map[string]string{"ACTIVE": "active", "NOT_STARTED": "not begun"}[plan.Status]
	left := ""
	if plan.Credits != nil {
		found += fmt.Sprintf(", with %.2f %s of credits left", *plan.Credits, plan.Unit)
		if *plan.Credits < fewCredits {
			left = "the credits are nearly gone, and the account closes then"
		}
	}
	if !plan.Ends.IsZero() {
		found += ", until " + plan.Ends.UTC().Format(time.DateOnly)
		if plan.Ends.Sub(v.Now()) < fewDays*24*time.Hour {
			left = checks.Join(left, "it ends in less than "+checks.Count(fewDays, "day"))
		}
	}
	f.Advice = left
	return checks.Of(f.Pass(found)), nil
}
