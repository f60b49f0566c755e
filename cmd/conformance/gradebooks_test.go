//go:build conformance

package conformance

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
	"github.com/labcheck/labcheck/reports/class/xlsx"
)

// TestConformanceOfGradebooks has every gradebook read by programs that are not ours: the workbook by openpyxl, the
// rest by Python and the importers' rules, written down once more in another language. Each must say of each student
// what the class in JSON says. None of it was run against the platforms themselves.
func TestConformanceOfGradebooks(t *testing.T) {
	top := t.TempDir()
	files := 0
	for name, c := range map[string]*class.Class{
		"usual": classtest.Class(), "hostile": hostile(), "nobody": {Schema: class.Schema},
	} {
		files += write(t, filepath.Join(top, name), c)
	}
	files += writeSample(t, filepath.Join(top, "sample"))
	output, err := exec.CommandContext(t.Context(), "python3", "testdata/gradebooks.py", top).CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Equal(t, files, bytes.Count(output, []byte("accepted ")), "every file was read")
}

// hostile is a class in which every name and every text that a student can choose begins a formula.
func hostile() *class.Class {
	beginnings := []string{
		`=HYPERLINK("http://x","a")`, "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u202e=1+1",
		"_x003D_1+1",
	}
	c := classtest.Class()
	for i := range c.Students {
		p, text := &c.Students[i], beginnings[i%len(beginnings)]
		p.ID.Name, p.ID.SortName, p.ID.Section, p.ID.GitHub, p.ID.Handle = text, text, text, text, text
		p.Worked = beginnings[(i+1)%len(beginnings)]
		for j := range p.Attempts {
			for k := range p.Attempts[j].Steps {
				step := &p.Attempts[j].Steps[k]
				step.Title, step.Line, step.Found, step.Console = text, text, text, text
			}
		}
	}
	for i := range c.Steps {
		c.Steps[i].Title, c.Steps[i].Section = beginnings[i], beginnings[i]
		c.Steps[i].Missed = []class.Missed{{Found: beginnings[i], Count: 1}}
	}
	for i := range c.Flags {
		c.Flags[i].Text = beginnings[i]
	}
	return c
}

// write renders a class in every format, and says how many files there are to be read besides the class in JSON. A
// format that refuses a student or a class writes none.
func write(t *testing.T, folder string, c *class.Class) (files int) {
	t.Helper()
	render := func(path string, f class.Format, c *class.Class) int {
		out, err := classtest.Render(t, f, c, classtest.Options())
		if err != nil {
			t.Logf("%s: %v", path, err)
			return 0
		}
		path = filepath.Join(folder, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, out, 0o600))
		return 1
	}
	render("class.json", gradebook.JSON, c)
	for path, f := range map[string]class.Format{
		"class.xlsx": xlsx.Format, "class.csv": gradebook.CSV, "canvas.csv": gradebook.Canvas, "moodle.csv": gradebook.Moodle,
		"oneroster.zip": gradebook.OneRoster, "brightspace.csv": gradebook.Brightspace,
		"blackboard.xls": gradebook.Blackboard,
	} {
		files += render(path, f, c)
	}
	worksheet, o := asWorksheet(c)
	if out, err := classtest.Render(t, gradebook.MoodleWorksheet, worksheet, o); err == nil {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "worksheet.csv"), out, 0o600))
		files++
	}
	for i := range c.Students {
		alone := *c
		alone.Students = c.Students[i : i+1]
		for _, f := range []class.Format{gradebook.Gradescope, gradebook.Vocareum, gradebook.Classroom50} {
			files += render(fmt.Sprintf("%s/%d%s", f.Name, i, f.Ext), f, &alone)
		}
	}
	return files
}

// asWorksheet is a class whose roster is a grading worksheet of Moodle.
func asWorksheet(c *class.Class) (*class.Class, class.Options) {
	sheet, o := *c, classtest.Options()
	o.Header = []string{
		"Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade",
		"Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments",
	}
	sheet.Students = slices.Clone(c.Students)
	for i := range sheet.Students {
		id := &sheet.Students[i].ID
		id.Row = []string{
			"Participant " + id.CanvasID, id.Name, id.MoodleID, id.Email, "-", "", "20.00", "Yes", "-", "Monday, 9:00 AM", "",
		}
	}
	return &sheet, o
}

// writeSample has the program that instructors run write the files of its sample class, as far as that has the ids.
func writeSample(t *testing.T, folder string) (files int) {
	t.Helper()
	require.NoError(t, os.MkdirAll(folder, 0o700))
	run := exec.CommandContext(t.Context(), build(t), "grade", "--demo", "--report", "json=class.json",
		"--report", "xlsx=class.xlsx", "--report", "csv=class.csv", "--report", "moodle=moodle.csv")
	run.Dir = folder
	output, err := run.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return 3
}
