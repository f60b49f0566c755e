package gradebook_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
)

// What follows reads the files as the importers do, by rules of their own code or specification. None of it was run
// against the platforms themselves.

func records(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err, "RFC 4180, every row as wide as the first")
	return rows
}

func rendered(t *testing.T, f class.Format, c *class.Class) []byte {
	t.Helper()
	out, err := classtest.Render(t, f, c, classtest.Options())
	require.NoError(t, err)
	return out
}

func refusal(t *testing.T, f class.Format, c *class.Class, o class.Options) string {
	t.Helper()
	_, err := classtest.Render(t, f, c, o)
	require.Error(t, err)
	return err.Error()
}

var (
	canvasTitle  = regexp.MustCompile(`\A(.*)\s\((\d+)\)\z`)
	canvasNumber = regexp.MustCompile(`^-?[0-9.,]+%?$`)
)

// canvasImport is Canvas's importer: scores by ID.
func canvasImport(t *testing.T, data []byte) (assignment string, scores map[string]string) {
	t.Helper()
	rows := records(t, data)
	header := rows[0]
	require.GreaterOrEqual(t, len(header), 4)
	require.Contains(t, header[0], "Student")
	require.Contains(t, header[1], "ID")
	last := 0
	for i, h := range header[2:] {
		if strings.Contains(h, "Section") {
			last = i + 2
		}
	}
	require.NotZero(t, last, "the identity block ends with Section")
	require.Len(t, header, last+2, "one assignment")
	match := canvasTitle.FindStringSubmatch(header[last+1])
	require.NotNil(t, match, "the id of the assignment decides")
	scores = map[string]string{}
	for _, row := range rows[1:] {
		require.NotContains(t, scores, row[1])
		cell := row[last+1]
		if cell != "EX" {
			require.Regexp(t, canvasNumber, cell)
		}
		scores[row[1]] = cell
	}
	return match[2], scores
}

func TestCanvas(t *testing.T) {
	assignment, scores := canvasImport(t, rendered(t, gradebook.Canvas, classtest.Class()))
	require.Equal(t, "123456", assignment)
	require.Equal(t, map[string]string{
		"1001": "100", "1002": "67.5", "1006": "EX", "1007": "75", "1009": "40",
	}, scores, "nobody without a grade, nobody whom the roster lacks; 60 of 80 points are 75 of 100")
}

func TestCanvasCopiesTheExport(t *testing.T) {
	c := classtest.One(classtest.Full)
	c.Students[0].ID.Row = []string{"=Berg; Ann", "1001", "Sec 1 and Sec 2", "3"}
	o := classtest.Options()
	o.Header = []string{"Student", "ID", "Section", "Module 1.1 Lab (99)", classtest.Assignment}
	out, err := classtest.Render(t, gradebook.Canvas, c, o)
	require.NoError(t, err)
	require.Equal(t, "Student,ID,Section,Module 1.2 Lab (123456)\n=Berg; Ann,1001,Sec 1 and Sec 2,100\n", string(out))
}

func TestCanvasWithAnotherRoster(t *testing.T) {
	o := classtest.Options()
	o.Header = []string{"name", "github"}
	out, err := classtest.Render(t, gradebook.Canvas, classtest.One(classtest.Late), o)
	require.NoError(t, err)
	_, scores := canvasImport(t, out)
	require.Equal(t, map[string]string{"1002": "67.5"}, scores)
}

func TestCanvasRefuses(t *testing.T) {
	for _, word := range []string{"Final Score", "current points", "Override Status"} {
		o := classtest.Options()
		o.Assignment = "Lab " + word + " (1)"
		require.Contains(t, refusal(t, gradebook.Canvas, classtest.Class(), o), "choose another --assignment")
	}
	twins := classtest.Class()
	twins.Students[classtest.Late].ID.Row[1] = "1001"
	require.Contains(t, refusal(t, gradebook.Canvas, twins, classtest.Options()), "the same Canvas ID")
	nobody := classtest.One(classtest.Stranger)
	require.Contains(t, refusal(t, gradebook.Canvas, nobody, classtest.Options()), "--roster")
	nameless := classtest.Class()
	nameless.Students[classtest.Full].ID.Row = []string{"Berg, Ann"}
	require.Contains(t, refusal(t, gradebook.Canvas, nameless, classtest.Options()), "Ann Berg (1001)")
	dotted := classtest.Class()
	dotted.Students[classtest.Full].ID.Row = []string{"Berg, Ann", "", "2024.001.7", "", "Sec 1"}
	require.Contains(t, refusal(t, gradebook.Canvas, dotted, classtest.Options()), "2024.001.7")
}

