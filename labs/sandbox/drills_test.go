package sandbox_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// A drill changes the finished account into another good state, and its symptom does not name the step.
func TestDrills(t *testing.T) {
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	text := func(spoil func(*sandbox.State)) string {
		s, err := sandboxtest.Load("finished", now)
		require.NoError(t, err)
		spoil(s)
		var b bytes.Buffer
		require.NoError(t, s.Write(&b))
		_, err = sandbox.Parse(b.Bytes(), now)
		require.NoError(t, err)
		return b.String()
	}
	seen := map[string]string{text(func(*sandbox.State) {}): "nothing"}
	steps := map[string]bool{}
	for _, d := range sandbox.Drills() {
		require.False(t, steps[d.Step], "there is one drill for %s", d.Step)
		steps[d.Step] = true
		require.NotEmpty(t, d.Symptom)
		require.NotContains(t, d.Symptom, d.Step)
		broken := text(d.Break)
		require.Empty(t, seen[broken], "%s breaks something of its own", d.Step)
		seen[broken] = d.Step
	}
	require.GreaterOrEqual(t, len(steps), 12)
}
