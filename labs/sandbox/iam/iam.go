// Package iam is AWS Identity and Access Management of the practice account: it issues access keys, and decides what
// callers may do.
//
// The policies of the caller (user, groups or role, and the permissions boundary) must allow the action. They are read
// by action alone: a statement counts for every resource and under every condition, and denials name the resource "*".
// Trust policies and service control policies are not read, root may do everything, and so may a caller of whom the
// state says nothing but the name.
package iam

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Root has no user name, which AWS's model requires of users and of their new access keys.
//
//wire:optional User.UserName AccessKey.UserName

// Service is AWS Identity and Access Management. It is global: its requests are signed for us-east-1.
var Service = &wire.Service{
	API: api,
	Operations: []wire.Operation{
		wire.Op("GetAccountSummary", getAccountSummary),

		wire.Change("CreateUser", createUser),
		wire.Op("GetUser", getUser),
		wire.Op("ListUsers", listUsers),
		wire.Change("CreateLoginProfile", createLoginProfile),
		wire.Op("GetLoginProfile", getLoginProfile),

		wire.Change("CreateAccessKey", createAccessKey),
		wire.Change("DeleteAccessKey", deleteAccessKey),
		wire.Op("GetAccessKeyLastUsed", getAccessKeyLastUsed),
		wire.Op("ListAccessKeys", listAccessKeys),
		wire.Change("UpdateAccessKey", updateAccessKey),

		wire.Change("CreateVirtualMFADevice", createVirtualMFADevice),
		wire.Change("EnableMFADevice", enableMFADevice),
		wire.Op("ListMFADevices", listMFADevices),
		wire.Op("ListVirtualMFADevices", listVirtualMFADevices),

		wire.Change("AddUserToGroup", addUserToGroup),
		wire.Change("RemoveUserFromGroup", removeUserFromGroup),
		wire.Change("CreateGroup", createGroup),
		wire.Op("ListGroupsForUser", listGroupsForUser),

		wire.Change("CreateRole", createRole),
		wire.Op("GetRole", getRole),

		wire.Change("CreatePolicy", createPolicy),
		wire.Op("GetPolicy", getPolicy),
		wire.Op("GetPolicyVersion", getPolicyVersion),

		wire.Change("AttachUserPolicy", attachUserPolicy),
		wire.Change("DetachUserPolicy", detachUserPolicy),
		wire.Op("ListAttachedUserPolicies", listAttachedUserPolicies),
		wire.Change("PutUserPolicy", putUserPolicy),
		wire.Op("GetUserPolicy", getUserPolicy),
		wire.Change("DeleteUserPolicy", deleteUserPolicy),
		wire.Op("ListUserPolicies", listUserPolicies),

		wire.Change("AttachGroupPolicy", attachGroupPolicy),
		wire.Change("DetachGroupPolicy", detachGroupPolicy),
		wire.Op("ListAttachedGroupPolicies", listAttachedGroupPolicies),
		wire.Change("PutGroupPolicy", putGroupPolicy),
		wire.Op("GetGroupPolicy", getGroupPolicy),
		wire.Op("ListGroupPolicies", listGroupPolicies),

		wire.Change("AttachRolePolicy", attachRolePolicy),
		wire.Op("ListAttachedRolePolicies", listAttachedRolePolicies),
		wire.Change("PutRolePolicy", putRolePolicy),
		wire.Op("GetRolePolicy", getRolePolicy),
		wire.Op("ListRolePolicies", listRolePolicies),
	},
	Parts:    []wire.AnyPart{RootUser, Part},
	Provides: authority{},
	Simulations: []wire.Simulation{
		{
			Name: "root-mfa",
			Help: "The root user signs in to the console and assigns an MFA device to itself.",
			Run:  func(r *wire.Request) { RootUser.Of(r).MFA = true },
		},
		{
			Name: "delete-root-access-keys",
			Help: "The root user signs in to the console and deletes its access keys.",
			Run:  deleteRootKeys,
		},
	},
}

// paging is how every list of IAM is cut.
var paging = wire.Paging{Size: 100, Max: 1000, BadSize: "ValidationError", BadToken: "ValidationError"}

// onePage cuts one page out of items and turns each item of it into its wire form. An empty page is an empty list.
func onePage[T, W any](
	marker *string, size *int32, items []T, show func(T) W,
) (page []W, isTruncated *bool, next *string, err error) {
	items, next, err = wire.Page(paging, items, size, marker)
	page = make([]W, len(items))
	for i, item := range items {
		page[i] = show(item)
	}
	return page, new(next != nil), next, err
}

