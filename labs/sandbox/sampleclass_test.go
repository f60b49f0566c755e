package sandbox_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// The sample class has thirty students, each with a name and an account of their own, and no two accounts alike.
func TestSampleClass(t *testing.T) {
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	class := sandbox.SampleClass()
	require.Len(t, class, 30)
	names, accounts, states := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, s := range class {
		require.False(t, names[s.Name] || accounts[s.Account], "%s is there once", s.Name)
		require.Regexp(t, `^\d{12}$`, s.Account)
		names[s.Name], accounts[s.Account] = true, true
		for _, a := range s.Attempts {
			state, err := s.State(a, account(t, a.Like), now)
			require.NoError(t, err)
			var b bytes.Buffer
			require.NoError(t, state.Write(&b))
			_, err = sandbox.Parse(b.Bytes(), now)
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
	s := sandbox.SampleStudent{Name: "Alice", Handle: "alice", Account: "123456789001"}
	_, err := s.State(sandbox.SampleAttempt{Like: "finished", Broken: []string{"no-such-step"}}, account(t, "finished"), time.Now())
	require.ErrorContains(t, err, `nothing breaks the step "no-such-step"`)
}

// account reads an account of the tests.
func account(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("sandboxtest", name+".json"))
	require.NoError(t, err)
	return data
}
