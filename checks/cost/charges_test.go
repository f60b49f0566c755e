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

func TestCharges(t *testing.T) {
	t.Parallel()
	with := func(amounts ...float64) []facts.Given { // six hours apart, the last one now
		points := []account.ChargeSoFar{}
		for i, amount := range amounts {
			points = append(points, account.ChargeSoFar{
				At: checktest.Now.Add(-6 * time.Hour * time.Duration(len(amounts)-1-i)), Amount: amount,
			})
		}
		return []facts.Given{account.EstimatedCharges.Given(account.ChargesKey{
			From: checktest.Now.Add(-48 * time.Hour).Format(time.RFC3339), To: checktest.Now.Format(time.RFC3339),
		}, points)}
	}
	checktest.Run(t, cost.Charges, []checktest.Case{
		{Name: "nothing", Facts: with(0), Want: checks.Pass, Found: "$0.00 so far"},
		{Name: "they stand still", Facts: with(3.1, 3.1, 3.1, 3.1, 3.1), Want: checks.Pass, Found: "$3.10 so far"},
		{Name: "they grow", Facts: with(1.9, 2.2, 2.5, 2.8, 3.1), Want: checks.Pass, Advice: "they grew by $1.20 in a day"},
		{Name: "too much", Facts: with(20.5), Want: checks.Fail, Found: "$20.50"},
		{Name: "not switched on", Facts: with(), Want: checks.Unknown, Reason: facts.NotYetConsistent},
	})
}
