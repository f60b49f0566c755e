package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// A mutant is the finished practice account with one thing changed.
type mutant struct {
	name string
	edit edit
	// changes are the steps that get another verdict, in the words of said. A mutant without any is as right as the
	// finished account, or it is a survivor: spoiled, and nobody loses a point for it.
	changes changes
}

// changes are verdicts by step, in the words of said.
type changes map[string]string

// said is a step's verdict with all that goes with it.
func said(s reports.Step) string {
	switch s.Verdict {
	case checks.Unknown:
		return fmt.Sprintf("unknown %s", s.Reason)
	case checks.Partial:
		return fmt.Sprintf("partial %d", s.Share)
	case checks.Blocked:
		return "blocked by " + strings.Join(s.BlockedBy, " ")
	default:
		return s.Verdict.String()
	}
}

// verdictsOf are the verdicts of a report by step.
func verdictsOf(r *reports.Report) changes {
	all := changes{}
	for _, s := range r.Steps {
		all[s.ID] = said(s)
	}
	return all
}

// since are the verdicts that are not the same as before.
func (after changes) since(before changes) changes {
	changed := maps.Clone(after)
	maps.DeleteFunc(changed, func(step, verdict string) bool { return before[step] == verdict })
	return changed
}

// From the finished account, one thing at a time is spoiled: exactly the expected steps change, to exactly the expected
// verdict. What may be otherwise without being wrong changes nothing. What is wrong and costs no point is a survivor:
// each is explained, and the report says what is wrong.
func TestMutants(t *testing.T) {
	t.Parallel()
	finished := onPractice(t.Context(), t, stateFile(t, all()), sandbox.Options{}).report
	before := verdictsOf(finished)
	for step, verdict := range before {
		require.Equal(t, "pass", verdict, step)
	}
	spoiled := slices.Concat(iamMutants(), policyMutants(), rightMutants(), callerMutants(), ecrMutants(), logsMutants(), vpcMutants(),
		alarmMutants(), budgetMutants(), workstationMutants(), orderMutants(t))
	paged := pageMutants()
	names := map[string]bool{}
	var mu sync.Mutex
	counts := map[string]int{}
	t.Run("each", func(t *testing.T) { // returns when all of them are done
		for i, m := range slices.Concat(spoiled, paged) {
			require.False(t, names[m.name], "two mutants are named %q", m.name)
			names[m.name] = true
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					after := onPractice(t.Context(), t, stateFile(t, m.edit), sandbox.Options{}).report
					came := judged(t, m, before, after)
					mu.Lock()
					defer mu.Unlock()
					counts[came]++
					if i >= len(spoiled) {
						assert.Greater(t, after.Calls.Total, finished.Calls.Total, "an answer has a second page")
					}
				})
			})
		}
	})
	for _, s := range survivors() {
		lives := func(name string) bool { return strings.HasPrefix(name, s.mutant) }
		assert.True(t, slices.ContainsFunc(slices.Collect(maps.Keys(names)), lives), "no mutant is named %q", s.mutant)
		t.Logf("survivor: %s (%s says “%s”): %s", s.mutant, s.step, s.says, s.why)
	}
	t.Logf("mutation score: %d of %d spoiled accounts killed, the other %d explained; %d accounts that are as right stay so",
		counts[killed], counts[killed]+counts[survived], counts[survived], counts[asRight])
	assert.GreaterOrEqual(t, counts[killed], 60)
}

// What comes of a mutant.
const (
	killed   = "killed"
	survived = "survived"
	asRight  = "as right"
	wrong    = "wrong"
)

// judged holds what was graded to what a mutant expects.
func judged(t *testing.T, m mutant, before changes, after *reports.Report) string {
	t.Helper()
	changed := verdictsOf(after).since(before)
	s, explained := survives(m.name)
	if !maps.Equal(m.changes, changed) {
		for step, verdict := range changed {
			found, _ := after.Step(step)
			t.Logf("%s is %s: %s %+v", step, verdict, found.Detail, found.Findings)
		}
		assert.Equal(t, m.changes, changed)
		return wrong
	}
	switch {
	case len(changed) > 0:
		return killed
	case explained:
		step, _ := after.Step(s.step)
		assert.Contains(t, adviceOf(step), s.says, "%s says what is wrong", s.step)
		return survived
	}
	return asRight
}

func adviceOf(s *reports.Step) string {
	var all []string
	for _, f := range s.Findings {
		all = append(all, f.Advice)
	}
	return strings.Join(all, "\n")
}
