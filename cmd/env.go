package cmd

import (
	"context"
	"crypto/rand"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// defaultWidth is the width of a table that is not drawn on a terminal, in columns.
const defaultWidth = 80

// Env is everything that the command line takes from the system, so that a test can give it another one.
type Env struct {
	// Context ends when the person interrupts, with facts.ErrInterrupted as its cause.
	Context context.Context
	// Program is how the program was started, for the commands that it prints.
	Program        string
	Args           []string // without the program
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
	// Run runs a program on the terminal until it ends, with this environment, and returns its exit code. The error is
	// about a program that could not be started.
	Run func(argv, environ []string) (code int, err error)
	// practised is called with the practice account that is graded, for tests.
	practised func(*sandbox.Account)
}

// Files is the part of a file system that reports are written to.
type Files interface {
	// CreateTemp makes a new file in a folder, whose name has something of its own in the place of the pattern's "*".
	CreateTemp(dir, pattern string) (File, error)
	Rename(from, to string) error
	Remove(name string) error
}

// File is a file that is being written.
type File interface {
	io.Writer
	Name() string
	Chmod(mode fs.FileMode) error
	Sync() error
	Close() error
}

// System is the real system. An interrupt (Ctrl-C) or a termination ends the context; the second one ends the program.
func System() Env {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals)
		cancel(facts.ErrInterrupted)
	}()
	env := Env{
		Context: ctx, Program: programName(os.Args[0]), Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr,
		Environ: os.Environ(), Now: time.Now, Files: osFiles{}, StderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Run: onTerminal,
	}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		env.Width = defaultWidth
		if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && width > 0 {
			env.Width = width
		}
	}
	return env
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

// programName is what a person types to start the program again from the same folder.
func programName(arg string) string {
	if !strings.ContainsRune(arg, filepath.Separator) || filepath.IsAbs(arg) {
		return strings.TrimSuffix(filepath.Base(arg), ".exe")
	}
	return arg
}

type osFiles struct{}

// CreateTemp is os.CreateTemp with the mode of an ordinary new file: that one is for its owner only, whatever the umask.
func (osFiles) CreateTemp(dir, pattern string) (File, error) {
	const enough = 10 // letters: longer names are near the limit of file systems
	name := strings.Replace(pattern, "*", rand.Text()[:enough], 1)
	return os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, newFileMode)
}

func (osFiles) Rename(from, to string) error { return os.Rename(from, to) }
func (osFiles) Remove(name string) error     { return os.Remove(name) }
