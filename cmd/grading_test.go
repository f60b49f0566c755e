package cmd

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// graded is one run of the command on the practice account, and what came of it.
type graded struct {
	report  *reports.Report
	code    int
	stderr  string
	account *sandbox.Account
}

// latency is what each answer of the practice account costs in the tests of time.
const latency = 50 * time.Millisecond

// inProcess is an Env without a system behind it, and with the lab of the tests.
func inProcess(ctx context.Context, args ...string) (env Env, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	return Env{
		Context: ctx, Program: "labcheck", Args: args, Stdout: stdout, Stderr: stderr, Files: files.OS{},
		Now: func() time.Time { return now }, Environ: []string{"LABCHECK_LABS=" + fixtureLabs},
	}, stdout, stderr
}

// gradedRun runs labcheck, which prints a report as JSON, with these settings of the practice account.
func gradedRun(ctx context.Context, t testing.TB, practice sandbox.Options, args ...string) graded {
	t.Helper()
	env, stdout, stderr := inProcess(ctx, args...)
	env.Practice = practice
	var g graded
	env.practised = func(a *sandbox.Account) { g.account = a }
	g.code = Main(env, standard.Checks()...)
	g.stderr = stderr.String()
	r, err := jsonv1.Read(stdout.Bytes())
	require.NoError(t, err, "exit %d, stderr %s", g.code, g.stderr)
	g.report = r
	return g
}

// builtin are the practice accounts of the lab that the tests run.
func builtin(t testing.TB) practice.Accounts {
	t.Helper()
	accounts, err := practice.AccountsOf(nil)
	require.NoError(t, err)
	return accounts
}

// stateOf is one of them.
func stateOf(t testing.TB, name string, now time.Time) *sandbox.State {
	t.Helper()
	state, err := builtin(t).State(name, now)
	require.NoError(t, err)
	return state
}

// verdicts are the verdicts of a report by step.
func verdicts(r *reports.Report) map[string]checks.Verdict {
	m := make(map[string]checks.Verdict, len(r.Steps))
	for _, s := range r.Steps {
		m[s.ID] = s.Verdict
	}
	return m
}
