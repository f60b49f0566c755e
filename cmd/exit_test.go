package cmd

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// The gate decides in place of the grade, and neither speaks where nothing could be asked or the run was stopped.
func TestCodeOfAGate(t *testing.T) {
	codes := map[grade.Outcome]int{
		grade.Passed: exitPassed, grade.NotPassed: exitNotPassed, grade.Inconclusive: exitInconclusive,
	}
	for graded, ofGrade := range codes {
		for gated, ofGate := range codes {
			r := &reports.Report{Grade: grade.Grade{Outcome: graded}}
			require.Equal(t, ofGrade, codeOf(r))
			r.Gate = &reports.Gate{Outcome: gated}
			require.Equal(t, ofGate, codeOf(r), "%s by the grade, %s by the gate", graded, gated)
			r.Gate.ReportOnly = true
			require.Equal(t, exitPassed, codeOf(r))
			r.Problem = &reports.Problem{Reason: facts.NoCredentials}
			require.Equal(t, exitNoCredentials, codeOf(r))
			r.Run.Interrupted = true
			require.Equal(t, exitInterrupted, codeOf(r))
		}
	}
}

// Every code comes before those that are less bad, whatever the order of the targets.
func TestTheWorstExitCodeIsThatOfTheRun(t *testing.T) {
	codes := []int{70, 130, 64, 65, 77, 69, 1, 3, 0}
	for i := range codes {
		var results []targetResult
		for _, code := range codes[i:] {
			results = append(results, targetResult{code: code})
		}
		require.Equal(t, codes[i], worstResult(results).code)
		slices.Reverse(results)
		require.Equal(t, codes[i], worstResult(results).code)
	}
}

// One exit code is that of the worst outcome, then of the lowest score, whatever the order of the targets.
func TestTheWorstTargetOfOneExitCode(t *testing.T) {
	of := func(name string, gate grade.Outcome, percent int) targetResult {
		r := &reports.Report{Gate: &reports.Gate{Outcome: gate, ReportOnly: true}}
		r.Grade.Percent = &percent
		return targetResult{name: name, report: r}
	}
	results := []targetResult{
		of("first", grade.NotPassed, 40), of("second", grade.NotPassed, 60),
		{name: "third"},
		of("fourth", grade.Inconclusive, 0), of("fifth", grade.Passed, 10),
	}
	for i := range results {
		rest := slices.Clone(results[i:])
		require.Equal(t, results[i].name, worstResult(rest).name)
		slices.Reverse(rest)
		require.Equal(t, results[i].name, worstResult(rest).name)
	}
}
