package cost_test

import (
	"testing"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
	"github.com/labcheck/labcheck/checks/facts"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	with := func(plan account.Plan) []facts.Given {
		return []facts.Given{account.AccountPlan.Given(account.PlanKey{Region: "us-east-1"}, plan)}
	}
	later, soon := checktest.Now.Add(90*24*time.Hour), checktest.Now.Add(10*24*time.Hour)
	free := account.Plan{Type: "FREE", Status: "ACTIVE", Credits: new(87.5), Unit: "USD", Ends: later}
	ending, poor := free, free
	ending.Ends = soon
	poor.Credits = new(2.0)
	checktest.Run(t, cost.Plan, []checktest.Case{
		{Name: "free", Facts: with(free), Want: checks.Pass, Found: "87.50 USD of credits left, until 2027-02-21"},
		{Name: "it ends soon", Facts: with(ending), Want: checks.Pass, Advice: "in less than 30 days"},
		{Name: "few credits", Facts: with(poor), Want: checks.Pass, Advice: "nearly gone"},
		{Name: "paid", Facts: with(account.Plan{Type: "PAID", Status: "ACTIVE"}), Want: checks.Pass, Advice: "are real"},
		{Name: "of old", Facts: with(account.Plan{}), Want: checks.Pass, Advice: "charges are real"},
		{Name: "over", Facts: with(account.Plan{Type: "FREE", Status: "EXPIRED"}), Want: checks.Fail, Found: "has ended"},
		{Name: "a Learner Lab", Site: checktest.LearnerLab(), Want: checks.Skipped},
	})
}
