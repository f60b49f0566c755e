package sandbox

import (
	"strings"
	"time"
)

// userWire is a user as IAM describes it.
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

func (r *request) userWire(u *User) userWire {
	w := userWire{
		Path:             u.path(),
		UserName:         u.Name,
		UserID:           u.ID,
		ARN:              r.userARN(u),
		CreateDate:       u.Created.Time,
		PasswordLastUsed: u.PasswordUsed.Time,
	}
	if u.Boundary != "" {
		w.Boundary = &boundaryWire{Type: "Policy", ARN: u.Boundary}
	}
	return w
}

func (r *request) userARN(u *User) string { return r.iamARN("user", u.path(), u.Name) }

// user finds a user by name.
func (r *request) user(name string) (*User, error) { return named("user", r.state().IAM.Users, name) }

// userOrSelf finds a user by name, or without a name the user whose long-term key signed the request. IAM cannot tell it from temporary
// credentials.
func (r *request) userOrSelf(name *string) (*User, error) {
	if name != nil {
		return r.user(*name)
	}
	_, path, isUser := strings.Cut(r.Caller.ARN, ":user/")
	if !isUser || r.Caller.SessionToken != "" {
		return nil, failf("ValidationError", "Must specify userName when calling with non-User credentials")
	}
	return r.user(path[strings.LastIndex(path, "/")+1:])
}

type userInput struct {
	UserName *string `wire:"UserName"`
}

type createUserInput struct {
	UserName string `wire:"UserName,required"`
	Path     string `wire:"Path"`
	Boundary string `wire:"PermissionsBoundary"`
}

func createUser(r *request, in *createUserInput) (*userOutput, error) {
	iam := &r.state().IAM
	identity, err := newIdentity(r, "user", "AIDA", iam.Users, in.UserName, in.Path)
	if err != nil {
		return nil, err
	}
	u := &User{Identity: identity, Boundary: in.Boundary}
	iam.Users = append(iam.Users, u)
	return &userOutput{User: r.userWire(u)}, nil
}

// getUser describes a user. Root asking about itself gets a user without a name.
func getUser(r *request, in *userInput) (*userOutput, error) {
	if in.UserName == nil && r.Caller.isRoot() {
		return &userOutput{User: userWire{Path: "/", UserID: r.accountID(), ARN: r.Caller.ARN}}, nil
	}
	u, err := r.userOrSelf(in.UserName)
	if err != nil {
		return nil, err
	}
	return &userOutput{User: r.userWire(u)}, nil
}

type listUsersInput struct {
	iamPageInput
	PathPrefix string `wire:"PathPrefix"`
}

type listUsersOutput struct {
	iamPageOutput
	Users []userWire `wire:"Users"`
}

func listUsers(r *request, in *listUsersInput) (*listUsersOutput, error) {
	users := make([]*User, 0, len(r.state().IAM.Users))
	for _, u := range r.state().IAM.Users {
		if strings.HasPrefix(u.path(), in.PathPrefix) {
			users = append(users, u)
		}
	}
	out := &listUsersOutput{}
	var err error
	out.Users, out.iamPageOutput, err = iamPage(in.iamPageInput, users, r.userWire)
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
func createLoginProfile(r *request, in *createLoginProfileInput) (*loginProfileOutput, error) {
	u, err := r.userOrSelf(in.UserName)
	if err != nil {
		return nil, err
	}
	if u.Password != nil {
		return nil, alreadyExists("Login Profile for user", u.Name)
	}
	if len(in.Password) < minPassword {
		return nil, failf("PasswordPolicyViolation", "Password should have a minimum length of %d", minPassword)
	}
	set := at(r.Now)
	u.Password = &set
	return &loginProfileOutput{loginProfileWire{UserName: u.Name, CreateDate: set.Time, ResetRequired: in.ResetRequired}}, nil
}

func getLoginProfile(r *request, in *userInput) (*loginProfileOutput, error) {
	u, err := r.userOrSelf(in.UserName)
	if err != nil {
		return nil, err
	}
	if u.Password == nil {
		return nil, noSuchEntity("Login Profile for User %s cannot be found.", u.Name)
	}
	return &loginProfileOutput{loginProfileWire{UserName: u.Name, CreateDate: u.Password.Time}}, nil
}
