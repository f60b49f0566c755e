package iam_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/iam"
)

const ofAWS = "arn:aws:iam::aws:policy/"

// policies are everything that the check may ask about alice and her groups. Who has no policy is given as such.
type policies struct {
	attached map[account.Principal][]string          // ARNs
	inline   map[account.Principal]map[string]string // name to statement
	managed  map[string]string                       // ARN of a customer policy to statement
	groups   []string
	boundary string
}

var (
	alice  = account.Principal{Kind: account.UserPrincipal, Name: "alice"}
	admins = account.Principal{Kind: account.GroupPrincipal, Name: "admins"}
)

func (p policies) facts() []facts.Given {
	user := account.UserKey{User: "alice"}
	given := []facts.Given{
		account.UserGroups.Given(user, p.groups),
		account.UserBoundary.Given(user, account.Boundary{PolicyARN: p.boundary}),
	}
	holders := []account.Principal{alice}
	for _, group := range p.groups {
		holders = append(holders, account.Principal{Kind: account.GroupPrincipal, Name: group})
	}
	for _, holder := range holders {
		var attached []account.AttachedPolicy
		for _, arn := range p.attached[holder] {
			attached = append(attached, account.AttachedPolicy{ARN: arn, Name: arn[strings.LastIndexByte(arn, '/')+1:]})
		}
		var names []string
		for name, statement := range p.inline[holder] {
			names = append(names, name)
			given = append(given, account.InlinePolicy.Given(
				account.InlinePolicyKey{Principal: holder, Policy: name}, document(statement)))
		}
		given = append(given, account.AttachedPolicies.Given(holder, attached), account.InlinePolicies.Given(holder, names))
	}
	for arn, statement := range p.managed {
		given = append(given, account.ManagedPolicy.Given(account.PolicyKey{ARN: arn}, document(statement)))
	}
	return given
}

// and adds the user's inline policies of other ones.
func (p policies) and(other policies) policies {
	p.inline = other.inline
	return p
}

// document is a policy with these statements, as the API tells it.
func document(statements string) account.PolicyDocument {
	d, err := account.ParsePolicyDocument(url.PathEscape(`{"Version": "2012-10-17", "Statement": ` + statements + `}`))
	if err != nil {
		panic(err)
	}
	return d
}

const everything = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`

func TestLeastPrivilege(t *testing.T) {
	const own = "arn:aws:iam::123456789012:policy/"
	const (
		administrator = ofAWS + "AdministratorAccess"
		powerUser     = ofAWS + "PowerUserAccess"
		readIAM       = ofAWS + "IAMReadOnlyAccess"
	)
	const daily = `aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/PowerUserAccess
aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/IAMReadOnlyAccess
aws iam list-attached-user-policies --user-name alice
`
	attached := func(arns ...string) policies {
		return policies{attached: map[account.Principal][]string{alice: arns}}
	}
	inGroup := func(arns ...string) policies {
		return policies{groups: []string{"admins"}, attached: map[account.Principal][]string{admins: arns}}
	}
	inline := func(statements string) policies {
		return policies{inline: map[account.Principal]map[string]string{alice: {"mine": statements}}}
	}
	customer := func(statements string) policies {
		p := attached(own + "team/mine")
		p.managed = map[string]string{own + "team/mine": statements}
		return p
	}
	groupInline := inGroup(powerUser)
	groupInline.inline = map[account.Principal]map[string]string{admins: {"all": everything}}
	twice := inGroup(readIAM, powerUser)
	twice.attached[alice] = []string{powerUser}
	limited := attached(administrator)
	limited.boundary = own + "limit"
	misnamed := attached(own + "AdministratorAccess")
	misnamed.managed = map[string]string{
		own + "AdministratorAccess": `{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}`,
	}
	both := customer(everything)
	both.attached[alice] = append(both.attached[alice], administrator)
	hostile := policies{inline: map[account.Principal]map[string]string{alice: {"x; rm -r ~": everything}}}

	crowd, shelf := policies{}, policies{attached: map[account.Principal][]string{}}
	for i := range 1001 {
		crowd.groups = append(crowd.groups, fmt.Sprint("group-", i))
		shelf.attached[alice] = append(shelf.attached[alice], fmt.Sprint(ofAWS, i))
	}
	deniedIAM := attached(administrator).and(inline(`{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}`))

	cases := []checktest.Case{
		{
			Name: "rights for daily work from a group", Facts: inGroup(powerUser, readIAM).facts(),
			Want: checks.Pass, Found: "PowerUserAccess, IAMReadOnlyAccess: none of them allows everything",
		},
		{
			Name: "the same policy twice is named once", Facts: twice.facts(),
			Want: checks.Pass, Found: "PowerUserAccess, IAMReadOnlyAccess: none",
		},
		{Name: "no policy at all", Facts: policies{}.facts(), Want: checks.Pass, Found: "no policy"},
		{
			Name: "administrator by the user", Facts: attached(administrator).facts(),
			Want: checks.Partial, Share: 50, Found: "policy AdministratorAccess on IAM user alice",
			Expected: "no policy that allows every action on every resource",
			Fix:      daily + "aws iam detach-user-policy --user-name alice --policy-arn " + administrator,
		},
		{
			Name: "administrator by a group", Facts: inGroup(administrator).facts(),
			Want: checks.Partial, Share: 50, Found: "policy AdministratorAccess on IAM group admins",
			Fix: daily + "aws iam remove-user-from-group --user-name alice --group-name admins",
		},
		{
			Name: "administrator within a boundary", Facts: limited.facts(),
			Want: checks.Partial, Share: 50, Advice: "permissions boundary " + own + "limit limits",
		},
		{
			Name: "an inline policy that allows everything", Facts: inline(everything).facts(),
			Want: checks.Fail, Found: "inline policy mine of IAM user alice allows every action on every resource",
			Fix: daily + "aws iam delete-user-policy --user-name alice --policy-name mine",
		},
		{
			Name: "a group's inline policy that allows everything", Facts: groupInline.facts(),
			Want: checks.Fail, Found: "inline policy all of IAM group admins",
			Fix: daily + "aws iam remove-user-from-group --user-name alice --group-name admins",
		},
		{
			Name: "a customer policy that allows everything", Facts: customer(everything).facts(),
			Want: checks.Fail, Found: "policy mine on IAM user alice allows every action on every resource",
			Fix: daily + "aws iam detach-user-policy --user-name alice --policy-arn " + own + "team/mine",
		},
		{
			Name: "both are taken away", Facts: both.facts(), Want: checks.Fail,
			Fix: "--policy-arn " + own + "team/mine\naws iam detach-user-policy --user-name alice --policy-arn " + administrator,
		},
		{
			Name: "a policy's name that AWS would refuse never enters a command", Facts: hostile.facts(),
			Want: checks.Fail, Found: "x; rm -r ~",
		},
		{
			Name: "a customer policy that only bears the name", Facts: misnamed.facts(),
			Want: checks.Pass, Found: "AdministratorAccess: none of them allows everything",
		},
		{
			Name:  "an inline policy for one bucket",
			Facts: inline(`{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::mine/*"}`).facts(), Want: checks.Pass,
		},
		{
			Name:  "everything but IAM is near",
			Facts: inline(`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`).facts(),
			Want:  checks.Pass, Advice: "inline policy mine of IAM user alice allows every action except iam:*",
		},
		{
			Name: "the power over IAM", Facts: attached(ofAWS + "IAMFullAccess").facts(), Want: checks.Partial, Share: 50,
			Found: "every action of iam on every resource, which is the way to every other right",
			Fix:   daily + "aws iam detach-user-policy --user-name alice --policy-arn " + ofAWS + "IAMFullAccess",
		},
		{
			Name:  "the same by a policy of their own",
			Facts: inline(`{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}`).facts(),
			Want:  checks.Partial, Share: 50,
			Found: "inline policy mine of IAM user alice allows iam:AttachUserPolicy, which is the way to every other right",
			Fix:   daily + "aws iam delete-user-policy --user-name alice --policy-name mine",
		},
		{
			Name: "everything, in two policies of AWS", Facts: attached(powerUser, ofAWS+"IAMFullAccess").facts(),
			Want: checks.Partial, Share: 50,
			Fix: daily + "aws iam detach-user-policy --user-name alice --policy-arn " + ofAWS + "IAMFullAccess",
		},
		{
			Name: "everything, in two statements of one policy",
			Facts: customer(`[{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"},
				{"Effect": "Allow", "Action": ["iam:*", "organizations:*"], "Resource": "*"}]`).facts(),
			Want: checks.Partial, Share: 50,
		},
		{
			Name:  "everything but what does not exist",
			Facts: inline(`{"Effect": "Allow", "NotAction": "nothing:AtAll", "Resource": "*"}`).facts(),
			Want:  checks.Partial, Share: 50,
		},
		{
			Name: "everything, and all of IAM denied",
			Facts: customer(`[{"Effect": "Allow", "Action": "*", "Resource": "*"},
				{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]`).facts(),
			Want: checks.Pass, Advice: "every action on every resource except those of IAM, which are denied",
		},
		{
			Name: "an administrator to whom another policy denies all of IAM", Facts: deniedIAM.facts(),
			Want: checks.Pass, Found: "none of them allows everything",
		},
		{
			Name: "everything, and a part of IAM denied",
			Facts: customer(`[{"Effect": "Allow", "Action": "*", "Resource": "*"},
				{"Effect": "Deny", "Action": "iam:AttachUserPolicy", "Resource": "*"}]`).facts(),
			Want: checks.Fail,
		},
		{
			Name: "more groups than there can be", Facts: crowd.facts()[:4:4],
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "more policies than there can be", Facts: shelf.facts(), Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "the roles of a lab",
			Facts: attached(powerUser).and(inline(`{"Effect": "Allow", "Resource": "*",
				"Action": ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PassRole", "iam:Get*", "iam:List*"]}`)).facts(),
			Want: checks.Pass, Advice: "passing every role",
		},
		{
			Name:   "a whole service is wide",
			Facts:  customer(`[{"Effect": "Allow", "Action": ["ecr:*", "iam:PassRole"], "Resource": ["*"]}]`).facts(),
			Want:   checks.Pass,
			Advice: "every action of ecr on every resource; policy mine on IAM user alice allows passing every role",
		},
		{
			Name:  "AWS found a key of the user in public",
			Facts: attached(administrator, ofAWS+"AWSCompromisedKeyQuarantineV3").facts(),
			Want:  checks.Fail, Found: "AWSCompromisedKeyQuarantineV3 on IAM user alice is attached by AWS",
		},
	}
	for _, set := range []string{"AdministratorAccess", "AWSAdministratorAccess"} {
		cases = append(cases, checktest.Case{
			Name: "Identity Center with " + set,
			Site: site("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_" + set + "_0123456789abcdef/jo"),
			Want: checks.Skipped, Found: "a permission set that allows less is safer",
		})
	}
	checktest.Run(t, iam.LeastPrivilege, append(cases, aboutIAMUsersOnly()...))
}
