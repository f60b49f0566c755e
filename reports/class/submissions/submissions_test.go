package submissions_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// labOf is a lab whose terms are those of a report.
func labOf(r *reports.Report) class.Lab {
	l := class.Lab{
		Lab: r.Lab, PassMark: r.Grade.PassMark, Params: r.Params,
		Scale: []grade.Band{
			{Letter: "A", Percent: 90}, {Letter: "B", Percent: 80}, {Letter: "C", Percent: 70}, {Letter: "D", Percent: 60},
		},
	}
	for _, s := range r.Steps {
		l.Steps = append(l.Steps, class.Step{ID: s.ID, Title: s.Title, Points: s.Points, Required: s.Required})
	}
	return l
}

func asJSON(t testing.TB, r *reports.Report) []byte {
	t.Helper()
	data, err := jsonv1.Marshal(r)
	require.NoError(t, err)
	return data
}

func asMarkdown(t testing.TB, r *reports.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, markdown.Format.Render(&b, r, reports.Options{}))
	return b.Bytes()
}

// write writes files below a new folder.
func write(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	return dir
}

// pack packs files into a zip archive. The names are taken as they are.
func pack(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data := files[name]
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func read(t testing.TB, path string) class.HandedIn {
	t.Helper()
	reader := submissions.Reader{Labs: []class.Lab{labOf(reporttest.Verdicts())}}
	in, err := reader.Read(t.Context(), path)
	require.NoError(t, err)
	return in
}

func TestReadsWhoHandedIn(t *testing.T) {
	report := asMarkdown(t, reporttest.Verdicts())
	metadata := []byte("---\nsubmission_777:\n  :submitters:\n  - :name: Jane Doe\n    :sid: 'S-77'\n" +
		"    :email: jane@example.edu\n  - :name: Other One\n    :email: other@example.edu\n" +
		"  :created_at: 2026-11-20 20:56:19.284193000 Z\n  :history:\n  - :id: 1\n    :created_at: 2026-01-01 00:00:00 Z\n")
	cases := map[string]struct {
		file string
		want class.Sender
	}{
		"Canvas": {
			"doejane_1001_20002_report.md", class.Sender{Name: "doejane", CanvasID: "1001", Path: "doejane_1001_20002_report"},
		},
		"Canvas late": {
			"doejane_LATE_1001_20002_report-1.md",
			class.Sender{Name: "doejane", CanvasID: "1001", Late: true, Path: "doejane_LATE_1001_20002_report-1"},
		},
		"Moodle folder": {"Jane Doe_4711_assignsubmission_file_/report.md", class.Sender{
			Name: "Jane Doe", Path: "Jane Doe_4711_assignsubmission_file_",
		}},
		"Moodle file": {"Jane Doe_4711_assignsubmission_file_report.md", class.Sender{
			Name: "Jane Doe", Path: "Jane Doe_4711_assignsubmission_file_report",
		}},
		"Gradescope": {"submission_777/report.md", class.Sender{
			Name: "Jane Doe", Email: "jane@example.edu", SISID: "S-77", Path: "submission_777",
		}},
		"a folder each":     {"jane/report.md", class.Sender{Path: "jane"}},
		"a file each":       {"jane.md", class.Sender{Path: "jane"}},
		"labcheck's own":    {"labcheck-sample-1.0.md", class.Sender{}},
		"capitals in .JSON": {"jane.MD", class.Sender{Path: "jane"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{c.file: report, "submission_metadata.yml": metadata}
			dir := write(t, files)
			archive := write(t, map[string][]byte{"all.zip": pack(t, files)})
			for _, in := range []class.HandedIn{read(t, dir), read(t, archive), read(t, filepath.Join(archive, "all.zip"))} {
				require.Empty(t, in.Refused)
				require.Len(t, in.Submissions, 1)
				require.Equal(t, c.want, in.Submissions[0].From)
				require.Equal(t, 1, in.Files)
				if c.want.Email == "" {
					require.Nil(t, in.Submissions[0].Submitted)
					continue
				}
				require.Equal(t, "2026-11-20T20:56:19.284193Z",
					in.Submissions[0].Submitted.Format("2006-01-02T15:04:05.999999999Z07:00"))
			}
		})
	}
}

// Ruby writes a name as it likes: quoted, with escapes, or as a number. What is of another form tells nothing.
func TestReadsTheMetadataOfGradescopeAsYAML(t *testing.T) {
	report := asMarkdown(t, reporttest.Verdicts())
	cases := map[string]struct {
		metadata string
		want     class.Sender
	}{
		"an apostrophe":  {"{:submitters: [{:name: 'Pat O''Brien'}]}", class.Sender{Name: "Pat O'Brien"}},
		"an escape":      {`{:submitters: [{:name: "Jos\u00e9 Doe"}]}`, class.Sender{Name: "José Doe"}},
		"a colon":        {`{:submitters: [{:name: "Doe: Jane"}]}`, class.Sender{Name: "Doe: Jane"}},
		"a number":       {"{:submitters: [{:sid: 12345}]}", class.Sender{SISID: "12345"}},
		"nothing":        {"{:submitters: [{:sid: , :name: ~}]}", class.Sender{}},
		"no submitter":   {"{:submitters: []}", class.Sender{}},
		"another form":   {"[1, 2]", class.Sender{}},
		"is not YAML":    {"{", class.Sender{}},
		"without a time": {"{:created_at: soon, :submitters: [{:name: Jane}]}", class.Sender{Name: "Jane"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := read(t, write(t, map[string][]byte{
				"submission_1/report.md": report, "submission_metadata.yml": []byte("submission_1: " + c.metadata + "\n"),
			}))
			c.want.Path = "submission_1"
			require.Len(t, in.Submissions, 1)
			require.Equal(t, c.want, in.Submissions[0].From)
			require.Nil(t, in.Submissions[0].Submitted)
		})
	}
}

// A student can hand in a file of that name too.
func TestTheMetadataOfAStudentSpeaksForNobody(t *testing.T) {
	dir := write(t, map[string][]byte{"all.zip": pack(t, map[string][]byte{
		"export/submission_1/report.md":               asMarkdown(t, reporttest.Verdicts()),
		"export/submission_2/submission_metadata.yml": []byte("submission_1: {:submitters: [{:name: Mallory}]}\n"),
		"export/submission_metadata.yml":              []byte("submission_1: {:submitters: [{:name: Alice}]}\n"),
		"export/z/submission_metadata.yml":            []byte("submission_1: {:submitters: [{:name: Mallory}]}\n"),
	})})
	in := read(t, filepath.Join(dir, "all.zip"))
	require.Len(t, in.Submissions, 1)
	require.Equal(t, "Alice", in.Submissions[0].From.Name)
}

func TestKeepsARowOfEachReport(t *testing.T) {
	r := reporttest.Verdicts()
	in := read(t, write(t, map[string][]byte{"jane.json": asJSON(t, r)}))
	require.Len(t, in.Submissions, 1)
	a := in.Submissions[0].Attempt
	require.Equal(t, r.Grade, a.Grade)
	require.Len(t, a.Steps, len(r.Steps))
	require.Equal(t, r.Target.Account, a.Account)
	require.Empty(t, a.Excluded)
	for i, s := range r.Steps {
		require.Equal(t, s.ID, a.Steps[i].ID)
		require.Equal(t, s.Line(), a.Steps[i].Line)
	}
}

// However large the reports are: of each only the row stays in the memory.
func TestKeepsNothingElseOfAReport(t *testing.T) {
	const large = 4 << 20
	r := reporttest.Verdicts()
	r.Facts = reporttest.Gated().Facts
	r.Facts.Facts[0].Error, r.Facts.Facts[0].Value = nil, fmt.Appendf(nil, "%q", strings.Repeat("x", large))
	dir := write(t, map[string][]byte{"a.json": asJSON(t, r), "b.json": asJSON(t, r), "c.md": asMarkdown(t, r)})
	r = nil
	before := heap()
	in := read(t, dir)
	require.Less(t, heap()-before, int64(large/4))
	require.Len(t, in.Submissions, 3)
}

// heap is the memory that is in use, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestCountsTheFilesThatItReads(t *testing.T) {
	some := map[string][]byte{"a.md": nil, "b/c.json": nil, "d.pdf": nil, ".DS_Store": nil, "../e.md": nil}
	archive := write(t, map[string][]byte{"all.zip": pack(t, some), "f.md": nil, "bad.zip": []byte("hello")})
	paths := []string{archive, filepath.Join(archive, "f.md")}
	in, err := new(submissions.Reader).Read(t.Context(), paths...)
	require.NoError(t, err)
	require.Equal(t, 6, in.Files)
	require.Equal(t, in.Files, submissions.Count(t.Context(), paths...))
	require.Equal(t, 1, submissions.Count(t.Context(), filepath.Join(archive, "f.md"), filepath.Join(archive, "missing")))
}

