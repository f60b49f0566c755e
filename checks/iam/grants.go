package iam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
)

// grants is what a policy allows that daily work does not need. Deny statements are not weighed against it: it says what
// is granted, not what can be done in the end.
type grants struct {
	// everything says that one statement allows every action on every resource without a condition.
	everything bool
	// wide are rights that come near to it, in words.
	wide []string
}

// grantsOf judges a policy statement by statement.
func grantsOf(document account.PolicyDocument) grants {
	var g grants
	for _, s := range document.Statements {
		if s.Effect != account.EffectAllow {
			continue
		}
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

func (g *grants) add(right string) {
	if !slices.Contains(g.wide, right) {
		g.wide = append(g.wide, right)
	}
}

// addAction notes an action on every resource that is wide by itself: a whole service, or handing any role to a service.
// The names of actions are not case-sensitive.
func (g *grants) addAction(action string) {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	switch {
	case matchesAll(name):
		g.add(fmt.Sprintf("every action of %s on every resource", service))
	case service == "iam" && (name == "passrole" || name == "pass*"):
		g.add("passing every role to a service (iam:PassRole)")
	}
}

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
