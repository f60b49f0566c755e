package account

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestParsePolicyDocument(t *testing.T) {
	got, err := ParsePolicyDocument(url.PathEscape(`{
		"Version": "2012-10-17", "Id": "any",
		"Statement": [
			{"Sid": "1", "Effect": "Allow", "Action": "s3:Get*", "Resource": ["arn:aws:s3:::a+b", "arn:aws:s3:::c d"]},
			{"Effect": "Deny", "NotAction": ["iam:*"], "NotResource": "*",
			 "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
		]}`))
	require.NoError(t, err)
	require.Equal(t, PolicyDocument{[]PolicyStatement{
		{Effect: EffectAllow, Actions: []string{"s3:Get*"}, Resources: []string{"arn:aws:s3:::a+b", "arn:aws:s3:::c d"}},
		{Effect: EffectDeny, NotActions: []string{"iam:*"}, NotResources: []string{"*"}, Conditional: true},
	}}, got)

	plus, err := ParsePolicyDocument(`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"c+d%2Fe"}}`)
	require.NoError(t, err)
	require.Equal(t, []string{"c+d/e"}, plus.Statements[0].Resources, "a plus sign is a plus sign")
}

func TestParsePolicyDocumentRefuses(t *testing.T) {
	const statement = `"Effect": "Allow", "Action": "a:b", "Resource": "*"`
	for name, document := range map[string]string{
		"nothing":                       ``,
		"null":                          `null`,
		"no JSON":                       `{"Statement": `,
		"something after its end":       `{"Statement": []} {}`,
		"no statement":                  `{}`,
		"a null statement":              `{"Statement": null}`,
		"a null among the statements":   `{"Statement": [null]}`,
		"a text as statement":           `{"Statement": "*"}`,
		"an element in lower case":      `{"statement": {` + statement + `}}`,
		"no effect":                     `{"Statement": {"Action": "a:b", "Resource": "*"}}`,
		"an effect that nobody knows":   `{"Statement": {"Effect": "allow", "Action": "a:b", "Resource": "*"}}`,
		"no action":                     `{"Statement": {"Effect": "Allow", "Resource": "*"}}`,
		"an action in lower case":       `{"Statement": {"Effect": "Allow", "action": "*", "Resource": "*"}}`,
		"a null action":                 `{"Statement": {"Effect": "Allow", "Action": null, "Resource": "*"}}`,
		"a null among the actions":      `{"Statement": {"Effect": "Allow", "Action": [null], "Resource": "*"}}`,
		"a number as action":            `{"Statement": {"Effect": "Allow", "Action": 1, "Resource": "*"}}`,
		"no resource":                   `{"Statement": {"Effect": "Allow", "Action": "*"}}`,
		"a list as condition":           `{"Statement": {` + statement + `, "Condition": []}}`,
		"a condition without its parts": `{"Statement": {` + statement + `, "Condition": {"Bool": true}}}`,
	} {
		_, err := ParsePolicyDocument(url.PathEscape(document))
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, name)
	}
	_, err := ParsePolicyDocument("%zz")
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "a wrong escape")
}

// FuzzParsePolicyDocument: whatever an endpoint sends, the parser gives a policy or an invalid_response, and the policy
// survives a recording.
func FuzzParsePolicyDocument(f *testing.F) {
	f.Add(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	f.Add(url.QueryEscape(`{"Statement":[{"Effect":"Deny","NotAction":[],"NotResource":"a+b",` +
		`"Condition":{"Bool":{"k":"v"}}}]}`))
	f.Add(`{"Statement":[null,{"Effect":"Allow"}]}`)
	f.Add(`%`)
	f.Fuzz(func(t *testing.T, encoded string) {
		got, err := ParsePolicyDocument(encoded)
		if err != nil {
			require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
			require.Empty(t, got)
			return
		}
		for _, s := range got.Statements {
			require.Contains(t, []string{EffectAllow, EffectDeny}, s.Effect)
		}
		recorded, err := json.Marshal(got)
		require.NoError(t, err)
		var again PolicyDocument
		require.NoError(t, json.Unmarshal(recorded, &again))
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		require.JSONEq(t, string(recorded), string(twice))
	})
}