func TestExcludesWhatNeverCounts(t *testing.T) {
	cases := map[string]func(r *reports.Report){
		"the run was interrupted": func(r *reports.Report) { r.Run.Interrupted, r.Run.Complete = true, false },
		"only a part of the lab": func(r *reports.Report) {
			r.Run.Selected, r.Run.Complete = []string{r.Steps[0].ID}, false
		},
		"not complete": func(r *reports.Report) { r.Run.Complete = false },
	}
	for want, edit := range cases {
		t.Run(want, func(t *testing.T) {
			r := reporttest.Verdicts()
			edit(r)
			in := read(t, write(t, map[string][]byte{"jane.json": asJSON(t, r)}))
			require.Len(t, in.Submissions, 1)
			require.Contains(t, in.Submissions[0].Excluded, want)
		})
	}
}

func TestRefuses(t *testing.T) {
	good := asJSON(t, reporttest.Verdicts())
	changed := func(edit func(r *reports.Report)) []byte {
		r := reporttest.Verdicts()
		edit(r)
		return asJSON(t, r)
	}
	cases := map[string]struct {
		name string
		data []byte
		kind class.RefusalKind
		want string
	}{
		"no report":    {"jane.md", []byte("# Hello"), class.Unreadable, "this is no report of labcheck"},
		"cut off":      {"jane.json", good[:len(good)/2], class.Unreadable, "not a report in JSON"},
		"another kind": {"jane.csv", good, class.Unreadable, "reports end in .md or .json"},
		"a PDF":        {"jane.pdf", good, class.Unreadable, "it is a PDF, which holds the text of a report at most"},
		"a PDF renamed": {
			"jane.md", []byte("%PDF-1.7\n"), class.Unreadable, "it is a PDF, which holds the text of a report at most",
		},
		"Word": {"jane.DOCX", good, class.Unreadable, "it is a Word document"},
		"Word renamed": {
			"jane.md", pack(t, map[string][]byte{"word/document.xml": good}), class.Unreadable, "it is a Word document",
		},
		"old Word renamed": {"jane.txt", []byte("\xd0\xcf\x11\xe0\xa1"), class.Unreadable, "it is a Word document"},
		"a screenshot":     {"jane.PNG", good, class.Unreadable, "ask the student for the file labcheck-LAB.md"},
		"an archive":       {"jane", pack(t, map[string][]byte{"a": good}), class.Unreadable, "it is an archive"},
		"cut off in Markdown": {
			"jane.md", bytes.TrimSuffix(asMarkdown(t, reporttest.Verdicts()), []byte("-->\n")), class.Unreadable, "cut off",
		},
		"doubled": {
			"jane.md", bytes.Repeat(asMarkdown(t, reporttest.Verdicts()), 2), class.Unreadable, "2 reports in this file",
		},
		"too large":  {"jane.json", make([]byte, 32<<20+1), class.Unreadable, "larger than 32 MiB"},
		"no archive": {"jane.zip", []byte("hello"), class.Unreadable, "no zip archive"},
		"archive in one": {
			"a.zip", pack(t, map[string][]byte{"b.zip": pack(t, nil)}), class.Unreadable, "an archive inside an archive",
		},
		"out of it": {
			"a.zip", pack(t, map[string][]byte{"../jane.json": good}), class.Unreadable, "leads out of the archive",
		},
		"out with \\": {
			"a.zip", pack(t, map[string][]byte{`..\jane.json`: good}), class.Unreadable, "leads out of the archive",
		},
		"a large one in it": {
			"a.zip", pack(t, map[string][]byte{"jane.json": make([]byte, 32<<20+1)}), class.Unreadable, "larger than 32 MiB",
		},
		"a link in it": {"a.zip", linked(t), class.Unreadable, "it is a link"},
		"a bomb":       {"a.zip", bomb(t), class.Unreadable, "unpack to more than 8 GiB"},
		"edited":       {"jane.json", changed(func(r *reports.Report) { r.Grade.Earned++ }), class.Edited, "add up to"},
		"another pass mark": {"jane.json", changed(func(r *reports.Report) {
			r.Grade.PassMark--
		}), class.Edited, "the pass mark is"},
		"another letter": {"jane.json", changed(func(r *reports.Report) {
			letter := "A"
			r.Grade.Letter = &letter
		}), class.Edited, "the letter does not follow"},
		"another version": {"jane.json", changed(func(r *reports.Report) {
			r.Lab.SHA256 = strings.Repeat("0", 64)
		}), class.OtherLab, "another version of the lab"},
		"another lab": {"jane.json", changed(func(r *reports.Report) {
			r.Lab.ID = "moon"
		}), class.OtherLab, "it is of the lab moon, and there is only sample-1.0 (a new version of a lab keeps its id)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := read(t, write(t, map[string][]byte{c.name: c.data}))
			require.Empty(t, in.Submissions)
			require.Len(t, in.Refused, 1)
			require.Equal(t, c.kind, in.Refused[0].Kind)
			require.Contains(t, in.Refused[0].Reason, c.want)
		})
	}
}

