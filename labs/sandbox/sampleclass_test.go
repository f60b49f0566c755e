package sandbox

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The sample class has thirty students, each with a name and an account of their own, and no two accounts alike.
func TestSampleClass(t *testing.T) {
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	class := SampleClass()
	require.Len(t, class, 30)
	names, accounts, states := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, s := range class {
		require.False(t, names[s.Name] || accounts[s.Account], "%s is there once", s.Name)
		require.Regexp(t, accountNumber, s.Account)
		names[s.Name], accounts[s.Account] = true, true
		for _, a := range s.Attempts {
			state, err := s.State(a, now)
			require.NoError(t, err)
			var b bytes.Buffer
			require.NoError(t, state.Write(&b))
			_, err = Parse(b.Bytes(), now)
			require.NoError(t, err, "%s has a good state", s.Name)
			alike := string(bytes.ReplaceAll(b.Bytes(), []byte(s.Account), nil))
			if a.Like != "fresh" { // two began with nothing
				require.Empty(t, states[alike], "%s has a state of their own", s.Name)
			}
			states[alike] = s.Name
		}
	}
	require.GreaterOrEqual(t, len(states), 30)
}

// A table with a mistake in it is an error, and no account that is silently right.
func TestSampleClassMistakes(t *testing.T) {
	s := SampleStudent{Name: "Alice", Handle: "alice", Account: "123456789001"}
	_, err := s.State(SampleAttempt{Like: "finished", Broken: []string{"no-such-step"}}, time.Now())
	require.ErrorContains(t, err, `nothing breaks the step "no-such-step"`)
	_, err = s.State(SampleAttempt{Like: "no-such-state"}, time.Now())
	require.Error(t, err)
}
