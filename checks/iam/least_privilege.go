package iam

import (
	"slices"
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
	Skip:  noOwnPolicies,
	Run:   leastPrivilege,
	Fix:   workWithLess,
})

func leastPrivilege(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	f := checks.Finding{Expected: "no policy that allows every action on every resource"}
	user, err := iamUser(v.Site())
	if err != nil {
		return unknownUser(f.Expected, err), nil
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
			if !slices.Contains(names, p.name) { // the user and a group may have the same one
				names = append(names, p.name)
			}
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
		result.Findings = append(result.Findings, f.Unanswered(err))
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
	return checks.Names(names) + ": none of them allows everything"
}

// boundary tells that a permissions boundary limits the user, which the policies do not show.
func boundary(v *facts.View, user string) string {
	b, err := account.UserBoundary.Get(v, account.UserKey{User: user})
	if err != nil || b.PolicyARN == "" {
		return ""
	}
	return "the permissions boundary " + b.PolicyARN + " limits what the user can do with it"
}
