package cmd

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
)

// silent is a practice account in which a service never answers.
func silent(service string) sandbox.Options {
	return sandbox.Options{Faults: []sandbox.Fault{{Service: service, Operation: "*", Kind: sandbox.Hang}}}
}

// interrupted runs labcheck on the finished practice account, in which a service never answers, and interrupts it when
// nothing goes on any more but the wait for that service.
func interrupted(t *testing.T, service string, args ...string) (code int, printed string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		env, stdout, _ := inProcess(ctx, append([]string{"fixture", "--sandbox=finished"}, args...)...)
		env.Practice = silent(service)
		go func() {
			synctest.Wait()
			cancel(facts.ErrInterrupted)
		}()
		code = Main(env, standard.Checks()...)
		printed = stdout.String()
	})
	return code, printed
}

// Ctrl-C in the middle of a run: what was learned is kept, what was not is open, and every file is written.
func TestInterrupt(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	code, printed := interrupted(t, "ecr",
		"--report", "json="+file("r.json"), "--report", "markdown="+file("r.md"), "--save-facts", file("facts.json"))
	require.Equal(t, exitInterrupted, code)
	require.Contains(t, printed, "INTERRUPTED")

	r := readBack(t, file("r.json"))
	require.True(t, r.Run.Interrupted)
	require.False(t, r.Run.Complete)
	require.Equal(t, checks.Pass, verdicts(r)["retention"], "what was known before stays")
	for _, id := range []string{"repository", "image"} {
		s, _ := r.Step(id)
		require.Equal(t, checks.Unknown, s.Verdict, id)
		require.Equal(t, facts.Interrupted, s.Reason, id)
	}
	require.Equal(t, r, readBack(t, file("r.md")))

	again, _, _ := inProcess(t.Context(), "fixture", "--facts", file("facts.json"), "--report", "json")
	require.Equal(t, exitInconclusive, Main(again, standard.Checks()...), "what was learned can be graded again")
}

// The report that nobody asked for is written too, but not when nothing is known yet.
func TestInterruptDefaultReport(t *testing.T) {
	t.Chdir(t.TempDir())
	const name = "labcheck-fixture.sandbox.md"
	code, printed := interrupted(t, "sts")
	require.NotContains(t, printed, "Try this", "the run was stopped on purpose")
	require.Equal(t, exitInterrupted, code)
	require.Contains(t, printed, "INTERRUPTED")
	require.NoFileExists(t, name)

	code, _ = interrupted(t, "ecr")
	require.Equal(t, exitInterrupted, code)
	require.True(t, readBack(t, name).Run.Interrupted)
}

// An interrupted run says that its gate is not decided, and its exit code is that of an interrupt.
func TestInterruptedGate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	code, _ := interrupted(t, "ecr", "--fail-under", "0", "--exit-zero", "--report", "json="+file)
	require.Equal(t, exitInterrupted, code)
	r := readBack(t, file)
	require.Equal(t, grade.Inconclusive, r.Gate.Outcome)
	require.Equal(t, []string{"The run was stopped."}, r.Gate.Because)
}

// The end of --timeout is no interruption: what was not answered in time is unknown, and the grade decides.
func TestTimeout(t *testing.T) {
	cases := map[string]struct {
		state, silent string
		code          int
		problem       bool
	}{
		"a required step decides":          {"finished", "ecr", exitInconclusive, false},
		"no required step is concerned":    {"finished", "logs", exitPassed, false},
		"it is not passed in any case":     {"fresh", "ecr", exitNotPassed, false},
		"nobody says who the caller is":    {"finished", "sts", exitUnreachable, true},
		"nobody says anything":             {"finished", "*", exitUnreachable, true},
		"every answer comes and all is in": {"finished", "none", exitPassed, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				g := onFixture(t.Context(), t, c.state, silent(c.silent), "--timeout", "10s")
				require.Equal(t, c.code, g.code)
				require.False(t, g.report.Run.Interrupted)
				require.Equal(t, c.problem, g.report.Problem != nil)
				for _, s := range g.report.Steps {
					if s.Verdict == checks.Unknown {
						require.Contains(t, []facts.Reason{facts.Timeout, facts.NotLooked}, s.Reason, s.ID)
					}
				}
				if c.silent == "none" {
					require.Zero(t, time.Since(start))
				} else {
					require.Equal(t, 10*time.Second, time.Since(start))
				}
			})
		})
	}
}

// The real program and a real signal, against an endpoint that takes the connection and never answers. A terminal that
// is closed may say so twice: the system does, and the shell.
func TestInterruptProcess(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
	for name, signals := range map[string][]os.Signal{
		"Ctrl-C": {os.Interrupt}, "terminal closed": {syscall.SIGHUP, syscall.SIGHUP}, "terminated": {syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if signal.Ignored(signals[0]) {
				t.Skip("whoever started the tests ignores this signal, as nohup does, and so the program does")
			}
			interruptProcess(t, signals)
		})
	}
}

func interruptProcess(t *testing.T, signals []os.Signal) {
	endpoint, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer endpoint.Close()
	folder := t.TempDir()

	program := exec.Command("labcheck", "fixture", "--report", "json=r.json",
		"--endpoint-url", "http://"+endpoint.Addr().String())
	program.Dir = folder
	program.Env = []string{
		"HOME=" + folder, "PATH=" + os.Getenv("PATH"), "LABCHECK_LABS=" + fixtureLabs,
		"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
	require.NoError(t, program.Start())
	asked, err := endpoint.Accept()
	require.NoError(t, err)
	defer asked.Close()
	for _, s := range signals {
		require.NoError(t, program.Process.Signal(s))
	}
	err = program.Wait()
	require.Equal(t, exitInterrupted, program.ProcessState.ExitCode(), "%v", err)
	r := readBack(t, filepath.Join(folder, "r.json"))
	require.True(t, r.Run.Interrupted)
	require.Equal(t, facts.Interrupted, r.Problem.Reason)
}

// readBack reads a report that was written.
func readBack(t *testing.T, path string) *reports.Report {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	r, changed, err := markdown.ReadEither(data)
	require.NoError(t, err)
	require.Empty(t, changed)
	return r
}
