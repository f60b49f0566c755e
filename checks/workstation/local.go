package workstation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxStderr is how much of a program's error output is kept, in bytes: enough for git's one sentence.
const maxStderr = 4 << 10

// maxLeftOver is how much a program may say beyond what is read, in bytes. One that goes on is ended: it is not the
// program that its name says.
const maxLeftOver = 64 << 20

// LocalOptions say how a process sees its machine.
type LocalOptions struct {
	// Environ is the environment ("NAME=value", as os.Environ gives it), Folder the current folder.
	Environ []string
	Folder  string
	// Profile is that of --profile, RunTerraform that of --run-terraform.
	Profile      string
	RunTerraform bool
}

// Local opens the real machine.
func Local(p LocalOptions) *Door {
	env, folder := lookup(p.Environ), p.Folder
	o := Options{
		Env:          env,
		GOOS:         runtime.GOOS,
		Profile:      p.Profile,
		RunTerraform: p.RunTerraform,
		Command:      command(programEnv(p.Environ), folder),
		Open: func(name string) (fs.File, error) {
			if !filepath.IsAbs(name) {
				name = filepath.Join(folder, name)
			}
			return openRegular(name)
		},
	}
	if runtime.GOOS == "linux" {
		o.RuntimeFolder = fmt.Sprintf("/run/user/%d", os.Getuid())
	}
	o.WorkTree = func(top string, look func(fs.FS) error) error {
		if !filepath.IsAbs(top) {
			top = filepath.Join(folder, top)
		}
		return lookInWorkTree(top, look)
	}
	if path, err := filepath.Abs(folder); err == nil {
		o.FolderPath = path
	}
	o.Folder = func(look func(fs.FS) error) error {
		root, err := os.OpenRoot(folder)
		if err != nil {
			return facts.Errorf(facts.NotLooked, "the current folder cannot be opened: %w", errors.Unwrap(err))
		}
		defer root.Close()
		return look(regularOnly{root})
	}
	homeVariable := "HOME"
	if runtime.GOOS == "windows" {
		homeVariable = "USERPROFILE"
	}
	home, _ := env(homeVariable)
	if home != "" {
		o.Home = homeFolder(home)
	}
	return New(o)
}

// homeFolder is os.DirFS for files that are not a pipe or a device: to open one of those may wait for ever.
type homeFolder string

// Open implements fs.FS.
func (h homeFolder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return openRegular(filepath.Join(string(h), filepath.FromSlash(name)))
}

// ReadDir implements fs.ReadDirFS.
func (h homeFolder) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return os.ReadDir(filepath.Join(string(h), filepath.FromSlash(name)))
}

func openRegular(name string) (fs.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may be a pipe by now
}

// lookInWorkTree opens a work tree of git. A link in it cannot lead out of it.
func lookInWorkTree(top string, look func(fs.FS) error) error {
	root, err := os.OpenRoot(filepath.FromSlash(top))
	if err != nil {
		return facts.Errorf(facts.NotLooked, "the repository's folder cannot be opened: %w", errors.Unwrap(err))
	}
	defer root.Close()
	if _, err := root.Lstat(".git"); err != nil {
		// a repository of a stranger may name a folder of the person's own
		return facts.Errorf(facts.NotLooked, "the repository's settings name another folder as its work tree (core.worktree)")
	}
	return look(root.FS())
}

// regularOnly is a root whose pipes and devices are not opened: to open one may wait for ever.
type regularOnly struct{ root *os.Root }

// Open implements fs.FS.
func (r regularOnly) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	info, err := r.root.Stat(filepath.FromSlash(name))
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		return nil, err
	}
	return r.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may be a pipe by now
}

// lookup finds variables in an environment. Of a name that stands there twice the last one counts, as for the system.
func lookup(environ []string) func(string) (string, bool) {
	values := make(map[string]string, len(environ))
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			values[envName(name)] = value
		}
	}
	return func(name string) (string, bool) {
		value, set := values[envName(name)]
		return value, set
	}
}

// envName folds the case on Windows, where Path and PATH are one variable.
func envName(name string) string {
	if runtime.GOOS == "windows" {
		return strings.ToUpper(name)
	}
	return name
}

