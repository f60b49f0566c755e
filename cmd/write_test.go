package cmd

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// The steps of writing a file.
const (
	creating = "create"
	writing  = "write"
	syncing  = "sync"
	closing  = "close"
	renaming = "rename"
)

// failingFiles is the file system, in which one step fails for every file of one extension.
type failingFiles struct {
	files.OS
	ext, step string
	err       error
}

func (f failingFiles) fail(name, step string) error {
	if step == f.step && strings.Contains(filepath.Base(name), f.ext) {
		return &fs.PathError{Op: step, Path: name, Err: f.err}
	}
	return nil
}

func (f failingFiles) CreateTemp(folder *os.Root, name string, mode fs.FileMode) (File, error) {
	if err := f.fail(name, creating); err != nil {
		return nil, err
	}
	file, err := f.OS.CreateTemp(folder, name, mode)
	return failingFile{file, f}, err
}

type failingFile struct {
	File
	in failingFiles
}

// Write writes a half before it fails, as a disk that is filling up does.
func (f failingFile) Write(p []byte) (int, error) {
	if err := f.in.fail(f.Name(), writing); err != nil {
		n, _ := f.File.Write(p[:len(p)/2])
		return n, err
	}
	return f.File.Write(p)
}

func (f failingFile) Rename(to string) error {
	if err := f.in.fail(f.Name(), renaming); err != nil {
		return err
	}
	return f.File.Rename(to)
}

func (f failingFile) Sync() error {
	return errors.Join(f.File.Sync(), f.in.fail(f.Name(), syncing))
}

func (f failingFile) Close() error {
	return errors.Join(f.File.Close(), f.in.fail(f.Name(), closing))
}

// Whatever goes wrong with one file, it is said with what to do, the file is as it was, nothing is left beside it, and
// the other outputs are written.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		step   string
		err    error
		advice string
	}{
		"the disk is full":             {writing, syscall.ENOSPC, "the disk is full: free some space"},
		"the disk is full at the end":  {syncing, syscall.ENOSPC, "the disk is full: free some space"},
		"the quota shows on closing":   {closing, syscall.EDQUOT, "choose another file or folder"},
		"the file may not be replaced": {renaming, syscall.EPERM, "you may not write there: choose another folder"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			file := func(name string) string { return filepath.Join(folder, name) }
			report, other, saved := file("r.md"), file("r.json"), file("f.facts")
			require.NoError(t, os.WriteFile(report, []byte("as it was"), 0o600))

			env, stdout, stderr := inProcess(t.Context(), "fixture", "--sandbox=finished",
				"--report", "markdown="+report, "--report", "json="+other, "--save-facts", saved)
			env.Files = failingFiles{ext: ".md", step: c.step, err: c.err}
			require.Equal(t, exitInternal, Main(env, standard.Checks()...))

			require.Contains(t, stderr.String(), "cannot write "+report)
			require.Contains(t, stderr.String(), c.advice)
			old, err := os.ReadFile(report)
			require.NoError(t, err)
			require.Equal(t, "as it was", string(old))
			readBack(t, other)
			require.Contains(t, stdout.String(), "Passed", "the table is shown")
			require.Equal(t, []string{"f.facts", "r.json", "r.md"}, names(t, folder))
		})
	}
}

