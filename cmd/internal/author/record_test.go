package author_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/cmd/internal/author"
)

const recorded = `schema: labcheck.check/v1
id: iam-own-role
title: The role is there
why: It is needed.
params: { role: { help: the role }, days: { help: a number, default: 3 } }
reads:
  role: { call: iam:GetRole, with: { RoleName: $role }, absent: [NoSuchEntityException] }
expect:
  - { subject: role $role, exists: role, console: IAM }
  - { of: role, that: Role.Description, contains: managed, null: fail }
  - { of: role, that: Role.Arn, not: "", null: fail }
tests:
  - name: good
    role: { Role: { Description: managed, Arn: x } }
    verdict: pass
console: IAM
`

// What tells whose account a recorded test is from is scrubbed, and the test still fits.
func TestRecordedTestsAreScrubbed(t *testing.T) {
	f, err := declared.Load("role.yaml", []byte(recorded))
	require.NoError(t, err)
	of := func(description string) declared.Test {
		return declared.Test{
			Name: "mine", Region: "us-east-1", Verdict: checks.Pass,
			Params: map[string]json.RawMessage{"role": []byte(`"prod-web"`), "days": []byte("5")},
			Answers: map[string]declared.TestAnswer{"role": {Value: map[string]any{"Role": map[string]any{
				"Description": description, "Arn": "arn:aws:iam::210987654321:role/prod-web",
			}}}},
		}
	}
	const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzzzzzzzKEY"
	made, err := author.Scrub(f, of("managed by jo@corp.example.org of initech, AKIA"+"Q3EGUZXYZ2ABCDEF, "+secret+
		", https://x/?X-Amz-Signature=abcdef0123&y=1, prod-web-2 after prod-web"), []string{"initech=acme"})
	require.NoError(t, err)
	text := f.TestText(made)
	for _, kept := range []string{"210987654321", "jo@corp", "initech", "Q3EGUZ", secret, "abcdef0123", "role/prod-web"} {
		assert.NotContains(t, text, kept)
	}
	assert.Contains(t, text, "arn:aws:iam::123456789012:role/role")
	assert.Contains(t, text, "acme")
	assert.Contains(t, text, "prod-web-2 after role", "the name of another thing is no parameter's")
	assert.Contains(t, text, "params: { days: 5 }")

	changed, err := author.AddTest(f, []byte(recorded), made)
	require.NoError(t, err)
	again, err := declared.Load("role.yaml", changed)
	require.NoError(t, err, string(changed))
	assert.Len(t, again.Tests, 2)
	assert.Empty(t, again.RunTests())

	_, err = author.Scrub(f, of("managed"), []string{"managed=x"})
	assert.ErrorContains(t, err, "--scrub VALUE=OTHER")
}
