package iam

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
)

// What the fix has to know of the policies.
const (
	// knownQuarantine is there when AWS has locked the user up.
	knownQuarantine = "quarantine"
	// knownRemovals are the commands that take policies away, one per line. No argument holds a space.
	knownRemovals = "removals"
)

func knownOfRemovals(bad []permission, s checks.Site) map[string]string {
	if slices.ContainsFunc(bad, func(p permission) bool { return isQuarantine(p, s) }) {
		return map[string]string{knownQuarantine: "yes"}
	}
	var lines []string
	for _, p := range bad {
		removal, safe := p.removal(userForFix(s))
		if !safe {
			return nil
		}
		if line := strings.Join(removal.Args, " "); !slices.Contains(lines, line) { // a group may have several
			lines = append(lines, line)
		}
	}
	return map[string]string{knownRemovals: strings.Join(lines, "\n")}
}

// removal is the command that takes the policy away from the user: the policy itself, or the membership of the group that
// has it, which leaves the group's other members what they have. There is none where a name would not be safe in it.
func (p permission) removal(user string) (command checks.Command, safe bool) {
	of := func(operation, flag, value string) checks.Command {
		return checks.Sh("aws", "iam", operation, "--user-name", user, flag, value)
	}
	switch {
	case !nameGrammar.MatchString(user):
		return checks.Command{}, false
	case p.holder.Kind == account.GroupPrincipal:
		return of("remove-user-from-group", "--group-name", p.holder.Name), nameGrammar.MatchString(p.holder.Name)
	case p.arn != "":
		return of("detach-user-policy", "--policy-arn", p.arn), arnGrammar.MatchString(p.arn)
	}
	return of("delete-user-policy", "--policy-name", p.name), nameGrammar.MatchString(p.name)
}

// workWithLess gives what daily work needs, looks, and only then takes the administrator's rights away: the other way
// round would lock the user out.
func workWithLess(s checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	if r.Known[knownQuarantine] != "" {
		// AWS asks that its policy stays until the steps of the support case are done
		return checks.Fix{Console: "Sign in as the root user › AWS Support Center › Your support cases", ConsoleOnly: true}
	}
	fix := checks.Fix{Console: "IAM › Users › " + userForFix(s) + " › Permissions"}
	user, removals := userForFix(s), r.Known[knownRemovals]
	if removals == "" {
		fix.ConsoleOnly = true
		return fix
	}
	fix.Commands = append(attachDailyPolicies(s, user),
		checks.Sh("aws", "iam", "list-attached-user-policies", "--user-name", user))
	for line := range strings.Lines(removals) {
		fix.Commands = append(fix.Commands, checks.Sh(strings.Fields(line)...))
	}
	return fix
}

// attachDailyPolicies gives a user everything but the power over IAM. Reading IAM is part of it: without that the account
// could no longer be graded.
func attachDailyPolicies(s checks.Site, user string) []checks.Command {
	var commands []checks.Command
	for _, policy := range []string{"PowerUserAccess", "IAMReadOnlyAccess"} {
		commands = append(commands, checks.Sh("aws", "iam", "attach-user-policy", "--user-name", user,
			"--policy-arn", s.ManagedPolicyARN(policy)))
	}
	return commands
}
