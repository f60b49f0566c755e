package iam

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// LeastPrivilege passes when no policy of the caller's IAM user, its own or of a group, allows everything or the power
// over IAM that leads there. AWS's AdministratorAccess is half right in an account of one's own, where somebody must be
// the administrator; an inline or customer policy that allows everything is not, because it hides the same right behind
// another name. Half right is the power over IAM too, whichever policies give it. Roles and Identity Center are
// skipped: who made them decides what they may do. CIS AWS Foundations v5 1.15.
var LeastPrivilege = checks.New(checks.Spec[checks.NoParams]{
	ID:     "iam-least-privilege",
	Title:  "The IAM user works without administrator rights",
	Why:    "A leaked key or a slip in a script can do whatever its user may do, so that less is safer.",
	Verify: "aws iam list-attached-user-policies --user-name USER",
	About:  checks.AboutCaller,
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/best-practices.html",
		Console: "iam/home#/users",
	},
	Reads: []facts.Source{
		account.AttachedPolicies, account.InlinePolicies, account.UserGroups, account.InlinePolicy,
		account.ManagedPolicy,
	},
	Extra: []facts.Source{account.UserBoundary},
	Skip:  noOwnPolicies,
	Run:   leastPrivilege,
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
	withoutIAM := slices.ContainsFunc(all.list, permission.deniesIAM)
	for _, p := range all.list {
		judged, wide := judge(f, p, v.Site(), withoutIAM)
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
		result.Findings = append(result.Findings, f.Unknown(err))
	}
	if len(result.Findings) == 0 {
		f.Advice = strings.Join(advice, "; ")
		result.Findings = append(result.Findings, f.Pass(harmless(names)))
	}
	return result.WithFix(workWithLess(v.Site(), bad)), nil
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

// shareOfAdministrator is what AdministratorAccess on the daily user is worth, and the power over IAM, in percent.
const shareOfAdministrator = 50

const (
	everyRight  = "every action on every resource"
	toEachRight = ", which is the way to every other right"
)

// judge says what one policy means, and which of its rights are wide without being everything. A policy that passes is
// shown with the others, not by itself. withoutIAM says that some policy denies all of IAM: what is left is what AWS
// calls a power user.
func judge(
	f checks.Finding, p permission, s checks.Site, withoutIAM bool,
) (finding checks.Finding, wide []string) {
	if p.document == nil {
		return judgeAWSPolicy(f, p, s, withoutIAM)
	}
	document, err := p.document.Get()
	if err != nil {
		f.Subject = p.String()
		return f.Unknown(err), nil
	}
	g := grantsOf(document, s.Caller.ARN)
	switch {
	case withoutIAM && g.everything:
		g.add(everyRight + " except those of IAM, which are denied")
	case withoutIAM:
	case g.everything:
		return f.Fail(p.String() + " allows " + everyRight), nil
	case g.power != "":
		return f.Partial(shareOfAdministrator, p.String()+" allows "+g.power+toEachRight), nil
	}
	for _, right := range g.wide {
		wide = append(wide, p.String()+" allows "+right)
	}
	return f.Pass(p.String()), wide
}

// judgeAWSPolicy knows a policy of AWS by its ARN: its name alone could be anybody's.
func judgeAWSPolicy(
	f checks.Finding, p permission, s checks.Site, withoutIAM bool,
) (finding checks.Finding, wide []string) {
	switch {
	case isQuarantine(p, s):
		f.Expected = "no access key in public"
		return f.Fail(p.String() + " is attached by AWS: an access key of this user was found in public"), nil
	case withoutIAM:
	case p.arn == s.ManagedPolicyARN("AdministratorAccess"):
		return f.Partial(shareOfAdministrator, p.String()+" allows "+everyRight), nil
	case p.arn == s.ManagedPolicyARN("IAMFullAccess"):
		const allows = " allows every action of iam on every resource"
		return f.Partial(shareOfAdministrator, p.String()+allows+toEachRight), nil
	}
	return f.Pass(p.String()), nil
}

// deniesIAM says whether the policy takes every right over IAM away. One that cannot be read takes none.
func (p permission) deniesIAM() bool {
	if p.document == nil {
		return false
	}
	document, err := p.document.Get()
	return err == nil && slices.ContainsFunc(document.Statements, deniesIAM)
}

// isQuarantine says whether AWS itself has locked the user up, in any version of its policy:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
func isQuarantine(p permission, s checks.Site) bool {
	return strings.HasPrefix(p.arn, s.ManagedPolicyARN("AWSCompromisedKeyQuarantine"))
}

// workWithLess gives what daily work needs, looks, and only then takes the administrator's rights away: the other way
// round would lock the user out. Where a name is not safe in a command, there is only the console.
func workWithLess(s checks.Site, bad []permission) checks.Fix {
	if slices.ContainsFunc(bad, func(p permission) bool { return isQuarantine(p, s) }) {
		// AWS asks that its policy stays until the steps of the support case are done
		return checks.Fix{
			Console: "Sign in as the root user › AWS Support Center › Your support cases", ConsoleOnly: true,
		}
	}
	user := userForFix(s)
	fix := checks.Fix{Console: "IAM › Users › " + user + " › Permissions"}
	var removals []checks.Command
	seen := map[string]bool{}
	for _, p := range bad {
		removal, safe := p.removal(user)
		if !safe {
			return checks.Fix{Console: fix.Console, ConsoleOnly: true}
		}
		if line := removal.String(); !seen[line] { // a group may have several
			seen[line] = true
			removals = append(removals, removal)
		}
	}
	fix.Commands = append(attachDailyPolicies(s, user),
		checks.Sh("aws", "iam", "list-attached-user-policies", "--user-name", user))
	fix.Commands = append(fix.Commands, removals...)
	return fix
}

// removal is the command that takes the policy away from the user: the policy itself, or the membership of the group
// that has it, which leaves the group's other members what they have. There is none where a name would not be safe in
// it.
func (p permission) removal(user string) (removal checks.Command, safe bool) {
	command := func(operation, flag, value string) checks.Command {
		return checks.Sh("aws", "iam", operation, "--user-name", user, flag, value)
	}
	switch {
	case !nameGrammar.MatchString(user):
		return checks.Command{}, false
	case p.holder.Kind == account.GroupPrincipal:
		return command("remove-user-from-group", "--group-name", p.holder.Name), nameGrammar.MatchString(p.holder.Name)
	case p.arn != "":
		return command("detach-user-policy", "--policy-arn", p.arn), arnGrammar.MatchString(p.arn)
	}
	return command("delete-user-policy", "--policy-name", p.name), nameGrammar.MatchString(p.name)
}

// attachDailyPolicies gives a user everything but the power over IAM. Reading IAM is part of it: without that the
// account could no longer be graded.
func attachDailyPolicies(s checks.Site, user string) []checks.Command {
	var commands []checks.Command
	for _, policy := range []string{"PowerUserAccess", "IAMReadOnlyAccess"} {
		commands = append(commands, checks.Sh("aws", "iam", "attach-user-policy", "--user-name", user,
			"--policy-arn", s.ManagedPolicyARN(policy)))
	}
	return commands
}
