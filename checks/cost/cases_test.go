package cost_test

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
	"github.com/labcheck/labcheck/checks/facts"
)

// stateFact is that a state of Terraform's is there, or not.
func stateFact(size int64) facts.Given {
	return account.Objects.Given(
		account.ObjectsKey{Region: checktest.Region, Owner: checktest.Account, Bucket: "tfstate"},
		[]account.Object{{Key: "docker-api/terraform.tfstate", Size: size}},
	)
}

// cases are what every check of the topic says: one thing that is left, one that is on its way out.
func cases(check *checks.Check, call string, left, going cost.Thing, command string) []checktest.Case {
	all := map[string]any{"more": true, "bucket": "tfstate"}
	list := []checktest.Case{
		{
			Name: "nothing", Params: all, Facts: cost.With(check, nil), Want: checks.Pass, Found: "nothing is left",
		},
		{
			Name: "left", Params: all, Facts: append(cost.With(check, map[string][]cost.Thing{call: {left}}), stateFact(0)),
			Want: checks.Fail, Expected: "nothing is left that costs", Found: "costs $", Fix: command,
		},
		{
			Name: "left by Terraform", Params: all, Want: checks.Fail, Fix: "terraform destroy\n",
			Facts: append(cost.With(check, map[string][]cost.Thing{call: {left}}), stateFact(5000)),
		},
	}
	if going.ID != "" {
		list = append(list, checktest.Case{
			Name: "on its way out", Params: all, Facts: cost.With(check, map[string][]cost.Thing{call: {going}}),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		})
	}
	return list
}
