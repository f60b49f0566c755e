package workstation

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who looks at this repository with labcheck must find no key in it: the keys of the tests stand in two parts.
func TestOwnTreeHoldsNoKey(t *testing.T) {
	const root = "../.."
	sources := []string{".go", ".json", ".md", ".txt", ".txtar", ".yaml", ".yml"}
	looked := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir // what tools keep there is not ours
		}
		if entry.IsDir() || !slices.Contains(sources, filepath.Ext(path)) {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		keyScanner{func(k foundKey) {
			t.Errorf("%s:%d holds an %s; write it in two parts", path, k.line, k.kind)
		}}.scan(data, path)
		return nil
	}))
	require.Greater(t, looked, 100)
}