func linked(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "jane.json"}
	h.SetMode(fs.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	require.NoError(t, err)
	_, err = w.Write([]byte("/etc/passwd"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// bomb is a small archive that says that it is very large.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.json", "b.json"} {
		_, err := z.CreateRaw(&zip.FileHeader{
			Name: name, Method: zip.Deflate, UncompressedSize64: 5 << 30, CompressedSize64: 0,
		})
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestAnArchiveThatLiesAboutASize(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	data := make([]byte, 33<<20)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "jane.json", Method: zip.Store, UncompressedSize64: 10, CompressedSize64: uint64(len(data)),
	})
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	in := read(t, write(t, map[string][]byte{"a.zip": b.Bytes()}))
	require.Len(t, in.Refused, 1)
	require.Empty(t, in.Submissions)
}

func TestNeverFollowsLinks(t *testing.T) {
	outside := write(t, map[string][]byte{"jane.json": asJSON(t, reporttest.Verdicts())})
	dir := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(outside, "jane.json"), filepath.Join(dir, "jane.json")))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "folder.md")))
	in := read(t, dir)
	require.Empty(t, in.Submissions)
	require.Len(t, in.Refused, 2)
	for _, refused := range in.Refused {
		require.Contains(t, refused.Reason, "it is a link")
	}
}