// arnOf names a resource of IAM, which belongs to no Region.
func arnOf(r *wire.Request, kind, path, name string) string {
	return "arn:aws:iam::" + r.AccountID() + ":" + kind + path + name
}

// noSuchEntity is IAM's error for anything that is not there.
func noSuchEntity(format string, args ...any) *wire.Error {
	e := wire.Failf("NoSuchEntity", format, args...)
	e.Status = http.StatusNotFound
	return e
}

// alreadyExists is IAM's error for a name that is taken.
func alreadyExists(kind, name string) *wire.Error {
	e := wire.Failf("EntityAlreadyExists", "%s with name %s already exists.", kind, name)
	e.Status = http.StatusConflict
	return e
}

// An identified is a user, a group or a role.
type identified interface{ identity() *Identity }

// named finds an identity by name. IAM does not distinguish names by case.
func named[T identified](kind string, all []T, name string) (T, error) {
	i := slices.IndexFunc(all, func(x T) bool { return strings.EqualFold(x.identity().Name, name) })
	if i < 0 {
		var zero T
		return zero, noSuchEntity("The %s with name %s cannot be found.", kind, name)
	}
	return all[i], nil
}

func (i *Identity) identity() *Identity { return i }

var identityName = wire.Grammar{Pattern: regexp.MustCompile(`^[\w+=,.@-]+$`), Longest: 64}

// newIdentity makes an identity with a fresh id, if its name is a good one and free.
func newIdentity[T identified](
	r *wire.Request, kind, prefix string, all []T, name string, path *string,
) (Identity, error) {
	if !identityName.Takes(name) {
		return Identity{}, wire.Failf(
			"ValidationError",
			"The specified value for %sName is invalid. "+
				"It must contain only alphanumeric characters and/or the following: +=,.@_-", kind,
		)
	}
	if _, err := named(kind, all, name); err == nil {
		return Identity{}, alreadyExists(kind, name)
	}
	return Identity{Name: name, Path: wire.Value(path), ID: prefix + r.Token(10) + "EXAMPLE", Created: wire.At(r.Now)}, nil
}

// encodeDocument writes a policy document as IAM does: percent-encoded (RFC 3986).
func encodeDocument(document json.RawMessage) string {
	return strings.ReplaceAll(url.QueryEscape(string(document)), "+", "%20")
}

// parseDocument reads a policy document out of a request.
func parseDocument(text string) (json.RawMessage, error) {
	var d policyDocument
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, wire.Failf("MalformedPolicyDocument", "Syntax errors in policy.")
	}
	if d.Statement == nil {
		return nil, wire.Failf("MalformedPolicyDocument", "Missing required field Statement")
	}
	for _, s := range d.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return nil, wire.Failf("MalformedPolicyDocument", "Invalid effect: %s", s.Effect)
		}
	}
	return json.RawMessage(text), nil
}

// getAccountSummary counts what is in the account. Quotas are left at AWS's defaults.
func getAccountSummary(r *wire.Request, _ *wire.None) (*getAccountSummaryOutput, error) {
	iam, root := Part.Of(r), RootUser.Of(r)
	inUse := 0
	for _, device := range iam.MFA {
		if device.User != "" {
			inUse++
		}
	}
	return &getAccountSummaryOutput{SummaryMap: map[string]int32{
		"AccountAccessKeysPresent":          int32(min(len(root.AccessKeys), 1)),
		"AccountMFAEnabled":                 flag(root.MFA),
		"AccountPasswordPresent":            flag(root.Password),
		"AccountSigningCertificatesPresent": 0,
		"AccessKeysPerUserQuota":            maxAccessKeys,
		"Groups":                            int32(len(iam.Groups)),
		"GroupsQuota":                       300,
		"MFADevices":                        int32(len(iam.MFA)),
		"MFADevicesInUse":                   int32(inUse),
		"Policies":                          int32(len(iam.Policies)),
		"PoliciesQuota":                     1500,
		"Roles":                             int32(len(iam.Roles)),
		"RolesQuota":                        1000,
		"Users":                             int32(len(iam.Users)),
		"UsersQuota":                        5000,
	}}, nil
}

// flag is a truth as IAM counts it.
func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
