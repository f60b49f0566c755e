package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// A Root is the root user of an account.
type Root struct {
	// Password reports whether root can sign in to the console.
	Password bool `json:"password"`
	// MFA reports whether root has an MFA device of any kind, also one that IAM does not list, such as a passkey.
	MFA        bool         `json:"mfa"`
	AccessKeys []*AccessKey `json:"accessKeys,omitempty"`
}

// What IAM keeps.
var (
	RootUser = &wire.Part[Root]{Key: "root"}
	Part     = &wire.Part[State]{Key: "iam"}
)

// A State is what IAM keeps for one account.
type State struct {
	Users    []*User      `json:"users,omitempty"`
	Groups   []*Group     `json:"groups,omitempty"`
	Roles    []*Role      `json:"roles,omitempty"`
	Policies []*Policy    `json:"policies,omitempty"`
	MFA      []*MFADevice `json:"mfaDevices,omitempty"`
}

// Validate finds members of groups that do not exist.
func (s *State) Validate() error {
	for _, u := range s.Users {
		for _, name := range u.Groups {
			if !slices.ContainsFunc(s.Groups, func(g *Group) bool { return g.Name == name }) {
				return fmt.Errorf("the user %.20q is in the group %.20q, which does not exist", u.Name, name)
			}
		}
	}
	return nil
}

// An Identity is what users, groups and roles have in common.
type Identity struct {
	Name    string    `json:"name"`
	Path    string    `json:"path,omitempty"` // "" is "/"
	ID      string    `json:"id"`
	Created wire.Time `json:"created"`
	// Attached holds the ARNs of managed policies.
	Attached []string `json:"attached,omitempty"`
	// Inline holds policy documents by name.
	Inline map[string]json.RawMessage `json:"inline,omitempty"`
}

// path is the identity's path, which begins and ends with a slash.
func (i *Identity) path() string {
	if i.Path == "" {
		return "/"
	}
	return i.Path
}

// A User is an IAM user.
type User struct {
	Identity
	// Password is when the console password was set; nil is no console password.
	Password     *wire.Time   `json:"password,omitempty"`
	PasswordUsed wire.Time    `json:"passwordUsed,omitzero"`
	AccessKeys   []*AccessKey `json:"accessKeys,omitempty"`
	Groups       []string     `json:"groups,omitempty"`
	// Boundary is the ARN of the permissions boundary.
	Boundary string `json:"permissionsBoundary,omitempty"`
}

// A Group is an IAM group. Its members are named by the users.
type Group struct{ Identity }

// A Role is an IAM role.
type Role struct {
	Identity
	Description string `json:"description,omitempty"`
	// Trust is the policy that says who may assume the role.
	Trust json.RawMessage `json:"trust"`
}

// A Policy is a customer managed policy with one version, v1.
type Policy struct {
	Name     string          `json:"name"`
	Path     string          `json:"path,omitempty"`
	ID       string          `json:"id"`
	Created  wire.Time       `json:"created"`
	Document json.RawMessage `json:"document"`
}

// An AccessKey is a long-term access key.
type AccessKey struct {
	ID string `json:"id"`
	// Secret signs requests. The key of the state's caller may leave it out; any other key without it is listed but
	// signs nothing.
	Secret  string    `json:"secret,omitempty"`
	Created wire.Time `json:"created"`
	// Inactive reports whether the key has been switched off.
	Inactive bool `json:"inactive,omitempty"`
	// Used is when the key was last used; zero is never.
	Used        wire.Time `json:"used,omitzero"`
	UsedService string    `json:"usedService,omitempty"`
	UsedRegion  string    `json:"usedRegion,omitempty"`
}

// status is the key's status as IAM writes it.
func (k *AccessKey) status() string {
	if k.Inactive {
		return "Inactive"
	}
	return "Active"
}

// An MFADevice is an MFA device that IAM lists.
type MFADevice struct {
	// Serial is the ARN of a virtual device (arn:aws:iam::123456789012:mfa/NAME) or passkey, or the serial number of a
	// hardware token.
	Serial string `json:"serial"`
	// User names the IAM user that the device belongs to; "" is nobody (made but not assigned).
	User    string    `json:"user,omitempty"`
	Enabled wire.Time `json:"enabled,omitzero"`
}

// virtual reports whether the device is an app on a phone.
func (d *MFADevice) virtual() bool { return strings.Contains(d.Serial, ":mfa/") }