func TestMoodle(t *testing.T) {
	rows := records(t, rendered(t, gradebook.Moodle, classtest.Class()))
	require.Equal(t, []string{
		"ID number", "Email address", "Module 1.2 Lab (123456)", "Module 1.2 Lab (123456) (feedback)",
	}, rows[0])
	require.Len(t, rows, 5, "only those with a grade whom the roster has")
	for _, row := range rows[1:] {
		grade, err := strconv.ParseFloat(row[2], 64)
		require.NoError(t, err, "a grade that is no number stops the import")
		require.LessOrEqual(t, grade, 100.0, "so does one over 100")
		require.NotEmpty(t, row[3], "feedback without a grade loses the grade, and a grade comes with feedback")
		require.NotContains(t, row[3], "\n")
		require.NotEmpty(t, row[0])
	}
}

func TestMoodleNeedsOneCompleteColumn(t *testing.T) {
	c := classtest.Class()
	c.Students[classtest.Full].ID.MoodleID = ""
	rendered(t, gradebook.Moodle, c)
	c.Students[classtest.Late].ID.Email = ""
	require.Contains(t, refusal(t, gradebook.Moodle, c, classtest.Options()), "Ann Berg (1001)")
	twins := classtest.Class()
	twins.Students[classtest.Late].ID.MoodleID = "M1001"
	require.Contains(t, refusal(t, gradebook.Moodle, twins, classtest.Options()), "the same ID number")
}

// Every file with one maximum refuses a grade that an instructor mistyped.
func TestGradeOverTheMaximum(t *testing.T) {
	for _, wrong := range []class.Points{-1, 10001} {
		c := classtest.One(classtest.Full)
		c.Students[0].Score = &wrong
		for _, f := range []class.Format{
			gradebook.Canvas, gradebook.Moodle, gradebook.Gradescope, gradebook.Vocareum, gradebook.Classroom50,
			gradebook.OneRoster, gradebook.Brightspace, gradebook.Blackboard,
		} {
			require.Contains(t, refusal(t, f, c, classtest.Options()), "correct the override", f.Name)
		}
	}
}

func TestGradescope(t *testing.T) {
	for i, want := range map[int]any{
		classtest.Full: 100.0, classtest.Late: 67.5, classtest.Overridden: 75.0, classtest.Stranger: 80.0,
		classtest.Open: nil, classtest.Absent: nil, classtest.NotCounted: nil, classtest.Excused: nil,
	} {
		var results map[string]any
		require.NoError(t, json.Unmarshal(rendered(t, gradebook.Gradescope, classtest.One(i)), &results))
		require.Equal(t, want, results["score"])
		for _, each := range results["tests"].([]any) {
			test := each.(map[string]any)
			require.Contains(t, []any{"passed", "failed"}, test["status"])
			if want == nil {
				require.NotContains(t, test, "score", "Gradescope would add up the scores of the tests")
				continue
			}
			score, most := test["score"].(float64), test["max_score"].(float64)
			require.LessOrEqual(t, score, most)
			require.Equal(t, score == most, test["status"] == "passed")
		}
		require.NotEmpty(t, results["output"])
	}
}

func TestGradescopeSaysWhyAFileWasRefused(t *testing.T) {
	c := classtest.Class()
	c.Students = nil
	require.Contains(t, string(rendered(t, gradebook.Gradescope, c)), "the points do not add up")
}

// Rounding up must not make a full score of 99.6.
func TestWholePointsAreFullOnlyWhenTheyAre(t *testing.T) {
	almost := class.Points(9960)
	c := classtest.One(classtest.Full)
	c.Students[0].Score = &almost
	var result struct {
		Score int `json:"score"`
	}
	require.NoError(t, json.Unmarshal(rendered(t, gradebook.Classroom50, c), &result))
	require.Equal(t, 99, result.Score)
}

// classroom50Collect is the strict check of Classroom 50's collector.
func classroom50Collect(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var r map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	require.NoError(t, d.Decode(&r))
	require.Equal(t, "classroom50/result/v1", r["schema"])
	require.Contains(t, []any{"individual", "group"}, r["assignment_type"])
	require.True(t, strings.HasPrefix(r["submission"].(string), "submit/"))
	for _, name := range []string{"classroom", "assignment", "commit", "release", "review", "datetime"} {
		require.NotEmpty(t, r[name], name)
	}
	within := func(m map[string]any) {
		score, err := m["score"].(json.Number).Int64()
		require.NoError(t, err, "a whole number")
		most, err := m["max-score"].(json.Number).Int64()
		require.NoError(t, err, "a whole number")
		require.True(t, 0 <= score && score <= most)
	}
	within(r)
	for _, test := range r["tests"].([]any) {
		test := test.(map[string]any)
		within(test)
		require.IsType(t, true, test["passed"])
		require.NotEmpty(t, test["test-name"])
	}
	return r
}

