package xlsx_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	lib "github.com/tealeg/xlsx/v3"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/xlsx"
)

func sheets(t *testing.T) map[string][][]string {
	t.Helper()
	return sheetsOf(t, classtest.Class())
}

func sheetsOf(t *testing.T, c *class.Class) map[string][][]string {
	t.Helper()
	out, err := classtest.Render(t, xlsx.Format, c, classtest.Options())
	require.NoError(t, err)
	book, err := lib.OpenBinary(out)
	require.NoError(t, err)
	all, err := book.ToSlice()
	require.NoError(t, err)
	named := map[string][][]string{}
	for i, s := range book.Sheets {
		named[s.Name] = all[i]
	}
	return named
}

func TestSheets(t *testing.T) {
	book := sheets(t)
	require.Len(t, book, 3)
	require.Len(t, book["Grades"], 10, "everybody has a row")
	points := map[string]string{}
	for _, row := range book["Grades"][1:] {
		points[row[1]] = row[5]
	}
	require.Equal(t, map[string]string{
		"1001": "100", "1002": "67.5", "1003": "", "1004": "", "1005": "", "1006": "", "1007": "60", "ghost": "80",
		"1009": "40",
	}, points)
	require.Equal(t, []string{"Student", "Key", "iam-root-mfa", "ecr-scan-on-push", "logs-retention"}, book["Steps"][0])
	require.Equal(t, []string{"Jane Doe", "1002", "pass", "pass", "partial"}, book["Steps"][2])
	require.Len(t, book["Items"], 4)
	require.Equal(t, "2 of 4: retention never expires", book["Items"][3][11])
}

// A class of made-up students says so below them.
func TestDemoIsSaid(t *testing.T) {
	c := classtest.Class()
	c.Demo = true
	rows := sheetsOf(t, c)["Grades"]
	require.Len(t, rows, 11)
	require.Contains(t, rows[10][0], "made up")
}

// Nothing in the workbook is a formula, a link or a macro, and no text would become one when it is saved as CSV.
func TestNoFormulas(t *testing.T) {
	out, err := classtest.Render(t, xlsx.Format, classtest.Class(), classtest.Options())
	require.NoError(t, err)
	z, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	require.NoError(t, err)
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NotContains(t, string(text), "<f>", f.Name)
		require.NotContains(t, string(text), "<f ", f.Name)
		require.NotContains(t, string(text), "<hyperlink", f.Name)
		require.NotContains(t, f.Name, "vba")
	}
	for name, rows := range sheets(t) {
		for _, row := range rows {
			for _, cell := range row {
				require.False(t, cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])), "%s: %q", name, cell)
			}
		}
	}
}
