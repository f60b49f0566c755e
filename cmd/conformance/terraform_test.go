//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// stateInS3 is a configuration that needs no provider but what is built into terraform.
const stateInS3 = `terraform {
  backend "s3" {
    bucket       = "tfstate-judged"
    key          = "docker-api/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

resource "terraform_data" "release" {
  input = "docker-api"
}
`

// The real terraform keeps its state in the practice account and on the emulator, and locks it: a second one is turned
// away with its own words until the lock is removed.
func TestConformanceTerraformState(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("terraform is not installed")
	}
	practice := (&judge{labcheck: build(t)}).serves(t)
	moto := startEmulator(t)
	landing, err := moto.landing("123456789012")
	require.NoError(t, err)
	for name, environ := range map[string][]string{
		"practice account": practice.pasted,
		"emulator":         append([]string{"AWS_ENDPOINT_URL=" + moto.url}, landing...),
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(stateInS3), 0o600))
			types := func(line string) (string, error) {
				run := exec.CommandContext(t.Context(), "bash", "-c", line)
				run.Dir = folder
				run.Env = append([]string{
					"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
				}, environ...)
				out, err := run.CombinedOutput()
				return string(out), err
			}
			works := func(line string) string {
				t.Helper()
				out, err := types(line)
				require.NoError(t, err, "%s: %s", line, out)
				return out
			}
			works("aws s3api create-bucket --bucket tfstate-judged --region us-east-1")
			works("aws s3api put-bucket-versioning --bucket tfstate-judged --versioning-configuration Status=Enabled")
			works("terraform init -input=false -no-color")
			works("terraform apply -auto-approve -input=false -no-color")
			require.Contains(t, works("terraform state list"), "terraform_data.release")
			require.Contains(t, works("aws s3 ls --recursive s3://tfstate-judged"), " docker-api/terraform.tfstate")

			works(`printf '{"ID":"11111111-2222-3333-4444-555555555555","Operation":"OperationTypeApply","Who":"bob@laptop",` +
				`"Version":"1.11.4","Created":"2026-11-30T08:00:00Z",` +
				`"Path":"tfstate-judged/docker-api/terraform.tfstate"}' > lock` +
				` && aws s3api put-object --bucket tfstate-judged --key docker-api/terraform.tfstate.tflock --body lock`)
			said, err := types("terraform apply -auto-approve -input=false -no-color")
			require.Error(t, err, "somebody else holds the lock")
			require.Contains(t, said, "Error acquiring the state lock")
			id := regexp.MustCompile(`(?s)Lock Info:.*?\bID:\s+(\S+)`).FindStringSubmatch(said)
			require.Len(t, id, 2, said)
			works("terraform force-unlock -force " + id[1])
			works("terraform apply -auto-approve -input=false -no-color")
			works("terraform destroy -auto-approve -input=false -no-color")
			size := strings.Fields(works("aws s3 ls s3://tfstate-judged/docker-api/terraform.tfstate"))
			require.Contains(t, []string{"180", "181", "182", "183"}, size[2], "an empty state is smaller than any other")
		})
	}
}

// What labcheck says of a configuration without running Terraform, and what the real terraform says of a copy of it.
func TestConformanceRunTerraform(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("terraform is not installed")
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  tfconfig.Run
	}{
		{"right", map[string]string{"main.tf": stateInS3}, tfconfig.Run{Valid: true}},
		{
			"not formatted", map[string]string{"main.tf": "locals {\na=1\n}\n", "m/m.tf": "locals {\na=1\n}\n"},
			tfconfig.Run{Valid: true, Other: []string{"m/m.tf", "main.tf"}},
		},
		{
			"undeclared", map[string]string{"main.tf": "locals {\n  a = local.nowhere\n}\n"},
			tfconfig.Run{Invalid: []tfconfig.Problem{
				{File: "main.tf", Line: 2, What: "Reference to undeclared local value"},
			}},
		},
		{
			"does not parse", map[string]string{"main.tf": "locals {\n"},
			tfconfig.Run{Unparsed: true, Invalid: []tfconfig.Problem{
				{File: "main.tf", Line: 1, What: "Unclosed configuration block"},
			}},
		},
		{
			"a provider that is not installed",
			map[string]string{"main.tf": "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n"},
			tfconfig.Run{Open: []string{"Missing required provider"}},
		},
		{
			"a file that a function reads",
			map[string]string{"main.tf": "locals {\n  a = file(\"x/a.txt\")\n}\n", "x/a.txt": "a"},
			tfconfig.Run{Valid: true},
		},
		{
			"a hidden file that a function reads",
			map[string]string{"main.tf": "locals {\n  a = file(\".a.txt\")\n}\n", ".a.txt": "a"},
			tfconfig.Run{ValidateFailed: "a function reads a hidden file, which the copy leaves out"},
		},
		{
			"another version is wanted",
			map[string]string{"main.tf": "terraform {\n  required_version = \"< 1.0\"\n}\n"},
			tfconfig.Run{ValidateFailed: "required_version does not let"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, text := range c.files {
				require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700))
				require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
			}
			door := workstation.Local(workstation.LocalOptions{
				Environ: append(os.Environ(), "TF_CLI_ARGS=-no-such-flag", "TF_LOG=trace"), Folder: folder, RunTerraform: true,
			})
			session := facts.NewSession(t.Context(), facts.Options{Doors: []facts.Door{facts.Open(door)}})
			f, err := workstation.Terraform.Get(
				session.View(facts.Site{}, []facts.Source{workstation.Terraform}, nil), workstation.TerraformKey{},
			)
			require.NoError(t, err)
			require.NotNil(t, f.Run)
			require.NotEmpty(t, f.Run.Version)
			require.Contains(t, f.Run.ValidateFailed, c.want.ValidateFailed)
			c.want.Version, c.want.ValidateFailed = f.Run.Version, f.Run.ValidateFailed
			require.Equal(t, &c.want, f.Run)
			require.NoDirExists(t, filepath.Join(folder, ".terraform"), "the folder itself stays as it was")
		})
	}
}
