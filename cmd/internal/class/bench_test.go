package class

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
)

// perFolder is how many reports are in each folder.
const perFolder = 100

// BenchmarkClass reads and grades folders of reports with their facts, one of each student, half of them Markdown;
// every one is graded again from its facts. What counts is the time over that of [decodeOnly], the least that any
// program does with such files: at most 2.5. The two take turns at the folders, so that whatever else the machine does
// slows both.
//
// The state is the memory that a graded class keeps; the peak has on top of it what nobody has cleared away yet.
func BenchmarkClass(b *testing.B) {
	for _, students := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(students), func(b *testing.B) {
			folders, reader := handIn(b, students)
			var least time.Duration
			var peak, state uint64
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				before := heap()
				var in class.HandedIn
				for _, folder := range folders {
					begun := time.Now()
					decodeOnly(b, folder)
					least += time.Since(begun)
					b.StartTimer()
					read, err := reader.Read(b.Context(), folder)
					require.NoError(b, err)
					in.Files += read.Files
					in.Submissions = append(in.Submissions, read.Submissions...)
					b.StopTimer()
					peak = max(peak, heapNow()-before)
				}
				b.StartTimer()
				graded, err := class.Collect(in, class.Terms{Lab: reader.Labs[0], Now: demoDue().AddDate(0, 0, 7)})
				b.StopTimer()
				require.NoError(b, err)
				require.Equal(b, students, graded.Summary.Reports)
				require.Equal(b, class.Consistent, graded.Students[0].Attempts[0].Level)
				in = class.HandedIn{}
				state = heap() - before
				runtime.KeepAlive(graded)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed())/float64(least), "×decode(≤2.5)")
			b.ReportMetric(float64(state)/float64(students), "state-B/report")
			b.ReportMetric(float64(peak)/float64(students), "peak-B/report")
		})
	}
}

// heap is the memory that is in use, in bytes.
func heap() uint64 {
	runtime.GC()
	return heapNow()
}

// heapNow counts what nobody has cleared away yet, too.
func heapNow() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// handIn writes the reports of so many students into folders, and returns what reads them. They are those of the
// sample class over and over, with accounts and ids of their own, as if AWS had answered.
func handIn(b *testing.B, students int) (folders []string, reader submissions.Reader) {
	b.Helper()
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(b, err)
	l, err := lab.Catalogue{Builtin: labs.Files}.Find(labs.First())
	require.NoError(b, err)
	plan, err := lab.Bind(l, registry, nil)
	require.NoError(b, err)
	// What is each student's own begins with the number of the account.
	const account = "123456789012"
	own := regexp.MustCompile(`(sha256:|"requestId": "|\b(?:igw|vpc)-)[0-9a-f-]{12}`)
	var made [][]byte
	sample, err := l.SampleClass()
	require.NoError(b, err)
	for _, s := range sample.Students {
		for _, attempt := range s.Attempts {
			report, learned, err := demoReport(b.Context(), plan, reports.Tool{}, sample, s, attempt)
			require.NoError(b, err)
			report.Facts, err = learned.Record()
			require.NoError(b, err)
			report.Student = "student-" + s.Account
			report.Source, report.Run.Practice, report.Facts.Source = reports.AWS, "", string(reports.AWS)
			data, err := jsonv1.Marshal(report)
			require.NoError(b, err)
			data = bytes.ReplaceAll(data, []byte(s.Account), []byte(account))
			made = append(made, own.ReplaceAll(data, []byte("${1}"+account)))
		}
	}
	root := b.TempDir()
	for i := range students {
		data := bytes.ReplaceAll(made[i%len(made)], []byte(account), fmt.Appendf(nil, "1234567%05d", i))
		if i%perFolder == 0 {
			folders = append(folders, filepath.Join(root, fmt.Sprintf("%03d", len(folders))))
			require.NoError(b, os.Mkdir(folders[len(folders)-1], 0o700))
		}
		name := filepath.Join(folders[len(folders)-1], fmt.Sprintf("student-%05d", i))
		if i%2 == 0 {
			require.NoError(b, os.WriteFile(name+".json", data, 0o600))
			continue
		}
		report, err := jsonv1.Read(data)
		require.NoError(b, err)
		var text bytes.Buffer
		require.NoError(b, markdown.Format.Render(&text, report, reports.Options{}))
		require.NoError(b, os.WriteFile(name+".md", text.Bytes(), 0o600))
	}
	grader, plans := Grader{Registry: registry}, []*lab.Plan{plan}
	return folders, grader.reader(b.Context(), Options{Plans: plans})
}

// decodeOnly reads every file once and decodes its JSON with the standard library, one after the other. It believes all
// that they say: of a Markdown report it unpacks the comment at the end, and looks at nothing else.
func decodeOnly(b *testing.B, folder string) {
	b.Helper()
	files, err := os.ReadDir(folder)
	require.NoError(b, err)
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		require.NoError(b, err)
		if strings.HasSuffix(f.Name(), ".md") {
			_, packed, _ := bytes.Cut(data, []byte("\n<!-- "+reports.Schema+"\n"))
			z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding,
				bytes.NewReader(bytes.TrimSuffix(packed, []byte("-->\n")))))
			require.NoError(b, err)
			data, err = io.ReadAll(z)
			require.NoError(b, err)
		}
		var report reports.Report
		require.NoError(b, json.Unmarshal(data, &report))
	}
}
