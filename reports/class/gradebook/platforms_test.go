package gradebook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
	"github.com/labcheck/labcheck/reports/class/roster"
)

// exported is the usual class with a roster that another platform exported: its header, and the row of each student.
func exported(header []string, row func(p *class.Person) []string) (*class.Class, class.Options) {
	c, o := classtest.Class(), classtest.Options()
	o.Header, o.Assignment = header, "Lab 1.2"
	for i := range c.Students {
		if c.Students[i].InRoster {
			c.Students[i].ID.Row = row(&c.Students[i])
		}
	}
	return c, o
}

// noted renders a class, and gathers what is said of it.
func noted(t *testing.T, f class.Format, c *class.Class, o class.Options) (out []byte, notes string) {
	t.Helper()
	var said []string
	o.Note = func(text string) { said = append(said, text) }
	out, err := classtest.Render(t, f, c, o)
	require.NoError(t, err)
	return out, strings.Join(said[:len(said)/2], "\n") // it is rendered twice
}

const excusedElsewhere = "cannot be told by a file who is excused: excuse them there: Lu Mora (1006)"

// brightspaceImport reads a file as D2L documents it: the grades by OrgDefinedId.
func brightspaceImport(t *testing.T, data []byte) (title string, grades map[string]string) {
	t.Helper()
	rows := records(t, data)
	header := rows[0]
	require.Equal(t, []string{"OrgDefinedId", "Username"}, header[:2])
	require.Len(t, header, 4, "nothing but the keys, the points and the end")
	require.Equal(t, "End-of-Line Indicator", header[3])
	title, ok := strings.CutSuffix(header[2], " Points Grade")
	require.True(t, ok)
	grades = map[string]string{}
	for _, row := range rows[1:] {
		require.Equal(t, "#", row[3])
		require.Regexp(t, `^\d+(\.\d{1,2})?$`, row[2])
		require.NotContains(t, grades, row[0])
		grades[row[0]] = row[2]
	}
	return title, grades
}

func TestBrightspace(t *testing.T) {
	c, o := exported(
		[]string{
			"OrgDefinedId", "Username", "Last Name", "Lab 1.1 Points Grade <Numeric MaxPoints:5>",
			"Lab 1.2 Points Grade <Numeric MaxPoints:10 Weight:5 Category:Labs CategoryWeight:20>", "End-of-Line Indicator",
		},
		func(p *class.Person) []string {
			return []string{"#000" + p.ID.CanvasID, "#u" + p.ID.CanvasID, "x", "", "", "#"}
		})
	out, notes := noted(t, gradebook.Brightspace, c, o)
	title, grades := brightspaceImport(t, out)
	require.Equal(t, "Lab 1.2", title)
	require.Equal(t, map[string]string{"#0001001": "10", "#0001002": "6.75", "#0001007": "7.5", "#0001009": "4"}, grades)
	require.Contains(t, notes, "Brightspace "+excusedElsewhere)

	o.Assignment = "Lab 1.3"
	out, notes = noted(t, gradebook.Brightspace, c, o)
	title, _ = brightspaceImport(t, out)
	require.Equal(t, "Lab 1.3", title)
	require.Contains(t, notes, `the roster has no column "Lab 1.3": Brightspace would make a new one, out of 100 points; `+
		`did you mean "Lab 1.`)

	c, o = classtest.Class(), classtest.Options()
	out, notes = noted(t, gradebook.Brightspace, c, o)
	_, grades = brightspaceImport(t, out)
	require.Equal(t, map[string]string{"S-1001": "100", "S-1002": "67.5", "S-1007": "75", "S-1009": "40"}, grades)
	require.Contains(t, notes, "the roster is no gradebook that Brightspace exported")
	for i := range c.Students {
		c.Students[i].ID.SISID, c.Students[i].ID.SISLogin = "", ""
	}
	require.Contains(t, refusal(t, gradebook.Brightspace, c, o), "Brightspace finds students by OrgDefinedId or Username")
}

func decoded(t *testing.T, data []byte) string {
	t.Helper()
	require.Equal(t, "\xff\xfe", string(data[:2]), "UTF-16 with its mark")
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	require.NoError(t, err)
	return string(text)
}

func TestBlackboard(t *testing.T) {
	c, o := exported(
		[]string{
			"Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability",
			"Lab 1.1 [Total Pts: 5 Score] |534282", "Lab 1.2 [Total Pts: 10 Score] |534283",
			"Overall Grade [Total Pts: up to 55 Letter] |1281890",
		},
		func(p *class.Person) []string {
			last, first, _ := strings.Cut(p.ID.SortName, ", ")
			return []string{last, first, "c" + p.ID.CanvasID, "0" + p.ID.CanvasID, "", "Yes", "", "", ""}
		})
	for _, name := range []string{"Lab 1.2", "Renamed |534283", "Lab 1.2 [Total Pts: 10 Score] |534283"} {
		o.Assignment = name
		out, notes := noted(t, gradebook.Blackboard, c, o)
		text := decoded(t, out)
		require.True(t, strings.HasPrefix(text,
			`"Last Name"`+"\t"+`"First Name"`+"\t"+`"Username"`+"\t"+`"Lab 1.2 [Total Pts: 10 Score] |534283"`+"\r\n"), text)
		require.Contains(t, text, `"Doe"`+"\t"+`"Jane"`+"\t"+`"c1002"`+"\t"+`"6.75"`+"\r\n")
		require.Equal(t, 5, strings.Count(text, "\r\n"), "only those with a grade: an empty cell takes one away")
		require.Contains(t, notes, "Blackboard "+excusedElsewhere)

		back, err := roster.Read(out)
		require.NoError(t, err, "it is a roster, too")
		require.Len(t, back.Students, 4)
		require.Equal(t, "c1001", back.Students[0].SISLogin)
	}
	o.Assignment = "Overall Grade"
	_, notes := noted(t, gradebook.Blackboard, c, o)
	require.Contains(t, notes, "Blackboard would make a new one, with points of its own choice", "it is computed there")
	o.Assignment = "Lab |9"
	require.Contains(t, refusal(t, gradebook.Blackboard, c, o), "no column of the roster has the assignment id 9")
}

