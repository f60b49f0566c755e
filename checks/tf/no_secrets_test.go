package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

func TestNoSecrets(t *testing.T) {
	t.Parallel()
	found := func(change func(*workstation.TerraformSecrets), hits ...workstation.SecretHit) []facts.Given {
		s := workstation.TerraformSecrets{
			GitHistory: workstation.GitHistory{Repository: "app", Commits: 3, Files: 2}, Hits: hits,
		}
		if change != nil {
			change(&s)
		}
		return []facts.Given{workstation.TerraformInGit.Given(workstation.GitKey{}, s)}
	}
	state := workstation.SecretHit{Kind: tfconfig.State, Path: "terraform.tfstate", Now: true, Commit: "1a2b3c4"}
	checktest.Run(t, tf.NoSecrets, []checktest.Case{
		{Name: "none", Facts: found(nil), Want: checks.Pass, Found: "none in 3 commits and 2 tracked files"},
		{
			Name: "a state", Facts: found(nil, state), Want: checks.Fail, Fix: "git rm --cached -- :/terraform.tfstate",
			Found: "a state is in terraform.tfstate, since commit 1a2b3c4",
		},
		{
			Name: "in the history", Want: checks.Fail, Found: "in the history: commit 1a2b3c4 added it to x.tfstate",
			Facts: found(nil, workstation.SecretHit{Kind: tfconfig.State, Path: "x.tfstate", Commit: "1a2b3c4"}),
		},
		{
			Name: "a password", Want: checks.Fail, Found: "a secret that is written out (password) is in db.tf line 3",
			Facts: found(nil, workstation.SecretHit{
				Kind: tfconfig.Literal, Name: "password", Path: "db.tf", Line: 3, Now: true, Commit: "1a2b3c4",
			}),
		},
		{
			Name:  "a plan that is not committed",
			Want:  checks.Fail,
			Found: "a saved plan, which holds a state is in p, not committed",
			Facts: found(nil, workstation.SecretHit{Kind: tfconfig.Plan, Path: "p", Now: true}),
		},
		{
			Name: "staged", Want: checks.Fail, Found: "staged for the next commit",
			Facts: found(nil, workstation.SecretHit{Kind: tfconfig.Plan, Path: "p"}),
		},
		{
			Name: "a key", Want: checks.Fail, Found: "an AWS key is in tf.log",
			Facts: found(func(s *workstation.TerraformSecrets) { s.Keys = []workstation.KeyHit{{Path: "tf.log"}} }),
		},
		{
			Name: "many", Want: checks.Fail, Found: "3 more places",
			Facts: found(func(s *workstation.TerraformSecrets) { s.MoreHits = 2 }, state, state, state, state, state),
		},
		{
			Name: "values without a secret", Want: checks.Pass, Advice: "a.tfvars is in git: keep secrets out of it",
			Facts: found(func(s *workstation.TerraformSecrets) { s.Variables = []string{"a.tfvars"} }),
		},
		{
			Name:   "files that are not ignored",
			Want:   checks.Pass,
			Advice: ".gitignore does not cover terraform.tfstate",
			Facts:  found(func(s *workstation.TerraformSecrets) { s.NotIgnored = []string{"terraform.tfstate"} }),
		},
		{
			Name: "not whole", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: found(func(s *workstation.TerraformSecrets) { s.Incomplete = "it ends" }),
		},
		{
			Name: "shallow", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: found(func(s *workstation.TerraformSecrets) { s.Shallow = true }),
		},
		{
			Name: "nothing committed", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: found(func(s *workstation.TerraformSecrets) { s.Commits, s.Files = 0, 0 }),
		},
	})
}
