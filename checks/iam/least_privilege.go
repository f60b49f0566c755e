package iam

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// LeastPrivilege passes when no policy of the caller's IAM user, its own or of a group, allows everything. AWS's
// AdministratorAccess is half right in an account of one's own, where somebody must be the administrator; an inline or
// customer policy that allows everything is not, because it hides the same right behind another name. Roles and
// Identity Center are skipped: who made them decides what they may do. CIS AWS Foundations v5 1.15.
var LeastPrivilege = checks.New(checks.Spec[checks.NoParams]{
	ID:     "iam-least-privilege",
	Title:  "The IAM user works without administrator rights",
	Why:    "A leaked key or a slip in a script can do whatever its user may do, so that less is safer.",
	Verify: "aws iam list-attached-user-policies --user-name USER",
	Reads: []facts.Source{
		account.AttachedPolicies, account.InlinePolicies, account.UserGroups, account.InlinePolicy, account.ManagedPolicy,
	},
	Extra: []facts.Source{account.UserBoundary},
	Skip:  noIAMUser,
	Run:   leastPrivilege,
	Fix:   workWithLess,
})

// shareOfAdministrator is what AWS's AdministratorAccess on the daily user is worth, in percent.
const shareOfAdministrator = 50

func leastPrivilege(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{Expected: "no policy that allows every action on every resource"}
	user, err := iamUser(v.Site())
	if err != nil {
		return checks.Of(checks.Unanswered("IAM user", "caller", f.Expected, err)), nil
	}
	all := permissionsOf(v, user)
	f.Subject = "IAM user " + user
	f.LookedAt = all.lookedAt(user)
	var result checks.Result
	var bad []permission
	var names, advice []string
	for _, p := range all.list {
		judged, wide := judge(f, p, v.Site())
		switch judged.Verdict {
		case checks.Pass:
			names = append(names, p.name)
			advice = append(advice, wide...)
			continue
		case checks.Fail, checks.Partial:
			if len(bad) == 0 {
				judged.Advice = boundary(v, user)
			}
			bad = append(bad, p)
		default:
		}
		result.Findings = append(result.Findings, judged)
	}
	for _, err := range all.failed {
		result.Findings = append(result.Findings, checks.Unanswered(f.Subject, f.LookedAt, f.Expected, err))
	}
	if len(result.Findings) == 0 {
		f.Verdict, f.Found, f.Advice = checks.Pass, harmless(names), strings.Join(advice, "; ")
		result.Findings = append(result.Findings, f)
	}
	result.Known = knownOfRemovals(bad, v.Site())
	return result, nil
}

func harmless(names []string) string {
	if len(names) == 0 {
		return "no policy"
	}
	return named(names) + ": none of them allows everything"
}

// judge says what one policy means, and which of its rights are wide without being everything.
func judge(f checks.Finding, p permission, s checks.Site) (finding checks.Finding, wide []string) {
	if p.document == nil {
		return judgeAWSPolicy(f, p, s)
	}
	document, err := p.document.Get()
	if err != nil {
		return checks.Unanswered(p.String(), f.LookedAt, f.Expected, err), nil
	}
	g := grantsOf(document)
	if g.everything {
		f.Verdict, f.Found = checks.Fail, p.String()+" allows every action on every resource"
		return f, nil
	}
	for _, right := range g.wide {
		wide = append(wide, p.String()+" allows "+right)
	}
	f.Verdict = checks.Pass
	return f, wide
}

// judgeAWSPolicy knows a policy of AWS by its ARN: its name alone could be anybody's.
func judgeAWSPolicy(f checks.Finding, p permission, s checks.Site) (finding checks.Finding, wide []string) {
	f.Verdict = checks.Pass
	switch {
	case isQuarantine(p, s):
		f.Verdict = checks.Fail
		f.Found = p.String() + " is attached by AWS: an access key of this user was found in public"
		f.Expected = "no access key in public"
	case p.arn == s.ManagedPolicyARN("AdministratorAccess"):
		f.Verdict, f.Share = checks.Partial, shareOfAdministrator
		f.Found = p.String() + " allows every action on every resource"
	case p.arn == s.ManagedPolicyARN("IAMFullAccess"):
		wide = append(wide, p.String()+" allows every action of iam on every resource, which is the way to every other right")
	}
	return f, wide
}

// isQuarantine says whether AWS itself has locked the user up, in any version of its policy:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
func isQuarantine(p permission, s checks.Site) bool {
	return strings.HasPrefix(p.arn, s.ManagedPolicyARN("AWSCompromisedKeyQuarantine"))
}

// boundary tells that a permissions boundary limits the user, which the policies do not show.
func boundary(v *facts.View, user string) string {
	b, err := account.UserBoundary.Get(v, account.UserKey{User: user})
	if err != nil || b.PolicyARN == "" {
		return ""
	}
	return "the permissions boundary " + b.PolicyARN + " limits what the user can do with it"
}
