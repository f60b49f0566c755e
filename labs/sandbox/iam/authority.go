package iam

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// authority is what IAM does for the other services.
type authority struct{}

var (
	_ wire.Authority  = authority{}
	_ wire.KeyHolder  = authority{}
	_ wire.RoleHolder = authority{}
)

// Denies reports why a caller's policies forbid an action. Everybody may ask who they are, and root may do everything.
// So may a caller whom the state says nothing of but the name, such as somebody of IAM Identity Center: where there are
// no policies to read, none can forbid.
func (authority) Denies(r *wire.Request, action string) string {
	if action == "sts:GetCallerIdentity" || r.Caller.IsRoot() {
		return ""
	}
	p := permissionsOf(r)
	if p == nil {
		return ""
	}
	switch p.verdict(action) {
	case denied:
		return "with an explicit deny in an identity-based policy"
	case unmentioned:
		return "because no identity-based policy allows the " + action + " action"
	default:
	}
	if p.boundary == nil {
		return ""
	}
	switch p.boundary.verdict(strings.ToLower(action)) {
	case denied:
		return "with an explicit deny in a permissions boundary"
	case unmentioned:
		return "because no permissions boundary allows the " + action + " action"
	default:
		return ""
	}
}

// permissions are the policies that rule what somebody may do.
type permissions struct {
	policies []*policyDocument
	boundary *policyDocument // nil: none
}

// verdict is what all the policies together say of an action: a deny of one of them beats every allow. Actions are the
// same in capital and in small letters.
func (p *permissions) verdict(action string) verdict {
	best := unmentioned
	action = strings.ToLower(action)
	for _, document := range p.policies {
		best = max(best, document.verdict(action))
	}
	return best
}

// knownPermissions are the permissions of those who called, by ARN.
var knownPermissions = &wire.Memory[map[string]*permissions]{Lifetime: wire.UntilChanged}

// permissionsOf finds the policies of the caller; nil when the state does not know the caller.
func permissionsOf(r *wire.Request) *permissions {
	known := knownPermissions.Of(r)
	if p, ok := (*known)[r.Caller.ARN]; ok {
		return p
	}
	if *known == nil {
		*known = map[string]*permissions{}
	}
	p := collect(r, r.Caller.ARN)
	(*known)[r.Caller.ARN] = p
	return p
}

// collect reads the policies of the user or role that an ARN names, those of the user's groups, and the permissions
// boundary.
func collect(r *wire.Request, arn string) *permissions {
	identities, boundary := identitiesOf(r, arn)
	if len(identities) == 0 {
		return nil
	}
	p := &permissions{}
	for _, i := range identities {
		for _, text := range i.Inline {
			p.policies = append(p.policies, readPolicy(text))
		}
		for _, arn := range i.Attached {
			p.policies = append(p.policies, managedDocument(r, arn))
		}
	}
	if boundary != "" {
		p.boundary = managedDocument(r, boundary)
	}
	return p
}

// identitiesOf are the user and its groups, or the role, whose policies hold for an ARN, and the user's permissions
// boundary, if it has one. There are none for anybody else.
func identitiesOf(r *wire.Request, arn string) (identities []*Identity, boundary string) {
	if _, session, isRole := strings.Cut(arn, ":assumed-role/"); isRole {
		name, _, _ := strings.Cut(session, "/")
		if role, err := findRole(r, name); err == nil {
			identities = append(identities, &role.Identity)
		}
		return identities, ""
	}
	_, path, isUser := strings.Cut(arn, ":user/")
	u, err := findUser(r, path[strings.LastIndex(path, "/")+1:])
	if !isUser || err != nil {
		return nil, ""
	}
	identities = append(identities, &u.Identity)
	for _, name := range u.Groups {
		if g, err := findGroup(r, name); err == nil {
			identities = append(identities, &g.Identity)
		}
	}
	return identities, u.Boundary
}

// managedDocument reads a managed policy. One that does not exist grants nothing.
func managedDocument(r *wire.Request, arn string) *policyDocument {
	if p := ownPolicy(r, arn); p != nil {
		return readPolicy(p.Document)
	}
	return managed.Of(r).document(arn)
}

// A verdict is what a policy says of an action. The greater one counts.
type verdict int

const (
	unmentioned verdict = iota
	allowed
	denied
)

// A policyDocument is a policy as the practice account understands it: by action only. A statement counts for every
// resource and under every condition.
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
	matches := func(pattern string) bool { return wire.Wildcard(pattern, action) }
	if len(s.NotAction) > 0 {
		return !slices.ContainsFunc(s.NotAction, matches)
	}
	return slices.ContainsFunc(s.Action, matches)
}

// oneOrMore is a list that a policy may write without its brackets when it has one element.
type oneOrMore[T any] []T

// UnmarshalJSON reads either form.
func (l *oneOrMore[T]) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]T)(l))
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = oneOrMore[T]{one}
	return nil
}

// readPolicy reads a stored policy. Text that is no policy, which only a state file can hold, grants nothing.
func readPolicy(text json.RawMessage) *policyDocument {
	d := &policyDocument{}
	if err := json.Unmarshal(text, d); err != nil {
		return &policyDocument{}
	}
	for _, s := range d.Statement {
		for _, patterns := range [][]string{s.Action, s.NotAction} {
			for i := range patterns {
				patterns[i] = strings.ToLower(patterns[i])
			}
		}
	}
	return d
}
