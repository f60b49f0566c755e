package sandbox

import "time"

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

func (r *request) roleWire(role *Role) roleWire {
	return roleWire{
		Path:        role.path(),
		RoleName:    role.Name,
		RoleID:      role.ID,
		ARN:         r.iamARN("role", role.path(), role.Name),
		CreateDate:  role.Created.Time,
		Trust:       encodeDocument(role.Trust),
		Description: role.Description,
		MaxSession:  int32(sessionLife.Seconds()),
	}
}

// role finds a role by name.
func (r *request) role(name string) (*Role, error) { return named("role", r.state().IAM.Roles, name) }

type createRoleInput struct {
	RoleName    string `wire:"RoleName,required"`
	Path        string `wire:"Path"`
	Trust       string `wire:"AssumeRolePolicyDocument,required"`
	Description string `wire:"Description"`
}

func createRole(r *request, in *createRoleInput) (*roleOutput, error) {
	trust, err := parseDocument(in.Trust)
	if err != nil {
		return nil, err
	}
	iam := &r.state().IAM
	identity, err := newIdentity(r, "role", "AROA", iam.Roles, in.RoleName, in.Path)
	if err != nil {
		return nil, err
	}
	role := &Role{Identity: identity, Trust: trust, Description: in.Description}
	iam.Roles = append(iam.Roles, role)
	return &roleOutput{Role: r.roleWire(role)}, nil
}

type getRoleInput struct {
	RoleName string `wire:"RoleName,required"`
}

func getRole(r *request, in *getRoleInput) (*roleOutput, error) {
	role, err := r.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	w := r.roleWire(role)
	w.LastUsed = &struct{}{}
	return &roleOutput{Role: w}, nil
}
