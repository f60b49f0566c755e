//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd"
)

// trusts are the kinds of roles that labcheck policy makes, as flags; the first is none.
func trusts() map[string][]string {
	return map[string][]string{
		"policy":     nil,
		"repository": {"--trust", "github:octo-org/octo-repo"},
		"branch":     {"--trust", "github:octo-org@1/octo-repo@2:main"},
		"project":    {"--trust", "gitlab:acme/shop"},
		"gitlab tag": {"--trust", "gitlab:acme/shop@600001:refs/tags/v1"},
		"account":    {"--trust", "account:123456789012", "--external-id", "lab-42"},
	}
}

// grantFile writes what labcheck policy prints into a file of this name.
func grantFile(t *testing.T, name, format string, flags []string) string {
	t.Helper()
	var out, problems strings.Builder
	env := cmd.System()
	env.Stdout, env.Stderr = &out, &problems
	env.Args = append([]string{"policy", "module-1.2", "--format", format}, flags...)
	require.Zero(t, cmd.Main(env, standard.Checks()...), problems.String())
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(out.String()), 0o600))
	return path
}

// AWS's linter of templates finds nothing, warnings included.
func TestConformanceCloudFormation(t *testing.T) {
	for name, flags := range trusts() {
		t.Run(name, func(t *testing.T) {
			path := grantFile(t, "template.json", "cloudformation", flags)
			said, err := exec.Command("cfn-lint", path).CombinedOutput()
			require.NoError(t, err, "%s", said)
			require.Empty(t, string(said))
		})
	}
}

// The linter does read the policy: it refuses one that is spoiled.
func TestConformanceCloudFormationIsRead(t *testing.T) {
	path := grantFile(t, "template.json", "cloudformation", trusts()["account"])
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, spoil := range [][2]string{
		{`"Allow"`, `"Permit"`}, {"AWS::IAM::Role", "AWS::IAM::Rule"}, {`"Resource"`, `"Ressource"`},
	} {
		bad := strings.Replace(string(good), spoil[0], spoil[1], 1)
		require.NotEqual(t, string(good), bad)
		require.NoError(t, os.WriteFile(path, []byte(bad), 0o600))
		require.Error(t, exec.Command("cfn-lint", path).Run(), spoil[1])
	}
}

// Terraform reads the files and would write them the same way. "terraform validate" needs the schema of the AWS
// provider, which it downloads; without it, fmt is what Terraform itself can say.
func TestConformanceTerraform(t *testing.T) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not installed")
	}
	for name, flags := range trusts() {
		t.Run(name, func(t *testing.T) {
			path := grantFile(t, "main.tf", "terraform", flags)
			said, err := exec.Command(program, "fmt", "-check", "-diff", path).CombinedOutput()
			require.NoError(t, err, "%s", said)
		})
	}
}
