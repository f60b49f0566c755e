package workstation_test

import (
	"context"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// exits is the error of a program that ended with an exit code.
type exits int

func (exits) Error() string   { return "exit status" }
func (e exits) ExitCode() int { return int(e) }

// runTerraform reads the configuration of a folder with a program named terraform that answers as says does.
func runTerraform(
	t *testing.T, folder string, says func(at string, words []string) (string, error),
) (tfconfig.Folder, error) {
	t.Helper()
	door := workstation.New(workstation.Options{
		RunTerraform: true, FolderPath: folder,
		Folder: func(look func(fs.FS) error) error { return look(os.DirFS(folder)) },
		Command: func(
			_ context.Context, _ io.Reader, read func(io.Reader) error, name string, args ...string,
		) error {
			if name != "terraform" {
				return exec.ErrNotFound
			}
			at, chdir := strings.CutPrefix(args[0], "-chdir=")
			require.True(t, chdir)
			out, err := says(at, args[1:])
			require.NoError(t, read(strings.NewReader(out)))
			return err
		},
	})
	return look(t, workstation.Terraform, workstation.TerraformKey{}, door)
}

func TestTerraformRuns(t *testing.T) {
	t.Parallel()
	folder, copied := t.TempDir(), ""
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte("locals {\na=1\n}\n"), 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(folder, ".terraform", "providers", "x"), 0o700))
	f, err := runTerraform(t, folder, func(at string, words []string) (string, error) {
		copied = at
		require.FileExists(t, filepath.Join(at, "main.tf"))
		require.DirExists(t, filepath.Join(at, ".terraform", "providers", "x"), "the installed ones are used")
		switch words[0] {
		case "version":
			return `{"terraform_version":"1.11.4"}`, nil
		case "fmt":
			require.Contains(t, words, "-check", "without it fmt writes")
			return "main.tf\n", exits(3)
		}
		require.Equal(t, []string{"validate", "-json"}, words)
		return `{"format_version":"1.0","valid":true}`, nil
	})
	require.NoError(t, err)
	require.Equal(t, &tfconfig.Run{Version: "1.11.4", Other: []string{"main.tf"}, Valid: true}, f.Run)
	require.NotEqual(t, folder, copied)
	require.NoDirExists(t, copied, "the copy does not stay")
	require.DirExists(t, filepath.Join(folder, ".terraform", "providers", "x"), "the original does")
}

func TestTerraformCannotTell(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"version": `{"terraform_version":"1.11.4"}`, "fmt": "", "validate": `{"format_version":"1.0","valid":true}`,
	}
	for _, c := range []struct {
		name, word, says string
		err              error
		fmt, validate    string
	}{
		{"not installed", "version", "", exec.ErrNotFound, "not on the PATH", "not on the PATH"},
		{"a shim without a program", "version", "", exits(127), "not on the PATH", "not on the PATH"},
		{"another program", "version", "Hello", nil, "not known", "not known"},
		{"fmt breaks", "fmt", "", exits(1), "exit code 1", ""},
		{"validate breaks", "validate", "panic: ", exits(2), "", "not known"},
		{"killed", "validate", "", exits(-1), "", "cannot be run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte("locals {\n}\n"), 0o600))
			f, err := runTerraform(t, folder, func(_ string, words []string) (string, error) {
				if words[0] == c.word {
					return c.says, c.err
				}
				return good[words[0]], nil
			})
			require.NoError(t, err, "the files were read all the same")
			require.Contains(t, f.Run.FmtFailed, c.fmt)
			require.Equal(t, c.fmt == "", f.Run.FmtFailed == "")
			require.Contains(t, f.Run.ValidateFailed, c.validate)
			require.Equal(t, c.validate == "", f.Run.ValidateFailed == "")
		})
	}
}

// Nothing runs unless it was asked for, and no copy is made of a folder that cannot be copied whole.
func TestTerraformStaysUnasked(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte("locals {\n}\n"), 0o600))
	door := workstation.New(workstation.Options{
		Folder: func(look func(fs.FS) error) error { return look(os.DirFS(folder)) },
		Command: func(context.Context, io.Reader, func(io.Reader) error, string, ...string) error {
			t.Error("a program was started")
			return exec.ErrNotFound
		},
	})
	f, err := look(t, workstation.Terraform, workstation.TerraformKey{}, door)
	require.NoError(t, err)
	require.Nil(t, f.Run)

	require.NoError(t, os.Symlink(t.TempDir(), filepath.Join(folder, "linked")))
	f, err = runTerraform(t, folder, func(string, []string) (string, error) {
		t.Error("a program was started")
		return "", exec.ErrNotFound
	})
	require.NoError(t, err)
	require.Contains(t, f.Run.ValidateFailed, "linked is a link to a folder")
}

func TestTerraformEndsWithTheRun(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte("locals {\n}\n"), 0o600))
	door := workstation.New(workstation.Options{
		RunTerraform: true, Folder: func(look func(fs.FS) error) error { return look(os.DirFS(folder)) },
		Command: func(ctx context.Context, _ io.Reader, _ func(io.Reader) error, _ string, _ ...string) error {
			<-ctx.Done()
			return ctx.Err()
		},
	})
	ctx, stop := context.WithCancelCause(t.Context())
	session := facts.NewSession(ctx, facts.Options{Now: now, Doors: []facts.Door{facts.Open(door)}})
	stop(facts.Errorf(facts.Timeout, "the run took too long"))
	_, err := workstation.Terraform.Get(
		session.View(facts.Site{}, []facts.Source{workstation.Terraform}, nil), workstation.TerraformKey{},
	)
	requireReason(t, facts.Timeout, err)
}
