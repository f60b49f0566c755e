package cmd

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// Each drill spoils its own step and what needs it, and nothing else.
func TestDrills(t *testing.T) {
	t.Parallel()
	l, err := lab.Catalogue{Builtin: labs.Files}.Find("module-1.2")
	require.NoError(t, err)
	drills, err := l.Drills()
	require.NoError(t, err)
	for _, d := range drills.Drills {
		t.Run(d.Step, func(t *testing.T) {
			state, _, err := practice.Broken(l, d.Step, time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC))
			require.NoError(t, err)
			file := filepath.Join(t.TempDir(), "broken.json")
			require.NoError(t, files.Write(files.OS{}, file, state.Write))

			g := onPractice(t.Context(), t, file, sandbox.Options{})
			step, ok := g.report.Step(d.Step)
			require.True(t, ok, "it is a step of the lab")
			assert.Contains(t, []checks.Verdict{checks.Fail, checks.Partial}, step.Verdict)
			for _, s := range g.report.Steps {
				if s.ID != d.Step && s.Verdict != checks.Pass {
					assert.True(t, needs(l, s.ID, d.Step), "%s is %s: %s", s.ID, s.Verdict, s.Line())
				}
			}
		})
	}
}

// needs says whether a step needs another one, directly or not.
func needs(l *lab.Lab, step, other string) bool {
	i := slices.IndexFunc(l.Steps, func(s lab.Step) bool { return s.ID == step })
	return slices.ContainsFunc(l.Steps[i].Needs, func(need string) bool { return need == other || needs(l, need, other) })
}
