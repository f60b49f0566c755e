package cmd

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// handedInBy is a folder with an archive to which each of these strangers handed in a report, with their name in all of
// its texts and in the path.
func handedInBy(t *testing.T, names []string) string {
	t.Helper()
	folder := t.TempDir()
	file, err := os.Create(filepath.Join(folder, "class.zip"))
	require.NoError(t, err)
	archive := zip.NewWriter(file)
	base := onFixture(t.Context(), t, "half-done", sandbox.Options{}).report
	for i, name := range names {
		data, err := jsonv1.Marshal(renamedBy(base, name))
		require.NoError(t, err)
		w, err := archive.Create(fmt.Sprintf("%d_%s/%s.json", i, name, name))
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, file.Close())
	return folder
}

// rosterOf is a list of them.
func rosterOf(t *testing.T, names []string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write([]string{"Student", "ID", "SIS User ID", "Section", "Email"}))
	for i, name := range names {
		name = strings.ReplaceAll(name, "\x00", "0") // a file with one is no text
		row := []string{name, strconv.Itoa(i + 1), fmt.Sprint(name, i), name, fmt.Sprint(name, i, "@example.edu")}
		require.NoError(t, w.Write(row))
	}
	w.Flush()
	return b.Bytes()
}

// renamedBy is a report that agrees with itself, whose texts are all this name.
func renamedBy(base *reports.Report, name string) *reports.Report {
	r := base.Normal()
	r.Facts, r.Student, r.Tool.Version, r.Target.Account, r.Target.Region = nil, name, name, name, name
	for i := range r.Steps {
		s := &r.Steps[i]
		s.Title, s.Why, s.Detail, s.Hints, s.Fix.Console = name, name, name, []string{name}, name
		s.Fix.Commands = []checks.Command{checks.ReadCommand(name)}
		for j := range s.Findings {
			f := &s.Findings[j]
			f.Subject, f.LookedAt, f.Found, f.Expected, f.Advice, f.NearMiss = name, name, name, name, name, name
		}
	}
	return r
}

// A class of strangers: whatever they call themselves and their files, nothing that is written of them steers a
// terminal, a spreadsheet, a browser or a pipeline, and nothing is written anywhere else.
func TestHostileClass(t *testing.T) {
	t.Parallel()
	names := append(hostileNames(), "../../x", `..\x`, "CON", "::stop-commands::x", "##[error]x", "=1+1", "＝1+1",
		"\r\n::error::x")
	folder := handedInBy(t, names)
	roster := filepath.Join(t.TempDir(), "roster.csv")
	require.NoError(t, os.WriteFile(roster, rosterOf(t, names), 0o600))
	out := filepath.Join(t.TempDir(), "out")
	args := []string{
		"grade", folder, "--allow-simulated", "--lab", "fixture", "--roster", roster, "--assignment", "Lab (1)",
		"--feedback", filepath.Join(out, "feedback"),
	}
	for _, f := range classFormats()[1:] {
		path := filepath.Join(out, f.Name, "class"+f.Ext)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		args = append(args, "--report", f.Name+"="+path)
	}
	env, stdout, stderr := inProcess(t.Context(), args...)
	code := Main(env, standard.Checks()...)
	require.Equal(t, exitInvalid, code, "the formats that are about one student refuse some, each in a line of its own")
	written := map[string]string{"stdout": stdout.String(), "stderr": stderr.String()}
	for line := range strings.Lines(stdout.String() + "\n" + stderr.String()) {
		require.NotRegexp(t, `^\s*::|##\[`, line, "a runner of GitHub Actions obeys it")
	}
	require.NoError(t, fs.WalkDir(os.DirFS(out), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(out, name))
		written[name] = string(data)
		return err
	}))
	require.Greater(t, len(written), len(names), "a page for each")
	for name, text := range written {
		format, _, _ := strings.Cut(name, "/")
		switch format {
		case "xlsx", "canvas", "moodle", "oneroster":
			continue // an archive, into which its own test looks; and what platforms get back as they wrote it
		case "html":
			require.NotContains(t, text, "<script>alert", name)
			require.NotContains(t, text, "<img", name)
		case "csv":
			requireNoFormula(t, name, text)
		}
		requireHarmless(t, strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff"))
	}
}

// requireNoFormula says that a spreadsheet calculates nothing.
func requireNoFormula(t *testing.T, name, text string) {
	t.Helper()
	rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	rows.FieldsPerRecord = -1
	all, err := rows.ReadAll()
	require.NoError(t, err, name)
	for _, row := range all {
		for _, cell := range row {
			require.NotRegexp(t, `^\s*[=+@\t\r\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}-]`, cell, name)
		}
	}
}
