package csvfile_test

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	csvfile "github.com/labcheck/labcheck/reports/csv"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, csvfile.Format, ".csv", func(t *testing.T, n reporttest.Named, out []byte) {
		requireTable(t, n.Report, out)
	})
}

// requireTable reads the file with the field's parser. Each row is a map from the names of the columns.
func requireTable(t *testing.T, r *reports.Report, out []byte) []map[string]string {
	t.Helper()
	text, ok := strings.CutPrefix(string(out), "\ufeff")
	require.True(t, ok, "Excel needs the mark")
	require.Equal(t, strings.Count(text, "\n"), strings.Count(text, "\r\n"), "RFC 4180 ends lines with CR LF")
	require.Equal(t, len(r.Steps)+1, strings.Count(text, "\n"), "a line for each step")
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, all, len(r.Steps)+1)
	var rows []map[string]string
	for i, s := range r.Steps {
		row := map[string]string{}
		for column, cell := range all[i+1] {
			require.NotRegexp(t, `^[=+@\t\r\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}-]`, cell, "a formula")
			require.LessOrEqual(t, len(cell), 1_001)
			row[all[0][column]] = cell
		}
		require.Equal(t, s.Verdict.String(), row["verdict"])
		require.Equal(t, strconv.Itoa(s.Points), row["points"])
		require.Equal(t, strconv.Itoa(s.Earned), row["earned"])
		rows = append(rows, row)
	}
	return rows
}

func TestHeader(t *testing.T) {
	r := reporttest.Verdicts()
	r.Steps = nil
	require.Equal(t,
		"\ufefflab,target,account,region,source,started,student,section,step,check,title,verdict,reason,points,earned,"+
			"required,outcome,found,subject,waiver,file,line,notices\r\n",
		string(reporttest.Render(t, csvfile.Format, r, reports.Options{})), "a column is never renamed or moved")
}

func TestRow(t *testing.T) {
	r := reporttest.Gated()
	rows := requireTable(t, r, reporttest.Render(t, csvfile.Format, r, reports.Options{}))
	row := rows[3]
	for column, want := range map[string]string{
		"account": "123456789012", "lab": "sample-1.0", "source": "aws", "step": "ecr-scan-on-push",
		"found":   "scan on push is off",
		"subject": "ECR repository docker-api", "file": ".labcheck/sample-1.0.yaml", "line": "46", "required": "false",
		"waiver": "Waived by platform@example.com until 2026-12-31: scanning is done by another team | until spring",
	} {
		require.Equal(t, want, row[column], column)
	}
	require.Contains(t, row["notices"], "GATE: Closed.")
	require.Equal(t, "timeout", rows[1]["reason"])
}

func TestFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'=1", "\r=1": "'=1",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", `say "a,b"`: `say "a,b"`,
	} {
		r := reporttest.Renamed(text)
		row := requireTable(t, r, reporttest.Render(t, csvfile.Format, r, reports.Options{}))[0]
		require.Equal(t, want, row["step"])
		require.Equal(t, want, row["student"])
	}
}

func TestManySteps(t *testing.T) {
	r := reporttest.Many(1_000, "")
	requireTable(t, r, reporttest.Render(t, csvfile.Format, r, reports.Options{}))
}

func TestLongTextIsCutAndSaysSo(t *testing.T) {
	r := reporttest.Renamed(strings.Repeat("=\",\x1b", 1<<18))
	out := reporttest.Render(t, csvfile.Format, r, reports.Options{})
	require.Contains(t, requireTable(t, r, out)[0]["title"], "(cut)")
	require.False(t, bytes.Contains(out, []byte("\x1b")))
}

func FuzzRender(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		requireTable(t, r, reporttest.Render(t, csvfile.Format, r, reports.Options{}))
	})
}
