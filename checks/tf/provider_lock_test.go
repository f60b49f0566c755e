package tf_test

import (
	"strings"
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
	"github.com/labcheck/labcheck/checks/workstation"
)

func TestProviderLock(t *testing.T) {
	t.Parallel()
	aws := main("terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n" +
		"      version = \"~> 6.0\"\n    }\n  }\n}\n")
	lock := func(entries ...string) files { return files{".terraform.lock.hcl": strings.Join(entries, "\n")} }
	entry := func(address, version string, hashes ...string) string {
		return "provider \"" + address + "\" {\n  version = \"" + version + "\"\n  hashes = [\"" +
			strings.Join(hashes, `", "`) + "\"]\n}\n"
	}
	const registry = "registry.terraform.io/hashicorp/"
	good := lock(entry(registry+"aws", "6.20.0", "h1:a=", "zh:b", "zh:c"))
	in := func(f files, change func(*workstation.TerraformGit)) []facts.Given {
		g := workstation.TerraformGit{Repository: "app", LockTracked: true}
		if change != nil {
			change(&g)
		}
		return append(holds(t, f), workstation.TerraformTracked.Given(workstation.TerraformKey{}, g))
	}
	checktest.Run(t, tf.ProviderLock, []checktest.Case{
		{Name: "locked", Facts: in(aws.with(good), nil), Want: checks.Pass, Found: "1 provider locked, in git"},
		{Name: "nothing", Facts: holds(t, files{}), Want: checks.Fail},
		{Name: "two folders", Facts: holds(t, two), Want: checks.Unknown, Reason: facts.NotLooked},
		{
			Name: "no lock file", Facts: holds(t, aws), Want: checks.Fail,
			Fix: "terraform init\ngit add .terraform.lock.hcl\ngit commit -m 'Lock the providers'",
		},
		{
			Name: "not in git", Want: checks.Fail, Found: "is not in git", Fix: "git add .terraform.lock.hcl",
			Facts: in(aws.with(good), func(g *workstation.TerraformGit) { g.LockTracked = false }),
		},
		{
			Name: "ignored", Want: checks.Fail, NearMiss: "hides it", Fix: "git add --force .terraform.lock.hcl",
			Facts: in(aws.with(good), func(g *workstation.TerraformGit) { g.LockTracked, g.LockIgnored = false, true }),
		},
		{
			Name: "another version", Want: checks.Fail, Fix: "terraform init -upgrade",
			Found: "has aws 4.67.0, and the configuration asks for ~> 6.0",
			Facts: holds(t, aws.with(lock(entry(registry+"aws", "4.67.0", "h1:a=")))),
		},
		{
			Name: "no lock file, and a backend that init does not know", Want: checks.Fail,
			Facts: holds(t, aws.with(files{"b.tf": inS3()})),
			Fix:   "terraform init -backend=false\ngit add .terraform.lock.hcl\ngit commit -m 'Lock the providers'",
		},
		{
			Name: "a conflict", Want: checks.Fail, Found: "does not parse",
			Fix:   "rm .terraform.lock.hcl\nterraform init\ngit add .terraform.lock.hcl\ngit commit -m 'Lock the providers'",
			Facts: holds(t, aws.with(lock("<<<<<<< HEAD\n"+entry(registry+"aws", "6.20.0")))),
		},
		{
			Name: "another provider is used", Want: checks.Fail, Found: "has no entry for " + registry + "random",
			Facts: holds(t, aws.with(good).with(files{"r.tf": "resource \"random_pet\" \"p\" {}\n"})),
		},
		{
			Name: "a provider block alone", Want: checks.Fail, Found: registry + "tls",
			Facts: holds(t, aws.with(good).with(files{"r.tf": "provider \"tls\" {}\n"})),
		},
		{
			Name: "under another name", Want: checks.Pass, Facts: in(main("terraform {\n  required_providers {\n    cloud = {\n"+
				"      source = \"hashicorp/aws\"\n      version = \"6.20.0\"\n    }\n  }\n}\nresource \"cloud_x\" \"y\" {}\n").
				with(good), nil),
		},
		{
			Name: "OpenTofu's", Want: checks.Pass, Advice: "the lock is OpenTofu's",
			Facts: in(aws.with(lock(entry("registry.opentofu.org/hashicorp/aws", "6.1.0", "h1:a=", "h1:b="))), nil),
		},
		{
			Name: "both, of which Terraform's counts", Want: checks.Fail, Facts: holds(t, aws.with(
				lock(entry("registry.opentofu.org/hashicorp/aws", "6.1.0"), entry(registry+"aws", "5.0.0")))),
		},
		{
			Name: "one platform", Want: checks.Pass, Advice: "one platform only",
			Facts: in(aws.with(lock(entry(registry+"aws", "6.1.0", "h1:a="))), nil),
		},
		{
			Name: "no constraint", Want: checks.Pass, Advice: "gives no version for aws",
			Facts: in(main("provider \"aws\" {}\n").with(good), nil),
		},
		{
			Name: "what is installed is in git", Want: checks.Fail, Found: ".terraform/x is in git",
			Fix:   "git rm -r --cached --quiet .terraform",
			Facts: in(aws.with(good), func(g *workstation.TerraformGit) { g.DataTracked = []string{".terraform/x"} }),
		},
		{
			Name: "built in", Want: checks.Pass, Advice: "nothing to lock yet",
			Facts: in(main("resource \"terraform_data\" \"a\" {}\n"), nil),
		},
	})
}
