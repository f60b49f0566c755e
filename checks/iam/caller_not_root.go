package iam

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// CallerNotRoot passes when the credentials in use are not the root user's, whatever else they are: an Identity Center
// user or a role is as good as an IAM user or better. Temporary credentials can be the root user's too ("aws login"),
// so that the caller's ARN alone decides.
var CallerNotRoot = checks.New(checks.Spec[checks.NoParams]{
	ID:    "iam-caller-not-root",
	Title: "Daily work is not done as the root user",
	Why: "No policy can limit the root user, so that every slip and every leaked credential reaches " +
		"the whole account.",
	Verify: "aws sts get-caller-identity --query Arn",
	About:  checks.AboutCaller,
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/root-user-best-practices.html",
		Console: "iam/home#/users",
	},
	Reads: []facts.Source{account.CallerIdentity},
	Extra: []facts.Source{account.Users},
	Run:   callerNotRoot,
})

func callerNotRoot(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{
		Subject: "credentials in use", LookedAt: "STS caller identity", Expected: "any identity but the root user",
	}
	region := v.Site().Region
	identity, err := account.Caller(v, region)
	if err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	caller := facts.ParseSite(identity.Account, identity.ARN, identity.UserID, region).Caller
	switch caller.Kind {
	case facts.IAMUser:
		f = f.Pass("IAM user " + caller.Name)
		if strings.EqualFold(caller.Name, checks.PlaceholderUser) {
			f.Advice = checks.PlaceholderUser + " stands for a name of your own in the printed command: " +
				"a user with your name is easier to tell from others"
		}
	case facts.IdentityCenter:
		f = f.Pass("Identity Center user with permission set " + caller.Name + ", which is better than an IAM user")
	case facts.AssumedRole:
		f = f.Pass("role " + caller.Name)
	case facts.LearnerLab:
		f = f.Pass("role " + caller.Name + " of an AWS Academy Learner Lab")
	case facts.FederatedUser:
		f = f.Pass("federated user " + caller.Name)
		f.Advice = "a federated session does not tell who made it: " +
			"make it with an IAM user's credentials, not the root user's"
	case facts.Root:
		return rootCaller(v, f), nil
	default:
		f = f.Unknown(facts.Errorf(facts.Unsupported, "the caller %q is of an unknown kind", identity.ARN))
	}
	return checks.Of(f), nil
}

// rootCaller looks which IAM user was probably meant: a user that is there is used, and one of several is the person's
// choice.
func rootCaller(v *facts.View, f checks.Finding) checks.Result {
	f = f.Fail("the root user")
	user := "" // to switch to
	users, err := account.Users.Get(v, account.WholeAccount{})
	switch {
	case err != nil:
	case len(users) == 0:
		f.NearMiss = "the account has no IAM user yet"
	case len(users) == 1:
		f.NearMiss = "1 IAM user exists: " + users[0]
		user = forCommand(users[0])
	default:
		f.NearMiss = checks.Count(len(users), "IAM user") + " exist: " + checks.Names(users)
		user = checks.PlaceholderUser
	}
	return checks.Of(f).WithFix(switchTo(v.Site(), user))
}

// switchTo gives an IAM user a key and points the AWS CLI at it; without a user ("") it makes one. Keys that were
// pasted into the shell come before any profile, and so they go first; to unset what is not set does no harm.
func switchTo(s checks.Site, user string) checks.Fix {
	fix := checks.Fix{Console: "IAM › Users › Create user; then work with its credentials"}
	if user == "" {
		user = checks.PlaceholderUser
		fix.Commands = append(fix.Commands, checks.Sh("aws", "iam", "create-user", "--user-name", user))
		fix.Commands = append(fix.Commands, attachDailyPolicies(s, user)...)
	}
	fix.Commands = append(fix.Commands,
		checks.Sh("aws", "iam", "create-access-key", "--user-name", user),
		checks.Sh("aws", "configure", "--profile", user), // it asks for the key that was made above
		checks.Sh("unset", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
		checks.Sh("export", "AWS_PROFILE="+user),
	)
	return fix
}
