package sandbox

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os/exec"
	"slices"
	"sync"
)

// A WorkstationState is what a state file says about the student's own machine.
type WorkstationState struct {
	// Folder is the current folder, below the home folder; "" if none is known.
	Folder string `json:"folder,omitempty"`
	// Files holds the content of files by their path below the home folder, such as ".aws/config".
	Files map[string]string `json:"files,omitempty"`
	// Env is the environment.
	Env map[string]string `json:"env,omitempty"`
	// Commands are the programs that can be run, each with exact arguments.
	Commands []CommandState `json:"commands,omitempty"`
}

// A CommandState is what one command prints.
type CommandState struct {
	Argv   []string `json:"argv"`
	Stdout string   `json:"stdout,omitempty"`
	Exit   int      `json:"exit,omitempty"`
}

func (s WorkstationState) validate() error {
	for path := range s.Files {
		if !fs.ValidPath(path) {
			return fmt.Errorf("workstation.files: %.20q is not a path below the home folder", path)
		}
	}
	if s.Folder != "" && !fs.ValidPath(s.Folder) {
		return fmt.Errorf("workstation.folder: %.20q is not a path below the home folder", s.Folder)
	}
	for i, c := range s.Commands {
		if len(c.Argv) == 0 {
			return fmt.Errorf("workstation.commands: command %d has no argv", i+1)
		}
	}
	return nil
}

// A Workstation is the student's machine of a practice state.
type Workstation struct {
	// Home is the home folder.
	Home fs.FS
	// Folder is the current folder; nil if none is known.
	Folder fs.FS
	// Env is the environment.
	Env map[string]string
	// Command runs a program. A program that is not installed is an error that wraps [exec.ErrNotFound]; a command that
	// fails gives its output and an [ExitError].
	Command func(ctx context.Context, name string, args ...string) (stdout []byte, err error)
}

// An ExitError is a command that ended with another exit code than 0.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// ExitCode is what [os/exec.ExitError] has too.
func (e *ExitError) ExitCode() int { return e.Code }

// Workstation returns the machine that goes with the account.
func (a *Account) Workstation() Workstation {
	a.mu.Lock()
	w := a.state.Workstation
	a.mu.Unlock()
	machine := Workstation{Home: folder(w.Files), Env: maps.Clone(w.Env), Command: w.command}
	if w.Folder != "" {
		current, err := fs.Sub(machine.Home, w.Folder)
		if err != nil { // the path was checked
			panic(err)
		}
		machine.Folder = current
	}
	return machine
}

// command answers from the list of known commands.
func (s WorkstationState) command(ctx context.Context, name string, args ...string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	installed := false
	for _, c := range s.Commands {
		installed = installed || c.Argv[0] == name
		if c.Argv[0] != name || !slices.Equal(c.Argv[1:], args) {
			continue
		}
		if c.Exit != 0 {
			return []byte(c.Stdout), &ExitError{Code: c.Exit}
		}
		return []byte(c.Stdout), nil
	}
	if !installed {
		return nil, &exec.Error{Name: name, Err: exec.ErrNotFound}
	}
	return nil, fmt.Errorf("the practice workstation does not know %q with the arguments %q", name, args)
}

// commandLists keeps lists of commands, which are the larger part of most states and the same in many. The zero value
// is empty.
type commandLists struct {
	mu    sync.Mutex
	known [][]CommandState
}

// same returns a list that is equal to this one: the first of its kind.
func (l *commandLists) same(list []CommandState) []CommandState {
	equal := func(other []CommandState) bool {
		return slices.EqualFunc(list, other, func(a, b CommandState) bool {
			return a.Stdout == b.Stdout && a.Exit == b.Exit && slices.Equal(a.Argv, b.Argv)
		})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.IndexFunc(l.known, equal); i >= 0 {
		return l.known[i]
	}
	if len(l.known) < maxCommandLists {
		l.known = append(l.known, list)
	}
	return list
}

// maxCommandLists is how many different lists are looked through: a class has few.
const maxCommandLists = 16

// folder is a read-only file system of files held in memory. A zip archive is the standard library's implementation of
// one.
func folder(files map[string]string) fs.FS {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		header := &zip.FileHeader{Name: path}
		header.SetMode(0o600) // what the AWS CLI and Docker give to files with credentials
		w, err := z.CreateHeader(header)
		if err == nil {
			_, err = w.Write([]byte(files[path]))
		}
		if err != nil { // a buffer takes everything
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		panic(err)
	}
	return r
}
