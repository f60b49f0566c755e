package paths_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/paths"
)

// somewhere goes into a folder that has a neighbour, with a link to the neighbour.
func somewhere(t *testing.T) (neighbour string) {
	t.Helper()
	top := t.TempDir()
	for _, folder := range []string{"here/sub", "neighbour"} {
		require.NoError(t, os.MkdirAll(filepath.Join(top, folder), 0o700))
	}
	neighbour = filepath.Join(top, "neighbour")
	require.NoError(t, os.WriteFile(filepath.Join(neighbour, "file"), []byte("theirs"), 0o600))
	if err := os.Symlink(neighbour, filepath.Join(top, "here", "out")); err != nil {
		t.Skip("no links here:", err)
	}
	require.NoError(t, os.WriteFile(filepath.Join(top, "here", "file"), []byte("ours"), 0o600))
	require.NoError(t, os.Symlink("../file", filepath.Join(top, "here", "sub", "in")))
	require.NoError(t, os.Symlink("file", filepath.Join(top, "here", "through")))
	t.Chdir(filepath.Join(top, "here"))
	return neighbour
}

func TestRead(t *testing.T) {
	neighbour := somewhere(t)
	for path, want := range map[string]string{
		"file": "ours", "./file": "ours", "sub/../file": "ours", "sub/in": "ours", "through": "ours",
		"../neighbour/file": "theirs", filepath.Join(neighbour, "file"): "theirs",
		"../here/file": "ours", "out/../file": "ours",
	} {
		data, err := paths.Read(path, 10)
		require.NoError(t, err, path)
		require.Equal(t, want, string(data), path)
	}
	absolute, err := filepath.Abs("out/file")
	require.NoError(t, err)
	data, err := paths.Read(absolute, 10)
	require.NoError(t, err)
	require.Equal(t, "theirs", string(data))

	for path, want := range map[string]error{
		"out/file": paths.ErrLeadsOut, "../here/out/file": paths.ErrLeadsOut, "sub": paths.ErrNotOrdinary,
		"nothing": fs.ErrNotExist, "": paths.ErrNotOrdinary,
	} {
		_, err := paths.Read(path, 10)
		require.ErrorIs(t, err, want, path)
	}
	var large *paths.TooLargeError
	_, err = paths.Read("file", 3)
	require.ErrorAs(t, err, &large)
}

// In a repository it is its root that no link leads out of.
func TestRepository(t *testing.T) {
	somewhere(t)
	require.NoError(t, os.Mkdir(".git", 0o700))
	t.Chdir("sub")
	for path, want := range map[string]error{"in": nil, "../file": nil, "../out/file": paths.ErrLeadsOut} {
		_, err := paths.Read(path, 10)
		require.ErrorIs(t, err, want, path)
	}
	within, ok := paths.InRepository("in")
	require.True(t, ok)
	require.Equal(t, "sub/in", within)
	_, ok = paths.InRepository("../../neighbour/file")
	require.False(t, ok)
}

// Who came through a link works in the folder that it leads to.
func TestWorkingFolderBehindLink(t *testing.T) {
	neighbour := somewhere(t)
	t.Chdir("out")
	t.Setenv("PWD", filepath.Join(filepath.Dir(neighbour), "here", "out"))
	data, err := paths.Read("file", 10)
	require.NoError(t, err)
	require.Equal(t, "theirs", string(data))
}

func TestFolders(t *testing.T) {
	neighbour := somewhere(t)
	for _, path := range []string{".", "sub", "../neighbour", neighbour, "made/deeper", filepath.Join(neighbour, "made")} {
		root, err := paths.MakeFolder(path, 0o700)
		require.NoError(t, err, path)
		require.DirExists(t, root.Name(), path)
		require.NoError(t, root.Close())
	}
	for _, path := range []string{"out", "out/made"} {
		_, err := paths.MakeFolder(path, 0o700)
		require.ErrorIs(t, err, paths.ErrLeadsOut, path)
		_, err = paths.OpenFolder(path)
		require.ErrorIs(t, err, paths.ErrLeadsOut, path)
	}
	_, err := paths.OpenFolder("file")
	require.Error(t, err)
	root, err := paths.OpenFolder(".")
	require.NoError(t, err)
	defer root.Close()
	files := paths.Files(root)
	list, err := fs.ReadDir(files, "sub")
	require.NoError(t, err)
	require.Len(t, list, 1)
	_, err = paths.ReadIn(files, "out/file", 10)
	require.ErrorIs(t, err, paths.ErrLeadsOut)
	_, err = paths.ReadIn(files, "sub", 10)
	require.ErrorIs(t, err, paths.ErrNotOrdinary)
	data, err := paths.ReadIn(files, "sub/in", 10)
	require.NoError(t, err)
	require.Equal(t, "ours", string(data))
}
