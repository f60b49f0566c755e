package sweep

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/lab"
)

// A lab of every check needs more than one session may have. Each session has all that its operations need.
func TestNarrowed(t *testing.T) {
	t.Parallel()
	plan := &lab.Plan{}
	for _, check := range standard.Checks() {
		plan.Steps = append(plan.Steps, lab.PlannedStep{Check: check})
	}
	jobs := []Job{{Plan: plan}}
	parts := narrowed(jobs)
	require.Greater(t, len(parts), 1)
	with := map[string]account.RolePolicy{}
	for _, p := range parts {
		require.LessOrEqual(t, len(p.Policy), maxSessionPolicy)
		for _, operation := range p.Operations {
			with[operation] = p
		}
	}
	for _, source := range sources(jobs) {
		for _, operation := range source.Describe().Operations {
			for _, action := range source.Describe().Actions {
				require.Contains(t, with[operation].Policy, `"`+action+`"`, "%s of %s", operation, source.Describe().Name)
			}
		}
	}
	require.Empty(t, PolicyProblem([]*lab.Plan{plan}))
}

func TestNarrowedToOneSession(t *testing.T) {
	t.Parallel()
	none := narrowed([]Job{{Plan: &lab.Plan{}}})
	require.Equal(t, []account.RolePolicy{{Policy: policyOf([]string{"sts:GetCallerIdentity"})}}, none,
		"a session is never as wide as the role")
}
