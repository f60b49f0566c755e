package gate_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/gate"
)

func TestStatesOfWaivers(t *testing.T) {
	steps := []reports.Step{
		step("passes", 1, checks.Pass), step("fails", 1, checks.Fail), step("half", 1, checks.Partial),
		step("waits", 1, checks.Blocked, "fails"), step("dark", 1, checks.Unknown), step("left-out", 1, checks.Skipped),
	}
	cases := map[string]struct {
		change func(*reports.Waiver)
		want   reports.WaiverState
	}{
		"fails":    {nil, reports.WaiverApplied},
		"half":     {nil, reports.WaiverApplied},
		"waits":    {nil, reports.WaiverApplied},
		"passes":   {nil, reports.WaiverUnused},
		"left-out": {nil, reports.WaiverUnused},
		"no-such":  {nil, reports.WaiverUnused},
		"dark":     {nil, reports.WaiverOpen},
		"its last day": {
			func(w *reports.Waiver) { w.Step, w.Until = "fails", "2026-11-23" }, reports.WaiverApplied,
		},
		"the day after": {
			func(w *reports.Waiver) { w.Step, w.Until = "fails", "2026-11-22" }, reports.WaiverExpired,
		},
		"this account": {
			func(w *reports.Waiver) { w.Step, w.Account = "fails", account }, reports.WaiverApplied,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := waiver(name)
			if c.change != nil {
				c.change(&w)
			}
			r := graded(slices.Clone(steps)...)
			require.NoError(t, gate.Decide(r, gate.Terms{Waivers: []reports.Waiver{w}}))
			w.State = c.want
			require.Equal(t, []reports.Waiver{w}, r.Waivers)
			for _, s := range r.Steps {
				if c.want == reports.WaiverApplied && s.ID == w.Step {
					assert.Equal(t, &w, s.Waiver)
				} else {
					assert.Nil(t, s.Waiver)
				}
			}
		})
	}
}

func TestWaiverOfAnotherAccountIsNotNamed(t *testing.T) {
	w := waiver("a")
	w.Account = "210987654321"
	r := graded(step("a", 1, checks.Fail))
	require.NoError(t, gate.Decide(r, gate.Terms{Waivers: []reports.Waiver{w}}))
	assert.Empty(t, r.Waivers)
	assert.Nil(t, r.Steps[0].Waiver)
}

// With --only, a waiver of another step is not useless: nobody looked at its step.
func TestWaiverOfAStepThatIsNotSelected(t *testing.T) {
	r := graded(step("a", 1, checks.Fail))
	r.Run.Selected = []string{"a"}
	require.NoError(t, gate.Decide(r, gate.Terms{Waivers: []reports.Waiver{waiver("b")}}))
	assert.Empty(t, r.Waivers)
}

// The waiver that names the account is shown, in whatever order they stand. Neither is useless.
func TestTwoWaiversOfOneStep(t *testing.T) {
	every, own := waiver("a"), waiver("a")
	own.Account = account
	for _, order := range [][]reports.Waiver{{every, own}, {own, every}} {
		r := graded(step("a", 1, checks.Fail))
		require.NoError(t, gate.Decide(r, gate.Terms{Waivers: order}))
		require.Equal(t, account, r.Steps[0].Waiver.Account)
		for _, w := range r.Waivers {
			require.Equal(t, reports.WaiverApplied, w.State)
		}
	}
}
