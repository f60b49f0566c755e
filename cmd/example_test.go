package cmd_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd"
)

// fewUsers passes when an account has no more IAM users than a lab says.
var fewUsers = checks.New(checks.Spec[fewUsersParams]{
	ID:       "few-users",
	Title:    "The account has few IAM users",
	Why:      "Every user is one more way in.",
	Verify:   "aws iam list-users --query 'length(Users)'",
	Reads:    []facts.Source{account.Users},
	Defaults: fewUsersParams{AtMost: 5},
	Run: func(v *facts.View, p fewUsersParams) (checks.Result, error) {
		users, err := account.Users.Get(v, account.WholeAccount{})
		if err != nil {
			return checks.Result{}, err // it is not known, and never the student's fault
		}
		f := checks.Finding{
			Subject:  "IAM users",
			LookedAt: "all users of the account",
			Expected: fmt.Sprintf("%d at most", p.AtMost),
		}
		found := fmt.Sprintf("users: %d", len(users))
		if len(users) <= p.AtMost {
			return checks.Of(f.Pass(found)), nil
		}
		return checks.Of(f.Fail(found)).WithFix(checks.Fix{Console: "IAM › Users › Delete", ConsoleOnly: true}), nil
	},
})

type fewUsersParams struct {
	AtMost int `json:"at-most" help:"how many users there may be"`
}

// A program of one's own is a list of checks; its main is os.Exit(cmd.Main(cmd.System(), ...)). Here the lab of
// testdata/example.yaml, which uses a check of one's own, is graded on the practice account. A test needs nothing of
// the system but the streams and a clock.
func ExampleMain() {
	code := cmd.Main(cmd.Env{
		Context: context.Background(), Program: "mylab", Stdout: os.Stdout, Stderr: os.Stderr,
		Args: []string{"testdata/example.yaml", "--sandbox=finished", "--quiet", "--report", "table"},
		Now:  func() time.Time { return time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC) },
	}, fewUsers)
	fmt.Println("exit code", code)
	// Output:
	// A small team (small-team)
	// Account  123456789012
	// Caller   arn:aws:iam::123456789012:user/alice
	// Region   us-east-1
	//
	// SIMULATED  This is the practice account. It says nothing about a real one.
	//
	// ╭───────────┬─────────────────────────────────────────────────────────┬────────╮
	// │           │ People                                                  │ points │
	// ├───────────┼─────────────────────────────────────────────────────────┼────────┤
	// │ ✓ pass    │ The account has few IAM users                           │    1/1 │
	// │           │ few-users: users: 1                                     │        │
	// ╰───────────┴─────────────────────────────────────────────────────────┴────────╯
	//
	// 1 of 1 point (100%). Passed: 100% is needed.
	//
	// Nothing is left to do: 1 of 1 step done, 1 of 1 point.
	// exit code 0
}
