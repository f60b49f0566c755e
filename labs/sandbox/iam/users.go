package iam

import (
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// describeUser is a user as IAM describes it.
type userWire struct {
	Path             string        `wire:"Path"`
	UserName         string        `wire:"UserName,omitempty"` // root has none
	UserID           string        `wire:"UserId"`
	ARN              string        `wire:"Arn"`
	CreateDate       time.Time     `wire:"CreateDate"`
	PasswordLastUsed time.Time     `wire:"PasswordLastUsed"`
	Boundary         *boundaryWire `wire:"PermissionsBoundary"`
}

type boundaryWire struct {
	Type string `wire:"PermissionsBoundaryType"`
	ARN  string `wire:"PermissionsBoundaryArn"`
}

type userOutput struct {
	User userWire `wire:"User"`
}

func describeUser(r *wire.Request, u *User) userWire {
	w := userWire{
		Path:             u.path(),
		UserName:         u.Name,
		UserID:           u.ID,
		ARN:              userARN(r, u),
		CreateDate:       u.Created.Time,
		PasswordLastUsed: u.PasswordUsed.Time,
	}
	if u.Boundary != "" {
		w.Boundary = &boundaryWire{Type: "Policy", ARN: u.Boundary}
	}
	return w
}

func userARN(r *wire.Request, u *User) string { return arnOf(r, "user", u.path(), u.Name) }

// findUser finds a user by name.
func findUser(r *wire.Request, name string) (*User, error) {
	return named("user", Part.Of(r).Users, name)
}

// userOrSelf finds a user by name, or without a name the user whose long-term key signed the request. IAM cannot tell it from temporary
// credentials.
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

type userInput struct {
	UserName *string `wire:"UserName"`
}

type createUserInput struct {
	UserName string `wire:"UserName,required"`
	Path     string `wire:"Path"`
	Boundary string `wire:"PermissionsBoundary"`
}

func createUser(r *wire.Request, in *createUserInput) (*userOutput, error) {
	iam := Part.Of(r)
	identity, err := newIdentity(r, "user", "AIDA", iam.Users, in.UserName, in.Path)
	if err != nil {
		return nil, err
	}
	u := &User{Identity: identity, Boundary: in.Boundary}
	iam.Users = append(iam.Users, u)
	return &userOutput{User: describeUser(r, u)}, nil
}

// getUser describes a user. Root asking about itself gets a user without a name.
func getUser(r *wire.Request, in *userInput) (*userOutput, error) {
	if in.UserName == nil && r.Caller.IsRoot() {
		return &userOutput{User: userWire{Path: "/", UserID: r.AccountID(), ARN: r.Caller.ARN}}, nil
	}
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	return &userOutput{User: describeUser(r, u)}, nil
}

type listUsersInput struct {
	pageInput
	PathPrefix string `wire:"PathPrefix"`
}

type listUsersOutput struct {
	pageOutput
	Users []userWire `wire:"Users"`
}

func listUsers(r *wire.Request, in *listUsersInput) (*listUsersOutput, error) {
	users := make([]*User, 0, len(Part.Of(r).Users))
	for _, u := range Part.Of(r).Users {
		if strings.HasPrefix(u.path(), in.PathPrefix) {
			users = append(users, u)
		}
	}
	out := &listUsersOutput{}
	var err error
	out.Users, out.pageOutput, err = onePage(in.pageInput, users, func(u *User) userWire { return describeUser(r, u) })
	return out, err
}

type loginProfileOutput struct {
	LoginProfile loginProfileWire `wire:"LoginProfile"`
}

type loginProfileWire struct {
	UserName      string    `wire:"UserName"`
	CreateDate    time.Time `wire:"CreateDate"`
	ResetRequired bool      `wire:"PasswordResetRequired"`
}

type createLoginProfileInput struct {
	UserName      *string `wire:"UserName"`
	Password      string  `wire:"Password,required"`
	ResetRequired bool    `wire:"PasswordResetRequired"`
}

// minPassword is the length that AWS's default password policy asks for.
const minPassword = 8

// createLoginProfile gives a user a console password, which it does not keep.
func createLoginProfile(r *wire.Request, in *createLoginProfileInput) (*loginProfileOutput, error) {
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	if u.Password != nil {
		return nil, alreadyExists("Login Profile for user", u.Name)
	}
	if len(in.Password) < minPassword {
		return nil, wire.Failf("PasswordPolicyViolation", "Password should have a minimum length of %d", minPassword)
	}
	set := wire.At(r.Now)
	u.Password = &set
	return &loginProfileOutput{loginProfileWire{UserName: u.Name, CreateDate: set.Time, ResetRequired: in.ResetRequired}}, nil
}

func getLoginProfile(r *wire.Request, in *userInput) (*loginProfileOutput, error) {
	u, err := userOrSelf(r, in.UserName)
	if err != nil {
		return nil, err
	}
	if u.Password == nil {
		return nil, noSuchEntity("Login Profile for User %s cannot be found.", u.Name)
	}
	return &loginProfileOutput{loginProfileWire{UserName: u.Name, CreateDate: u.Password.Time}}, nil
}

type groupWire struct {
	Path       string    `wire:"Path"`
	GroupName  string    `wire:"GroupName"`
	GroupID    string    `wire:"GroupId"`
	ARN        string    `wire:"Arn"`
	CreateDate time.Time `wire:"CreateDate"`
}

func describeGroup(r *wire.Request, g *Group) groupWire {
	return groupWire{
		Path:       g.path(),
		GroupName:  g.Name,
		GroupID:    g.ID,
		ARN:        arnOf(r, "group", g.path(), g.Name),
		CreateDate: g.Created.Time,
	}
}

// findGroup finds a group by name.
func findGroup(r *wire.Request, name string) (*Group, error) {
	return named("group", Part.Of(r).Groups, name)
}

type createGroupInput struct {
	GroupName string `wire:"GroupName,required"`
	Path      string `wire:"Path"`
}

type createGroupOutput struct {
	Group groupWire `wire:"Group"`
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

type membershipInput struct {
	GroupName string `wire:"GroupName,required"`
	UserName  string `wire:"UserName,required"`
}

// addUserToGroup may be repeated: a user who is in the group already stays there once.
func addUserToGroup(r *wire.Request, in *membershipInput) (*wire.None, error) {
	u, g, err := membership(r, in)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(u.Groups, g.isNamed) {
		u.Groups = append(u.Groups, g.Name)
	}
	return &wire.None{}, nil
}

func removeUserFromGroup(r *wire.Request, in *membershipInput) (*wire.None, error) {
	u, g, err := membership(r, in)
	if err != nil {
		return nil, err
	}
	u.Groups = slices.DeleteFunc(u.Groups, g.isNamed)
	return &wire.None{}, nil
}

// membership finds the two of whom an input speaks.
func membership(r *wire.Request, in *membershipInput) (*User, *Group, error) {
	g, err := findGroup(r, in.GroupName)
	if err != nil {
		return nil, nil, err
	}
	u, err := findUser(r, in.UserName)
	return u, g, err
}

func (g *Group) isNamed(name string) bool { return strings.EqualFold(name, g.Name) }

type listGroupsForUserInput struct {
	pageInput
	UserName string `wire:"UserName,required"`
}

type listGroupsForUserOutput struct {
	pageOutput
	Groups []groupWire `wire:"Groups"`
}

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
	out.Groups, out.pageOutput, err = onePage(in.pageInput, groups, func(g *Group) groupWire { return describeGroup(r, g) })
	return out, err
}
