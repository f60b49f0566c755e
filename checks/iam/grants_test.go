package iam

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/account"
)

func TestGrants(t *testing.T) {
	const (
		passRole = "passing every role to a service (iam:PassRole)"
		attach   = "iam:AttachUserPolicy"
		group    = "iam:AttachGroupPolicy"
		alice    = "arn:aws:iam::123456789012:user/team/alice"
	)
	everything, power := grants{everything: true, power: attach}, grants{power: attach}
	for statements, want := range map[string]grants{
		`{"Effect": "Allow", "Action": "*", "Resource": "*"}`:                                   everything,
		`[{"Effect": "Allow", "Action": ["*:*"], "Resource": ["*"]}]`:                           everything,
		`{"Effect": "Allow", "Action": ["s3:Get*", "**"], "Resource": ["arn:aws:s3:::a", "*"]}`: everything,
		`{"Effect": "Allow", "Action": "?*", "Resource": "arn:aws:*"}`:                          everything,
		`{"Effect": "Allow", "Action": "*", "Resource": "arn:*:*:*:*:*"}`:                       everything,
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}`:                  everything,
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {}}}`:        everything,
		`{"Effect": "Deny", "Action": "*", "Resource": "*"}`:                                    {},
		`{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::mine/*"}`:                 {},
		`{"Effect": "Allow", "NotAction": [], "Resource": "*"}`:                                 everything,
		`{"Effect": "Allow", "Action": "*", "NotResource": []}`:                                 everything,
		`{"Effect": "Allow", "Action": [], "Resource": "*"}`:                                    {},
		`{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}`:                             {},
		`{"Effect": "Allow", "Action": "ecr:*", "Resource": "arn:aws:ecr:*:*:repository/a"}`:    {},
		`{"Effect": "Allow", "Action": "IAM:*", "Resource": "*"}`: {
			power: attach, wide: []string{"every action of iam on every resource"},
		},
		`{"Effect": "Allow", "Action": ["iam:passrole", "iam:Pass*"], "Resource": "*"}`: {
			wide: []string{passRole},
		},
		`{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::1:role/a"}`:                           {},
		`{"Effect": "Allow", "Action": ["iam:PassRole", "ecr:*"], "Resource": "*", "Condition": {"Bool": {"k": "t"}}}`: {},
		`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`: {
			wide: []string{"every action except iam:*"},
		},
		`[{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ` +
			`{"Effect": "Allow", "Action": "IAM:*", "Resource": "*"}]`: {
			power: attach, wide: []string{"every action except iam:*", "every action of iam on every resource"},
		},
		`[{"Effect": "Allow", "Action": "i*", "Resource": "*"}, ` +
			`{"Effect": "Allow", "NotAction": ["iam:Get*", "s3:*"], "Resource": "*"}]`: {
			power: attach, wide: []string{passRole, "every action except iam:Get*, s3:*"},
		},
		`[{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ` +
			`{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::1:user/a"}]`: {
			wide: []string{"every action except iam:*"},
		},
		`[{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "a"}, ` +
			`{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]`: {
			power: attach, wide: []string{"every action except iam:*", "every action of iam on every resource"},
		},
		`{"Effect": "Allow", "Action": ["iam:P*", "iam:*Role*"], "Resource": "*"}`: {
			power: "iam:PutUserPolicy", wide: []string{passRole},
		},
		`{"Effect": "Allow", "NotAction": ["a:*", "b:*"], "NotResource": "c"}`: {
			power: attach, wide: []string{"every action except a:*, b:*"},
		},
		`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::a"}`: {},
		`{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::a"}`: {
			power: attach, wide: []string{"every action on every resource except arn:aws:s3:::a"},
		},
		// What does not exist excludes nothing.
		`{"Effect": "Allow", "NotAction": "nothing:AtAll", "Resource": "*"}`: {
			power: attach, wide: []string{"every action except nothing:AtAll"},
		},
		`{"Effect": "Allow", "NotAction": ["iam:NoSuchAction", "s3:DeleteBucket"], "Resource": "*"}`: {
			power: attach, wide: []string{"every action except iam:NoSuchAction, s3:DeleteBucket"},
		},
		`{"Effect": "Allow", "NotAction": "iam:Attach*", "Resource": "*"}`: {
			power: "iam:PutUserPolicy", wide: []string{"every action except iam:Attach*"},
		},
		`{"Effect": "Allow", "NotAction": "iam:*UserPolicy", "Resource": "*"}`: {
			power: "iam:AttachGroupPolicy", wide: []string{"every action except iam:*UserPolicy"},
		},
		`{"Effect": "Allow", "NotAction": "i*", "Resource": "*"}`: {wide: []string{"every action except i*"}},
		// The power over IAM, however it is written.
		`{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::123456789012:*"}`:                power,
		`{"Effect": "Allow", "Action": "*", "Resource": "arn:*:iam::*:user/*"}`:                            power,
		`{"Effect": "Allow", "Action": "ia?:?ttach*", "Resource": "arn:aws:iam::*:user/team/alice"}`:       power,
		`{"Effect": "Allow", "Action": "*Policy", "Resource": "arn:aws:iam::*:user/*/${aws:username}"}`:    power,
		`{"Effect": "Allow", "Action": "iam:*GroupPolicy", "Resource": "arn:aws:iam::*:group/*"}`:          {power: group},
		`{"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::*:role/*"}`:                   power,
		`{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::123456789012:user/bob"}`:         {},
		`{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::210987654321:*"}`:                {},
		`{"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::123456789012:*"}`:             {},
		`{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:role/*"}`:                      {},
		`{"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:*MFA*"], "Resource": "*"}`:             {},
		`{"Effect": "Allow", "Action": ["iam:CreateRole", "iam:AttachRolePolicy"], "Resource": "*"}`:       {},
		`{"Effect": "Allow", "Action": "iam:[A-Z]*", "Resource": "*"}`:                                     {},
		`{"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:Mfa": "t"}}}`: {},
		`{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}`:                                         {},
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:Mfa": "t"}}}`: {
			wide: []string{"every action on every resource, under a condition"},
		},
	} {
		d, err := account.ParsePolicyDocument(url.PathEscape(`{"Statement": ` + statements + `}`))
		require.NoError(t, err, statements)
		require.Equal(t, want, grantsOf(d, alice), statements)
	}
}

