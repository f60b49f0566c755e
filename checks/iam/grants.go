package iam

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
)

// grants is what a policy allows that daily work does not need. Deny statements are not weighed against it: it says what
// is granted, not what can be done in the end.
type grants struct {
	// everything says that every action is allowed on every resource without a condition: by one statement, or by one that
	// leaves actions out and others that allow just those.
	everything bool
	// wide are rights that come near to it, in words.
	wide []string
}

// grantsOf judges a policy statement by statement.
func grantsOf(document account.PolicyDocument) grants {
	var g grants
	var given []string     // actions on every resource, without a condition
	var leftOut [][]string // what statements leave out that allow all other actions in this way
	for _, s := range document.Statements {
		if s.Effect != account.EffectAllow {
			continue
		}
		everyAction := slices.ContainsFunc(s.Actions, matchesAll)
		everyResource := slices.ContainsFunc(s.Resources, isEveryResource)
		if everyResource && !s.Conditional {
			given = append(given, s.Actions...)
			if len(s.NotActions) > 0 {
				leftOut = append(leftOut, s.NotActions)
			}
		}
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
	missing := func(action string) bool {
		return !slices.ContainsFunc(given, func(pattern string) bool { return takesIn(pattern, action) })
	}
	g.everything = g.everything || slices.ContainsFunc(leftOut, func(actions []string) bool {
		return !slices.ContainsFunc(actions, missing)
	})
	return g
}

// takesIn says whether a pattern of actions matches an action, or all that another pattern does. The names of actions are
// not case-sensitive, and hold none of the other signs that path.Match knows.
func takesIn(pattern, action string) bool {
	ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(action))
	return ok && err == nil
}

func (g *grants) add(right string) {
	if !slices.Contains(g.wide, right) {
		g.wide = append(g.wide, right)
	}
}

// addAction notes an action on every resource that is wide by itself: a whole service, or handing any role to a service.
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