// What is known to be refused is said before anybody is asked, and nothing is written.
func TestWriteIsRefusedBeforehand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error // of the file system
		args   string
		advice string
	}{
		"the folder may not be used":         {syscall.EACCES, "--report=markdown=r.md", "you may not write there"},
		"the file system is read-only":       {syscall.EROFS, "--save-facts=facts.md", "choose another file or folder"},
		"the folder is missing":              {nil, "--report=junit=no/r.xml", "DIR/no does not exist: make it first"},
		"a folder in its place":              {nil, "--report=html=folder", "it is a folder: name a file in it"},
		"the folder above":                   {nil, "--report=html=..", "it is a folder: name a file in it"},
		"a file in the folder's place":       {nil, "--save-facts=file/r.md", "a file is where a folder is needed"},
		"a folder in the place of the facts": {nil, "--save-facts=folder", "it is a folder: name a file in it"},
		"the folder of a baseline that is made": {
			nil, "--baseline-create --baseline=no/base.json", "the folder DIR/no does not exist: make it first",
		},
		"a folder in the place of one of two Regions": {
			nil, "--region=us-east-1 --region=eu-west-1 --report=csv=folder", "it is a folder: name a file in it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			for _, name := range []string{"folder", "folder.eu-west-1"} {
				require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o700))
			}
			require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
			args := []string{"fixture", "--report=json=" + filepath.Join(folder, "other.json")}
			for arg := range strings.FieldsSeq(c.args) {
				if at := strings.LastIndex(arg, "="); at > 0 && !strings.HasPrefix(arg, "--region") {
					arg = arg[:at+1] + filepath.Join(folder, arg[at+1:])
				}
				args = append(args, arg)
			}
			env, stdout, stderr := inProcess(t.Context(), args...)
			env.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				t.Error("asked ", r.URL)
				return nil, http.ErrServerClosed
			})
			if c.err != nil {
				env.Files = failingFiles{ext: ".md", step: creating, err: c.err}
			}
			require.Equal(t, exitUsage, Main(env, standard.Checks()...), stderr)
			require.Contains(t, strings.ReplaceAll(stderr.String(), folder, "DIR"), c.advice)
			require.Empty(t, stdout)
			require.Equal(t, []string{"file", "folder", "folder.eu-west-1"}, names(t, folder))
		})
	}
}

// Nobody asked for the default report: that it cannot be written is a note, and the grade decides.
func TestWriteDefaultFails(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, quiet := range []bool{false, true} {
		args := []string{"fixture", "--sandbox=finished"}
		if quiet {
			args = append(args, "--quiet")
		}
		env, _, stderr := inProcess(t.Context(), args...)
		env.Files = failingFiles{ext: ".md", step: writing, err: syscall.ENOSPC}
		require.Equal(t, exitPassed, Main(env, standard.Checks()...))
		require.Equal(t, quiet, stderr.Len() == 0, stderr)
		require.NotEqual(t, quiet, strings.Contains(stderr.String(), "note: no report was written"))
		require.Empty(t, names(t, "."))
	}
}

// A report that exists is replaced, also behind a link, and is for the same readers as before.
func TestWriteReplaces(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a right, and there are no modes")
	}
	folder := t.TempDir()
	file, link := filepath.Join(folder, "r.json"), filepath.Join(folder, "link.json")
	require.NoError(t, os.WriteFile(file, []byte("as it was"), 0o600))
	require.NoError(t, os.Symlink(file, link))

	graded := onFixture(t.Context(), t, "finished", sandbox.Options{}, "--report", "json="+link)
	require.Equal(t, exitPassed, graded.code)
	readBack(t, file)
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, fs.ModeSymlink, info.Mode().Type())
	info, err = os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, []string{"link.json", "r.json"}, names(t, folder))
}

// A folder in the place of a file is left alone.
func TestWriteOverFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	env, _, stderr := inProcess(t.Context(), "fixture", "--sandbox=finished", "--report", "json="+folder)
	require.Equal(t, exitUsage, Main(env, standard.Checks()...))
	require.Contains(t, stderr.String(), "cannot write "+folder)
	require.DirExists(t, folder)
	require.NotContains(t, names(t, filepath.Dir(folder)), "."+filepath.Base(folder))
}

// Devices are written, never replaced. The two streams are written in the order of the outputs, also when they are led
// into a file.
func TestWriteDevice(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no /dev")
	}
	env, stdout, stderr := inProcess(t.Context(), "fixture", "--sandbox=finished",
		"--report", "markdown=/dev/null", "--report", "json=/dev/stdout", "--save-facts", "/dev/stderr")
	require.Equal(t, exitPassed, Main(env, standard.Checks()...))
	require.Contains(t, stderr.String(), `"schema": "labcheck.facts/v1"`)
	require.True(t, strings.HasPrefix(stdout.String(), "{\n"), "first the report, then the table")
	require.Contains(t, stdout.String(), "\n}\nFixture Services")
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	require.Equal(t, fs.ModeDevice|fs.ModeCharDevice, info.Mode().Type())
}

// A standard output that takes nothing, such as a closed pipe, is an error, and the files are written.
func TestWriteClosedStdout(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "r.json")
	env, _, stderr := inProcess(t.Context(), "fixture", "--sandbox=finished", "--report", "json="+file)
	env.Stdout = closedPipe{}
	require.Equal(t, exitInternal, Main(env, standard.Checks()...))
	require.Contains(t, stderr.String(), "broken pipe")
	readBack(t, file)
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// names are the names in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}
