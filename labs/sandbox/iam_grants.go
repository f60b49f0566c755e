package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Users, groups and roles are granted permissions in the same ways: by attached managed policies and by inline policies. Each operation
// here is written once, for any grantee.

// A grantInput is the input of every such operation: exactly one of the three names says who is meant.
type grantInput struct {
	iamPageInput
	UserName   string `wire:"UserName"`
	GroupName  string `wire:"GroupName"`
	RoleName   string `wire:"RoleName"`
	PolicyARN  string `wire:"PolicyArn"`
	PolicyName string `wire:"PolicyName"`
	Document   string `wire:"PolicyDocument"`
}

// A grantee finds the user, group or role that a request is about.
type grantee func(r *request, in *grantInput) (*Identity, error)

func userGrantee(r *request, in *grantInput) (*Identity, error) {
	u, err := r.user(in.UserName)
	if err != nil {
		return nil, err
	}
	return &u.Identity, nil
}

func groupGrantee(r *request, in *grantInput) (*Identity, error) {
	g, err := r.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	return &g.Identity, nil
}

func roleGrantee(r *request, in *grantInput) (*Identity, error) {
	role, err := r.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	return &role.Identity, nil
}

func attachPolicy(find grantee) func(*request, *grantInput) (*none, error) {
	return func(r *request, in *grantInput) (*none, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		if _, err := r.policy(in.PolicyARN); err != nil {
			return nil, noSuchEntity("Policy %s does not exist or is not attachable.", in.PolicyARN)
		}
		if !slices.Contains(who.Attached, in.PolicyARN) {
			who.Attached = append(who.Attached, in.PolicyARN)
		}
		return &none{}, nil
	}
}

func detachPolicy(find grantee) func(*request, *grantInput) (*none, error) {
	return func(r *request, in *grantInput) (*none, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		i := slices.Index(who.Attached, in.PolicyARN)
		if i < 0 {
			return nil, noSuchEntity("Policy %s was not found.", in.PolicyARN)
		}
		who.Attached = slices.Delete(who.Attached, i, i+1)
		return &none{}, nil
	}
}

type attachedPolicyWire struct {
	PolicyName string `wire:"PolicyName"`
	PolicyARN  string `wire:"PolicyArn"`
}

type listAttachedPoliciesOutput struct {
	iamPageOutput
	Policies []attachedPolicyWire `wire:"AttachedPolicies"`
}

func listAttachedPolicies(find grantee) func(*request, *grantInput) (*listAttachedPoliciesOutput, error) {
	return func(r *request, in *grantInput) (*listAttachedPoliciesOutput, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		out := &listAttachedPoliciesOutput{}
		out.Policies, out.iamPageOutput, err = iamPage(in.iamPageInput, who.Attached, func(arn string) attachedPolicyWire {
			return attachedPolicyWire{PolicyName: arn[strings.LastIndex(arn, "/")+1:], PolicyARN: arn}
		})
		return out, err
	}
}

func putInlinePolicy(find grantee) func(*request, *grantInput) (*none, error) {
	return func(r *request, in *grantInput) (*none, error) {
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
		return &none{}, nil
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

func getInlinePolicy(find grantee) func(*request, *grantInput) (*inlinePolicyOutput, error) {
	return func(r *request, in *grantInput) (*inlinePolicyOutput, error) {
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

func deleteInlinePolicy(find grantee) func(*request, *grantInput) (*none, error) {
	return func(r *request, in *grantInput) (*none, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		if _, ok := who.Inline[in.PolicyName]; !ok {
			return nil, noSuchInline(in.PolicyName)
		}
		delete(who.Inline, in.PolicyName)
		return &none{}, nil
	}
}

func noSuchInline(name string) error {
	return noSuchEntity("The policy with name %s cannot be found.", name)
}

type listInlinePoliciesOutput struct {
	iamPageOutput
	Names []string `wire:"PolicyNames"`
}

func listInlinePolicies(find grantee) func(*request, *grantInput) (*listInlinePoliciesOutput, error) {
	return func(r *request, in *grantInput) (*listInlinePoliciesOutput, error) {
		who, err := find(r, in)
		if err != nil {
			return nil, err
		}
		out := &listInlinePoliciesOutput{}
		names := slices.Sorted(maps.Keys(who.Inline))
		out.Names, out.iamPageOutput, err = iamPage(in.iamPageInput, names, func(name string) string { return name })
		return out, err
	}
}
