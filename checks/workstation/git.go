package workstation

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// git runs one git command and gives its output to read. stdin may be nil.
func (d *Door) git(ctx context.Context, stdin io.Reader, read func(io.Reader) error, args ...string) error {
	if d.machine.Command == nil {
		return facts.Errorf(facts.NotLooked, "this run starts no program")
	}
	err := d.machine.Command(ctx, stdin, read, "git", args...)
	var noExit interface{ ExitCode() int }
	var pathErr *fs.PathError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return facts.Errorf(facts.NotLooked, "git is not installed")
	case errors.As(err, &pathErr) && !errors.As(err, &noExit): // not a program, or one that may not be run
		return facts.Errorf(facts.NotLooked, "git cannot be run: %w", pathErr.Err)
	}
	return err
}

// gitText returns a short output.
func (d *Door) gitText(ctx context.Context, args ...string) (string, error) {
	var text bytes.Buffer
	err := d.git(ctx, nil, func(out io.Reader) error {
		_, err := io.Copy(&text, io.LimitReader(out, maxFile))
		return err
	}, args...)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// fatalCode is the exit code with which git refuses to go on.
const fatalCode = 128

// exitCode is the code with which a program ended; -1 if that is not what went wrong.
func exitCode(err error) int {
	var exit interface{ ExitCode() int }
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// gitSays is the line in which git says why it failed, or else its first one; "" if it says nothing.
func gitSays(err error) string {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return ""
	}
	says := strings.TrimSpace(string(exit.Stderr))
	line, _, _ := strings.Cut(says, "\n")
	if _, fatal, ok := strings.Cut("\n"+says, "\nfatal: "); ok { // behind hints and warnings
		line, _, _ = strings.Cut(fatal, "\n")
	}
	return masked(strings.TrimPrefix(line, "fatal: "))
}

// workTree is the work tree of the repository that the current folder is in.
type workTree struct {
	top     string // full path
	shallow bool
}

func (w workTree) name() string { return maskedPath(path.Base(w.top)) }

// openRepository finds the repository of the current folder.
func (d *Door) openRepository(ctx context.Context) (workTree, error) {
	text, err := d.gitText(ctx, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-toplevel")
	if ctx.Err() != nil {
		return workTree{}, context.Cause(ctx)
	}
	var known *facts.Error
	says := gitSays(err)
	noWorkTree := facts.Errorf(facts.NotLooked, "the current folder is not in the work tree of a git repository")
	switch {
	case errors.As(err, &known):
		return workTree{}, err
	case strings.Contains(says, "dubious ownership"):
		return workTree{}, facts.Errorf(facts.NotLooked,
			"the repository's folder belongs to another user, and git does not trust it (safe.directory)")
	case strings.Contains(says, "must be run in a work tree"), strings.Contains(says, "safe.bareRepository"):
		return workTree{}, noWorkTree
	case exitCode(err) == fatalCode && (says == "" || strings.Contains(says, "not a git repository")):
		return workTree{}, facts.Errorf(facts.NotLooked, "the current folder is not in a git repository")
	case exitCode(err) == fatalCode:
		return workTree{}, facts.Errorf(facts.NotLooked, "git refuses to read the repository: %s", says)
	case err != nil: // on a Mac without its developer tools git is a program that says so
		return workTree{}, facts.Errorf(facts.NotLooked, "git does not work on this machine: try git status")
	}
	lines := strings.SplitN(text, "\n", 3)
	isAnswer := len(lines) > 1 && isBool(lines[0]) && isBool(lines[1])
	switch {
	case !isAnswer:
		return workTree{}, facts.Errorf(facts.NotLooked, "the program git does not answer as git does: try git status")
	case len(lines) != 3 || lines[0] != "true":
		return workTree{}, noWorkTree
	}
	return workTree{top: lines[2], shallow: lines[1] == "true"}, nil
}

func isBool(text string) bool { return text == "true" || text == "false" }
