package iam

import (
	"fmt"
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

// permissionsOf asks everything at once that does not need another answer first.
func permissionsOf(v *facts.View, user string) permissions {
	type lists struct {
		holder   account.Principal
		attached *facts.Pending[[]account.AttachedPolicy]
		inline   *facts.Pending[[]string]
	}
	ask := func(kind, name string) lists {
		holder := account.Principal{Kind: kind, Name: name}
		return lists{holder, account.AttachedPolicies.Start(v, holder), account.InlinePolicies.Start(v, holder)}
	}
	var p permissions
	membership := account.UserGroups.Start(v, account.UserKey{User: user})
	asked := []lists{ask(account.UserPrincipal, user)}
	groups, err := membership.Get()
	p.note(err)
	p.groups = len(groups)
	for _, group := range groups {
		asked = append(asked, ask(account.GroupPrincipal, group))
	}
	for _, of := range asked {
		attached, err := of.attached.Get()
		p.note(err)
		for _, policy := range attached {
			p.list = append(p.list, managed(v, of.holder, policy))
		}
		inline, err := of.inline.Get()
		p.note(err)
		for _, name := range inline {
			key := account.InlinePolicyKey{Principal: of.holder, Policy: name}
			p.list = append(p.list, permission{of.holder, name, "", account.InlinePolicy.Start(v, key)})
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
