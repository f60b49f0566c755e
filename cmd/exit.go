package cmd

import (
	"errors"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// The exit codes. 2 is left to the Go runtime: it always means a crash.
const (
	exitPassed        = 0
	exitNotPassed     = 1
	exitInconclusive  = 3
	exitUsage         = 64
	exitInvalid       = 65 // an invalid lab, facts, report or waiver file
	exitUnreachable   = 69
	exitInternal      = 70
	exitNoCredentials = 77
	exitInterrupted   = 130
)

// exitCode is the code of an error.
func exitCode(err error) int {
	var (
		problems lab.Problems
		set      *lab.SetError
		step     *lab.StepError
	)
	kind, ok := failure.KindOf(err)
	switch {
	case err == nil:
		return exitPassed
	case ok:
		return kindCode(kind)
	case errors.As(err, &problems):
		return exitInvalid
	case errors.As(err, &set), errors.As(err, &step):
		return exitUsage
	}
	return exitInternal
}

// kindCode is the exit code of a kind of failures.
func kindCode(kind failure.Kind) int {
	switch kind {
	case failure.Usage:
		return exitUsage
	case failure.Invalid:
		return exitInvalid
	case failure.Unreachable:
		return exitUnreachable
	case failure.Interrupted:
		return exitInterrupted
	default:
		return exitInternal
	}
}

// codeOf is the exit code of a report: of its gate where it has one, else of its grade.
func codeOf(r *reports.Report) int {
	switch {
	case r.Run.Interrupted:
		return exitInterrupted
	case r.Problem != nil:
		return problemCode(r.Problem.Reason)
	case r.Gate != nil && r.Gate.ReportOnly:
		return exitPassed
	}
	return outcomeCode(r.Decision())
}

// outcomeCode is the exit code of an outcome.
func outcomeCode(o grade.Outcome) int {
	switch o {
	case grade.Passed:
		return exitPassed
	case grade.NotPassed:
		return exitNotPassed
	default:
		return exitInconclusive
	}
}

// problemCode is the exit code of a preflight that failed.
func problemCode(reason facts.Reason) int {
	switch reason {
	case facts.NoCredentials, facts.ExpiredCredentials, facts.RejectedCredentials, facts.ClockWrong,
		facts.AccountNotActive, facts.AccessDenied:
		return exitNoCredentials
	case facts.Interrupted:
		return exitInterrupted
	case facts.InternalError:
		return exitInternal
	default:
		return exitUnreachable
	}
}
