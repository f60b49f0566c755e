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

// fixOf runs a check on facts and returns its fix.
func fixOf(t *testing.T, check *checks.Check, site facts.Site, given []facts.Given) checks.Fix {
	t.Helper()
	return checktest.Look(t, check, checktest.Case{Site: site, Facts: given}).Fix
}

// Names come from strangers: what AWS would never take as a name never gets into a command.
func TestStrangeNamesStayOutOfCommands(t *testing.T) {
	for _, name := range []string{"--debug", "a b", "x; rm -r ~", "$(id)", "file://secret", "a\nb", ""} {
		own := "arn:aws:iam::123456789012:policy/" + name
		for what, given := range map[string]policies{
			"an inline policy": {inline: map[account.Principal]map[string]string{alice: {name: everything}}},
			"a customer policy": {
				attached: map[account.Principal][]string{alice: {own}}, managed: map[string]string{own: everything},
			},
			"a group": {
				groups: []string{name},
				attached: map[account.Principal][]string{
					{Kind: account.GroupPrincipal, Name: name}: {ofAWS + "AdministratorAccess"},
				},
			},
		} {
			if what == "a customer policy" && name == "--debug" {
				continue // it is only a part of the ARN, and safe there
			}
			fix := fixOf(t, iam.LeastPrivilege, checktest.Alice(), given.facts())
			require.True(t, fix.ConsoleOnly, "%s named %q", what, name)
			require.Empty(t, fix.Commands, "%s named %q", what, name)
		}
		if name == "" {
			continue
		}
		site := named(name)
		for check, given := range failing(site.Caller.Name) {
			fix := fixOf(t, check, site, given)
			require.NotEmpty(t, fix.Console, check.ID)
			for _, command := range fix.Commands {
				require.NotContains(t, command.Args, name, check.ID)
			}
		}
	}
}

// failing are the checks about an IAM user of this name, with facts on which they fail.
func failing(user string) map[*checks.Check][]facts.Given {
	holder := account.Principal{Kind: account.UserPrincipal, Name: user}
	return map[*checks.Check][]facts.Given{
		iam.UserMFA:      {account.UserSignIn.Given(account.UserKey{User: user}, account.SignIn{HasPassword: true})},
		iam.AccessKeyAge: {account.AccessKeys.Given(account.UserKey{User: user}, []account.AccessKey{key(first, 100*day)})},
		iam.LeastPrivilege: {
			account.UserGroups.Given(account.UserKey{User: user}, nil), account.AttachedPolicies.Given(holder, nil),
			account.InlinePolicies.Given(holder, []string{"all"}),
			account.InlinePolicy.Given(account.InlinePolicyKey{Principal: holder, Policy: "all"}, document(everything)),
		},
	}
}

// A caller who is no IAM user gets no fix about one: none may name the root user as if it were.
func TestRootGetsNoFixAboutAUser(t *testing.T) {
	for check, given := range failing("alice") {
		require.Empty(t, fixOf(t, check, checktest.Root(), given), check.ID)
	}
}

// One command takes the user out of a group, however many of its policies are too wide, and leaves its other members
// alone.
func TestTheUserLeavesAGroupOnce(t *testing.T) {
	own := "arn:aws:iam::123456789012:policy/mine"
	given := policies{
		groups:   []string{"admins"},
		attached: map[account.Principal][]string{admins: {ofAWS + "AdministratorAccess", own}},
		inline:   map[account.Principal]map[string]string{admins: {"all": everything}},
		managed:  map[string]string{own: everything},
	}
	commands := fixOf(t, iam.LeastPrivilege, checktest.Alice(), given.facts()).Commands
	require.Equal(t, []string{"aws", "iam", "remove-user-from-group", "--user-name", "alice", "--group-name", "admins"},
		commands[len(commands)-1].Args)
	require.Len(t, commands, 4)
}

// AWS asks that its own lock stays until its support case is done.
func TestQuarantineIsNotTakenAway(t *testing.T) {
	given := policies{attached: map[account.Principal][]string{
		alice: {ofAWS + "AdministratorAccess", ofAWS + "AWSCompromisedKeyQuarantineV2"},
	}}
	fix := fixOf(t, iam.LeastPrivilege, checktest.Alice(), given.facts())
	require.Empty(t, fix.Commands)
	require.Contains(t, fix.Console, "AWS Support Center")
}

// What is proven stays proven though the rest cannot be read, and what cannot be read is told.
func TestProvenFailStaysBesideDenials(t *testing.T) {
	denied := facts.Errorf(facts.AccessDenied, "denied")
	given := []facts.Given{
		account.UserGroups.GivenError(account.UserKey{User: "alice"}, denied),
		account.AttachedPolicies.GivenError(alice, denied),
		account.InlinePolicies.Given(alice, []string{"all", "hidden"}),
		account.InlinePolicy.Given(account.InlinePolicyKey{Principal: alice, Policy: "all"}, document(everything)),
		account.InlinePolicy.GivenError(account.InlinePolicyKey{Principal: alice, Policy: "hidden"}, denied),
	}
	result := checktest.Look(t, iam.LeastPrivilege, checktest.Case{Facts: given})
	require.Equal(t, checks.Fail, result.Verdict())
	require.Len(t, result.Findings, 4, "one fail, and three things that could not be looked at")
}
