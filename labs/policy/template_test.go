package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/policy"
)

// One template serves a class: it asks for the external id, and the role has the name that a sweep asks for.
func TestATemplateForAClass(t *testing.T) {
	trust, err := policy.ParseTemplateTrust("account:123456789012")
	require.NoError(t, err)
	template := object(t, render(t, "cloudformation", policy.Grant{Lab: "tiny", Actions: actions(), Trust: trust}))
	require.NotContains(t, at(t, template, "Parameters", "ExternalId"), "Default", "nobody else may know it")
	role := at(t, template, "Resources", "Role", "Properties")
	require.Equal(t, policy.GraderRole, at(t, role, "RoleName"))
	statement := at(t, role, "AssumeRolePolicyDocument", "Statement").([]any)[0]
	require.Equal(t, "123456789012", at(t, statement, "Principal", "AWS"))
	require.Equal(t, map[string]any{"Ref": "ExternalId"}, at(t, statement, "Condition", "StringEquals", "sts:ExternalId"))
	whole := object(t, render(t, "json", grants(t)["account"]))
	require.Equal(t, at(t, whole, "Policies"), at(t, role, "Policies"))
	for _, wrong := range []string{"account:1", "github:octo/repo"} {
		_, err := policy.ParseTemplateTrust(wrong)
		require.Error(t, err, wrong)
	}
}
