package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/policy"
)

// actions are two, in the order of a plan.
func actions() []string { return []string{"ecr:DescribeImages", "iam:GetUser"} }

// grants are every kind of grant.
func grants(t *testing.T) map[string]policy.Grant {
	t.Helper()
	all := map[string]policy.Grant{"policy": {Lab: "tiny", Actions: actions()}}
	for name, trust := range map[string][2]string{
		"repository": {"github:octo-org/octo.repo"},
		"ids":        {"github:octo-org@123456/octo-repo@456789:main"},
		"tag":        {"github:octo-org/octo-repo:refs/tags/v1"},
		"account":    {"account:123456789012", "lab/42:x"},
		"project":    {"gitlab:acme/tools/sh_op.x"},
		"branch":     {"gitlab:acme/shop@600001:feature/a-b"},
		"gitlab tag": {"gitlab:acme/shop:refs/tags/v1.2"},
	} {
		parsed, err := policy.ParseTrust(trust[0], trust[1])
		require.NoError(t, err)
		all[name] = policy.Grant{Lab: "tiny", Actions: actions(), Trust: parsed}
	}
	return all
}

func render(t *testing.T, format string, g policy.Grant) []byte {
	t.Helper()
	for _, f := range policy.Formats() {
		if f.Name == format {
			data, err := f.Render(g)
			require.NoError(t, err)
			require.True(t, strings.HasSuffix(string(data), "}\n"))
			return data
		}
	}
	t.Fatalf("there is no format %s", format)
	return nil
}

// object reads JSON.
func object(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var o map[string]any
	require.NoError(t, json.Unmarshal(data, &o))
	return o
}

// at follows keys down into an object.
func at(t *testing.T, value any, path ...string) any {
	t.Helper()
	for _, key := range path {
		o, ok := value.(map[string]any)
		require.True(t, ok, "%s is in no object", key)
		require.Contains(t, o, key)
		value = o[key]
	}
	return value
}

func TestThePolicyAlone(t *testing.T) {
	require.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{"Sid": "LabcheckReadOnly", "Effect": "Allow",
		"Action": ["ecr:DescribeImages", "iam:GetUser"], "Resource": "*"}]}`,
		string(render(t, "json", grants(t)["policy"])))
}

// What each kind of trust lets in, and nobody else.
func TestWhoIsTrusted(t *testing.T) {
	const provider = "arn:aws:iam::ACCOUNT_ID:oidc-provider/"
	hosts := map[string]string{"GitHub": "token.actions.githubusercontent.com", "GitLab": "gitlab.com"}
	for name, want := range map[string]string{
		"repository": `{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
			"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo.repo:*"}}`,
		"ids": `{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
			"token.actions.githubusercontent.com:sub": "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"}}`,
		"tag": `{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
			"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:ref:refs/tags/v1"}}`,
		"account": `{"StringEquals": {"sts:ExternalId": "lab/42:x"}}`,
		"project": `{"StringEquals": {"gitlab.com:aud": "https://gitlab.com"},
			"StringLike": {"gitlab.com:sub": "project_path:acme/tools/sh_op.x:*"}}`,
		"branch": `{"StringEquals": {"gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "600001",
			"gitlab.com:sub": "project_path:acme/shop:ref_type:branch:ref:feature/a-b"}}`,
		"gitlab tag": `{"StringEquals": {"gitlab.com:aud": "https://gitlab.com",
			"gitlab.com:sub": "project_path:acme/shop:ref_type:tag:ref:v1.2"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			g := grants(t)[name]
			role := object(t, render(t, "json", g))
			statement := at(t, role, "AssumeRolePolicyDocument", "Statement").([]any)[0]
			condition, err := json.Marshal(at(t, statement, "Condition"))
			require.NoError(t, err)
			require.JSONEq(t, want, string(condition))
			if g.Trust.Issuer() == "" {
				require.Equal(t, "123456789012", at(t, statement, "Principal", "AWS"))
				require.Equal(t, []any{"sts:AssumeRole"}, at(t, statement, "Action"))
				return
			}
			require.Equal(t, provider+hosts[g.Trust.Issuer()], at(t, statement, "Principal", "Federated"))
			require.Equal(t, []any{"sts:AssumeRoleWithWebIdentity"}, at(t, statement, "Action"))
		})
	}
	require.True(t, grants(t)["tag"].Trust.BareNames())
	require.False(t, grants(t)["ids"].Trust.BareNames())
	require.True(t, grants(t)["project"].Trust.BarePath())
	require.False(t, grants(t)["branch"].Trust.BarePath())
	require.False(t, grants(t)["project"].Trust.BareNames())
	require.False(t, grants(t)["tag"].Trust.BarePath())
}

