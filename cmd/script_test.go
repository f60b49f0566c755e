package cmd_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
// They grade the lab "fixture" of testdata/labs, so that a lab which is shipped may change. Only class_demo is about one:
// its output is written anew by make update.
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
			"stop":     stop,
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
