package lab_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
)

// labFolder makes the folder of a lab in a folder of labs.
func labFolder(t *testing.T) (labs, folder string) {
	t.Helper()
	labs = t.TempDir()
	folder = filepath.Join(labs, "tiny")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "accounts"), 0o700))
	for name, text := range map[string]string{
		"lab.yaml": good, "drills.yaml": "", "accounts/finished.json": "{}", "accounts/fresh.json": "[]",
		"accounts/almost.json": "", "accounts/notes.txt": "",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	return labs, folder
}

// A lab is found in its folder: by its id, by the path of the folder and by that of the file.
func TestFolder(t *testing.T) {
	dir, folder := labFolder(t)
	for _, c := range []struct{ dir, name string }{
		{dir, "tiny"}, {folder, "tiny"}, {"", folder}, {"", folder + "/"}, {"", filepath.Join(folder, "lab.yaml")},
	} {
		catalogue := lab.Catalogue{Builtin: fstest.MapFS{}}
		if c.dir != "" {
			catalogue.Dirs = []string{c.dir}
		}
		l, err := catalogue.Find(c.name)
		require.NoError(t, err)
		assert.Equal(t, filepath.Join(folder, "lab.yaml"), l.File)
		names, err := l.Accounts()
		require.NoError(t, err)
		assert.Equal(t, []string{"fresh", "finished", "almost"}, names)
		data, file, err := l.Account("finished")
		require.NoError(t, err)
		assert.Equal(t, "{}", string(data))
		assert.Equal(t, filepath.Join(folder, "accounts", "finished.json"), file)
		_, _, err = l.Account("half-done")
		assert.ErrorIs(t, err, fs.ErrNotExist)
	}
	_, err := lab.Catalogue{}.Find(filepath.Join(folder, "accounts"))
	var notFound *lab.NotFoundError
	require.ErrorAs(t, err, &notFound)
	assert.Equal(t, filepath.Join(folder, "accounts", "lab.yaml"), notFound.Name)
}

// A built-in lab is a folder as well.
func TestFolderOfABuiltInLab(t *testing.T) {
	catalogue := lab.Catalogue{Builtin: fstest.MapFS{
		"tiny/lab.yaml":            {Data: []byte(good)},
		"tiny/accounts/fresh.json": {Data: []byte("{}")},
	}}
	l, err := catalogue.Find("tiny")
	require.NoError(t, err)
	assert.Equal(t, "tiny/lab.yaml", l.File)
	names, err := l.Accounts()
	require.NoError(t, err)
	assert.Equal(t, []string{"fresh"}, names)
	data, file, err := l.Account("fresh")
	require.NoError(t, err)
	assert.Equal(t, "{}", string(data))
	assert.Equal(t, "tiny/accounts/fresh.json", file)
}

// The same id twice is an error, also of a folder and a file.
func TestFolderAndFileOfTheSameLab(t *testing.T) {
	dir, folder := labFolder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "also.yaml"), []byte(good), 0o600))
	catalogue := lab.Catalogue{Builtin: fstest.MapFS{}, Dirs: []string{dir}}
	_, err := catalogue.Find("tiny")
	require.ErrorContains(t, err, filepath.Join(folder, "lab.yaml")+": the lab id \"tiny\" is also that of "+
		filepath.Join(dir, "also.yaml"))
}

// A single file has no accounts, whatever lies beside it.
func TestSingleFileHasNoAccounts(t *testing.T) {
	_, folder := labFolder(t)
	file := filepath.Join(folder, "single.yaml")
	require.NoError(t, os.WriteFile(file, []byte(good), 0o600))
	l, err := lab.Catalogue{}.Find(file)
	require.NoError(t, err)
	names, err := l.Accounts()
	require.NoError(t, err)
	assert.Empty(t, names)
	_, _, err = l.Account("fresh")
	require.Error(t, err)
}

// What nobody named is read only if it is an ordinary file within the folder.
func TestFolderIsNotLeft(t *testing.T) {
	dir, folder := labFolder(t)
	outside := filepath.Join(t.TempDir(), "outside.json")
	require.NoError(t, os.WriteFile(outside, []byte(good), 0o600))
	if err := os.Symlink(outside, filepath.Join(folder, "accounts", "link.json")); err != nil {
		t.Skip("no links here:", err)
	}
	require.NoError(t, os.Symlink("finished.json", filepath.Join(folder, "accounts", "inner.json")))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link.yaml")))
	require.NoError(t, os.Mkdir(filepath.Join(folder, "accounts", "folder.json"), 0o700))
	catalogue := lab.Catalogue{Builtin: fstest.MapFS{}, Dirs: []string{dir}}
	l, err := catalogue.Find("tiny")
	require.NoError(t, err)
	_, _, err = l.Account("link")
	require.ErrorContains(t, err, "escapes")
	_, _, err = l.Account("folder")
	require.ErrorContains(t, err, "no ordinary file")
	data, _, err := l.Account("inner")
	require.NoError(t, err)
	require.Equal(t, "{}", string(data))
	_, err = catalogue.Find("link")
	require.ErrorContains(t, err, "link.yaml: cannot be read")
	_, err = catalogue.Find(filepath.Join(dir, "link.yaml"))
	require.NoError(t, err, "a file that is named is followed")
}