func TestClassroom50(t *testing.T) {
	for i, want := range map[int]json.Number{
		classtest.Full: "100", classtest.Late: "68", classtest.Overridden: "75", classtest.Stranger: "80",
	} {
		require.Equal(t, want, classroom50Collect(t, rendered(t, gradebook.Classroom50, classtest.One(i)))["score"])
	}
	for _, i := range []int{classtest.Open, classtest.Absent, classtest.NotCounted, classtest.Excused} {
		require.Contains(t, refusal(t, gradebook.Classroom50, classtest.One(i), classtest.Options()),
			"Classroom 50 takes nothing else")
	}
}

func TestClassroom50NeedsItsRunner(t *testing.T) {
	o := classtest.Options()
	delete(o.Platform, "COMMIT_URL")
	require.Contains(t, refusal(t, gradebook.Classroom50, classtest.One(classtest.Full), o), "COMMIT_URL")
	o = classtest.Options()
	o.Platform["SUBMISSION_TAG"] = "v1"
	require.Contains(t, refusal(t, gradebook.Classroom50, classtest.One(classtest.Full), o), "submit/")
}

// parts are the files of an archive.
func parts(t *testing.T, data []byte) map[string][][]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	files := map[string][][]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NotContains(t, string(text), "\r")
		files[f.Name] = records(t, text)
	}
	return files
}