func TestMoodleWorksheet(t *testing.T) {
	english := []string{
		"Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade",
		"Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments",
	}
	german := []string{
		"ID", "Vollständiger Name", "ID-Nummer", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung",
		"Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)",
		"Feedback als Kommentar",
	}
	for _, language := range []struct {
		header           []string
		word, most, want string
	}{
		{english, "Participant ", "10.00", "6.75"}, {german, "Teilnehmer/in", "10,00", "6,75"},
	} {
		c, o := exported(language.header, func(p *class.Person) []string {
			return []string{
				language.word + p.ID.CanvasID, p.ID.Name, "M", p.ID.Email, "Submitted", "1.00", language.most,
				map[bool]string{true: "No", false: "Yes"}[p.ID.CanvasID == "1002"], "-",
				"Monday, 23 November 2026, 9:00 AM", "",
			}
		})
		c.Students[classtest.Late].Worked += " <b>"
		out, notes := noted(t, gradebook.MoodleWorksheet, c, o)
		rows := records(t, out)
		require.Equal(t, language.header, rows[0], "every column is there, in the words of the platform")
		require.Len(t, rows, 5)
		i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == language.word+"1002" })
		late := rows[i]
		require.Equal(t, language.want, late[5])
		require.Equal(t, "Monday, 23 November 2026, 9:00 AM", late[9], "or it would count as graded since")
		require.Contains(t, late[10], "not passed: 80% is needed")
		require.Contains(t, late[10], "&lt;b&gt;", "Moodle shows it as HTML")
		require.Contains(t, notes, "Moodle "+excusedElsewhere)
		require.Equal(t, language.word == "Participant ", strings.Contains(notes, "the grade cannot be changed"), notes)

		back, err := roster.Read(out)
		require.NoError(t, err, "it is a roster, too")
		require.Len(t, back.Students, 4)
	}
	require.Contains(t, refusal(t, gradebook.MoodleWorksheet, classtest.Class(), classtest.Options()),
		"the roster is no grading worksheet")
}

func TestVocareum(t *testing.T) {
	o := classtest.Options()
	o.Assignment = ""
	out, err := classtest.Render(t, gradebook.Vocareum, classtest.One(classtest.Full), o)
	require.NoError(t, err)
	sum := 0
	for line := range strings.Lines(string(out)) {
		criterion, points, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ",")
		require.True(t, ok)
		require.NotEmpty(t, criterion)
		var n int
		_, err := fmt.Sscanf(points, "%d", &n)
		require.NoError(t, err)
		sum += n
	}
	require.Equal(t, 100, sum)
	require.Contains(t, refusal(t, gradebook.Vocareum, classtest.One(classtest.Late), o), "not the sum of the steps")
	o.Assignment = "Lab"
	out, err = classtest.Render(t, gradebook.Vocareum, classtest.One(classtest.Late), o)
	require.NoError(t, err)
	require.Equal(t, "Lab,67.5\n", string(out))
	o.Assignment = "Lab, late"
	require.Contains(t, refusal(t, gradebook.Vocareum, classtest.One(classtest.Late), o), "no comma")
	for _, i := range []int{classtest.Open, classtest.Absent, classtest.NotCounted, classtest.Excused} {
		require.Contains(t, refusal(t, gradebook.Vocareum, classtest.One(i), classtest.Options()), "takes points only")
	}
}

// An importer that is not known here is told the columns that it wants.
func TestChosenColumns(t *testing.T) {
	c, o := classtest.Class(), classtest.Options()
	o.Columns = `SIS Login ID,"Lab, 1.2=score/10",email,Remarks=comment`
	out, notes := noted(t, gradebook.CSV, c, o)
	rows := records(t, out)
	require.Equal(t, []string{"SIS Login ID", "Lab, 1.2", "email", "Remarks"}, rows[0])
	require.Len(t, rows, 5, "only students of the roster with a grade")
	require.Equal(t, []string{"u1001", "10", "1001@example.com", "Points: 100; passed."}, rows[1])
	require.Contains(t, notes, "excuse them there: Lu Mora (1006)")
	for columns, want := range map[string]string{
		"emial": `neither the csv nor the roster has a column "emial"; did you mean email?`, "a=score/x": "write score/10",
		`"a`: "no list with commas",
	} {
		o.Columns = columns
		require.Contains(t, refusal(t, gradebook.CSV, c, o), want)
	}
}

// Canvas writes the two parts of a name where an account wants it so.
func TestCanvasWithTwoNames(t *testing.T) {
	c, o := exported([]string{"LastName", "FirstName", "ID", "SIS Login ID", "Section", "Lab 1.2 (7)"},
		func(p *class.Person) []string { return []string{"L", "F", p.ID.CanvasID, "u", "S", ""} })
	o.Possible = []string{"    Points Possible", "", "", "", "", "10"}
	out, notes := noted(t, gradebook.Canvas, c, o)
	rows := records(t, out)
	require.Equal(t, []string{"LastName", "FirstName", "ID", "SIS Login ID", "Section", "Lab 1.2 (7)"}, rows[0])
	require.Equal(t, []string{"L", "F", "1001", "u", "S", "10"}, rows[1])
	require.Empty(t, notes)
}
