package iam_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

func TestCallerNotRoot(t *testing.T) {
	identity := func(s facts.Site) facts.Given {
		userID := "AIDAEXAMPLE"
		if s.Caller.Kind == facts.Root {
			userID = s.Account
		}
		return account.CallerIdentity.Given(account.IdentityKey{Region: s.Region},
			account.Identity{Account: s.Account, ARN: s.Caller.ARN, UserID: userID})
	}
	users := func(names ...string) facts.Given { return account.Users.Given(account.WholeAccount{}, names) }
	passes := func(name string, s facts.Site, found string) checktest.Case {
		return checktest.Case{
			Name: name, Site: s, Facts: []facts.Given{identity(s)}, Want: checks.Pass, Found: found,
		}
	}
	root := func(name string, others facts.Given) checktest.Case {
		return checktest.Case{
			Name: name, Site: checktest.Root(), Facts: []facts.Given{identity(checktest.Root()), others},
			Want: checks.Fail, Found: "the root user", Expected: "any identity but the root user",
		}
	}
	fresh := root("root of an account without users", users())
	fresh.NearMiss = "no IAM user yet"
	fresh.Fix = `aws iam create-user --user-name YOUR_USER_NAME
aws iam attach-user-policy --user-name YOUR_USER_NAME --policy-arn arn:aws:iam::aws:policy/PowerUserAccess
aws iam attach-user-policy --user-name YOUR_USER_NAME --policy-arn arn:aws:iam::aws:policy/IAMReadOnlyAccess
aws iam create-access-key --user-name YOUR_USER_NAME
aws configure --profile YOUR_USER_NAME
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
export AWS_PROFILE=YOUR_USER_NAME`
	one := root("root beside one user", users("alice"))
	one.NearMiss = "1 IAM user exists: alice"
	one.Fix = "aws iam create-access-key --user-name alice\naws configure --profile alice\n" +
		"unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\nexport AWS_PROFILE=alice"
	many := root("root beside many users", users("a", "b", "c", "d", "e", "f", "g"))
	many.NearMiss = "7 IAM users exist: a, b, c, d, e and 2 more"
	many.Fix = "aws iam create-access-key --user-name YOUR_USER_NAME\naws configure"
	strange := root("a name that AWS would refuse never enters a command", users("--debug; rm -r ~"))
	strange.Fix = "aws iam create-access-key --user-name YOUR_USER_NAME\n"
	sessionOfRoot := site("arn:aws:iam::" + checktest.Account + ":root")

	pasted := passes("an IAM user whose name was pasted", named("Your_User_Name"), "IAM user Your_User_Name")
	pasted.Advice = "YOUR_USER_NAME stands for a name of your own"
	federation := passes("a federated user", federated(), "federated user jo")
	federation.Advice = "does not tell who made it"
	checktest.Run(t, iam.CallerNotRoot, []checktest.Case{
		passes("an IAM user", checktest.Alice(), "IAM user alice"), pasted,
		passes("an IAM user whose name is root", named("team/root"), "IAM user root"),
		passes("an Identity Center user", checktest.IdentityCenter(), "permission set PowerUserAccess"),
		passes("a role", checktest.Role(), "role deployer"),
		passes(
			"a Learner Lab, without the student's name", checktest.LearnerLab(), "role voclabs of an AWS Academy Learner Lab",
		),
		federation,
		fresh, one, many, strange,
		{
			Name: "the ARN alone shows root", Site: sessionOfRoot,
			Facts: []facts.Given{identity(sessionOfRoot), users()}, Want: checks.Fail,
		},
		{
			Name: "an unknown kind of caller", Site: unheardOf(), Facts: []facts.Given{identity(unheardOf())},
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
	})
}

// A Region that the account has not enabled rejects good credentials: that says nothing about who works in the account.
func TestTheCallerIsKnownInARegionThatIsNotEnabled(t *testing.T) {
	caller := facts.ParseSite(checktest.Account, checktest.Alice().Caller.ARN, "AIDAEXAMPLE", "me-central-1")
	bound, err := iam.CallerNotRoot.Bind(nil)
	require.NoError(t, err)
	session := facts.NewSession(t.Context(), facts.Options{Now: checktest.Now, Given: []facts.Given{
		account.CallerIdentity.GivenError(
			account.IdentityKey{Region: "me-central-1"}, facts.Errorf(facts.RejectedCredentials, "rejected"),
		),
		account.CallerIdentity.Given(account.IdentityKey{Region: "us-east-1"},
			account.Identity{Account: checktest.Account, ARN: caller.Caller.ARN, UserID: "AIDAEXAMPLE"}),
	}})
	result := bound.Run(session.View(caller, iam.CallerNotRoot.Reads, iam.CallerNotRoot.Extra))
	require.Equal(t, checks.Pass.String(), result.Verdict().String(), "%+v", result.Findings)
}
