package sandbox

import (
	"slices"
	"strings"
)

// authorize reports why a caller's policies forbid an operation; nil when they do not. Everybody may ask who they are, and root may do
// everything. So may a caller whom the state says nothing of but the name, such as somebody of IAM Identity Center: where there are no
// policies to read, none can forbid. The caller holds the account's lock.
func (x *exchange) authorize(a *Account, caller Caller) *apiError {
	action := x.action()
	if action == "sts:GetCallerIdentity" || caller.isRoot() {
		return nil
	}
	p := a.permissionsOf(caller)
	if p == nil {
		return nil
	}
	switch p.verdict(action) {
	case denied:
		return x.denial(caller, "with an explicit deny in an identity-based policy")
	case unmentioned:
		return x.denial(caller, "because no identity-based policy allows the "+action+" action")
	default:
	}
	if p.boundary == nil {
		return nil
	}
	switch p.boundary.verdict(strings.ToLower(action)) {
	case denied:
		return x.denial(caller, "with an explicit deny in a permissions boundary")
	case unmentioned:
		return x.denial(caller, "because no permissions boundary allows the "+action+" action")
	default:
		return nil
	}
}

// isRoot reports whether the caller is the root user.
func (c Caller) isRoot() bool { return strings.HasSuffix(c.ARN, ":root") }

// permissions are the policies that rule what somebody may do.
type permissions struct {
	policies []*policyDocument
	boundary *policyDocument // nil: none
}

// verdict is what all the policies together say of an action: a deny of one of them beats every allow. Actions are the same in capital
// and in small letters.
func (p *permissions) verdict(action string) verdict {
	best := unmentioned
	action = strings.ToLower(action)
	for _, document := range p.policies {
		best = max(best, document.verdict(action))
	}
	return best
}

// permissionsOf finds the policies of a caller; nil when the state does not know the caller. The caller holds the account's lock.
func (a *Account) permissionsOf(caller Caller) *permissions {
	if known, ok := a.permissions[caller.ARN]; ok {
		return known
	}
	if a.permissions == nil {
		a.permissions = map[string]*permissions{}
	}
	p := a.collect(caller.ARN)
	a.permissions[caller.ARN] = p
	return p
}

// collect reads the policies of the user or role that an ARN names, those of the user's groups, and the permissions boundary.
func (a *Account) collect(arn string) *permissions {
	r := a.request("", Caller{})
	identities, boundary := r.identitiesOf(arn)
	if len(identities) == 0 {
		return nil
	}
	p := &permissions{}
	for _, i := range identities {
		for _, text := range i.Inline {
			p.policies = append(p.policies, readPolicy(text))
		}
		for _, arn := range i.Attached {
			p.policies = append(p.policies, r.policyDocument(arn))
		}
	}
	if boundary != "" {
		p.boundary = r.policyDocument(boundary)
	}
	return p
}

// identitiesOf are the user and its groups, or the role, whose policies hold for an ARN, and the user's permissions
// boundary, if it has one. There are none for anybody else.
func (r *request) identitiesOf(arn string) (identities []*Identity, boundary string) {
	if _, session, isRole := strings.Cut(arn, ":assumed-role/"); isRole {
		name, _, _ := strings.Cut(session, "/")
		if role, err := r.role(name); err == nil {
			identities = append(identities, &role.Identity)
		}
		return identities, ""
	}
	_, path, isUser := strings.Cut(arn, ":user/")
	u, err := r.user(path[strings.LastIndex(path, "/")+1:])
	if !isUser || err != nil {
		return nil, ""
	}
	identities = append(identities, &u.Identity)
	for _, name := range u.Groups {
		if g, err := r.group(name); err == nil {
			identities = append(identities, &g.Identity)
		}
	}
	return identities, u.Boundary
}

// policyDocument reads a managed policy. One that does not exist grants nothing.
func (r *request) policyDocument(arn string) *policyDocument {
	if p := r.ownPolicy(arn); p != nil {
		return readPolicy(p.Document)
	}
	return r.account.library.document(arn)
}

// A verdict is what a policy says of an action. The greater one counts.
type verdict int

const (
	unmentioned verdict = iota
	allowed
	denied
)

// A policyDocument is a policy as the practice account understands it: by action only. A statement counts for every resource and under
// every condition.
type policyDocument struct {
	Statement oneOrMore[policyStatement]
}

// A policyStatement allows or denies actions, or all but some actions. readPolicy writes them in small letters.
type policyStatement struct {
	Effect    string
	Action    oneOrMore[string]
	NotAction oneOrMore[string]
}

// verdict is what the policy says of an action in small letters.
func (d *policyDocument) verdict(action string) verdict {
	best := unmentioned
	for _, s := range d.Statement {
		switch {
		case !s.covers(action):
		case s.Effect == "Deny":
			return denied
		case s.Effect == "Allow":
			best = allowed
		}
	}
	return best
}

// covers reports whether the statement is about the action.
func (s *policyStatement) covers(action string) bool {
	matches := func(pattern string) bool { return wildcard(pattern, action) }
	if len(s.NotAction) > 0 {
		return !slices.ContainsFunc(s.NotAction, matches)
	}
	return slices.ContainsFunc(s.Action, matches)
}
