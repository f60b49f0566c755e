package sandbox

import (
	"time"
)

type policyWire struct {
	PolicyName     string    `wire:"PolicyName"`
	PolicyID       string    `wire:"PolicyId"`
	ARN            string    `wire:"Arn"`
	Path           string    `wire:"Path"`
	DefaultVersion string    `wire:"DefaultVersionId"`
	Attachments    int32     `wire:"AttachmentCount"`
	IsAttachable   bool      `wire:"IsAttachable"`
	CreateDate     time.Time `wire:"CreateDate"`
	UpdateDate     time.Time `wire:"UpdateDate"`
	// Tags are told of one policy, not in a list. No operation here sets any.
	Tags []struct{} `wire:"Tags"`
}

type policyOutput struct {
	Policy policyWire `wire:"Policy"`
}

// onlyVersion is the version that every policy here has.
const onlyVersion = "v1"

func (r *request) policyARN(p *Policy) string {
	return r.iamARN("policy", (&Identity{Path: p.Path}).path(), p.Name)
}

// policy finds a customer managed policy, or one of AWS's own that the account knows.
func (r *request) policy(arn string) (*Policy, error) {
	if p := r.ownPolicy(arn); p != nil {
		return p, nil
	}
	if p, ok := awsManagedPolicy(arn); ok {
		return p, nil
	}
	return nil, noSuchEntity("Policy %s was not found.", arn)
}

// ownPolicy finds a customer managed policy; nil when there is none.
func (r *request) ownPolicy(arn string) *Policy {
	for _, p := range r.state().IAM.Policies {
		if r.policyARN(p) == arn {
			return p
		}
	}
	return nil
}

func (r *request) policyWire(arn string, p *Policy) policyWire {
	w := policyWire{
		PolicyName:     p.Name,
		PolicyID:       p.ID,
		ARN:            arn,
		Path:           (&Identity{Path: p.Path}).path(),
		DefaultVersion: onlyVersion,
		IsAttachable:   true,
		CreateDate:     p.Created.Time,
		UpdateDate:     p.Created.Time,
	}
	for _, who := range r.grantees() {
		for _, attached := range who.Attached {
			if attached == arn {
				w.Attachments++
			}
		}
	}
	return w
}

// grantees are all identities that a policy can be attached to.
func (r *request) grantees() []*Identity {
	var all []*Identity
	for _, u := range r.state().IAM.Users {
		all = append(all, &u.Identity)
	}
	for _, g := range r.state().IAM.Groups {
		all = append(all, &g.Identity)
	}
	for _, role := range r.state().IAM.Roles {
		all = append(all, &role.Identity)
	}
	return all
}

type createPolicyInput struct {
	PolicyName string `wire:"PolicyName,required"`
	Path       string `wire:"Path"`
	Document   string `wire:"PolicyDocument,required"`
}

func createPolicy(r *request, in *createPolicyInput) (*policyOutput, error) {
	document, err := parseDocument(in.Document)
	if err != nil {
		return nil, err
	}
	p := &Policy{Name: in.PolicyName, Path: in.Path, ID: "ANPA" + r.token(10) + "EXAMPLE", Created: at(r.Now), Document: document}
	arn := r.policyARN(p)
	if _, err := r.policy(arn); err == nil {
		return nil, alreadyExists("A policy called", in.PolicyName)
	}
	r.state().IAM.Policies = append(r.state().IAM.Policies, p)
	return &policyOutput{Policy: r.policyWire(arn, p)}, nil
}

type getPolicyInput struct {
	ARN string `wire:"PolicyArn,required"`
}

func getPolicy(r *request, in *getPolicyInput) (*policyOutput, error) {
	p, err := r.policy(in.ARN)
	if err != nil {
		return nil, err
	}
	w := r.policyWire(in.ARN, p)
	w.Tags = []struct{}{}
	return &policyOutput{Policy: w}, nil
}

type getPolicyVersionInput struct {
	ARN     string `wire:"PolicyArn,required"`
	Version string `wire:"VersionId,required"`
}

type getPolicyVersionOutput struct {
	Version policyVersionWire `wire:"PolicyVersion"`
}

type policyVersionWire struct {
	Document   string    `wire:"Document"`
	VersionID  string    `wire:"VersionId"`
	IsDefault  bool      `wire:"IsDefaultVersion"`
	CreateDate time.Time `wire:"CreateDate"`
}

func getPolicyVersion(r *request, in *getPolicyVersionInput) (*getPolicyVersionOutput, error) {
	p, err := r.policy(in.ARN)
	if err != nil {
		return nil, err
	}
	if in.Version != onlyVersion {
		return nil, noSuchEntity("Policy %s version %s does not exist or is not attachable.", in.ARN, in.Version)
	}
	return &getPolicyVersionOutput{policyVersionWire{
		Document:   encodeDocument(p.Document),
		VersionID:  onlyVersion,
		IsDefault:  true,
		CreateDate: p.Created.Time,
	}}, nil
}
