package sandbox

import (
	"slices"
	"strings"
	"time"
)

type groupWire struct {
	Path       string    `wire:"Path"`
	GroupName  string    `wire:"GroupName"`
	GroupID    string    `wire:"GroupId"`
	ARN        string    `wire:"Arn"`
	CreateDate time.Time `wire:"CreateDate"`
}

func (r *request) groupWire(g *Group) groupWire {
	return groupWire{
		Path:       g.path(),
		GroupName:  g.Name,
		GroupID:    g.ID,
		ARN:        r.iamARN("group", g.path(), g.Name),
		CreateDate: g.Created.Time,
	}
}

// group finds a group by name.
func (r *request) group(name string) (*Group, error) {
	return named("group", r.state().IAM.Groups, name)
}

type createGroupInput struct {
	GroupName string `wire:"GroupName,required"`
	Path      string `wire:"Path"`
}

type createGroupOutput struct {
	Group groupWire `wire:"Group"`
}

func createGroup(r *request, in *createGroupInput) (*createGroupOutput, error) {
	iam := &r.state().IAM
	identity, err := newIdentity(r, "group", "AGPA", iam.Groups, in.GroupName, in.Path)
	if err != nil {
		return nil, err
	}
	g := &Group{Identity: identity}
	iam.Groups = append(iam.Groups, g)
	return &createGroupOutput{Group: r.groupWire(g)}, nil
}

type membershipInput struct {
	GroupName string `wire:"GroupName,required"`
	UserName  string `wire:"UserName,required"`
}

// addUserToGroup may be repeated: a user who is in the group already stays there once.
func addUserToGroup(r *request, in *membershipInput) (*none, error) {
	u, g, err := r.membership(in)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(u.Groups, g.isNamed) {
		u.Groups = append(u.Groups, g.Name)
	}
	return &none{}, nil
}

func removeUserFromGroup(r *request, in *membershipInput) (*none, error) {
	u, g, err := r.membership(in)
	if err != nil {
		return nil, err
	}
	u.Groups = slices.DeleteFunc(u.Groups, g.isNamed)
	return &none{}, nil
}

// membership finds the two of whom an input speaks.
func (r *request) membership(in *membershipInput) (*User, *Group, error) {
	g, err := r.group(in.GroupName)
	if err != nil {
		return nil, nil, err
	}
	u, err := r.user(in.UserName)
	return u, g, err
}

func (g *Group) isNamed(name string) bool { return strings.EqualFold(name, g.Name) }

type listGroupsForUserInput struct {
	iamPageInput
	UserName string `wire:"UserName,required"`
}

type listGroupsForUserOutput struct {
	iamPageOutput
	Groups []groupWire `wire:"Groups"`
}

func listGroupsForUser(r *request, in *listGroupsForUserInput) (*listGroupsForUserOutput, error) {
	u, err := r.user(in.UserName)
	if err != nil {
		return nil, err
	}
	var groups []*Group
	for _, name := range u.Groups {
		g, err := r.group(name)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	out := &listGroupsForUserOutput{}
	out.Groups, out.iamPageOutput, err = iamPage(in.iamPageInput, groups, r.groupWire)
	return out, err
}
