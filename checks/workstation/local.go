package workstation

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// maxStderr is how much of a program's error output is kept, in bytes: enough for git's one sentence.
const maxStderr = 4 << 10

// Local opens the real machine as a process with this environment ("NAME=value", as os.Environ gives it) sees it in a
// folder. profile is that of --profile.
func Local(environ []string, folder, profile string) *Door {
	env := lookup(environ)
	o := Options{
		Env:     env,
		GOOS:    runtime.GOOS,
		Profile: profile,
		Command: command(programEnv(environ), folder),
		Open: func(name string) (fs.File, error) {
			if !filepath.IsAbs(name) {
				name = filepath.Join(folder, name)
			}
			return openRegular(name)
		},
	}
	home := env("HOME")
	if runtime.GOOS == "windows" {
		home = env("USERPROFILE")
	}
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

func openRegular(name string) (fs.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("not a file")}
	}
	return os.Open(name)
}

// lookup finds variables in an environment. Of a name that stands there twice the last one counts, as for the system.
func lookup(environ []string) func(string) string {
	values := make(map[string]string, len(environ))
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			values[envName(name)] = value
		}
	}
	return func(name string) string { return values[envName(name)] }
}

// envName folds the case on Windows, where Path and PATH are one variable.
func envName(name string) string {
	if runtime.GOOS == "windows" {
		return strings.ToUpper(name)
	}
	return name
}

// programEnv is the environment for git and aws. No variable of theirs is handed on: one could make git run another
// program or write a trace, and aws --version needs none of the keys.
func programEnv(environ []string) []string {
	var kept []string
	for _, pair := range environ {
		name := strings.ToUpper(pair)
		if !strings.HasPrefix(name, "GIT_") && !strings.HasPrefix(name, "AWS_") {
			kept = append(kept, pair)
		}
	}
	return append(kept,
		"LC_ALL=C", // errors in English, so that they can be told apart
		"GIT_TERMINAL_PROMPT=0",
		"GIT_OPTIONAL_LOCKS=0",        // never write the index
		"GIT_NO_LAZY_FETCH=1",         // never ask the network for what a partial clone lacks
		"GIT_ALLOW_PROTOCOL=none",     // the same, for versions of git that do not know the line above
		"AWS_CONFIG_FILE="+os.DevNull, // aws loads no plug-in
		"AWS_EC2_METADATA_DISABLED=true",
	)
}

// safeGitArgs are the arguments before every command of git on a real machine. A repository may come from a stranger,
// and git's configuration can name programs to run: none is. The rest makes the output the same under every
// configuration.
func safeGitArgs() []string {
	args := []string{"--no-pager", "--no-optional-locks", "--no-replace-objects"}
	for _, setting := range []string{
		"core.fsmonitor=false",     // would run a program
		"core.hooksPath=/dev/null", // would run programs
		"log.showSignature=false",  // would run gpg
		"protocol.allow=never",     // would ask the network
		"core.quotePath=false",
		"diff.autoRefreshIndex=false",
		"diff.relative=false",
		"diff.suppressBlankEmpty=false",
		"log.showRoot=true",
	} {
		args = append(args, "-c", setting)
	}
	return args
}

// command runs programs of the PATH in a folder.
func command(environ []string, folder string) Command {
	return func(parent context.Context, read func(io.Reader) error, name string, args ...string) error {
		ctx, stop := context.WithCancel(parent)
		defer stop()
		if name == "git" {
			args = append(safeGitArgs(), args...)
		}
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env, cmd.Dir = environ, folder
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
		defer context.AfterFunc(ctx, func() { out.Close() })()
		readErr := read(out)
		if readErr == nil {
			_, _ = io.Copy(io.Discard, out) // what read left over, so that the program can end
		} else {
			stop() // nobody reads on: end the program in place of waiting for it
		}
		err = cmd.Wait()
		switch {
		case context.Cause(parent) != nil:
			return context.Cause(parent)
		case readErr != nil:
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
