package cmd_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/golden"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"labcheck": func() { os.Exit(cmd.Main(cmd.System(), standard.Checks()...)) },
		// The real one need not be there, and takes longer to say its version than a whole run.
		"aws": func() { fmt.Println("aws-cli/2.32.3 Python/3.13.9 Linux/6.8.0 exe/x86_64.ubuntu.24") },
	})
}

// TestScripts runs the command as a person does: each script in testdata is one story.
//
// They grade the lab "fixture" of testdata/labs, so that a lab which is shipped may change. Only class_demo is about
// one: its output is written anew by make update.
func TestScripts(t *testing.T) {
	labs, err := filepath.Abs("testdata/labs")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: golden.Updating(),
		Setup: func(env *testscript.Env) error {
			// Nothing of the machine's own AWS configuration reaches a script.
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("AWS_EC2_METADATA_DISABLED", "")
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("LABCHECK_LABS", labs)
			env.Setenv("NEXT_WEEK", time.Now().AddDate(0, 0, 7).Format(time.DateOnly))
			env.Values[servingKey] = new(*serving)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exitcode": exitCode,
			"fill":     fill,
			"serve":    serve,
			"unserve":  unserve,
		},
	})
}

// exitCode runs a command and wants exactly this exit code: exitcode CODE COMMAND ARGS...
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	if got := codeOfRun(err); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func codeOfRun(err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "0"
	case errors.As(err, &exit):
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}

// fill writes the values of the variables into a file in the place of their names: fill FILE.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fill FILE")
	}
	filled := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(filled), 0o600))
}

// serving is the practice account that a script has begun.
type serving struct {
	program *exec.Cmd
	read    sync.WaitGroup // of what it still prints
	more    strings.Builder
}

const servingKey = "serving"

// serve begins a program that serves a practice account, waits for the lines that it prints to be pasted, and pastes
// them: serve COMMAND ARGS... What it says on stderr stands in the file serve.err.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: serve COMMAND ARGS...")
	}
	said, err := os.Create(ts.MkAbs("serve.err"))
	ts.Check(err)
	s := &serving{program: exec.Command(args[0], args[1:]...)}
	s.program.Dir, s.program.Stderr = ts.Getenv("WORK"), said
	for _, name := range []string{"PATH", "HOME", "LABCHECK_LABS"} {
		s.program.Env = append(s.program.Env, name+"="+ts.Getenv(name))
	}
	out, err := s.program.StdoutPipe()
	ts.Check(err)
	ts.Check(s.program.Start())
	ts.Check(said.Close())
	ts.Defer(func() {
		_ = s.program.Process.Kill() // it may have ended
		_ = s.program.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		name, value, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		if !ok {
			ts.Fatalf("%q sets no variable", lines.Text())
		}
		ts.Setenv(name, strings.Trim(value, "'"))
		if name == "AWS_SESSION_TOKEN" { // the last one
			break
		}
	}
	ts.Check(lines.Err())
	s.read.Go(func() {
		for lines.Scan() {
			s.more.WriteString(lines.Text())
		}
	})
	ts.Setenv("AWS_CONFIG_FILE", os.DevNull)
	setServing(ts, s)
}

// unserve ends what serve began, as Ctrl-C does, and wants it to end well and to have printed nothing more; with the
// argument -kill as a crash does. ("stop" is testscript's own: it ends the script, and the test passes.)
func unserve(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servingKey).(**serving)
	if neg || *s == nil || len(args) > 1 || (len(args) == 1 && args[0] != "-kill") {
		ts.Fatalf("usage: unserve [-kill], after serve")
	}
	program := (*s).program
	if len(args) == 1 {
		ts.Check(program.Process.Kill())
	} else {
		ts.Check(program.Process.Signal(os.Interrupt))
	}
	(*s).read.Wait()
	err := program.Wait()
	switch {
	case len(args) == 1:
	case err != nil:
		ts.Fatalf("it ended with %v", err)
	case (*s).more.Len() > 0:
		ts.Fatalf("it also printed %s", (*s).more.String())
	}
	*s = nil
}

func setServing(ts *testscript.TestScript, s *serving) { *ts.Value(servingKey).(**serving) = s }
