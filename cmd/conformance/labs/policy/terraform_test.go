package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/labcheck/labcheck/labs/policy"
)

const providers = "arn:aws:iam::ACCOUNT_ID:oidc-provider/"

// blocks parses what was written with Terraform's own parser, and returns the blocks by type and labels.
func blocks(t *testing.T, g policy.Grant) map[string]*hclsyntax.Body {
	t.Helper()
	file, problems := hclsyntax.ParseConfig(render(t, "terraform", g), "main.tf", hcl.InitialPos)
	require.False(t, problems.HasErrors(), "%v", problems)
	found := map[string]*hclsyntax.Body{}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		name := b.Type
		for _, label := range b.Labels {
			name += "." + label
		}
		require.NotContains(t, found, name)
		found[name] = b.Body
	}
	return found
}

// value computes an attribute as Terraform would.
func value(t *testing.T, body *hclsyntax.Body, attribute string) string {
	t.Helper()
	require.NotNil(t, body)
	require.Contains(t, body.Attributes, attribute)
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{
		"local": cty.ObjectVal(map[string]cty.Value{
			"github_provider": cty.StringVal(providers + "token.actions.githubusercontent.com"),
			"gitlab_provider": cty.StringVal(providers + "gitlab.com"),
		}),
	}}
	scope.Functions = map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}
	v, problems := body.Attributes[attribute].Expr.Value(scope)
	require.False(t, problems.HasErrors(), "%v", problems)
	return v.AsString()
}

// Computed, Terraform's documents are those of the JSON.
func TestTerraform(t *testing.T) {
	for name, g := range grants(t) {
		t.Run(name, func(t *testing.T) {
			found := blocks(t, g)
			if g.Trust == nil {
				require.JSONEq(t, string(render(t, "json", g)), value(t, found["resource.aws_iam_policy.labcheck"], "policy"))
				return
			}
			var want struct {
				AssumeRolePolicyDocument json.RawMessage
				Policies                 []struct{ PolicyDocument json.RawMessage }
			}
			require.NoError(t, json.Unmarshal(render(t, "json", g), &want))
			require.JSONEq(t, string(want.AssumeRolePolicyDocument),
				value(t, found["resource.aws_iam_role.labcheck"], "assume_role_policy"))
			require.JSONEq(t, string(want.Policies[0].PolicyDocument),
				value(t, found["resource.aws_iam_role_policy.labcheck"], "policy"))
			for issuer, provider := range map[string]string{"GitHub": "github", "GitLab": "gitlab"} {
				require.Equal(t, g.Trust.Issuer() == issuer,
					found["resource.aws_iam_openid_connect_provider."+provider] != nil, provider)
			}
		})
	}
}

// A role's name has at most 64 characters, a lab's id as many.
func TestTerraformCutsALongName(t *testing.T) {
	g := grants(t)["account"]
	g.Lab = "a-lab-whose-id-has-as-many-letters-as-an-id-may-have-at-the-most"
	require.Len(t, g.Lab, 64)
	require.Len(t, value(t, blocks(t, g)["resource.aws_iam_role.labcheck"], "name"), 64)
}

// grants are every kind of grant.
func grants(t *testing.T) map[string]policy.Grant {
	t.Helper()
	g := policy.Grant{Lab: "sample-1.0", Actions: []string{"ecr:DescribeImages", "iam:GetUser"}}
	all := map[string]policy.Grant{"policy": g}
	for name, trust := range map[string][2]string{
		"repository": {"github:octo-org/octo.repo"},
		"ids":        {"github:octo-org@123456/octo-repo@456789:main"},
		"tag":        {"github:octo-org/octo-repo:refs/tags/v1"},
		"gitlab":     {"gitlab:octo-group/team/octo-project@42:main"},
		"account":    {"account:123456789012", "lab/42:x"},
	} {
		parsed, err := policy.ParseTrust(trust[0], trust[1])
		require.NoError(t, err)
		g.Trust = parsed
		all[name] = g
	}
	return all
}

func render(t *testing.T, format string, g policy.Grant) []byte {
	t.Helper()
	for _, f := range policy.Formats() {
		if f.Name == format {
			data, err := f.Render(g)
			require.NoError(t, err)
			return data
		}
	}
	t.Fatalf("there is no format %s", format)
	return nil
}