func TestDeniesIAM(t *testing.T) {
	for statement, want := range map[string]bool{
		`{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`:                                          true,
		`{"Effect": "Deny", "Action": ["s3:*", "I*"], "Resource": "arn:aws:*"}`:                           true,
		`{"Effect": "Deny", "NotAction": ["s3:*", "ec2:Describe*"], "Resource": "*"}`:                     true,
		`{"Effect": "Deny", "NotAction": ["s3:*", "iam:Get*"], "Resource": "*"}`:                          false,
		`{"Effect": "Deny", "NotAction": "*Policy", "Resource": "*"}`:                                     false,
		`{"Effect": "Deny", "Action": ["iam:AttachUserPolicy", "iam:PutUserPolicy"], "Resource": "*"}`:    false,
		`{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`:                                           false,
		`{"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::123456789012:user/bob"}`:         false,
		`{"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:Mfa": "f"}}}`: false,
		`{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}`:                                         false,
	} {
		d, err := account.ParsePolicyDocument(url.PathEscape(`{"Statement": ` + statement + `}`))
		require.NoError(t, err, statement)
		require.Equal(t, want, deniesIAM(d.Statements[0]), statement)
	}
}

func TestNamesInCommands(t *testing.T) {
	for name, safe := range map[string]bool{
		"alice": true, "a.b+c=d,e@f-g_h": true, "": false, "-alice": false, "a b": false, "a\nb": false, "$(id)": false,
		"file://x": false,
	} {
		require.Equal(t, safe, nameGrammar.MatchString(name), name)
	}
	for arn, safe := range map[string]bool{
		"arn:aws:iam::aws:policy/AdministratorAccess":         true,
		"arn:aws-cn:iam::123456789012:policy/team/mine":       true,
		"arn:aws:iam::123456789012:mfa/alice":                 true,
		"arn:aws:iam::123456789012:policy/a b":                false,
		"arn:aws:iam::123456789012:policy/a\n":                false,
		"arn:aws:iam::123456789012:user/alice":                false,
		"x arn:aws:iam::123456789012:policy/a":                false,
		"arn:aws:iam::123456789012:policy/'; rm -r ~; echo '": false,
	} {
		require.Equal(t, safe, arnGrammar.MatchString(arn), arn)
	}
}
