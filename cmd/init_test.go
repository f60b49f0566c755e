package cmd

import (
	"os"
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
