package iam

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// permission is one policy and whom it belongs to.
type permission struct {
	holder account.Principal
	name   string
	arn    string // empty for an inline policy
	// document is on its way; nil for a policy of AWS, which is known by its ARN.
	document *facts.Pending[account.PolicyDocument]
}

// permissions are the policies of a user, its own and those of its groups.
type permissions struct {
	list   []permission
	groups int
	// failed are the lists that could not be read: without them nothing is complete.
	failed []error
}

// lookedAt says how much was looked at.
func (p permissions) lookedAt(user string) string {
	policies := "1 policy"
	if len(p.list) != 1 {
		policies = fmt.Sprintf("%d policies", len(p.list))
	}
	return fmt.Sprintf("%s of IAM user %s and %s", policies, user, checks.Count(p.groups, "group"))
}

// A user is in at most 10 groups, and has at most 20 managed policies and 2048 characters of inline ones. What is far
// beyond is no answer of IAM's, and nobody is to ask for each of it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	maxGroups   = 100
	maxPolicies = 1000
)

// permissionsOf asks everything at once that does not need another answer first.
func permissionsOf(v *facts.View, user string) permissions {
	type policyLists struct {
		holder   account.Principal
		attached *facts.Pending[[]account.AttachedPolicy]
		inline   *facts.Pending[[]string]
	}
	ask := func(kind, name string) policyLists {
		holder := account.Principal{Kind: kind, Name: name}
		return policyLists{holder, account.AttachedPolicies.Start(v, holder), account.InlinePolicies.Start(v, holder)}
	}
	var p permissions
	membership := account.UserGroups.Start(v, account.UserKey{User: user})
	asked := []policyLists{ask(account.UserPrincipal, user)}
	groups, err := membership.Get()
	p.note(err)
	p.groups = len(groups)
	if len(groups) > maxGroups {
		p.note(facts.Errorf(facts.InvalidResponse, "IAM lists %d groups of one user, which can be in 10", len(groups)))
		groups = nil
	}
	for _, group := range groups {
		asked = append(asked, ask(account.GroupPrincipal, group))
	}
	for _, lists := range asked {
		attached, err := lists.attached.Get()
		p.note(err)
		inline, err := lists.inline.Get()
		p.note(err)
		if len(p.list)+len(attached)+len(inline) > maxPolicies {
			p.note(facts.Errorf(facts.InvalidResponse, "IAM lists more policies of one user than there can be"))
			break
		}
		for _, policy := range attached {
			p.list = append(p.list, managed(v, lists.holder, policy))
		}
		for _, name := range inline {
			key := account.InlinePolicyKey{Principal: lists.holder, Policy: name}
			p.list = append(p.list, permission{lists.holder, name, "", account.InlinePolicy.Start(v, key)})
		}
	}
	return p
}

func managed(v *facts.View, holder account.Principal, policy account.AttachedPolicy) permission {
	p := permission{holder: holder, name: policy.Name, arn: policy.ARN}
	if !strings.HasPrefix(policy.ARN, v.Site().ManagedPolicyARN("")) {
		p.document = account.ManagedPolicy.Start(v, account.PolicyKey{ARN: policy.ARN})
	}
	return p
}

func (p *permissions) note(err error) {
	if err != nil {
		p.failed = append(p.failed, err)
	}
}

// String names the policy with its holder, for a person.
func (p permission) String() string {
	if p.arn == "" {
		return "inline policy " + p.name + " of " + p.holder.String()
	}
	return "policy " + p.name + " on " + p.holder.String()
}

// grants is what a policy allows that daily work does not need. It says what is granted, not what can be done in the
// end: of the statements that deny, only one that denies all of IAM is weighed against it (see deniesIAM).
type grants struct {
	// everything says that one statement allows every action on every resource without a condition.
	everything bool
	// power is an action with which the user can give itself every other right; "" if there is none.
	power string
	// wide are other rights that daily work rarely needs, in words.
	wide []string
}

// grantsOf judges a policy statement by statement, for the user with this ARN.
func grantsOf(document account.PolicyDocument, userARN string) grants {
	var g grants
	for _, s := range document.Statements {
		if s.Effect != account.EffectAllow {
			continue
		}
		g.power = cmp.Or(g.power, powerOf(s, userARN))
		everyAction := slices.ContainsFunc(s.Actions, matchesAll)
		everyResource := slices.ContainsFunc(s.Resources, isEveryResource)
		switch {
		case everyAction && everyResource && !s.Conditional:
			g.everything = true
		case everyAction && everyResource:
			g.add("every action on every resource, under a condition")
		case everyAction && len(s.NotResources) > 0:
			g.add("every action on every resource except " + checks.Names(s.NotResources))
		case len(s.NotActions) > 0 && (everyResource || len(s.NotResources) > 0):
			g.add("every action except " + checks.Names(s.NotActions))
		case everyResource && !s.Conditional: // iam:PassedToService is the condition under which roles should be passed
			for _, action := range s.Actions {
				g.addAction(action)
			}
		}
	}
	return g
}

