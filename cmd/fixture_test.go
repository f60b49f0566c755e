package cmd

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// The tests of the command grade the lab "fixture", which is theirs alone: no test here pins a step or a point of a lab
// that is shipped.

// fixtureLabs is the folder of labs in which it is, as an absolute path: a test may go elsewhere.
var fixtureLabs, _ = filepath.Abs(filepath.Join("testdata", "labs"))

// graded is one run of the command on the practice account, and what came of it.
type graded struct {
	report *reports.Report
	code   int
	stderr string
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
	code := Main(env, standard.Checks()...)
	r, err := jsonv1.Read(stdout.Bytes())
	require.NoError(t, err, "exit %d, stderr %s", code, stderr)
	return graded{report: r, code: code, stderr: stderr.String()}
}

// onFixture runs "labcheck fixture --sandbox=STATE --report json" with these settings of the practice account.
func onFixture(ctx context.Context, t testing.TB, state string, practice sandbox.Options, more ...string) graded {
	t.Helper()
	return gradedRun(ctx, t, practice,
		append([]string{"fixture", "--sandbox=" + state, "--report", "json"}, more...)...)
}

// fixtureLab is the lab itself.
func fixtureLab(t testing.TB) *lab.Lab {
	t.Helper()
	l, err := lab.Catalogue{Dirs: []string{fixtureLabs}}.Find("fixture")
	require.NoError(t, err)
	return l
}

// fixtureFile is the file of a practice account of the lab, by its name.
func fixtureFile(name string) string {
	return filepath.Join(fixtureLabs, "fixture", "accounts", name+".json")
}

// fixtureAccount is a practice account of the lab, by its name, in whose JSON each text is replaced by the one after
// it.
func fixtureAccount(t testing.TB, name string, now time.Time, replaced ...string) *sandbox.State {
	t.Helper()
	data, err := os.ReadFile(fixtureFile(name))
	require.NoError(t, err)
	state, err := sandbox.Parse([]byte(strings.NewReplacer(replaced...).Replace(string(data))), now)
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
