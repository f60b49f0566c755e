package cmd

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
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

// An interrupted run says that its gate is not decided, and its exit code is that of an interrupt.
func TestInterruptedGate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	code, _ := interrupted(t, "ecr", "--fail-under", "0", "--exit-zero", "--report", "json="+file)
	require.Equal(t, exitInterrupted, code)
	r := readBack(t, file, jsonv1.Read)
	require.Equal(t, grade.Inconclusive, r.Gate.Outcome)
	require.Equal(t, []string{"The run was stopped."}, r.Gate.Because)
}
