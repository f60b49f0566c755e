package workstation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"time"

	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// terraformTime is how long one command of Terraform's may take: validate starts every provider.
const terraformTime = time.Minute

// maxSaid is how much of the output of one command is read, in bytes.
const maxSaid = 4 << 20

// runTerraform asks terraform fmt and validate about a copy of the configuration in dir. That they cannot tell is a
// part of the answer: the configuration itself was read.
func (d *Door) runTerraform(ctx context.Context, folder fs.FS, dir string) *tfconfig.Run {
	run := &tfconfig.Run{}
	if err := d.askTerraform(ctx, folder, dir, run); err != nil {
		run.FmtFailed, run.ValidateFailed = masked(err.Error()), masked(err.Error())
	}
	return run
}

func (d *Door) askTerraform(ctx context.Context, folder fs.FS, dir string, run *tfconfig.Run) error {
	if d.machine.Command == nil {
		return errors.New("this run starts no program")
	}
	place, err := os.MkdirTemp("", "labcheck-terraform-")
	if err != nil {
		return errors.New("there is no room for a copy of the configuration")
	}
	defer os.RemoveAll(place)
	copied, err := os.OpenRoot(place)
	if err != nil {
		return errors.New("there is no room for a copy of the configuration")
	}
	defer copied.Close()
	left, err := tfconfig.Copy(folder, dir, copied)
	if err != nil {
		return fmt.Errorf("terraform was not run: %w", withoutPath(err))
	}
	if err := d.linkProviders(ctx, folder, dir, copied); err != nil {
		return err
	}
	at := "-chdir=" + filepath.Join(place, filepath.FromSlash(dir))
	out, _, err := d.terraformSays(ctx, at, "version", "-json")
	if err != nil {
		return err
	}
	if run.Version, err = tfconfig.VersionOf(out); err != nil {
		return err
	}
	if err := d.askFmt(ctx, at, run); err != nil {
		run.FmtFailed = masked(err.Error())
	}
	if out, _, err = d.terraformSays(ctx, at, "validate", "-json"); err == nil {
		err = run.Validated(out, left)
	}
	if err != nil {
		run.ValidateFailed = masked(err.Error())
	}
	return nil
}

func (d *Door) askFmt(ctx context.Context, at string, run *tfconfig.Run) error {
	out, code, err := d.terraformSays(ctx, at, "fmt", "-check", "-recursive", "-list=true", "-no-color")
	if err != nil {
		return err
	}
	return run.Formatted(out, code)
}

// linkProviders lets the copy use the providers that terraform init installed beside the configuration. Those that came
// with the repository may be anybody's programs.
func (d *Door) linkProviders(ctx context.Context, folder fs.FS, dir string, copied *os.Root) error {
	data := path.Join(dir, ".terraform")
	providers := path.Join(data, "providers")
	info, err := fs.Stat(folder, providers) // not by a link out of the folder
	if d.machine.FolderPath == "" || err != nil || !info.IsDir() {
		return nil //nolint:nilerr // none are installed, as validate will say
	}
	inGit, err := d.terraformTracked(ctx, dir)
	if err == nil && len(inGit.DataTracked) > 0 {
		return errors.New("terraform was not run: the folder .terraform is in git, so that its programs may be anybody's")
	}
	if err := copied.MkdirAll(data, 0o700); err != nil {
		return withoutPath(err)
	}
	// Windows may refuse links: validate will say that providers are missing.
	_ = copied.Symlink(filepath.Join(d.machine.FolderPath, filepath.FromSlash(providers)), providers)
	return nil
}

// terraformSays runs a command of Terraform's and returns its output and its exit code.
func (d *Door) terraformSays(ctx context.Context, words ...string) (out []byte, code int, err error) {
	inTime, stop := context.WithTimeout(ctx, terraformTime)
	defer stop()
	err = d.machine.Command(inTime, nil, func(stdout io.Reader) (err error) {
		out, err = io.ReadAll(io.LimitReader(stdout, maxSaid))
		return err
	}, "terraform", words...)
	code = exitCode(err)
	switch {
	case err == nil:
		return out, 0, nil
	case errors.Is(err, exec.ErrNotFound), code == notFoundCode:
		return nil, 0, errors.New("terraform is not on the PATH")
	case inTime.Err() != nil:
		return nil, 0, fmt.Errorf("terraform %s did not end within %s", words[1], terraformTime)
	case code < 0:
		return nil, 0, fmt.Errorf("terraform %s cannot be run", words[1])
	}
	return out, code, nil
}
