//go:build conformance

package conformance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
			"not formatted",
			map[string]string{"main.tf": "locals {\na=1\n}\n", "m/m.tf": "locals {\na=1\n}\n"},
			tfconfig.Run{Valid: true, Other: []string{"m/m.tf", "main.tf"}},
		},
		{
			"undeclared",
			map[string]string{"main.tf": "locals {\n  a = local.nowhere\n}\n"},
			tfconfig.Run{Invalid: []tfconfig.Problem{
				{File: "main.tf", Line: 2, What: "Reference to undeclared local value"},
			}},
		},
		{
			"does not parse",
			map[string]string{"main.tf": "locals {\n"},
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

// Law 4 for module 1.3: somebody who begins with a poor configuration in a fresh practice account types what is printed
// into the real terraform, aws and git, writes what the console lines say, and each step that was fixed is green.
func TestConformanceTerraformFixes(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("terraform is not installed")
	}
	j := &judge{labcheck: build(t)}
	s := j.serves(t, "--lab", "module-1.3")
	folder := t.TempDir()
	environ := append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "CHECKPOINT_DISABLE=1", "AWS_PAGER=",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@mail.internal",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@mail.internal",
	}, s.pasted...)
	types := func(line string) {
		t.Helper()
		run := exec.CommandContext(t.Context(), "bash", "-c", "yes yes | { "+line+"\n}")
		run.Dir, run.Env = folder, environ
		out, err := run.CombinedOutput()
		require.NoError(t, err, "%s: %s", line, out)
	}
	require.NoError(t, os.Mkdir(filepath.Join(folder, "m"), 0o700))
	module := filepath.Join(folder, "m", "m.tf")
	require.NoError(t, os.WriteFile(module, []byte("variable \"a\" {\n  type = string\n}\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(
		"terraform {\n# required_version\n# backend\n}\nmodule \"m\" {\nsource = \"./m\"\na=\"b\"\n}\n"+
			"resource \"terraform_data\" \"release\" {\ninput = \"docker-api\"\n}\n"), 0o600))
	types("git init -q && git add -A && git commit -qm first && terraform init && terraform apply")
	types("git add --force terraform.tfstate && git commit -qm state")

	edit := func(from, to string) func() {
		return func() {
			t.Helper()
			text, err := os.ReadFile(filepath.Join(folder, "main.tf"))
			require.NoError(t, err)
			require.Contains(t, string(text), from)
			text = []byte(strings.Replace(string(text), from, to, 1))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "main.tf"), text, 0o600))
		}
	}
	written := map[string]func(){ // what only a person can write
		"tf-version": edit("# required_version", "required_version = \">= 1.11\""),
		"tf-backend": edit("# backend", "backend \"s3\" {\nbucket = \"tfstate-123456789012\"\n"+
			"key = \"docker-api/terraform.tfstate\"\nregion = \"us-east-1\"\n}"),
		"tf-state-lock": func() {
			edit("region ", "use_lockfile = true\nregion ")()
			types("terraform init -reconfigure")
		},
	}
	type step struct {
		ID, Verdict string
		Fix         struct{ Commands []string }
	}
	look := func() []step {
		t.Helper()
		run := exec.CommandContext(t.Context(), j.labcheck, "module-1.3", "--report", "json")
		run.Dir, run.Env = folder, environ
		out, _ := run.Output() // its exit code is the grade's
		var r struct{ Steps []step }
		require.NoError(t, json.Unmarshal(out, &r), "%s", out)
		return r.Steps
	}
	// What nobody can do here: the AWS provider cannot be had, and the history would have to be written anew.
	stay := []string{"tf-default-tags", "tf-no-secrets"}
	var walked []string
	for {
		steps := look()
		i := slices.IndexFunc(steps, func(s step) bool {
			return s.Verdict != "pass" && s.Verdict != "blocked" && !slices.Contains(stay, s.ID)
		})
		if i < 0 {
			break
		}
		next := steps[i]
		walked = append(walked, next.ID)
		require.LessOrEqual(t, len(walked), 20, "%v", walked)
		if len(next.Fix.Commands) > 0 {
			types(strings.Join(next.Fix.Commands, "\n"))
			continue
		}
		do := written[next.ID]
		require.NotNil(t, do, "%s is %s, and nothing is printed to do about it", next.ID, next.Verdict)
		do()
		delete(written, next.ID) // once
	}
	require.Empty(t, written)
	for _, s := range look() {
		require.Equal(t, !slices.Contains(stay, s.ID), s.Verdict == "pass", "%s is %s after %v", s.ID, s.Verdict, walked)
	}
	t.Log(walked)
}
