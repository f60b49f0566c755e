package iam

import (
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

type roleWire struct {
	Path        string    `wire:"Path"`
	RoleName    string    `wire:"RoleName"`
	RoleID      string    `wire:"RoleId"`
	ARN         string    `wire:"Arn"`
	CreateDate  time.Time `wire:"CreateDate"`
	Trust       string    `wire:"AssumeRolePolicyDocument"`
	Description string    `wire:"Description,omitempty"`
	MaxSession  int32     `wire:"MaxSessionDuration"` // seconds
	// LastUsed is told of one role, not in a list. It is empty: nobody has used the role in the last 400 days.
	LastUsed *struct{} `wire:"RoleLastUsed"`
}

type roleOutput struct {
	Role roleWire `wire:"Role"`
}

func describeRole(r *wire.Request, role *Role) roleWire {
	return roleWire{
		Path:        role.path(),
		RoleName:    role.Name,
		RoleID:      role.ID,
		ARN:         arnOf(r, "role", role.path(), role.Name),
		CreateDate:  role.Created.Time,
		Trust:       encodeDocument(role.Trust),
		Description: role.Description,
		MaxSession:  sessionSeconds,
	}
}

// findRole finds a role by name.
func findRole(r *wire.Request, name string) (*Role, error) {
	return named("role", Part.Of(r).Roles, name)
}

type createRoleInput struct {
	RoleName    string `wire:"RoleName,required"`
	Path        string `wire:"Path"`
	Trust       string `wire:"AssumeRolePolicyDocument,required"`
	Description string `wire:"Description"`
}

func createRole(r *wire.Request, in *createRoleInput) (*roleOutput, error) {
	trust, err := parseDocument(in.Trust)
	if err != nil {
		return nil, err
	}
	iam := Part.Of(r)
	identity, err := newIdentity(r, "role", "AROA", iam.Roles, in.RoleName, in.Path)
	if err != nil {
		return nil, err
	}
	role := &Role{Identity: identity, Trust: trust, Description: in.Description}
	iam.Roles = append(iam.Roles, role)
	return &roleOutput{Role: describeRole(r, role)}, nil
}

type getRoleInput struct {
	RoleName string `wire:"RoleName,required"`
}

func getRole(r *wire.Request, in *getRoleInput) (*roleOutput, error) {
	role, err := findRole(r, in.RoleName)
	if err != nil {
		return nil, err
	}
	w := describeRole(r, role)
	w.LastUsed = &struct{}{}
	return &roleOutput{Role: w}, nil
}

// sessionSeconds is how long a session of a role lasts.
const sessionSeconds = 3600

// Role finds a role by its ARN.
func (authority) Role(r *wire.Request, arn string) (wire.Role, bool) {
	role, err := findRole(r, arn[strings.LastIndex(arn, "/")+1:])
	if err != nil || describeRole(r, role).ARN != arn {
		return wire.Role{}, false
	}
	return wire.Role{Name: role.Name, ID: role.ID}, true
}
