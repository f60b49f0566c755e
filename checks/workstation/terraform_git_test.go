package workstation_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

func (r repository) door() *workstation.Door {
	return workstation.Local(workstation.LocalOptions{Environ: r.env, Folder: r.folder})
}

func (r repository) tracked(dir string) workstation.TerraformGit {
	r.t.Helper()
	got, err := look(r.t, workstation.TerraformTracked, workstation.TerraformKey{Dir: dir}, r.door())
	require.NoError(r.t, err)
	return got
}

func TestTerraformTracked(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("main.tf", "locals {\n}\n", "first")
	require.Equal(t, workstation.TerraformGit{Repository: "app"}, r.tracked(""))

	r.write(".gitignore", ".terraform*\n")
	require.Equal(t, workstation.TerraformGit{Repository: "app", LockIgnored: true}, r.tracked(""))

	r.write(".gitignore", "")
	r.write(".terraform.lock.hcl", "")
	require.False(t, r.tracked("").LockTracked, "it is there, but not in git")
	r.git("add", ".terraform.lock.hcl")
	require.Equal(t, workstation.TerraformGit{Repository: "app", LockTracked: true}, r.tracked(""))

	r.commit("live/.terraform.lock.hcl", "", "another")
	r.write("live/.terraform/providers/a", "")
	r.write("live/.terraform/providers/b", "")
	r.write("live/.terraform/c", "")
	r.commit("live/.terraform/d", "", "data")
	require.Equal(t, workstation.TerraformGit{
		Repository: "app", LockTracked: true,
		DataTracked: []string{"live/.terraform/c", "live/.terraform/d", "live/.terraform/providers/a"},
	}, r.tracked("live"))
	require.False(t, r.tracked("other").LockTracked)
}

func TestTerraformTrackedOutsideOfGit(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	require.NoError(t, os.RemoveAll(filepath.Join(r.folder, ".git")))
	_, err := look(t, workstation.TerraformTracked, workstation.TerraformKey{}, r.door())
	requireReason(t, facts.NotLooked, err)
}

func TestTerraformInGit(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("main.tf", "locals {\n  password = var.password\n}\n", "clean")
	secrets := func() workstation.TerraformSecrets {
		t.Helper()
		got, err := look(t, workstation.TerraformInGit, workstation.GitKey{}, r.door())
		require.NoError(t, err)
		require.Empty(t, got.Incomplete)
		return got
	}
	require.Empty(t, secrets().Hits)
	require.Empty(t, secrets().Variables)

	r.commit("db.tf", "locals {\n  password = \"Tr0ub4dor-and-3\"\n}\n", "a password")
	since := r.head()
	r.commit("terraform.tfstate", `{"version": 4, "terraform_version": "1.11.4", "resources": []}`, "a state")
	state := r.head()
	r.commit("prod.tfvars", "size = 3\n", "values")
	got := secrets()
	require.Equal(t, []string{"prod.tfvars"}, got.Variables)
	require.Len(t, got.Hits, 2)
	for _, hit := range got.Hits {
		require.True(t, hit.Now)
		require.Contains(t, []string{since, state}, hit.Commit)
		require.NotContains(t, hit.Name, "Tr0ub4dor")
	}

	r.git("rm", "-q", "db.tf")
	r.git("commit", "-q", "-m", "away with it")
	got = secrets()
	require.Len(t, got.Hits, 2, "what was pushed once stays in the history")
	last := got.Hits[1]
	require.Equal(t, "db.tf", last.Path)
	require.Equal(t, "password", last.Name)
	require.False(t, last.Now)
	require.Equal(t, since, last.Commit)
}