// programEnv is the environment for git, aws and terraform. No variable of theirs is handed on: one could make git run
// another program or write a trace, and none of them needs the keys.
func programEnv(environ []string) []string {
	var kept []string
	for _, pair := range environ {
		name := strings.ToUpper(pair)
		if !strings.HasPrefix(name, "GIT_") && !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "TF_") {
			kept = append(kept, pair)
		}
	}
	return append(kept,
		"LC_ALL=C", // errors in English, so that they can be told apart
		"GIT_TERMINAL_PROMPT=0",
		"GIT_OPTIONAL_LOCKS=0",        // never write the index
		"GIT_NO_LAZY_FETCH=1",         // never ask the network for what a partial clone lacks
		"GIT_ALLOW_PROTOCOL=none",     // the same, for versions of git that do not know the line above
		"GIT_NO_REPLACE_OBJECTS=1",    // a replaced commit is pushed all the same
		"GIT_GRAFT_FILE="+os.DevNull,  // as is one behind a graft
		"GIT_ALLOC_LIMIT="+gitMemory,  // end in place of taking the machine's memory
		"AWS_CONFIG_FILE="+os.DevNull, // aws loads no plug-in
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"CHECKPOINT_DISABLE=1", // terraform asks nobody for news
		"TF_IN_AUTOMATION=1", "TF_INPUT=0",
	)
}

// gitMemory is the most that git may ask for at once, in bytes: several times the largest object that is read.
const gitMemory = "268435456"

// safeGitArgs are the arguments before every command of git on a real machine. A repository may come from a stranger,
// and git's settings can name programs to run and files to read, and lay another history over the one that is stored:
// none of that is done. The person's own settings for all repositories stay, such as whose folders git trusts.
func safeGitArgs() []string {
	args := []string{"--no-pager", "--no-optional-locks", "--no-replace-objects"}
	for _, setting := range []string{
		"core.fsmonitor=false",          // would run a program
		"core.hooksPath=/dev/null",      // would run programs
		"core.attributesFile=/dev/null", // may name a pipe that nobody writes to
		"protocol.allow=never",          // would ask the network
		"safe.bareRepository=explicit",  // a folder in a stranger's repository can be another repository, with settings
		"core.commitGraph=false",        // may say other parents than the commits do
		"core.multiPackIndex=false",
		"core.quotePath=false",
		"core.bigFileThreshold=32m", // larger ones are read piece by piece
		"core.packedGitWindowSize=16m",
		"core.packedGitLimit=256m",
		"core.deltaBaseCacheLimit=64m",
		"index.sparse=false",
	} {
		args = append(args, "-c", setting)
	}
	return args
}

// command runs programs of the PATH in a folder.
func command(environ []string, folder string) Command {
	return func(parent context.Context, stdin io.Reader, read func(io.Reader) error, name string, args ...string) error {
		ctx, stop := context.WithCancel(parent)
		defer stop()
		if name == "git" {
			args = append(safeGitArgs(), args...)
		}
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env, cmd.Dir, cmd.Stdin = environ, folder, stdin
		var stderr bytes.Buffer
		cmd.Stderr = &firstBytes{&stderr, maxStderr}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		cmd.WaitDelay = time.Second // a child of a killed program may hold the pipes open
		if err := cmd.Start(); err != nil {
			return err
		}
		defer context.AfterFunc(ctx, func() {
			_ = cmd.Process.Kill() // first, so that it never ends by the broken pipe; one that has ended needs none
			out.Close()
		})()
		readErr := read(out)
		ended := errors.Is(readErr, io.EOF) || errors.Is(readErr, io.ErrUnexpectedEOF) // before it said all
		left := int64(0)
		if readErr == nil || ended {
			left, _ = io.CopyN(io.Discard, out, maxLeftOver) // so that the program can end
		}
		if left == maxLeftOver || readErr != nil && !ended {
			stop() // nobody reads on: end the program in place of waiting for it
		}
		err = cmd.Wait()
		switch {
		case context.Cause(parent) != nil:
			return context.Cause(parent)
		case readErr != nil && (!ended || err == nil):
			return readErr
		}
		return withStderr(err, stderr.Bytes())
	}
}

// withStderr keeps the error output of a failed program where exec's own Output keeps it.
func withStderr(err error, stderr []byte) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		exit.Stderr = stderr
	}
	return err
}

// firstBytes keeps the beginning of what is written and lets the rest go.
type firstBytes struct {
	kept *bytes.Buffer
	room int
}

func (w *firstBytes) Write(p []byte) (int, error) {
	n := min(len(p), w.room-w.kept.Len())
	w.kept.Write(p[:n])
	return len(p), nil
}
