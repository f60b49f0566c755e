package cmd

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports/class/roster"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// No message of a reader repeats what a file holds: it may be another file than the person believes. Each scalar of a
// good file in its turn is a text that nobody may see.
func TestNoReaderRepeatsFile(t *testing.T) {
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	now := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	readers := map[string]func([]byte) error{
		"state":  func(data []byte) error { _, err := sandbox.Parse(data, now); return err },
		"facts":  func(data []byte) error { _, err := facts.ReadRecording(bytes.NewReader(data)); return err },
		"report": func(data []byte) error { _, err := jsonv1.Read(data); return err },
		"lab": func(data []byte) error {
			l, err := lab.Load("x.yaml", data)
			if err == nil {
				_, err = lab.Bind(l, registry, nil)
			}
			return err
		},
		"waivers":   func(data []byte) error { _, err := lab.LoadWaivers("w.yaml", data, now); return err },
		"roster":    func(data []byte) error { _, err := roster.Read(data); return err },
		"overrides": func(data []byte) error { _, err := roster.ReadOverrides("o.csv", data); return err },
		"pairs":     func(data []byte) error { _, err := roster.ReadPairs("p.csv", data); return err },
	}
	for name, file := range goodFiles(t) {
		for _, hidden := range []string{
			"https://me:made-up-token@example.com", "wJalrXUtnFEMI/made-up/bPxRfiCYEXAMPLEKEY", strings.Repeat("8675309", 6),
		} {
			for i, spoiled := range spoiledScalars(name, file, hidden) {
				for reader, read := range readers {
					if i > 0 && !strings.HasPrefix(name, reader) {
						continue // the file of another reader is read once
					}
					if err := read(spoiled); err != nil {
						require.NotContains(t, err.Error(), hidden, "the reader of %s reads %s", reader, name)
						require.NotContains(t, err.Error(), "made-up-token@", "the reader of %s reads %s", reader, name)
					}
				}
			}
		}
	}
}

// goodFiles are files that readers read, by their names.
func goodFiles(t *testing.T) map[string][]byte {
	t.Helper()
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	onFixture(t.Context(), t, "half-done", sandbox.Options{}, "--save-facts", file("facts.json"), "--no-facts",
		"--report", "json="+file("report.json"))
	all := map[string][]byte{
		"waivers.yaml": []byte("schema: labcheck.waivers/v1\nwaivers:\n  - step: a-step\n    account: \"123456789012\"\n" +
			"    reason: because\n    who: me\n    until: 2026-12-01\n"),
		"roster.csv":    []byte("student,email,sis_id\nJane,jane@example.org,1\nJohn,john@example.org,2\n"),
		"overrides.csv": []byte("student,score,reason\nJane,5,because\n"),
		"pairs.csv":     []byte("student,partner\nJane,John\n"),
	}
	for name, path := range map[string]string{
		"facts.json": file("facts.json"), "report.json": file("report.json"), "state.json": fixtureFile("half-done"),
		"lab.yaml": filepath.Join(fixtureLabs, "fixture", "lab.yaml"),
	} {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		all[name] = data
	}
	return all
}

var scalars = map[string]*regexp.Regexp{
	".json": regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?\d+|\b(?:true|false|null)\b`),
	".yaml": regexp.MustCompile(`[^\s:\[\]{},"]+`),
	".csv":  regexp.MustCompile(`[^,\n]+`),
}

// spoiledScalars are the versions of a file in which one scalar or key each is another text.
func spoiledScalars(name string, file []byte, hidden string) [][]byte {
	var list [][]byte
	ext := filepath.Ext(name)
	texts := []string{hidden}
	if ext != ".csv" {
		quoted, _ := json.Marshal(hidden)
		texts = append(texts, string(quoted), "*"+hidden, "!!int "+hidden)
	}
	all := scalars[ext].FindAllIndex(file, -1)
	step := max(1, len(all)/50) // of a long file some are enough
	for i := 0; i < len(all); i += step {
		for _, text := range texts {
			list = append(list, []byte(strings.Join([]string{string(file[:all[i][0]]), text, string(file[all[i][1]:])}, "")))
		}
	}
	return list
}
