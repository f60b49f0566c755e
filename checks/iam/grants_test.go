package iam

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/account"
)

func TestGrants(t *testing.T) {
	const passRole = "passing every role to a service (iam:PassRole)"
	for statements, want := range map[string]grants{
		`{"Effect": "Allow", "Action": "*", "Resource": "*"}`:                                   {everything: true},
		`[{"Effect": "Allow", "Action": ["*:*"], "Resource": ["*"]}]`:                           {everything: true},
		`{"Effect": "Allow", "Action": ["s3:Get*", "**"], "Resource": ["arn:aws:s3:::a", "*"]}`: {everything: true},
		`{"Effect": "Allow", "Action": "?*", "Resource": "arn:aws:*"}`:                          {everything: true},
		`{"Effect": "Allow", "Action": "*", "Resource": "arn:*:*:*:*:*"}`:                       {everything: true},
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}`:                  {everything: true},
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {}}}`:        {everything: true},
		`{"Effect": "Deny", "Action": "*", "Resource": "*"}`:                                    {},
		`{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::mine/*"}`:                 {},
		`{"Effect": "Allow", "NotAction": [], "Resource": "*"}`:                                 {everything: true},
		`{"Effect": "Allow", "Action": "*", "NotResource": []}`:                                 {everything: true},
		`{"Effect": "Allow", "Action": [], "Resource": "*"}`:                                    {},
		`{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}`:                             {},
		`{"Effect": "Allow", "Action": "ecr:*", "Resource": "arn:aws:ecr:*:*:repository/a"}`:    {},
		`{"Effect": "Allow", "Action": "IAM:*", "Resource": "*"}`: {
			wide: []string{"every action of iam on every resource"},
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
			everything: true, wide: []string{"every action except iam:*", "every action of iam on every resource"},
		},
		`[{"Effect": "Allow", "Action": "i*", "Resource": "*"}, ` +
			`{"Effect": "Allow", "NotAction": ["iam:Get*", "s3:*"], "Resource": "*"}]`: {
			wide: []string{passRole, "every action except iam:Get*, s3:*"},
		},
		`[{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ` +
			`{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::1:user/a"}]`: {
			wide: []string{"every action except iam:*"},
		},
		`[{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "a"}, ` +
			`{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]`: {
			wide: []string{"every action except iam:*", "every action of iam on every resource"},
		},
		`{"Effect": "Allow", "Action": ["iam:P*", "iam:*Role*"], "Resource": "*"}`: {
			wide: []string{passRole},
		},
		`{"Effect": "Allow", "NotAction": ["a:*", "b:*"], "NotResource": "c"}`: {
			wide: []string{"every action except a:*, b:*"},
		},
		`{"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::a"}`: {},
		`{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::a"}`: {
			wide: []string{"every action on every resource except arn:aws:s3:::a"},
		},
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:Mfa": "t"}}}`: {
			wide: []string{"every action on every resource, under a condition"},
		},
	} {
		d, err := account.ParsePolicyDocument(url.PathEscape(`{"Statement": ` + statements + `}`))
		require.NoError(t, err, statements)
		require.Equal(t, want, grantsOf(d), statements)
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
