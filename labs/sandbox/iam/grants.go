package iam

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Users, groups and roles are granted permissions in the same ways: by attached managed policies and by inline policies. Each operation
// here is written once, for any grantee.

// A grantInput is the input of every such operation: exactly one of the three names says who is meant.
type grantInput struct {
	pageInput
	UserName   string `wire:"UserName"`
	GroupName  string `wire:"GroupName"`
	RoleName   string `wire:"RoleName"`
	PolicyARN  string `wire:"PolicyArn"`
	PolicyName string `wire:"PolicyName"`
	Document   string `wire:"PolicyDocument"`
}

// A grantee finds the user, group or role that a request is about.
type grantee func(r *wire.Request, in *grantInput) (*Identity, error)

func userGrantee(r *wire.Request, in *grantInput) (*Identity, error) {
	u, err := findUser(r, in.UserName)
	if err != nil {
		return nil, err
	}
	return &u.Identity, nil
}

func groupGrantee(r *wire.Request, in *grantInput) (*Identity, error) {
	g, err := findGroup(r, in.GroupName)
	if err != nil {
		return nil, err
	}
	return &g.Identity, nil
}

func roleGrantee(r *wire.Request, in *grantInput) (*Identity, error) {
	role, err := findRole(r, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &role.Identity, nil
}

func attachPolicy(find grantee) func(*wire.Request, *grantInput) (*wire.None, error) {
	return func(r *wire.Request, in *grantInput) (*wire.None, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		if _, err := findPolicy(r, in.PolicyARN); err != nil {
			return nil, noSuchEntity("Policy %s does not exist or is not attachable.", in.PolicyARN)
		}
		if !slices.Contains(who.Attached, in.PolicyARN) {
			who.Attached = append(who.Attached, in.PolicyARN)
		}
		return &wire.None{}, nil
	}
}

func detachPolicy(find grantee) func(*wire.Request, *grantInput) (*wire.None, error) {
	return func(r *wire.Request, in *grantInput) (*wire.None, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		i := slices.Index(who.Attached, in.PolicyARN)
		if i < 0 {
			return nil, noSuchEntity("Policy %s was not found.", in.PolicyARN)
		}
		who.Attached = slices.Delete(who.Attached, i, i+1)
		return &wire.None{}, nil
	}
}

type attachedPolicyWire struct {
	PolicyName string `wire:"PolicyName"`
	PolicyARN  string `wire:"PolicyArn"`
}

type listAttachedPoliciesOutput struct {
	pageOutput
	Policies []attachedPolicyWire `wire:"AttachedPolicies"`
}

func listAttachedPolicies(find grantee) func(*wire.Request, *grantInput) (*listAttachedPoliciesOutput, error) {
	return func(r *wire.Request, in *grantInput) (*listAttachedPoliciesOutput, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		out := &listAttachedPoliciesOutput{}
		out.Policies, out.pageOutput, err = onePage(in.pageInput, who.Attached, func(arn string) attachedPolicyWire {
			return attachedPolicyWire{PolicyName: arn[strings.LastIndex(arn, "/")+1:], PolicyARN: arn}
		})
		return out, err
	}
}

func putInlinePolicy(find grantee) func(*wire.Request, *grantInput) (*wire.None, error) {
	return func(r *wire.Request, in *grantInput) (*wire.None, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		document, err := parseDocument(in.Document)
		if err != nil {
			return nil, err
		}
		if who.Inline == nil {
			who.Inline = map[string]json.RawMessage{}
		}
		who.Inline[in.PolicyName] = document
		return &wire.None{}, nil
	}
}

// inlinePolicyOutput names its owner as the request did.
type inlinePolicyOutput struct {
	UserName   string `wire:"UserName,omitempty"`
	GroupName  string `wire:"GroupName,omitempty"`
	RoleName   string `wire:"RoleName,omitempty"`
	PolicyName string `wire:"PolicyName"`
	Document   string `wire:"PolicyDocument"`
}

func getInlinePolicy(find grantee) func(*wire.Request, *grantInput) (*inlinePolicyOutput, error) {
	return func(r *wire.Request, in *grantInput) (*inlinePolicyOutput, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		document, ok := who.Inline[in.PolicyName]
		if !ok {
			return nil, noSuchInline(in.PolicyName)
		}
		return &inlinePolicyOutput{
			UserName:   in.UserName,
			GroupName:  in.GroupName,
			RoleName:   in.RoleName,
			PolicyName: in.PolicyName,
			Document:   encodeDocument(document),
		}, nil
	}
}

func deleteInlinePolicy(find grantee) func(*wire.Request, *grantInput) (*wire.None, error) {
	return func(r *wire.Request, in *grantInput) (*wire.None, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		if _, ok := who.Inline[in.PolicyName]; !ok {
			return nil, noSuchInline(in.PolicyName)
		}
		delete(who.Inline, in.PolicyName)
		return &wire.None{}, nil
	}
}

func noSuchInline(name string) error {
	return noSuchEntity("The policy with name %s cannot be found.", name)
}

type listInlinePoliciesOutput struct {
	pageOutput
	Names []string `wire:"PolicyNames"`
}

func listInlinePolicies(find grantee) func(*wire.Request, *grantInput) (*listInlinePoliciesOutput, error) {
	return func(r *wire.Request, in *grantInput) (*listInlinePoliciesOutput, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		out := &listInlinePoliciesOutput{}
		names := slices.Sorted(maps.Keys(who.Inline))
		out.Names, out.pageOutput, err = onePage(in.pageInput, names, func(name string) string { return name })
		return out, err
	}
}
