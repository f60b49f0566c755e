package iam

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// describeUser is a user as IAM describes it.
func describeUser(r *wire.Request, u *User) userWire {
	w := userWire{
		Path:             u.path(),
		UserName:         &u.Name,
		UserId:           u.ID,
		Arn:              userARN(r, u),
		CreateDate:       u.Created,
		PasswordLastUsed: u.PasswordUsed,
	}
	if u.Boundary != "" {
		w.PermissionsBoundary = &attachedPermissionsBoundaryWire{
			PermissionsBoundaryType: new("Policy"), PermissionsBoundaryArn: &u.Boundary,
		}
	}
	return w
}

func userARN(r *wire.Request, u *User) string { return arnOf(r, "user", u.path(), u.Name) }

// findUser finds a user by name.
func findUser(r *wire.Request, name string) (*User, error) {
	return named("user", Part.Of(r).Users, name)
}

// userOrSelf finds a user by name, or without a name the user whose long-term key signed the request. IAM cannot tell
// it from temporary credentials.
func userOrSelf(r *wire.Request, name *string) (*User, error) {
	if name != nil {
		return findUser(r, *name)
	}
	_, path, isUser := strings.Cut(r.Caller.ARN, ":user/")
	if !isUser || r.Caller.SessionToken != "" {
		return nil, wire.Failf("ValidationError", "Must specify userName when calling with non-User credentials")
	}
	return findUser(r, path[strings.LastIndex(path, "/")+1:])
}

func createUser(r *wire.Request, in *createUserInput) (*createUserOutput, error) {
	iam := Part.Of(r)
	identity, err := newIdentity(r, "user", "AIDA", iam.Users, in.UserName, in.Path)
	if err != nil {
		return nil, err
	}
	u := &User{Identity: identity, Boundary: wire.Value(in.PermissionsBoundary)}
	iam.Users = append(iam.Users, u)
	return &createUserOutput{User: new(describeUser(r, u))}, nil
}

// getUser describes a user. Root asking about itself gets a user without a name.
func getUser(r *wire.Request, in *getUserInput) (*getUserOutput, error) {
	if in.UserName == nil && r.Caller.IsRoot() {
		return &getUserOutput{User: userWire{Path: "/", UserId: r.AccountID(), Arn: r.Caller.ARN}}, nil
	}
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	return &getUserOutput{User: describeUser(r, u)}, nil
}

func listUsers(r *wire.Request, in *listUsersInput) (*listUsersOutput, error) {
	users := make([]*User, 0, len(Part.Of(r).Users))
	for _, u := range Part.Of(r).Users {
		if strings.HasPrefix(u.path(), wire.Value(in.PathPrefix)) {
			users = append(users, u)
		}
	}
	out := &listUsersOutput{}
	var err error
	show := func(u *User) userWire { return describeUser(r, u) }
	out.Users, out.IsTruncated, out.Marker, err = onePage(in.Marker, in.MaxItems, users, show)
	return out, err
}

// minPassword is the length that AWS's default password policy asks for.
const minPassword = 8

// createLoginProfile gives a user a console password, which it does not keep.
func createLoginProfile(r *wire.Request, in *createLoginProfileInput) (*createLoginProfileOutput, error) {
	if in.Password == nil { // AWS lets only sessions of root in other accounts leave it out
		return nil, wire.Failf("ValidationError", "1 validation error detected: Value null at 'Password' "+
			"failed to satisfy constraint: Member must not be null")
	}
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	if u.Password != nil {
		return nil, alreadyExists("Login Profile for user", u.Name)
	}
	if len(*in.Password) < minPassword {
		return nil, wire.Failf("PasswordPolicyViolation", "Password should have a minimum length of %d", minPassword)
	}
	u.Password = new(wire.At(r.Now))
	return &createLoginProfileOutput{LoginProfile: loginProfileWire{
		UserName: u.Name, CreateDate: *u.Password, PasswordResetRequired: new(wire.Value(in.PasswordResetRequired)),
	}}, nil
}

func getLoginProfile(r *wire.Request, in *getLoginProfileInput) (*getLoginProfileOutput, error) {
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	if u.Password == nil {
		return nil, noSuchEntity("Login Profile for User %s cannot be found.", u.Name)
	}
	return &getLoginProfileOutput{LoginProfile: loginProfileWire{
		UserName: u.Name, CreateDate: *u.Password, PasswordResetRequired: new(false),
	}}, nil
}

func describeGroup(r *wire.Request, g *Group) groupWire {
	return groupWire{
		Path:       g.path(),
		GroupName:  g.Name,
		GroupId:    g.ID,
		Arn:        arnOf(r, "group", g.path(), g.Name),
		CreateDate: g.Created,
	}
}

// findGroup finds a group by name.
func findGroup(r *wire.Request, name string) (*Group, error) {
	return named("group", Part.Of(r).Groups, name)
}

func createGroup(r *wire.Request, in *createGroupInput) (*createGroupOutput, error) {
	iam := Part.Of(r)
	identity, err := newIdentity(r, "group", "AGPA", iam.Groups, in.GroupName, in.Path)
	if err != nil {
		return nil, err
	}
	g := &Group{Identity: identity}
	iam.Groups = append(iam.Groups, g)
	return &createGroupOutput{Group: describeGroup(r, g)}, nil
}

// addUserToGroup may be repeated: a user who is in the group already stays there once.
func addUserToGroup(r *wire.Request, in *addUserToGroupInput) (*wire.None, error) {
	u, g, err := membership(r, in.GroupName, in.UserName)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(u.Groups, g.isNamed) {
		u.Groups = append(u.Groups, g.Name)
	}
	return &wire.None{}, nil
}

func removeUserFromGroup(r *wire.Request, in *removeUserFromGroupInput) (*wire.None, error) {
	u, g, err := membership(r, in.GroupName, in.UserName)
	if err != nil {
		return nil, err
	}
	u.Groups = slices.DeleteFunc(u.Groups, g.isNamed)
	return &wire.None{}, nil
}

// membership finds the two of whom an input speaks.
func membership(r *wire.Request, group, user string) (*User, *Group, error) {
	g, err := findGroup(r, group)
	if err != nil {
		return nil, nil, err
	}
	u, err := findUser(r, user)
	return u, g, err
}

func (g *Group) isNamed(name string) bool { return strings.EqualFold(name, g.Name) }

func listGroupsForUser(r *wire.Request, in *listGroupsForUserInput) (*listGroupsForUserOutput, error) {
	u, err := findUser(r, in.UserName)
	if err != nil {
		return nil, err
	}
	var groups []*Group
	for _, name := range u.Groups {
		g, err := findGroup(r, name)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	out := &listGroupsForUserOutput{}
	show := func(g *Group) groupWire { return describeGroup(r, g) }
	out.Groups, out.IsTruncated, out.Marker, err = onePage(in.Marker, in.MaxItems, groups, show)
	return out, err
}