// powerOf names the action of a statement with which the user can give itself every other right: writing or attaching a
// policy of its own, or of any group. It is in "iam:*" as well as in "NotAction" of anything else.
func powerOf(s account.PolicyStatement, userARN string) string {
	if s.Conditional {
		return ""
	}
	for _, action := range []string{"iam:AttachUserPolicy", "iam:PutUserPolicy"} {
		if hasAction(s, action) && hasResource(s, userARN) {
			return action
		}
	}
	for _, action := range []string{"iam:AttachGroupPolicy", "iam:PutGroupPolicy"} {
		anyGroup := strings.Replace(userARN, ":user/", ":group/", 1) // whatever its name
		if hasAction(s, action) && hasResource(s, anyGroup) {
			return action
		}
	}
	return ""
}

// deniesIAM says whether a statement takes every right over IAM away, whatever other policies allow.
func deniesIAM(s account.PolicyStatement) bool {
	if s.Effect != account.EffectDeny || s.Conditional || !slices.ContainsFunc(s.Resources, isEveryResource) {
		return false
	}
	if len(s.NotActions) == 0 {
		return slices.ContainsFunc(s.Actions, func(pattern string) bool { return takesIn(pattern, "iam:*") })
	}
	return !slices.ContainsFunc(s.NotActions, func(pattern string) bool {
		service, _, ok := strings.Cut(pattern, ":")
		return !ok || takesIn(service, "iam")
	})
}

// hasAction says whether a statement is about an action.
func hasAction(s account.PolicyStatement, action string) bool {
	matches := func(pattern string) bool { return takesIn(pattern, action) }
	if len(s.NotActions) > 0 {
		return !slices.ContainsFunc(s.NotActions, matches)
	}
	return slices.ContainsFunc(s.Actions, matches)
}

// hasResource says whether a statement is about the user with this ARN, or about a group.
func hasResource(s account.PolicyStatement, arn string) bool {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	matches := func(pattern string) bool {
		return isEveryResource(pattern) ||
			wildcards(strings.ReplaceAll(pattern, "${aws:username}", name)).MatchString(arn)
	}
	if len(s.NotResources) > 0 {
		return !slices.ContainsFunc(s.NotResources, matches)
	}
	return slices.ContainsFunc(s.Resources, matches)
}

// takesIn says whether a pattern of actions matches an action, or all that another pattern does. The names of actions
// are not case-sensitive.
func takesIn(pattern, action string) bool {
	return wildcards(strings.ToLower(pattern)).MatchString(strings.ToLower(action))
}

// wildcards reads a pattern of IAM: "*" is any text and "?" one character.
func wildcards(pattern string) *regexp.Regexp {
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(`(?s)^` + quoted + `$`)
}

func (g *grants) add(right string) {
	if !slices.Contains(g.wide, right) {
		g.wide = append(g.wide, right)
	}
}

// addAction notes an action on every resource that is wide by itself: a whole service, or handing any role to a
// service.
func (g *grants) addAction(action string) {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	switch {
	case matchesAll(name):
		g.add(fmt.Sprintf("every action of %s on every resource", service))
	case takesIn(action, passRole):
		g.add("passing every role to a service (" + passRole + ")")
	}
}

// passRole lets a user hand rights to a service that the user does not have.
const passRole = "iam:PassRole"

// matchesAll says whether a pattern of actions or resources matches everything: "*", "*:*", "**", "?*".
func matchesAll(pattern string) bool {
	return strings.Contains(pattern, "*") && strings.Trim(pattern, "*?:") == ""
}

// isEveryResource says whether a pattern matches every resource. "arn:*" and "arn:aws:*" do: each ARN begins so.
func isEveryResource(pattern string) bool {
	if rest, ok := strings.CutPrefix(pattern, "arn:"); ok {
		partition, services, _ := strings.Cut(rest, ":")
		return matchesAll(rest) || strings.HasPrefix(partition, "aws") && matchesAll(services)
	}
	return matchesAll(pattern)
}
