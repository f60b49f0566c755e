package gradebook

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// CSV is the file for every other program.
var CSV = class.Format{
	Name:   "csv",
	Help:   "a row for each student: the columns of nbgrader, then ours",
	Render: neutral,
}

// columns are those of nbgrader export, then ours.
var columns = []string{
	"assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
	"late_submission_penalty", "score", "max_score",
	"status", "outcome", "percent", "letter", "attempts", "late_seconds", "in_roster", "section", "github", "worked",
	"flags",
}

// neutral writes every student. Unlike nbgrader, who got no grade has an empty score, not a zero.
func neutral(w io.Writer, c *class.Class, _ class.Options) error {
	rows := [][]string{columns}
	for i := range c.Students {
		rows = append(rows, neutralRow(c, &c.Students[i]))
	}
	return writeCSV(w, rows)
}

func neutralRow(c *class.Class, p *class.Person) []string {
	family, given, _ := strings.Cut(p.ID.SortName, ", ")
	var handedIn, raw, penalty, score, percent string
	if a, ok := p.Attempt(); ok {
		handedIn = rfc3339(a.Finished)
		if a.Submitted != nil {
			handedIn = rfc3339(*a.Submitted)
		}
	}
	if a, ok := p.Attempt(); ok && hasGrade(p) {
		raw = strconv.Itoa(a.Grade.Earned)
		if p.Override == nil {
			penalty = (class.Whole(a.Grade.Earned) - *p.Score).String()
		}
	}
	if hasGrade(p) {
		score = p.Score.String()
	}
	if p.Percent != nil {
		percent = strconv.Itoa(*p.Percent)
	}
	due := ""
	if c.Policy.Due != nil {
		due = rfc3339(*c.Policy.Due)
	}
	var flags []string
	for _, i := range p.Flags {
		flags = append(flags, string(c.Flags[i].Kind))
	}
	row := []string{
		c.Lab.ID, due, handedIn, p.Key, family, given, p.ID.Email, raw, penalty, score, strconv.Itoa(p.Possible),
		string(p.Status), string(p.Outcome), percent, p.Letter, strconv.Itoa(len(p.Attempts)),
		strconv.Itoa(int(p.Late / time.Second)), strconv.FormatBool(p.InRoster), p.ID.Section, p.ID.GitHub, p.Worked,
		strings.Join(flags, " "),
	}
	for i := range row {
		row[i] = reports.Cell(row[i])
	}
	return row
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// JSON is the class with all that is known of it. A list is never null; what is null is not known or does not apply.
var JSON = class.Format{
	Name: "json",
	Help: "the whole class for programs (" + class.Schema + ")",
	Render: func(w io.Writer, c *class.Class, _ class.Options) error {
		return jsonv1.Write(w, reports.Normal(c))
	},
}
