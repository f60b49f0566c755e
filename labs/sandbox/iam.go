package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// iamService is AWS Identity and Access Management. It is global: its requests are signed for us-east-1.
var iamService = service{
	id:        "iam",
	protocols: []protocol{awsQuery},
	namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
	codes:     errorCodes{denied: "AccessDenied", throttled: "Throttling", invalid: "ValidationError"},
	operations: []operation{
		op("GetAccountSummary", getAccountSummary),

		change("CreateUser", createUser),
		op("GetUser", getUser),
		op("ListUsers", listUsers),
		change("CreateLoginProfile", createLoginProfile),
		op("GetLoginProfile", getLoginProfile),

		change("CreateAccessKey", createAccessKey),
		change("DeleteAccessKey", deleteAccessKey),
		op("GetAccessKeyLastUsed", getAccessKeyLastUsed),
		op("ListAccessKeys", listAccessKeys),
		change("UpdateAccessKey", updateAccessKey),

		change("CreateVirtualMFADevice", createVirtualMFADevice),
		change("EnableMFADevice", enableMFADevice),
		op("ListMFADevices", listMFADevices),
		op("ListVirtualMFADevices", listVirtualMFADevices),

		change("AddUserToGroup", addUserToGroup),
		change("RemoveUserFromGroup", removeUserFromGroup),
		change("CreateGroup", createGroup),
		op("ListGroupsForUser", listGroupsForUser),

		change("CreateRole", createRole),
		op("GetRole", getRole),

		change("CreatePolicy", createPolicy),
		op("GetPolicy", getPolicy),
		op("GetPolicyVersion", getPolicyVersion),

		change("AttachUserPolicy", attachPolicy(userGrantee)),
		change("DetachUserPolicy", detachPolicy(userGrantee)),
		op("ListAttachedUserPolicies", listAttachedPolicies(userGrantee)),
		change("PutUserPolicy", putInlinePolicy(userGrantee)),
		op("GetUserPolicy", getInlinePolicy(userGrantee)),
		change("DeleteUserPolicy", deleteInlinePolicy(userGrantee)),
		op("ListUserPolicies", listInlinePolicies(userGrantee)),

		change("AttachGroupPolicy", attachPolicy(groupGrantee)),
		change("DetachGroupPolicy", detachPolicy(groupGrantee)),
		op("ListAttachedGroupPolicies", listAttachedPolicies(groupGrantee)),
		change("PutGroupPolicy", putInlinePolicy(groupGrantee)),
		op("GetGroupPolicy", getInlinePolicy(groupGrantee)),
		op("ListGroupPolicies", listInlinePolicies(groupGrantee)),

		change("AttachRolePolicy", attachPolicy(roleGrantee)),
		op("ListAttachedRolePolicies", listAttachedPolicies(roleGrantee)),
		change("PutRolePolicy", putInlinePolicy(roleGrantee)),
		op("GetRolePolicy", getInlinePolicy(roleGrantee)),
		op("ListRolePolicies", listInlinePolicies(roleGrantee)),
	},
}

// iamPaging is how every list of IAM is cut.
var iamPaging = paging{size: 100, max: 1000, badSize: "ValidationError", badToken: "ValidationError"}

// iamPageInput and iamPageOutput are the parts of a list operation that are the same for all lists.
type iamPageInput struct {
	Marker   *string `wire:"Marker"`
	MaxItems *int32  `wire:"MaxItems"`
}

type iamPageOutput struct {
	IsTruncated bool    `wire:"IsTruncated"`
	Marker      *string `wire:"Marker"`
}

// iamPage cuts one page out of items and turns each item of it into its wire form.
func iamPage[T, W any](in iamPageInput, items []T, wire func(T) W) ([]W, iamPageOutput, error) {
	items, next, err := page(iamPaging, items, in.MaxItems, in.Marker)
	if err != nil {
		return nil, iamPageOutput{}, err
	}
	answer := make([]W, len(items))
	for i, item := range items {
		answer[i] = wire(item)
	}
	return answer, iamPageOutput{IsTruncated: next != nil, Marker: next}, nil
}

// iamARN names a resource of IAM, which belongs to no Region.
func (r *request) iamARN(kind, path, name string) string {
	return "arn:aws:iam::" + r.accountID() + ":" + kind + path + name
}

// noSuchEntity is IAM's error for anything that is not there.
func noSuchEntity(format string, args ...any) *apiError {
	e := failf("NoSuchEntity", format, args...)
	e.Status = http.StatusNotFound
	return e
}

// alreadyExists is IAM's error for a name that is taken.
func alreadyExists(kind, name string) *apiError {
	return &apiError{Code: "EntityAlreadyExists", Message: kind + " with name " + name + " already exists.", Status: http.StatusConflict}
}

// named finds an identity by name. IAM does not distinguish names by case.
func named[T interface{ identity() *Identity }](kind string, all []T, name string) (T, error) {
	i := slices.IndexFunc(all, func(x T) bool { return strings.EqualFold(x.identity().Name, name) })
	if i < 0 {
		var zero T
		return zero, noSuchEntity("The %s with name %s cannot be found.", kind, name)
	}
	return all[i], nil
}

func (i *Identity) identity() *Identity { return i }

var identityName = grammar{regexp.MustCompile(`^[\w+=,.@-]+$`), 64}

// newIdentity makes an identity with a fresh id, if its name is a good one and free.
func newIdentity[T interface{ identity() *Identity }](r *request, kind, prefix string, all []T, name, path string) (Identity, error) {
	if !identityName.takes(name) {
		return Identity{}, failf("ValidationError",
			"The specified value for %sName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-", kind)
	}
	if _, err := named(kind, all, name); err == nil {
		return Identity{}, alreadyExists(kind, name)
	}
	return Identity{Name: name, Path: path, ID: prefix + r.token(10) + "EXAMPLE", Created: at(r.Now)}, nil
}

// encodeDocument writes a policy document as IAM does: percent-encoded (RFC 3986).
func encodeDocument(document json.RawMessage) string {
	return strings.ReplaceAll(url.QueryEscape(string(document)), "+", "%20")
}

// parseDocument reads a policy document out of a request.
func parseDocument(text string) (json.RawMessage, error) {
	var d policyDocument
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, failf("MalformedPolicyDocument", "Syntax errors in policy.")
	}
	if d.Statement == nil {
		return nil, failf("MalformedPolicyDocument", "Missing required field Statement")
	}
	for _, s := range d.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return nil, failf("MalformedPolicyDocument", "Invalid effect: %s", s.Effect)
		}
	}
	return json.RawMessage(text), nil
}
