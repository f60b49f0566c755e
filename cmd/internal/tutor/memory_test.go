package tutor

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/cmd/internal/files"
)

func in(environ map[string]string) func(string) string {
	return func(name string) string { return environ[name] }
}

func TestMemoryPath(t *testing.T) {
	type environment = map[string]string
	for want, test := range map[string]struct {
		goos    string
		environ environment
	}{
		"/state/labcheck/hints.json":               {"linux", environment{"XDG_STATE_HOME": "/state", "HOME": "/home/a"}},
		"/home/a/.local/state/labcheck/hints.json": {"darwin", environment{"XDG_STATE_HOME": "here", "HOME": "/home/a"}},
		"/local/labcheck/hints.json":               {"windows", environment{"LOCALAPPDATA": "/local", "HOME": "/home/a"}},
		"":                                         {"linux", nil},
	} {
		require.Equal(t, filepath.FromSlash(want), memoryPath(in(test.environ), test.goos))
	}
}

// One rung more each time, as many as there are, for each step of each lab.
func TestMemory(t *testing.T) {
	state := t.TempDir()
	recall := func() *Memory { return Recall(files.OS{}, in(map[string]string{"XDG_STATE_HOME": state}), "linux") }
	m := recall()
	require.Empty(t, m.Lab())
	require.Equal(t, 1, m.Rungs("lab", "step", 3), "the first hint is shown in any case")
	require.Zero(t, m.Rungs("lab", "step", 0))
	m.Take("lab", "step", 3)
	m.Take("lab", "other", 3)
	require.NoError(t, m.Keep("lab"))
	info, err := os.Stat(m.Path())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	m = recall()
	require.Equal(t, "lab", m.Lab())
	require.Equal(t, 2, m.Rungs("lab", "step", 3))
	for range 5 {
		m.Take("lab", "step", 3)
	}
	require.Equal(t, 3, m.Rungs("lab", "step", 3))
	require.Equal(t, 1, m.Rungs("other", "step", 3))
	require.NoError(t, os.WriteFile(m.Path(), []byte("no JSON"), 0o600))
	require.Equal(t, 1, recall().Rungs("lab", "step", 3), "what cannot be read is nothing")
}

func TestMemoryWithoutAPlace(t *testing.T) {
	m := Recall(files.OS{}, in(nil), "linux")
	m.Take("lab", "step", 3)
	require.Equal(t, 2, m.Rungs("lab", "step", 3), "it lasts as long as the program")
	require.ErrorContains(t, m.Keep("lab"), "not remembered")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	m = Recall(files.OS{}, in(map[string]string{"XDG_STATE_HOME": file}), "linux")
	require.ErrorContains(t, m.Keep("lab"), "not remembered")
}

// No drill comes twice before all have come.
func TestDrills(t *testing.T) {
	m := Recall(files.OS{}, in(map[string]string{"XDG_STATE_HOME": t.TempDir()}), "linux")
	all := []string{"a", "b"}
	require.Equal(t, all, m.DrillsLeft("lab", all))
	m.TakeDrill("lab", "a")
	require.NoError(t, m.Keep(""))
	require.Equal(t, []string{"b"}, m.DrillsLeft("lab", all))
	require.Equal(t, all, m.DrillsLeft("other", all))
	m.TakeDrill("lab", "b")
	require.Equal(t, all, m.DrillsLeft("lab", all))
}