func TestOneRoster(t *testing.T) {
	files := parts(t, rendered(t, gradebook.OneRoster, classtest.Class()))
	require.Len(t, files, 2)
	manifest := map[string]string{}
	for _, row := range files["manifest.csv"] {
		manifest[row[0]] = row[1]
	}
	require.Equal(t, "1.2", manifest["oneroster.version"])
	for name, mode := range manifest {
		if file, ok := strings.CutPrefix(name, "file."); ok {
			_, there := files[file+".csv"]
			require.Equal(t, there, mode == "delta", "%s: bulk would delete the other grades", name)
			require.Contains(t, []string{"absent", "delta"}, mode)
		}
	}
	rows := files["results.csv"]
	require.Equal(t,
		"sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,"+
			"textScore,classSourcedId,inProgress,incomplete,late,missing", strings.Join(rows[0], ","))
	got := map[string]string{}
	for _, row := range rows[1:] {
		for _, id := range []string{row[0], row[3], row[4]} {
			require.Regexp(t, `^[0-9A-Za-z._/@-]{1,255}$`, id)
		}
		require.Equal(t, "active", row[1], "a delta says so")
		require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`, row[2])
		require.Regexp(t, `^\d{4}-\d\d-\d\d$`, row[7])
		for _, flag := range row[11:] {
			require.Contains(t, []string{"true", "false"}, flag)
		}
		got[row[4]] = row[5] + " " + row[6]
	}
	require.Equal(t, map[string]string{
		"S-1001": "fully graded 100", "S-1002": "fully graded 67.5", "S-1003": "partially graded ",
		"S-1004": "not submitted ",
		"S-1005": "submitted ", "S-1006": "exempt ", "S-1007": "fully graded 75", "S-1009": "fully graded 40",
	}, got)
}

func TestOneRosterRefuses(t *testing.T) {
	o := classtest.Options()
	o.Assignment = "Module 1.2 Lab"
	require.Contains(t, refusal(t, gradebook.OneRoster, classtest.Class(), o), "sourcedId")
	c := classtest.Class()
	for i := range c.Students {
		c.Students[i].ID.SISID = "S 1"
	}
	require.Contains(t, refusal(t, gradebook.OneRoster, c, classtest.Options()), "Ann Berg (1001)")
}

// Canvas exports a test student whom no school knows.
func TestOneRosterLeavesOutWhoHasNoID(t *testing.T) {
	c, o, said := classtest.Class(), classtest.Options(), ""
	c.Students[classtest.Full].ID.SISID = ""
	o.Note = func(text string) { said = text }
	out, err := classtest.Render(t, gradebook.OneRoster, c, o)
	require.NoError(t, err)
	require.NotEmpty(t, out)
	require.Equal(t, "left out, for the roster gives no SIS id that OneRoster takes: Ann Berg (1001)", said)
}

// What nbgrader's readers know comes first, and no cell of ours begins a formula.
func TestNeutral(t *testing.T) {
	rows := records(t, rendered(t, gradebook.CSV, classtest.Class()))
	require.Equal(t,
		"assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,"+
			"max_score", strings.Join(rows[0][:11], ","))
	require.Len(t, rows, 10, "everybody has a row")
	for _, row := range rows {
		for _, cell := range row {
			require.False(t, reports.BeginsFormula(cell), cell)
		}
		if row[11] != "graded" && row[11] != "status" {
			require.Empty(t, row[9], "who has no grade has no number")
		}
	}
}

// What people choose is no formula in a file that a platform gets either: an instructor opens it first. Only the cells
// of an export of Canvas stay as they are.
func TestNoFormulaForAPlatform(t *testing.T) {
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		c := classtest.One(classtest.Full)
		c.Lab.Title = sign + "lab"
		p := &c.Students[0]
		p.ID.Name, p.ID.SortName, p.ID.Section, p.Worked = sign+"name", sign+"sort", sign+"section", sign+"worked"
		for _, f := range []class.Format{gradebook.CSV, gradebook.Canvas, gradebook.Moodle} {
			for _, row := range records(t, rendered(t, f, c)) {
				for _, cell := range row {
					require.False(t, reports.BeginsFormula(cell), "%s: %s", f.Name, cell)
				}
			}
		}
	}
}

func TestEachIsAboutOneStudent(t *testing.T) {
	for _, f := range []class.Format{gradebook.Gradescope, gradebook.Vocareum, gradebook.Classroom50} {
		require.True(t, f.Each)
		require.Contains(t, refusal(t, f, classtest.Class(), classtest.Options()), "about one student")
	}
}

func TestGolden(t *testing.T) {
	classtest.Run(t, gradebook.CSV, ".csv")
	classtest.Run(t, gradebook.Canvas, ".csv")
	classtest.Run(t, gradebook.Moodle, ".csv")
	classtest.Run(t, gradebook.Gradescope, ".json")
	classtest.Run(t, gradebook.Vocareum, ".csv")
	classtest.Run(t, gradebook.Classroom50, ".json")
	classtest.Run(t, gradebook.JSON, ".json")
	classtest.Run(t, gradebook.Markdown, ".md")
}

func TestJSONReadsBack(t *testing.T) {
	var back class.Class
	require.NoError(t, json.Unmarshal(rendered(t, gradebook.JSON, classtest.Class()), &back))
	want := classtest.Class()
	require.Equal(t, want.Summary, back.Summary)
	require.Equal(t, want.Students[classtest.Malicious].ID.Name, back.Students[classtest.Malicious].ID.Name)
}

// Whatever the schema calls a list or an object is one, also where there is nothing in it: a program may go through it
// without asking first.
func TestJSONHasNoNullLists(t *testing.T) {
	bare := &class.Class{
		Steps:    []class.Step{{}},
		Students: []class.Person{{Attempts: []class.Attempt{{Steps: []class.Row{{}}}}}},
		Flags:    []class.Flag{{}},
		Regrade:  &class.Regrade{Changes: []class.Change{{}}},
	}
	for _, c := range []*class.Class{classtest.Class(), {}, bare} {
		var out any
		require.NoError(t, json.Unmarshal(rendered(t, gradebook.JSON, c), &out))
		requireLists(t, reflect.TypeFor[class.Class](), out, "")
	}
}

// requireLists goes through the output as the type shapes it.
func requireLists(t *testing.T, shape reflect.Type, out any, at string) {
	t.Helper()
	switch shape.Kind() {
	case reflect.Pointer:
		if out != nil {
			requireLists(t, shape.Elem(), out, at)
		}
	case reflect.Map:
		require.NotNil(t, out, at)
	case reflect.Slice:
		require.NotNil(t, out, at)
		for _, element := range out.([]any) {
			requireLists(t, shape.Elem(), element, at+"[]")
		}
	case reflect.Struct:
		fields, ok := out.(map[string]any)
		for i := 0; ok && i < shape.NumField(); i++ { // a time is a text
			if !shape.Field(i).IsExported() {
				continue
			}
			name, options, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
			if value, written := fields[name]; written {
				requireLists(t, shape.Field(i).Type, value, at+"."+name)
			} else if name != "-" {
				require.NotEmpty(t, options, "%s.%s is missing", at, name)
			}
		}
	default:
	}
}
