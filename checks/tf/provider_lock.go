package tf

import (
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// ProviderLock passes when the lock file is in git and holds a version of every provider that fits its constraints.
var ProviderLock = checks.New(checks.Spec[FolderParams]{
	ID:     "tf-provider-lock",
	Title:  "The versions of the providers are locked, and the lock file is in git",
	Why:    "Without a lock the next person, or the pipeline, gets another version of the provider.",
	Verify: "git ls-files .terraform.lock.hcl && terraform version",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/version.html"},
	Reads:  []facts.Source{workstation.Terraform, workstation.TerraformTracked},
	Run:    tfProviderLock,
})

const lockFile = ".terraform.lock.hcl"

func tfProviderLock(v *facts.View, p FolderParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, lockFile+" is in git and has every provider")
	if !ok {
		return checks.Of(finding), nil
	}
	switch {
	case f.Files == 0:
		return checks.Of(finding.Fail(noConfiguration)).WithFix(edit("main.tf")), nil
	case len(f.Needs) > 0 && !f.Lock.Exists:
		return checks.Of(finding.Fail("there is no " + lockFile + ", though " + f.Needs[0].Address + " is needed")).
			WithFix(withGit(f, install(f))), nil
	case f.Lock.Bad != "":
		anew := install(f) // which stops at a file that it cannot read, with -upgrade too
		anew.Commands = append([]checks.Command{checks.Sh("rm", below(f, lockFile))}, anew.Commands...)
		anew.Console = "your editor › " + lockFile + " › remove it; " + anew.Console
		return checks.Of(finding.Fail(lockFile + " " + f.Lock.Bad)).WithFix(withGit(f, anew)), nil
	}
	advice, wrong := "", ""
	for _, need := range f.Needs {
		problem, tip := locked(need, f.Lock.Providers)
		if wrong == "" {
			wrong = problem
		}
		if advice == "" {
			advice = tip
		}
	}
	if wrong != "" {
		return checks.Of(finding.Fail(wrong)).WithFix(withGit(f, install(f, "-upgrade"))), nil
	}
	dir := f.Dir
	if dir == "." {
		dir = ""
	}
	g, err := workstation.TerraformTracked.Get(v, workstation.TerraformKey{Dir: dir})
	if err != nil {
		return checks.Of(finding.Unknown(err)), nil
	}
	finding.Advice = advice
	finding.Subject = "git repository " + g.Repository
	switch {
	case len(g.DataTracked) > 0:
		return checks.Of(
			finding.Fail(g.DataTracked[0] + " is in git: what terraform init installs belongs to each machine"),
		).
			WithFix(
				checks.Fix{
					Commands: []checks.Command{
						checks.Sh("git", "rm", "-r", "--cached", "--quiet", below(f, ".terraform")),
					},
					Console: "your editor › .gitignore › a line .terraform/",
				},
			), nil
	case len(f.Needs) == 0:
		finding.Advice = "the configuration needs no provider but what is built in: there is nothing to lock yet"
		return checks.Of(incomplete(f, finding.Pass("no provider has to be locked"))), nil
	case g.LockIgnored && !g.LockTracked:
		finding.NearMiss = "the file is there, and .gitignore hides it"
		return checks.Of(finding.Fail("git ignores " + lockFile)).WithFix(checks.Fix{
			Commands: []checks.Command{
				checks.Sh("git", "add", "--force", below(f, lockFile)),
				checks.Sh("git", "commit", "-m", "Lock the providers"),
			},
			Console: "your editor › .gitignore › remove the line that covers " + lockFile,
		}), nil
	case !g.LockTracked:
		return checks.Of(finding.Fail(lockFile + " is not in git")).WithFix(withGit(f, checks.Fix{
			Console: "your editor › Source control › stage and commit " + lockFile,
		})), nil
	}
	return checks.Of(
		incomplete(f, finding.Pass(checks.Count(len(f.Lock.Providers), "provider")+" locked, in git")),
	), nil
}

// below is a file in the folder of the configuration.
func below(f tfconfig.Folder, name string) string {
	if f.Dir == "." {
		return name
	}
	return f.Dir + "/" + name
}

// withGit adds what puts the lock file into git.
func withGit(f tfconfig.Folder, fix checks.Fix) checks.Fix {
	fix.Commands = append(fix.Commands,
		checks.Sh("git", "add", below(f, lockFile)), checks.Sh("git", "commit", "-m", "Lock the providers"))
	return fix
}

// locked says what is wrong with the lock of a provider, and what would be better. The address of OpenTofu's registry
// counts where Terraform's is not there.
func locked(need tfconfig.Provider, list []tfconfig.Locked) (wrong, advice string) {
	at := func(address string) int {
		return slices.IndexFunc(list, func(l tfconfig.Locked) bool { return l.Address == address })
	}
	i := at(need.Address)
	if rest, isTerraform := strings.CutPrefix(need.Address, tfconfig.Registry); i < 0 && isTerraform {
		i = at(tfconfig.TofuRegistry + rest)
		advice = "the lock is OpenTofu's: Terraform itself would lock again"
	}
	if i < 0 {
		return lockFile + " has no entry for " + need.Address, ""
	}
	l := list[i]
	v, err := version.NewVersion(l.Version)
	if err != nil {
		return lockFile + " has no version of " + need.Address, ""
	}
	for _, text := range need.Constraints {
		if c, err := version.NewConstraint(text); err == nil && !c.Check(v) {
			return lockFile + " has " + need.Name + " " + l.Version + ", and the configuration asks for " + text, ""
		}
	}
	switch {
	case advice != "":
	case len(need.Constraints) == 0:
		advice = "required_providers gives no version for " + need.Name + ": ~> " + l.Version +
			" keeps the next major one out"
	case l.Packages <= 1 && l.Archives == 0:
		advice = "there is a checksum of one platform only: terraform providers lock -platform=linux_amd64 " +
			"-platform=darwin_arm64 -platform=windows_amd64 adds the others"
	}
	return "", advice
}
