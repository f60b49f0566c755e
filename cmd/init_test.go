package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
)

// TestInitCopiesTheLab: the copy is the lab itself, also where a namesake lies in the folder; else its lines differ.
func TestInitCopiesTheLab(t *testing.T) {
	id := labs.First()
	want, err := labs.Files.ReadFile(id + "/lab.yaml")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir(id, 0o700))
	require.NoError(t, os.WriteFile(id+"/lab.yaml", []byte("a namesake\n"), 0o600))
	l, err := lab.Catalogue{Builtin: labs.Files}.Find(id)
	require.NoError(t, err)
	got, err := labBytes(l)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))

	require.NoError(t, os.WriteFile("mine.yaml", want, 0o600))
	l, err = lab.Catalogue{}.Find("mine.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("mine.yaml", []byte("changed meanwhile\n"), 0o600))
	_, err = labBytes(l)
	require.ErrorContains(t, err, "changed while it was read")
}

func TestAnchorIsThePathInTheRepository(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(fixtureLabs, "fixture", "lab.yaml"))
	require.NoError(t, err)
	root := t.TempDir()
	write := func(name string, data []byte) {
		require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), data, 0o600))
	}
	write("outside.yaml", data)
	write("repo/.git", []byte("gitdir: elsewhere\n"))
	write("repo/course/labs/mine.yaml", data)
	write("repo/course/fixture/lab.yaml", []byte("another lab\n"))
	write("none/lab.yaml", data)

	cases := map[string]struct{ from, file, want string }{
		"from a folder within":           {"repo/course", "labs/mine.yaml", "course/labs/mine.yaml"},
		"from a folder beside":           {"repo/course/labs", "../labs/mine.yaml", "course/labs/mine.yaml"},
		"a built-in lab":                 {"repo", "fixture/lab.yaml", ".labcheck/fixture.yaml"},
		"a built-in lab with a namesake": {"repo/course", "fixture/lab.yaml", ".labcheck/fixture.yaml"},
		"a file outside":                 {"repo", "../outside.yaml", ".labcheck/fixture.yaml"},
		"no repository":                  {"none", "lab.yaml", ".labcheck/fixture.yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Chdir(filepath.Join(root, c.from))
			l, err := lab.Load(c.file, data)
			require.NoError(t, err)
			require.Equal(t, c.want, anchorOf(l))
		})
	}
}
