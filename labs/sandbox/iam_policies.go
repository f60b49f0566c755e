package sandbox

import (
	"encoding/json"
	"strings"
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
	for _, p := range r.state().IAM.Policies {
		if r.policyARN(p) == arn {
			return p, nil
		}
	}
	if p, ok := awsManagedPolicy(arn); ok {
		return p, nil
	}
	return nil, noSuchEntity("Policy %s was not found.", arn)
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
	return &policyOutput{Policy: r.policyWire(in.ARN, p)}, nil
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

const awsManagedPrefix = "arn:aws:iam::aws:policy/"

// awsManagedPolicies are the policies of AWS that the account knows, by path and name, with what they grant. Long documents are cut down
// to what a learner's lab can tell apart.
var awsManagedPolicies = map[string]string{
	"AdministratorAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	"PowerUserAccess": `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetPrimaryEmail","account:ListRegions",` +
		`"iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization"],"Resource":"*"}]}`,
	"IAMReadOnlyAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport",` +
		`"iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],` +
		`"Resource":"*"}]}`,
	"IAMUserChangePassword": `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":["iam:ChangePassword"],"Resource":["arn:aws:iam::*:user/${aws:username}"]},` +
		`{"Effect":"Allow","Action":["iam:GetAccountPasswordPolicy"],"Resource":"*"}]}`,
	"AmazonEC2ContainerRegistryFullAccess": `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":["ecr:*","cloudtrail:LookupEvents"],"Resource":"*"}]}`,
	"AmazonEC2ContainerRegistryPowerUser": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` +
		`"ecr:GetAuthorizationToken","ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:GetRepositoryPolicy",` +
		`"ecr:DescribeRepositories","ecr:ListImages","ecr:DescribeImages","ecr:BatchGetImage","ecr:InitiateLayerUpload",` +
		`"ecr:UploadLayerPart","ecr:CompleteLayerUpload","ecr:PutImage"],"Resource":"*"}]}`,
	"CloudWatchLogsFullAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:*"],"Resource":"*"}]}`,
	"ReadOnlyAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:BatchGet*","ecr:Describe*","ecr:Get*",` +
		`"ecr:List*","iam:Get*","iam:List*","logs:Describe*","logs:Get*","sts:GetCallerIdentity"],"Resource":"*"}]}`,
	"service-role/AmazonECSTaskExecutionRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` +
		`"ecr:GetAuthorizationToken","ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:BatchGetImage",` +
		`"logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`,
}

// awsManagedPolicy finds one of AWS's own policies.
func awsManagedPolicy(arn string) (*Policy, bool) {
	name, ok := strings.CutPrefix(arn, awsManagedPrefix)
	document, known := awsManagedPolicies[name]
	if !ok || !known {
		return nil, false
	}
	i := strings.LastIndex(name, "/") + 1
	return &Policy{
		Name:     name[i:],
		Path:     "/" + name[:i],
		ID:       "ANPAAWSMANAGEDEXAMPLE",
		Created:  at(time.Date(2015, time.February, 6, 18, 39, 46, 0, time.UTC)),
		Document: json.RawMessage(document),
	}, true
}
