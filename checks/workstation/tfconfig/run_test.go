package tfconfig_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// What terraform 1.11.4 answered, without the lines that it quotes.
func TestValidated(t *testing.T) {
	t.Parallel()
	said := func(valid string, diagnostics string) string {
		return `{"format_version":"1.0","valid":` + valid + `,"diagnostics":[` + diagnostics + `]}`
	}
	diagnostic := func(severity, summary string) string {
		return `{"severity":"` + severity + `","summary":"` + summary + `","detail":"secret = hunter2",` +
			`"range":{"filename":"main.tf","start":{"line":6}},"snippet":{"code":"secret = hunter2"}}`
	}
	undeclared := tfconfig.Problem{File: "main.tf", Line: 6, What: "Reference to undeclared local value"}
	for _, c := range []struct {
		name, out string
		left      bool
		want      tfconfig.Run
		err       string
	}{
		{name: "valid", out: said("true", ""), want: tfconfig.Run{Valid: true}},
		{
			name: "valid with a warning", out: said("true", diagnostic("warning", "Deprecated")),
			want: tfconfig.Run{Valid: true},
		},
		{
			name: "an error", out: said("false", diagnostic("error", undeclared.What)),
			want: tfconfig.Run{Invalid: []tfconfig.Problem{undeclared}},
		},
		{
			name: "not installed", out: said("false", diagnostic("error", "Missing required provider")),
			want: tfconfig.Run{Open: []string{"Missing required provider"}},
		},
		{
			name: "not installed, and an error",
			out:  said("false", diagnostic("error", "Module not installed")+","+diagnostic("error", undeclared.What)),
			want: tfconfig.Run{Open: []string{"Module not installed"}, Invalid: []tfconfig.Problem{undeclared}},
		},
		{
			name: "too old a Terraform", out: said("false", diagnostic("error", "Unsupported Terraform Core version")),
			err: "does not let version 1.11.4",
		},
		{
			name: "a missing file", out: said("false", diagnostic("error", "Invalid function argument")),
			want: tfconfig.Run{Invalid: []tfconfig.Problem{{File: "main.tf", Line: 6, What: "Invalid function argument"}}},
		},
		{
			name: "a file that was left out", out: said("false", diagnostic("error", "Invalid function argument")), left: true,
			err: "a hidden file",
		},
		{name: "nothing named", out: said("false", ""), err: "and not what"},
		{name: "another format", out: `{"format_version":"2.0","valid":true}`, err: "not known"},
		{name: "no verdict", out: `{"format_version":"1.0"}`, err: "not known"},
		{name: "cut off", out: `{"format_version":"1.0","valid":tr`, err: "not known"},
		{name: "nothing", err: "not known"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := tfconfig.Run{Version: "1.11.4"}
			err := run.Validated([]byte(c.out), c.left)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			c.want.Version = run.Version
			require.Equal(t, c.want, run)
		})
	}
}

func TestFmtSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, out string
		code      int
		want      tfconfig.Run
		err       string
	}{
		{name: "formatted"},
		{
			name: "two files", out: "main.tf\nmodules/a/b.tf\n", code: 3,
			want: tfconfig.Run{Other: []string{"main.tf", "modules/a/b.tf"}},
		},
		{name: "does not parse", code: 2, want: tfconfig.Run{Unparsed: true}},
		{name: "no file named", code: 3, err: "names no file"},
		{name: "another code", code: 1, err: "exit code 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var run tfconfig.Run
			err := run.Formatted([]byte(c.out), c.code)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, run)
		})
	}
}

func TestVersionOf(t *testing.T) {
	t.Parallel()
	version, err := tfconfig.VersionOf([]byte(`{"terraform_version":"1.11.4","platform":"linux_amd64"}`))
	require.NoError(t, err)
	require.Equal(t, "1.11.4", version)
	_, err = tfconfig.VersionOf([]byte("Terraform v1.11.4"))
	require.Error(t, err)
}

// copyOf copies a folder and lists what arrived.
func copyOf(t *testing.T, from string, dir string) (names []string, left bool, err error) {
	t.Helper()
	root, err := os.OpenRoot(from)
	require.NoError(t, err)
	defer root.Close()
	place := t.TempDir()
	to, err := os.OpenRoot(place)
	require.NoError(t, err)
	defer to.Close()
	left, err = tfconfig.Copy(root.FS(), dir, to)
	walkErr := filepath.WalkDir(place, func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			below, _ := filepath.Rel(place, name)
			names = append(names, filepath.ToSlash(below))
		}
		return err
	})
	require.NoError(t, walkErr)
	return names, left, err
}

func TestCopy(t *testing.T) {
	t.Parallel()
	from := t.TempDir()
	require.NoError(t, os.CopyFS(from, fstest.MapFS{
		"live/main.tf":                               {Data: []byte("a")},
		"live/.terraform.lock.hcl":                   {Data: []byte("a")},
		"live/terraform.tfvars":                      {Data: []byte("a")},
		"live/terraform.tfstate":                     {Data: []byte("a")},
		"live/terraform.tfstate.backup":              {Data: []byte("a")},
		"live/.terraform/terraform.tfstate":          {Data: []byte("a")},
		"live/.terraform/providers/x/y":              {Data: []byte("a")},
		"live/.terraform/modules/modules.json":       {Data: []byte("a")},
		"live/.terraform/modules/vpc/main.tf":        {Data: []byte("a")},
		"live/.terraform/modules/vpc/.git/config":    {Data: []byte("a")},
		"live/.terraform/modules/vpc/examples/x.txt": {Data: []byte("a")},
		"modules/m/page.tftpl":                       {Data: []byte("a")},
		".git/config":                                {Data: []byte("a")},
		".aws/credentials":                           {Data: []byte("a")},
		"main.tf~":                                   {Data: []byte("a")},
	}))
	names, left, err := copyOf(t, from, "live")
	require.NoError(t, err)
	require.True(t, left)
	require.ElementsMatch(t, []string{
		"live/main.tf", "live/.terraform.lock.hcl", "live/terraform.tfvars", "live/.terraform/modules/modules.json",
		"live/.terraform/modules/vpc/main.tf", "live/.terraform/modules/vpc/examples/x.txt", "modules/m/page.tftpl",
	}, names)
	require.NoError(t, os.RemoveAll(filepath.Join(from, ".aws")))
	require.NoError(t, os.Remove(filepath.Join(from, "main.tf~")))
	_, left, err = copyOf(t, from, "live")
	require.NoError(t, err)
	require.False(t, left, "nobody reads what git and Terraform keep")
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(outside, []byte("hunter2"), 0o600))
	for _, c := range []struct {
		name    string
		prepare func(from string) error
		err     string
	}{
		{"a link to a file outside", func(from string) error {
			return os.Symlink(outside, filepath.Join(from, "a.tf"))
		}, "a.tf cannot be read"},
		{"a link to a folder", func(from string) error {
			return os.Symlink("x", filepath.Join(from, "y"))
		}, "y is a link to a folder"},
		{"too large", func(from string) error {
			return os.Truncate(filepath.Join(from, "main.tf"), 65<<20)
		}, "more than 64 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from := t.TempDir()
			require.NoError(
				t,
				os.CopyFS(from, fstest.MapFS{"main.tf": {Data: []byte("a")}, "x/x.tf": {Data: []byte("a")}}),
			)
			require.NoError(t, c.prepare(from))
			names, _, err := copyOf(t, from, ".")
			require.ErrorContains(t, err, c.err)
			require.NotContains(t, names, "a.tf")
		})
	}
}
