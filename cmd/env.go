package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/gdamore/tcell/v2"
	"golang.org/x/term"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
	"github.com/labcheck/labcheck/reports"
)

// Env is everything that the command line takes from the system, so that a test can give it another one.
type Env struct {
	// Context ends when the person interrupts, with facts.ErrInterrupted as its cause.
	Context context.Context
	// Program is how the program was started, for the commands that it prints.
	Program        string
	Args           []string // without the program
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Environ is the environment as NAME=value, as os.Environ gives it.
	Environ []string
	Now     func() time.Time
	Files   Files
	// Width is the terminal's width in columns; 0 if standard output is no terminal.
	Width int
	// StderrTerminal says whether progress can be shown.
	StderrTerminal bool
	// Transport answers the requests to AWS; nil is the network.
	Transport http.RoundTripper
	// Practice are the settings of the practice account: what goes wrong there, and how slowly it answers.
	Practice sandbox.Options
	// Services are what the practice account has besides its own services, so that a check of one's own can be tried on
	// it. One with the id of another takes its place.
	Services []*wire.Service
	// Run runs a program on the terminal until it ends, with this environment, and returns its exit code. The error is
	// about a program that could not be started.
	Run func(argv, environ []string) (code int, err error)
	// screen begins to draw on the whole terminal; nil where there is none that a person types at.
	screen func() (tcell.Screen, error)
	// practised is called with the practice account that is graded, for tests.
	practised func(*sandbox.Account)
}

type (
	// Files is the part of a file system that is written to.
	Files = files.System
	// File is a file in it that is being written.
	File = files.File
)

// System is the real system. An interrupt (Ctrl-C), a termination or the end of the terminal ends the context; a second
// interrupt or termination ends the program.
func System() Env {
	ctx, cancel := context.WithCancelCause(context.Background())
	ends, hangups := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(ends, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(hangups, syscall.SIGHUP)
	}
	go func() {
		select {
		case <-ends:
		case <-hangups: // which is not given back: the shell and the system may both say that the terminal is closed
		}
		signal.Stop(ends)
		cancel(facts.ErrInterrupted)
	}()
	env := Env{
		Context:        ctx,
		Program:        programName(os.Args[0]),
		Args:           os.Args[1:],
		Stdin:          os.Stdin,
		Stdout:         os.Stdout,
		Stderr:         os.Stderr,
		Environ:        os.Environ(),
		Now:            time.Now,
		Files:          files.OS{},
		StderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Run:            onTerminal,
	}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		env.Width = console.DefaultWidth
		if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && width > 0 {
			env.Width = width
		}
		if term.IsTerminal(int(os.Stdin.Fd())) {
			env.screen = beginScreen
		}
	}
	return env
}

// beginScreen takes the whole terminal.
func beginScreen() (tcell.Screen, error) {
	screen, err := tcell.NewScreen()
	if err == nil {
		err = screen.Init()
	}
	return screen, err
}

// getenv looks a variable up; "" if it is not set.
func (e Env) getenv(name string) string {
	for _, pair := range e.Environ {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// shell is the shell that commands are printed for: that of this name, or the person's own for no name.
func (e Env) shell(name string) (reports.Shell, error) {
	var names []string
	for _, s := range reports.Shells() {
		if string(s) == name {
			return s, nil
		}
		names = append(names, string(s))
	}
	switch {
	case name != "":
		return "", failure.Usagef("--shell %s: there is no such shell%s (there are: %s)", name,
			nearest.DidYouMean(name, names), strings.Join(names, ", "))
	case e.getenv("SHELL") == "" && runtime.GOOS == "windows": // where it is set there is Git Bash or the like
		return reports.PowerShell, nil
	}
	return reports.ShellOf(e.getenv("SHELL")), nil
}

// console is where the words of the command line go.
func (e Env) console() console.Console {
	return console.Console{
		Stdout: e.Stdout, Stderr: e.Stderr, Width: e.Width, StderrTerminal: e.StderrTerminal,
		Dumb: e.getenv("TERM") == "dumb", Now: e.Now, Files: e.Files,
	}
}

// programName is what a person types to start the program again from the same folder.
func programName(arg string) string {
	if !strings.ContainsRune(arg, filepath.Separator) || filepath.IsAbs(arg) {
		return strings.TrimSuffix(filepath.Base(arg), ".exe")
	}
	return arg
}

// onTerminal runs a program with the streams of this process. What the terminal sends is the program's affair: Ctrl-C
// reaches both, and must not end the one that the other depends on.
func onTerminal(argv, environ []string) (int, error) {
	program := exec.Command(argv[0], argv[1:]...)
	program.Env, program.Stdin, program.Stdout, program.Stderr = environ, os.Stdin, os.Stdout, os.Stderr
	// Each kind has a channel of its own: in a full one an interrupt would crowd the termination out.
	interrupts, terminations := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	signal.Notify(terminations, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(interrupts)
	defer signal.Stop(terminations)
	if err := program.Start(); err != nil {
		return 0, fmt.Errorf("%s does not start: %w", argv[0], err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	for {
		select {
		case <-terminations:
			if program.Process.Signal(syscall.SIGHUP) != nil {
				_ = program.Process.Kill() // Windows has no other way; one that has ended needs none
			}
		case err := <-ended:
			return codeOfEnd(program.ProcessState, err)
		}
	}
}

// codeOfEnd is the exit code of a program that has ended, as a shell counts it.
func codeOfEnd(state *os.ProcessState, err error) (int, error) {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return state.ExitCode(), nil
}
