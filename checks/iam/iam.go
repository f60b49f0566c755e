// Package iam checks who works in the account and with which rights: the root user, and the IAM user in daily use.
//
// What a check can say depends on the caller. Steps about the IAM user are skipped where people are no IAM users of the
// account (Identity Center, a role, a Learner Lab); for the root user they stay open, because it is the choice of
// credentials that hides the user.
package iam

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/checks/facts"
)

//go:embed *.yaml
var files embed.FS

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check {
	return slices.Concat(
		[]*checks.Check{RootMFA, RootNoAccessKeys, CallerNotRoot, UserMFA, AccessKeyAge, LeastPrivilege},
		declared.Folder(files),
	)
}

// noRootUser says why the root user of this account is not the student's to set up; "" when it is.
func noRootUser(s checks.Site) string {
	switch {
	case s.Caller.Kind == facts.LearnerLab:
		return "a Learner Lab account's root user belongs to AWS Academy"
	case s.Partition == "aws-us-gov":
		return "an AWS GovCloud (US) account has no root user that can be used"
	}
	return ""
}

// noIAMUser says why there is no IAM user to look at; "" when there is one, or when the caller does not tell.
func noIAMUser(s checks.Site) string {
	switch s.Caller.Kind {
	case facts.LearnerLab:
		return "a Learner Lab has no IAM user of its own: AWS Academy signs its students in"
	case facts.IdentityCenter:
		const why = "IAM Identity Center manages this sign-in (permission set %s); it is no IAM user"
		return fmt.Sprintf(why, s.Caller.Name)
	case facts.AssumedRole:
		return fmt.Sprintf("these credentials belong to the role %s, not to an IAM user", s.Caller.Name)
	case facts.FederatedUser:
		return "these credentials belong to a federated user, not to an IAM user"
	default:
		return ""
	}
}

// noOwnPolicies says why there are no policies of an IAM user to look at. The name of a permission set may show that it
// allows everything.
func noOwnPolicies(s checks.Site) string {
	why := noIAMUser(s)
	if s.Caller.Kind == facts.IdentityCenter && strings.HasSuffix(s.Caller.Name, "AdministratorAccess") {
		why += "; a permission set that allows less is safer for daily work"
	}
	return why
}

// iamUser returns the name of the caller's IAM user, or why it is not known. Callers for whom noIAMUser has a reason
// never get here.
func iamUser(s checks.Site) (string, error) {
	switch s.Caller.Kind {
	case facts.IAMUser:
		return s.Caller.Name, nil
	case facts.Root:
		return "", facts.Errorf(facts.NotLooked,
			"these credentials are the root user's: which IAM user is meant is not known")
	default:
		return "", facts.Errorf(facts.Unsupported, "the caller %s is of an unknown kind", s.Caller.ARN)
	}
}

// byAdministrator is the advice beside a fix that writes to IAM, which daily work needs no right for.
const byAdministrator = "a user without rights over IAM cannot do this alone: the root user or an administrator can"

// userForFix is the caller's IAM user as a person reads it in a fix, or the placeholder for a user who is not known.
func userForFix(s checks.Site) string {
	if s.Caller.Kind == facts.IAMUser {
		return s.Caller.Name
	}
	return checks.PlaceholderUser
}

// nameGrammar is what IAM allows in the name of a user, a group, a policy or a virtual MFA device. A name that begins
// with a hyphen is left out: the AWS CLI would take it for an option.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
var nameGrammar = regexp.MustCompile(`^[\w+=,.@][\w+=,.@-]*$`)

// arnGrammar is the ARN of a managed policy or of a virtual MFA device whose path and name are safe in a command.
var arnGrammar = regexp.MustCompile(`^arn:[a-z0-9-]+:iam::(aws|\d{12}):(policy|mfa)/[\w+=,.@/-]+$`)

// forCommand is a name as it may stand in a command, or the placeholder for it.
func forCommand(name string) string {
	if nameGrammar.MatchString(name) {
		return name
	}
	return checks.PlaceholderUser
}

// unknownUser is what a check says where the caller does not tell which IAM user to look at.
func unknownUser(expected string, err error) checks.Result {
	return checks.Of(checks.Finding{Subject: "IAM user", LookedAt: "caller", Expected: expected}.Unknown(err))
}

const day = 24 * time.Hour

// daysSince counts whole days, at least 0: a clock that runs behind AWS's makes nothing younger than new.
func daysSince(then, now time.Time) int { return max(0, int(now.Sub(then)/day)) }