func TestPassesOverWhatSystemsMake(t *testing.T) {
	in := read(t, write(t, map[string][]byte{
		".DS_Store": nil, "__MACOSX/jane.json": nil, ".git/config.json": nil, "a/Thumbs.db": nil,
	}))
	require.Equal(t, class.HandedIn{Refused: []class.Refusal{}}, in)
}

func TestAPathThatIsNotThere(t *testing.T) {
	_, err := new(submissions.Reader).Read(t.Context(), filepath.Join(t.TempDir(), "missing"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// Whatever an archive holds: each of its files is a submission or a refusal, and none is both.
func FuzzArchive(f *testing.F) {
	report := asJSON(f, reporttest.Verdicts())
	f.Add(pack(f, map[string][]byte{"jane.json": report, "a/b.md": []byte("# Hello"), "../x.json": report}))
	f.Add(pack(f,
		map[string][]byte{
			"submission_1/a.json": report, "submission_metadata.yml": []byte("submission_1:\n  :created_at: x\n"),
		}))
	labs := []class.Lab{labOf(reporttest.Verdicts())}
	f.Fuzz(func(t *testing.T, data []byte) {
		reader := submissions.Reader{Labs: labs}
		in, err := reader.ReadFS(t.Context(), fstest.MapFS{"all.zip": {Data: data}})
		require.NoError(t, err)
		refusedArchive := in.Files == 0 && len(in.Refused) == 1
		require.True(t, refusedArchive || len(in.Submissions)+len(in.Refused) == in.Files)
	})
}

// Whatever Gradescope's metadata holds, the files beside it are read.
func FuzzMetadata(f *testing.F) {
	report := asJSON(f, reporttest.Verdicts())
	labs := []class.Lab{labOf(reporttest.Verdicts())}
	f.Add([]byte("submission_1:\n  :submitters:\n  - :name: Jane Doe\n    :sid: 'S-77'\n" +
		"  :created_at: 2026-11-20 20:56:19.284193000 Z\n"))
	f.Add([]byte("submission_1: &a\n  :history: [*a, *a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		reader := submissions.Reader{Labs: labs}
		in, err := reader.ReadFS(t.Context(), fstest.MapFS{
			"submission_metadata.yml": {Data: data}, "submission_1/report.json": {Data: report},
		})
		require.NoError(t, err)
		require.Len(t, in.Submissions, 1)
		require.Equal(t, "submission_1", in.Submissions[0].From.Path)
	})
}
