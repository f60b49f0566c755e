package iam

import (
	"embed"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// onlyVersion is the version that every policy here has.
const onlyVersion = "v1"

func policyARN(r *wire.Request, p *Policy) string {
	return arnOf(r, "policy", (&Identity{Path: p.Path}).path(), p.Name)
}

// findPolicy finds a customer managed policy, or one of AWS's own that the account knows.
func findPolicy(r *wire.Request, arn string) (*Policy, error) {
	if p := ownPolicy(r, arn); p != nil {
		return p, nil
	}
	if p, ok := awsManagedPolicy(arn); ok {
		return p, nil
	}
	return nil, noSuchEntity("Policy %s was not found.", arn)
}

// ownPolicy finds a customer managed policy; nil when there is none.
func ownPolicy(r *wire.Request, arn string) *Policy {
	for _, p := range Part.Of(r).Policies {
		if policyARN(r, p) == arn {
			return p
		}
	}
	return nil
}

func describePolicy(r *wire.Request, arn string, p *Policy) *policyWire {
	attachments := int32(0)
	for _, who := range grantees(r) {
		for _, attached := range who.Attached {
			if attached == arn {
				attachments++
			}
		}
	}
	return &policyWire{
		PolicyName:       &p.Name,
		PolicyId:         &p.ID,
		Arn:              &arn,
		Path:             new((&Identity{Path: p.Path}).path()),
		DefaultVersionId: new(onlyVersion),
		AttachmentCount:  &attachments,
		IsAttachable:     new(true),
		CreateDate:       p.Created,
		UpdateDate:       p.Created,
	}
}

// grantees are all identities that a policy can be attached to.
func grantees(r *wire.Request) []*Identity {
	var all []*Identity
	for _, u := range Part.Of(r).Users {
		all = append(all, &u.Identity)
	}
	for _, g := range Part.Of(r).Groups {
		all = append(all, &g.Identity)
	}
	for _, role := range Part.Of(r).Roles {
		all = append(all, &role.Identity)
	}
	return all
}

func createPolicy(r *wire.Request, in *createPolicyInput) (*createPolicyOutput, error) {
	document, err := parseDocument(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	p := &Policy{
		Name: in.PolicyName, Path: wire.Value(in.Path), ID: "ANPA" + r.Token(10) + "EXAMPLE", Created: wire.At(r.Now),
		Document: document,
	}
	arn := policyARN(r, p)
	if _, err := findPolicy(r, arn); err == nil {
		return nil, alreadyExists("A policy called", in.PolicyName)
	}
	Part.Of(r).Policies = append(Part.Of(r).Policies, p)
	return &createPolicyOutput{Policy: describePolicy(r, arn, p)}, nil
}

// getPolicy describes a policy with its tags, which a list does not show. No operation here sets any.
func getPolicy(r *wire.Request, in *getPolicyInput) (*getPolicyOutput, error) {
	p, err := findPolicy(r, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	w := describePolicy(r, in.PolicyArn, p)
	w.Tags = []tagWire{}
	return &getPolicyOutput{Policy: w}, nil
}

func getPolicyVersion(r *wire.Request, in *getPolicyVersionInput) (*getPolicyVersionOutput, error) {
	p, err := findPolicy(r, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if in.VersionId != onlyVersion {
		return nil, noSuchEntity("Policy %s version %s does not exist or is not attachable.", in.PolicyArn, in.VersionId)
	}
	return &getPolicyVersionOutput{PolicyVersion: &policyVersionWire{
		Document:         new(encodeDocument(p.Document)),
		VersionId:        new(onlyVersion),
		IsDefaultVersion: new(true),
		CreateDate:       p.Created,
	}}, nil
}

// policyFiles are the policies of AWS that the account knows, by path and name, as AWS publishes them (November 2026):
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html. Of those with hundreds of actions
// only the part is here that is about the services of the practice account: Billing, SecurityAudit, ViewOnlyAccess,
// ReadOnlyAccess and the like.
//
//go:embed policies
var policyFiles embed.FS

const awsManagedPrefix = "arn:aws:iam::aws:policy/"

// awsManagedPolicy finds one of AWS's own policies.
func awsManagedPolicy(arn string) (*Policy, bool) {
	name, ok := strings.CutPrefix(arn, awsManagedPrefix)
	if !ok {
		return nil, false
	}
	document, err := policyFiles.ReadFile("policies/" + name + ".json")
	if err != nil {
		return nil, false
	}
	i := strings.LastIndex(name, "/") + 1
	return &Policy{
		Name:     name[i:],
		Path:     "/" + name[:i],
		ID:       "ANPAAWSMANAGEDEXAMPLE",
		Created:  wire.At(time.Date(2015, time.February, 6, 18, 39, 46, 0, time.UTC)),
		Document: json.RawMessage(document),
	}, true
}

// managed are AWS's policies that have been read, so that a thousand accounts need them once.
var managed = &wire.Memory[library]{Lifetime: wire.Shared}

// A library keeps AWS's policies that have been read. The zero value is empty.
type library struct {
	mu        sync.Mutex
	documents map[string]*policyDocument // by ARN
}

// document reads one of AWS's policies, once. One that AWS does not have grants nothing.
func (l *library) document(arn string) *policyDocument {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := l.documents[arn]; d != nil {
		return d
	}
	p, ok := awsManagedPolicy(arn)
	if !ok {
		return &policyDocument{}
	}
	if l.documents == nil {
		l.documents = map[string]*policyDocument{}
	}
	l.documents[arn] = readPolicy(p.Document)
	return l.documents[arn]
}
