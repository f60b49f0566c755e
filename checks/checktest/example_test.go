package checktest_test

import (
	"fmt"
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

// alias is the read of the check below; a real one has a Fetch that asks AWS.
var alias = &facts.Read[struct{}, string]{Name: "example.alias", Operations: []string{"iam:ListAccountAliases"}}

// AccountAlias passes when the account has a name that people can tell apart.
var AccountAlias = checks.New(checks.Spec[checks.NoParams]{
	ID: "iam-account-alias", Title: "The account has an alias", Why: "Twelve digits look alike.",
	Verify: "aws iam list-account-aliases", Reads: []facts.Source{alias},
	Run: func(v *facts.View, _ checks.NoParams) (checks.Result, error) {
		f := checks.Finding{Subject: "account", LookedAt: "IAM account aliases", Expected: "an alias"}
		name, err := alias.Get(v, struct{}{})
		switch {
		case err != nil:
			return checks.Of(f.Unknown(err)), nil
		case name != "":
			return checks.Of(f.Pass("the alias is " + name)), nil
		}
		return checks.Of(f.Fail("there is no alias")).WithFix(checks.Fix{
			Commands: []checks.Command{checks.Sh("aws", "iam", "create-account-alias", "--account-alias", "MY_NAME")},
			Console:  "IAM › Dashboard › AWS Account › Create alias",
		}), nil
	},
})

// accountAliasCases are a situation for each thing that the check can say.
var accountAliasCases = []checktest.Case{
	{
		Name: "an alias", Facts: []facts.Given{alias.Given(struct{}{}, "my-lab")},
		Want: checks.Pass, Found: "the alias is my-lab",
	},
	{
		Name: "none", Facts: []facts.Given{alias.Given(struct{}{}, "")},
		Want: checks.Fail, Expected: "an alias", Fix: "aws iam create-account-alias",
	},
}

// This is all of a check's test. That the read is denied, throttled or answered with nonsense, Run tries by itself.
func ExampleRun() {
	var t *testing.T // the parameter of func TestAccountAlias, in account_alias_test.go beside account_alias.go
	checktest.Run(t, AccountAlias, accountAliasCases)
}

func TestTheExample(t *testing.T) { checktest.Run(t, AccountAlias, accountAliasCases) }

// Look shows what the table cannot ask, such as the whole of a fix.
func ExampleLook() {
	t := new(testing.T) // a test has its own
	result := checktest.Look(t, AccountAlias, accountAliasCases[1])
	fmt.Println(result.Verdict(), result.Fix.Console)
	// Output: fail IAM › Dashboard › AWS Account › Create alias
}
