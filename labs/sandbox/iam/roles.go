package iam

import (
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

func describeRole(r *wire.Request, role *Role) roleWire {
	return roleWire{
		Path:                     role.path(),
		RoleName:                 role.Name,
		RoleId:                   role.ID,
		Arn:                      arnOf(r, "role", role.path(), role.Name),
		CreateDate:               role.Created,
		AssumeRolePolicyDocument: new(encodeDocument(role.Trust)),
		Description:              wire.Present(role.Description),
		MaxSessionDuration:       new(int32(sessionSeconds)),
	}
}

// findRole finds a role by name.
func findRole(r *wire.Request, name string) (*Role, error) {
	return named("role", Part.Of(r).Roles, name)
}

func createRole(r *wire.Request, in *createRoleInput) (*createRoleOutput, error) {
	trust, err := parseDocument(in.AssumeRolePolicyDocument)
	if err != nil {
		return nil, err
	}
	iam := Part.Of(r)
	identity, err := newIdentity(r, "role", "AROA", iam.Roles, in.RoleName, in.Path)
	if err != nil {
		return nil, err
	}
	role := &Role{Identity: identity, Trust: trust, Description: wire.Value(in.Description)}
	iam.Roles = append(iam.Roles, role)
	return &createRoleOutput{Role: describeRole(r, role)}, nil
}

// getRole describes a role with its last use, which a list does not show. It is empty: nobody has used the role in the
// last 400 days.
func getRole(r *wire.Request, in *getRoleInput) (*getRoleOutput, error) {
	role, err := findRole(r, in.RoleName)
	if err != nil {
		return nil, err
	}
	w := describeRole(r, role)
	w.RoleLastUsed = &roleLastUsedWire{}
	return &getRoleOutput{Role: w}, nil
}

// sessionSeconds is how long a session of a role lasts.
const sessionSeconds = 3600

// Role finds a role by its ARN.
func (authority) Role(r *wire.Request, arn string) (wire.Role, bool) {
	role, err := findRole(r, arn[strings.LastIndex(arn, "/")+1:])
	if err != nil || describeRole(r, role).Arn != arn {
		return wire.Role{}, false
	}
	return wire.Role{Name: role.Name, ID: role.ID}, true
}
