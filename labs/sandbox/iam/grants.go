package iam

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Users, groups and roles are granted permissions in the same ways: by attached managed policies and by inline
// policies. What an operation does is written once, for any grantee; each operation says whom its input names.

// A finder finds a user, a group or a role by name.
type finder[T identified] func(r *wire.Request, name string) (T, error)

func attachUserPolicy(r *wire.Request, in *attachUserPolicyInput) (*wire.None, error) {
	return attachPolicy(r, findUser, in.UserName, in.PolicyArn)
}

func attachGroupPolicy(r *wire.Request, in *attachGroupPolicyInput) (*wire.None, error) {
	return attachPolicy(r, findGroup, in.GroupName, in.PolicyArn)
}

func attachRolePolicy(r *wire.Request, in *attachRolePolicyInput) (*wire.None, error) {
	return attachPolicy(r, findRole, in.RoleName, in.PolicyArn)
}

func attachPolicy[T identified](r *wire.Request, find finder[T], name, arn string) (*wire.None, error) {
	grantee, err := find(r, name)
	if err != nil {
		return nil, err
	}
	if _, err := findPolicy(r, arn); err != nil {
		return nil, noSuchEntity("Policy %s does not exist or is not attachable.", arn)
	}
	if who := grantee.identity(); !slices.Contains(who.Attached, arn) {
		who.Attached = append(who.Attached, arn)
	}
	return &wire.None{}, nil
}

func detachUserPolicy(r *wire.Request, in *detachUserPolicyInput) (*wire.None, error) {
	return detachPolicy(r, findUser, in.UserName, in.PolicyArn)
}

func detachGroupPolicy(r *wire.Request, in *detachGroupPolicyInput) (*wire.None, error) {
	return detachPolicy(r, findGroup, in.GroupName, in.PolicyArn)
}

func detachPolicy[T identified](r *wire.Request, find finder[T], name, arn string) (*wire.None, error) {
	grantee, err := find(r, name)
	if err != nil {
		return nil, err
	}
	who := grantee.identity()
	i := slices.Index(who.Attached, arn)
	if i < 0 {
		return nil, noSuchEntity("Policy %s was not found.", arn)
	}
	who.Attached = slices.Delete(who.Attached, i, i+1)
	return &wire.None{}, nil
}

// An attachedPage is the answer to each operation that lists attached policies.
type attachedPage = listAttachedUserPoliciesOutput

func listAttachedUserPolicies(r *wire.Request, in *listAttachedUserPoliciesInput) (*attachedPage, error) {
	return listAttached(r, findUser, in.UserName, in.Marker, in.MaxItems)
}

func listAttachedGroupPolicies(r *wire.Request, in *listAttachedGroupPoliciesInput) (*attachedPage, error) {
	return listAttached(r, findGroup, in.GroupName, in.Marker, in.MaxItems)
}

func listAttachedRolePolicies(r *wire.Request, in *listAttachedRolePoliciesInput) (*attachedPage, error) {
	return listAttached(r, findRole, in.RoleName, in.Marker, in.MaxItems)
}

func listAttached[T identified](
	r *wire.Request, find finder[T], name string, marker *string, size *int32,
) (*attachedPage, error) {
	grantee, err := find(r, name)
	if err != nil {
		return nil, err
	}
	out := &attachedPage{}
	show := func(arn string) attachedPolicyWire {
		return attachedPolicyWire{PolicyName: new(arn[strings.LastIndex(arn, "/")+1:]), PolicyArn: &arn}
	}
	out.AttachedPolicies, out.IsTruncated, out.Marker, err = onePage(
		marker, size, grantee.identity().Attached, show,
	)
	return out, err
}

func putUserPolicy(r *wire.Request, in *putUserPolicyInput) (*wire.None, error) {
	return putInline(r, findUser, in.UserName, in.PolicyName, in.PolicyDocument)
}

func putGroupPolicy(r *wire.Request, in *putGroupPolicyInput) (*wire.None, error) {
	return putInline(r, findGroup, in.GroupName, in.PolicyName, in.PolicyDocument)
}

func putRolePolicy(r *wire.Request, in *putRolePolicyInput) (*wire.None, error) {
	return putInline(r, findRole, in.RoleName, in.PolicyName, in.PolicyDocument)
}

func putInline[T identified](r *wire.Request, find finder[T], name, policy, text string) (*wire.None, error) {
	grantee, err := find(r, name)
	if err != nil {
		return nil, err
	}
	document, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	who := grantee.identity()
	if who.Inline == nil {
		who.Inline = map[string]json.RawMessage{}
	}
	who.Inline[policy] = document
	return &wire.None{}, nil
}

func getUserPolicy(r *wire.Request, in *getUserPolicyInput) (*getUserPolicyOutput, error) {
	_, document, err := findInline(r, findUser, in.UserName, in.PolicyName)
	return &getUserPolicyOutput{UserName: in.UserName, PolicyName: in.PolicyName, PolicyDocument: document}, err
}

func getGroupPolicy(r *wire.Request, in *getGroupPolicyInput) (*getGroupPolicyOutput, error) {
	_, document, err := findInline(r, findGroup, in.GroupName, in.PolicyName)
	return &getGroupPolicyOutput{GroupName: in.GroupName, PolicyName: in.PolicyName, PolicyDocument: document}, err
}

func getRolePolicy(r *wire.Request, in *getRolePolicyInput) (*getRolePolicyOutput, error) {
	_, document, err := findInline(r, findRole, in.RoleName, in.PolicyName)
	return &getRolePolicyOutput{RoleName: in.RoleName, PolicyName: in.PolicyName, PolicyDocument: document}, err
}

// findInline finds an inline policy, as IAM writes it, and who has it.
func findInline[T identified](r *wire.Request, find finder[T], name, policy string) (T, string, error) {
	grantee, err := find(r, name)
	if err != nil {
		return grantee, "", err
	}
	document, ok := grantee.identity().Inline[policy]
	if !ok {
		return grantee, "", noSuchEntity("The policy with name %s cannot be found.", policy)
	}
	return grantee, encodeDocument(document), nil
}

func deleteUserPolicy(r *wire.Request, in *deleteUserPolicyInput) (*wire.None, error) {
	u, _, err := findInline(r, findUser, in.UserName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	delete(u.Inline, in.PolicyName)
	return &wire.None{}, nil
}

// An inlinePage is the answer to each operation that lists inline policies.
type inlinePage = listUserPoliciesOutput

func listUserPolicies(r *wire.Request, in *listUserPoliciesInput) (*inlinePage, error) {
	return listInline(r, findUser, in.UserName, in.Marker, in.MaxItems)
}

func listGroupPolicies(r *wire.Request, in *listGroupPoliciesInput) (*inlinePage, error) {
	return listInline(r, findGroup, in.GroupName, in.Marker, in.MaxItems)
}

func listRolePolicies(r *wire.Request, in *listRolePoliciesInput) (*inlinePage, error) {
	return listInline(r, findRole, in.RoleName, in.Marker, in.MaxItems)
}

func listInline[T identified](
	r *wire.Request, find finder[T], name string, marker *string, size *int32,
) (*inlinePage, error) {
	grantee, err := find(r, name)
	if err != nil {
		return nil, err
	}
	out, names := &inlinePage{}, slices.Sorted(maps.Keys(grantee.identity().Inline))
	show := func(name string) string { return name }
	out.PolicyNames, out.IsTruncated, out.Marker, err = onePage(marker, size, names, show)
	return out, err
}
