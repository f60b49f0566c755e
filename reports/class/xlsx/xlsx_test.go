package xlsx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/xlsx"
)

func sheets(t *testing.T) map[string][][]string {
	t.Helper()
	return sheetsOf(t, classtest.Class())
}

// sheetsOf are the sheets of a workbook by their names, each with the texts of its cells where they stand.
func sheetsOf(t *testing.T, c *class.Class) map[string][][]string {
	t.Helper()
	out, err := classtest.Render(t, xlsx.Format, c, classtest.Options())
	require.NoError(t, err)
	archive := open(t, out)
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	read(t, archive, "xl/workbook.xml", &book)
	named := map[string][][]string{}
	for i, s := range book.Sheets {
		var sheet struct {
			Rows []struct {
				Cells []struct {
					Place  string `xml:"r,attr"`
					Number string `xml:"v"`
					Text   string `xml:"is>t"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		read(t, archive, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), &sheet)
		rows := make([][]string, len(sheet.Rows))
		for j, row := range sheet.Rows {
			for _, cell := range row.Cells {
				letters := regexp.MustCompile(fmt.Sprintf(`^([A-Z])%d$`, j+1)).FindStringSubmatch(cell.Place)
				require.Len(t, letters, 2, cell.Place)
				for len(rows[j]) < int(letters[1][0]-'A') {
					rows[j] = append(rows[j], "")
				}
				rows[j] = append(rows[j], decoded(t, cell.Text)+cell.Number)
			}
		}
		named[s.Name] = rows
	}
	return named
}

func open(t *testing.T, workbook []byte) *zip.Reader {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	require.NoError(t, err)
	return archive
}

func read(t *testing.T, archive *zip.Reader, name string, part any) {
	t.Helper()
	data, err := fs.ReadFile(archive, name)
	require.NoError(t, err)
	require.NoError(t, xml.Unmarshal(data, part), name)
}

// decoded is a text as Excel shows it, which reads _x003D_ as an equals sign.
func decoded(t *testing.T, text string) string {
	t.Helper()
	return regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`).ReplaceAllStringFunc(text, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		require.NoError(t, err)
		return string(rune(n))
	})
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
	archive := open(t, out)
	for _, f := range archive.File {
		data, err := fs.ReadFile(archive, f.Name)
		require.NoError(t, err)
		require.NotContains(t, string(data), "<f>", f.Name)
		require.NotContains(t, string(data), "<f ", f.Name)
		require.NotContains(t, string(data), "<hyperlink", f.Name)
		require.NotContains(t, f.Name, "vba")
	}
	for name, rows := range sheets(t) {
		for _, row := range rows {
			for _, cell := range row {
				require.NotRegexp(t, `^[=+@\t\r\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}-]`, cell, name)
			}
		}
	}
}

// What looks like the code of a character is shown as it was written, and a text too long for a cell is cut.
func TestTextsThatAWorkbookWouldReadOtherwise(t *testing.T) {
	for text, want := range map[string]string{
		"_x003D_1+1": "_x003D_1+1", "_x005F_x003D_1+1": "_x005F_x003D_1+1", "_x003D_x003D_": "_x003D_x003D_",
		"my_xray_x12_": "my_xray_x12_", "=_x003D_": "'=_x003D_", "＝1": "'＝1",
		strings.Repeat("a", 40_000): strings.Repeat("a", 32_756) + " … (cut)",
	} {
		c := classtest.One(classtest.Full)
		c.Students[0].ID.Name = text
		require.Equal(t, want, sheetsOf(t, c)["Grades"][1][0])
	}
}

// A class with more steps than the alphabet has letters.
func TestColumnsAfterZ(t *testing.T) {
	out, err := classtest.Render(t, xlsx.Format, classtest.Many(1, 701), classtest.Options())
	require.NoError(t, err)
	steps, err := fs.ReadFile(open(t, out), "xl/worksheets/sheet2.xml")
	require.NoError(t, err)
	for place, step := range map[string]string{"Z1": "step-23", "AA1": "step-24", "ZZ1": "step-699", "AAA1": "step-700"} {
		require.Contains(t, string(steps), `<c r="`+place+`" s="1" t="inlineStr"><is><t>`+step+`</t></is></c>`)
	}
}

// Every sheet filters by its header, prints on pages of the same width with its header on each, and shows a verdict by
// a colour, too. What is not known is an empty cell.
func TestLook(t *testing.T) {
	c := classtest.Class()
	c.Demo = true // a notice below the students, which no filter takes for one
	out, err := classtest.Render(t, xlsx.Format, c, classtest.Options())
	require.NoError(t, err)
	archive := open(t, out)
	var book struct {
		Names []struct {
			Name string `xml:"name,attr"`
			Text string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	read(t, archive, "xl/workbook.xml", &book)
	require.Equal(t, "Grades!$A$1:$N$10", book.Names[0].Text)
	require.Equal(t, "Grades!$A:$A,Grades!$1:$1", book.Names[1].Text)
	for i, filter := range []string{"A1:N10", "A1:E10", "A1:L4"} {
		var sheet struct {
			Filter struct {
				Ref string `xml:"ref,attr"`
			} `xml:"autoFilter"`
			Setup struct {
				Orientation string `xml:"orientation,attr"`
				FitToWidth  int    `xml:"fitToWidth,attr"`
			} `xml:"pageSetup"`
			Rows []struct {
				Cells []struct {
					Style int    `xml:"s,attr"`
					Text  string `xml:"is>t"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		read(t, archive, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), &sheet)
		require.Equal(t, filter, sheet.Filter.Ref)
		require.Equal(t, "landscape", sheet.Setup.Orientation)
		require.Equal(t, 1, sheet.Setup.FitToWidth)
		styles := map[string]int{}
		for _, row := range sheet.Rows[1:] {
			for _, cell := range row.Cells {
				require.False(t, strings.HasPrefix(cell.Text, "'-"), cell.Text)
				styles[cell.Text] = cell.Style
			}
		}
		if i == 1 {
			require.NotEqual(t, styles["pass"], styles["fail"])
			require.NotZero(t, styles["unknown"])
		}
	}
}

// A text that takes several lines has room for them in every spreadsheet: not each of them makes it by itself.
func TestLongTextsHaveRoom(t *testing.T) {
	c := classtest.Class()
	c.Steps[0].Missed = []class.Missed{{Found: strings.Repeat("nothing of it is there, ", 10), Count: 1}}
	out, err := classtest.Render(t, xlsx.Format, c, classtest.Options())
	require.NoError(t, err)
	var sheet struct {
		Rows []struct {
			Height string `xml:"ht,attr"`
		} `xml:"sheetData>row"`
	}
	read(t, open(t, out), "xl/worksheets/sheet3.xml", &sheet)
	require.Equal(t, "75", sheet.Rows[1].Height, "252 characters in a column of 60")
}
