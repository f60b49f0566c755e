// Package workstation holds the reads that look at the student's own machine: how the AWS CLI is set up, where Docker
// is logged in, and whether an AWS key is in the git repository of the current folder.
//
// The Door opens a machine. It reads files, the environment and the output of two programs, git and aws; it never
// writes, never asks a credential helper and never starts anything else, but Terraform on request, in a copy. Files on
// this machine hold secrets, so a read keeps facts about them (there is a key, it ends in these four characters) and
// never a value: see mask.go.
package workstation

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxFile is the largest file that is read, in bytes. Configuration files are a few kilobytes.
const maxFile = 1 << 20

// Options describe a machine. The zero value is a machine on which there is nothing.
type Options struct {
	// Home is the home folder.
	Home fs.FS
	// Open opens a file outside of the home folder by its full path, for a variable such as $AWS_CONFIG_FILE. Without
	// it such a file cannot be looked at.
	Open func(path string) (fs.File, error)
	// Env looks up a variable of the environment, as os.LookupEnv does.
	Env func(name string) (value string, set bool)
	// Command runs a program in the folder whose git repository is looked at.
	Command Command
	// WorkTree opens the top folder of that repository, which git names by its full path, for look. Without it the
	// repository cannot be looked at.
	WorkTree func(top string, look func(fs.FS) error) error
	// Folder opens the current folder for look. A link in it cannot lead out of it. Without it nothing in it can be
	// looked at.
	Folder func(look func(fs.FS) error) error
	// RunTerraform asks terraform fmt and validate about a copy of the configuration. FolderPath is then the full path of
	// the current folder, from where providers that are installed are used; "" uses none.
	RunTerraform bool
	FolderPath   string
	// RuntimeFolder is where programs keep what lasts until the person signs out, unless $XDG_RUNTIME_DIR says another;
	// "" if there is none.
	RuntimeFolder string
	// GOOS is the operating system, as runtime.GOOS names it.
	GOOS string
	// Profile is the AWS profile that was asked for with --profile; "" leaves the choice to the environment.
	Profile string
}

// Command runs git or aws with a standard input, which may be nil, lets read see its standard output, and waits for its
// end. When read fails the program is ended and read's error returned. A program that is not installed is an error that
// wraps exec.ErrNotFound; one that fails has an error with the method ExitCode() int. Local's adds to git what keeps a
// repository from running programs.
type Command func(
	ctx context.Context, stdin io.Reader, read func(stdout io.Reader) error, name string, args ...string,
) error

// Buffered makes a Command of a function that returns the whole output, such as a recording. What is asked on the
// standard input is not looked at.
func Buffered(run func(ctx context.Context, name string, args ...string) (stdout []byte, err error)) Command {
	return func(ctx context.Context, _ io.Reader, read func(io.Reader) error, name string, args ...string) error {
		out, err := run(ctx, name, args...)
		return errors.Join(read(strings.NewReader(string(out))), err)
	}
}

// Door is a machine that reads can look at. It holds no state.
type Door struct{ machine Options }

// New opens a machine.
func New(o Options) *Door {
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	return &Door{o}
}

// env is a variable of the environment; "" if it is not set.
func (d *Door) env(name string) string {
	value, _ := d.machine.Env(name)
	return value
}

func (d *Door) windows() bool { return d.machine.GOOS == "windows" }

// filePath is where a file is expected: below the home folder, or outside of it.
type filePath struct {
	home    string // path below the home folder, if it is there
	outside string // full path, if it is not
	shown   string // how a person is told about it, without the name of the home folder
}

// join goes on to a file in a folder.
func (p filePath) join(name string) filePath {
	if p.home != "" {
		p.home = path.Join(p.home, name)
	} else {
		p.outside = path.Join(p.outside, name)
	}
	p.shown += "/" + name
	return p
}

func inHome(name string) filePath { return filePath{home: name, shown: "~/" + name} }

// pathFrom is the path that a variable names, or else one below the home folder.
func (d *Door) pathFrom(variable, fallback string) filePath {
	value := d.env(variable)
	if below, ok := strings.CutPrefix(strings.ReplaceAll(value, `\`, "/"), "~/"); ok && fs.ValidPath(below) {
		return inHome(below)
	}
	if value != "" {
		return filePath{outside: value, shown: "$" + variable}
	}
	return inHome(fallback)
}

// errNotRegular is about a folder, a pipe or a device in the place of a file.
var errNotRegular = errors.New("not a file")

// file is a file that was looked for.
type file struct {
	exists bool
	data   []byte
	mode   fs.FileMode
}

// read reads a file. That there is no such file is an answer.
func (d *Door) read(p filePath) (file, error) {
	open, name := d.machine.Open, p.outside
	if p.home != "" {
		if d.machine.Home == nil {
			return file{}, facts.Errorf(facts.NotLooked, "%s: there is no home folder", p.shown)
		}
		open, name = d.machine.Home.Open, p.home
	}
	if open == nil {
		return file{}, facts.Errorf(facts.NotLooked, "%s is outside of the home folder", p.shown)
	}
	f, err := open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return file{}, nil
	}
	if err != nil {
		return file{}, unreadable(p, err)
	}
	defer f.Close()
	return readAll(p, f)
}

func readAll(p filePath, f fs.File) (file, error) {
	info, err := f.Stat()
	if err != nil {
		return file{}, unreadable(p, err)
	}
	if !info.Mode().IsRegular() {
		return file{}, facts.Errorf(facts.NotLooked, "%s cannot be read: %w", p.shown, errNotRegular)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return file{}, unreadable(p, err)
	}
	if len(data) > maxFile {
		return file{}, facts.Errorf(facts.NotLooked, "%s is larger than %d MiB", p.shown, maxFile>>20)
	}
	return file{exists: true, data: data, mode: info.Mode()}, nil
}

// unreadable leaves out the path of an error: it names the home folder, and so the person.
func unreadable(p filePath, err error) error {
	return facts.Errorf(facts.NotLooked, "%s cannot be read: %w", p.shown, withoutPath(err))
}

// withoutPath is what is wrong, without where.
func withoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
