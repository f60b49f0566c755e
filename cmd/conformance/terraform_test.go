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