func TestParseTrustRefuses(t *testing.T) {
	for text, problem := range map[string]string{
		"": "github:OWNER/REPO", "gitea:a/b": "gitlab:GROUP/PROJECT", "octo/repo": "github:OWNER/REPO",
		"github:": "OWNER/REPO", "github:octo": "OWNER/REPO", "github:/repo": "OWNER/REPO", "github:octo/": "OWNER/REPO",
		"github:octo/*": "OWNER/REPO", "github:*/repo": "OWNER/REPO", "github:octo/repo/more": "OWNER/REPO",
		"github:-octo/repo": "OWNER/REPO", "github:octo/..": "OWNER/REPO", "github:octo/re po": "OWNER/REPO",
		"github:octo/${x}": "OWNER/REPO", "github:octo@x/repo@1": "OWNER/REPO", "github:octo/repo\n": "OWNER/REPO",
		"github:" + strings.Repeat("o", 40) + "/repo": "OWNER/REPO",
		"github:octo@1/repo":                          "of both", "github:octo/repo@1": "of both",
		"github:octo/repo:": "no branch", "github:octo/repo:*": "no branch", "github:octo/repo:a?b": "no branch",
		"github:octo/repo:${x}": "no branch", "github:octo/repo:a:b": "no branch", "github:octo/repo:a..b": "no branch",
		"github:octo/repo:a//b": "no branch", "github:octo/repo:a/": "no branch", "github:octo/repo:/a": "no branch",
		"github:octo/repo:" + strings.Repeat("b", 251): "no branch",
		"gitlab:": "GROUP/PROJECT", "gitlab:acme": "GROUP/PROJECT", "gitlab:/shop": "GROUP/PROJECT",
		"gitlab:acme/": "GROUP/PROJECT", "gitlab:acme/*": "GROUP/PROJECT", "gitlab:*/shop": "GROUP/PROJECT",
		"gitlab:acme/../shop": "GROUP/PROJECT", "gitlab:-a/shop": "GROUP/PROJECT", "gitlab:a//shop": "GROUP/PROJECT",
		"gitlab:acme/${x}": "GROUP/PROJECT", "gitlab:acme/shop\n": "GROUP/PROJECT", "gitlab:acme@1/shop": "GROUP/PROJECT",
		"gitlab:acme/shop@x": "GROUP/PROJECT", "gitlab:a/" + strings.Repeat("a", 256): "GROUP/PROJECT",
		"gitlab:acme/shop:": "no branch", "gitlab:acme/shop:*": "no branch", "gitlab:acme/shop:a:b": "no branch",
		"gitlab:acme/shop:refs/main": "no branch", "github:octo/repo:refs/main": "no branch",
		"gitlab:acme/shop:refs/merge-requests/1/head": "branches and tags",
		"account:12345678901":                         "12 digits", "account:1234567890123": "12 digits",
		"account:12345678901x": "12 digits",
		"account:123456789012": "external id",
	} {
		_, err := policy.ParseTrust(text, "")
		require.ErrorContains(t, err, problem, "%q", text)
	}
	for _, external := range []string{"x", "a b", "${x}", `a"b`, "é1", "ab\n", strings.Repeat("x", 1225)} {
		_, err := policy.ParseTrust("account:123456789012", external)
		require.ErrorContains(t, err, "2 to 1224", "%q", external)
	}
	_, err := policy.ParseTrust("account:123456789012", strings.Repeat("x", 1224))
	require.NoError(t, err)
	for _, pipeline := range []string{"github:octo/repo", "gitlab:acme/shop"} {
		_, err = policy.ParseTrust(pipeline, "word")
		require.ErrorContains(t, err, "account:ID")
	}
}

// CloudFormation computes the provider's ARN; else the role is the JSON's.
func TestCloudFormation(t *testing.T) {
	for name, g := range grants(t) {
		t.Run(name, func(t *testing.T) {
			template := object(t, render(t, "cloudformation", g))
			if g.Trust == nil {
				document := at(t, template, "Resources", "Policy", "Properties", "PolicyDocument")
				require.Equal(t, object(t, render(t, "json", g)), document)
				return
			}
			want := object(t, render(t, "json", g))
			if name := g.Trust.Issuer(); name != "" {
				provider := at(t, template, "Resources", name+"Provider", "Properties")
				says := map[string][2]string{
					"GitHub": {"token.actions.githubusercontent.com", "sts.amazonaws.com"},
					"GitLab": {"gitlab.com", "https://gitlab.com"},
				}[name]
				require.Equal(t, "https://"+says[0], at(t, provider, "Url"))
				require.Equal(t, []any{says[1]}, at(t, provider, "ClientIdList"))
				principal := at(t, want, "AssumeRolePolicyDocument", "Statement").([]any)[0].(map[string]any)["Principal"]
				principal.(map[string]any)["Federated"] = map[string]any{"Fn::If": []any{
					"Creates" + name + "Provider",
					map[string]any{"Ref": name + "Provider"},
					map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/" + says[0]},
				}}
			}
			require.Equal(t, want, at(t, template, "Resources", "Role", "Properties"))
		})
	}
}
