package cmd_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

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

// stop ends what serve began, as Ctrl-C does, and wants it to end well and to have printed nothing more; with the
// argument -kill as a crash does.
func stop(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servingKey).(**serving)
	if neg || *s == nil || len(args) > 1 || (len(args) == 1 && args[0] != "-kill") {
		ts.Fatalf("usage: stop [-kill], after serve")
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
