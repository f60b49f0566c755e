package policy_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// grammar is AWS's grammar of policies, as far as the blocks go that we write, with the quotas of a role:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
// It is written from that page and shares nothing with the code.
type grammar struct {
	Version   string
	ID        *string `json:"Id"`
	Statement []struct {
		Sid       string
		Effect    string
		Principal map[string]json.RawMessage
		Action    []string
		Resource  *string
		Condition map[string]map[string]string
	}
}

var (
	grammarSid      = regexp.MustCompile(`^[A-Za-z0-9]*$`)
	grammarAction   = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9]+$`)
	grammarOperator = regexp.MustCompile(`^String(Equals|Like)$`)
	grammarKey      = regexp.MustCompile(`^[A-Za-z0-9.-]+:[A-Za-z_]+$`)
	spaces          = regexp.MustCompile(`\s`)
)

const (
	maxInlinePolicy = 10240 // of a role, all together
	maxTrustPolicy  = 2048  // the default quota
)

// requireGrammar requires that a value is a policy: of permissions, or of trust.
func requireGrammar(t *testing.T, value any, trust bool) {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	var g grammar
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&g))
	require.Equal(t, "2012-10-17", g.Version)
	require.NotEmpty(t, g.Statement)
	for _, s := range g.Statement {
		require.Regexp(t, grammarSid, s.Sid)
		require.Equal(t, "Allow", s.Effect)
		require.NotEmpty(t, s.Action)
		for _, action := range s.Action {
			require.Regexp(t, grammarAction, action)
		}
		for operator, keys := range s.Condition {
			require.Regexp(t, grammarOperator, operator)
			require.NotEmpty(t, keys)
			for key, value := range keys {
				require.Regexp(t, grammarKey, key)
				require.NotEmpty(t, value)
			}
		}
		// Who is trusted stands in the role's trust, and what may be done in its policy; neither knows the other.
		require.Equal(t, trust, len(s.Principal) == 1)
		require.Equal(t, trust, s.Resource == nil)
		require.Equal(t, trust, len(s.Condition) > 0, "a trust without a condition lets too many in")
	}
	limit := maxInlinePolicy
	if trust {
		limit = maxTrustPolicy
	}
	require.LessOrEqual(t, len(spaces.ReplaceAll(data, nil)), limit)
}

func TestEveryDocumentIsInTheGrammar(t *testing.T) {
	for name, g := range grants(t) {
		t.Run(name, func(t *testing.T) {
			json := object(t, render(t, "json", g))
			if g.Trust == nil {
				requireGrammar(t, json, false)
				return
			}
			requireGrammar(t, json["AssumeRolePolicyDocument"], true)
			requireGrammar(t, json["Policies"].([]any)[0].(map[string]any)["PolicyDocument"], false)
			template := object(t, render(t, "cloudformation", g))
			requireGrammar(t, at(t, template, "Resources", "Role", "Properties", "AssumeRolePolicyDocument"), true)
		})
	}
}
