package gradebook

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// CSV is the file for every other program.
var CSV = class.Format{
	Name:   "csv",
	Help:   "a row for each student: the columns of nbgrader, then ours; or those of --columns",
	Render: neutral,
}

// neutral writes every student. Unlike nbgrader, who got no grade has an empty score, not a zero.
func neutral(w io.Writer, c *class.Class, o class.Options) error {
	if o.Columns != "" {
		return chosenSheet().render(w, c, o)
	}
	columns := neutralColumns(c)
	rows := [][]string{{}}
	for _, column := range columns {
		rows[0] = append(rows[0], column.head)
	}
	for i := range c.Students {
		var row []string
		for _, column := range columns {
			row = append(row, reports.Cell(column.cell(&c.Students[i])))
		}
		rows = append(rows, row)
	}
	return writeCSV(w, rows)
}

// neutralColumns are those of nbgrader export, then ours.
func neutralColumns(c *class.Class) []column {
	due := ""
	if c.Policy.Due != nil {
		due = rfc3339(*c.Policy.Due)
	}
	family := func(p *class.Person) string { name, _, _ := strings.Cut(p.ID.SortName, ", "); return name }
	given := func(p *class.Person) string { _, name, _ := strings.Cut(p.ID.SortName, ", "); return name }
	return []column{
		{"assignment", func(*class.Person) string { return c.Lab.ID }},
		{"duedate", func(*class.Person) string { return due }},
		{"timestamp", handedIn},
		{"student_id", func(p *class.Person) string { return p.Key }},
		{"last_name", family},
		{"first_name", given},
		{"email", func(p *class.Person) string { return p.ID.Email }},
		{"raw_score", func(p *class.Person) string { raw, _ := rawAndPenalty(p); return raw }},
		{"late_submission_penalty", func(p *class.Person) string { _, penalty := rawAndPenalty(p); return penalty }},
		{"score", func(p *class.Person) string {
			if !hasGrade(p) {
				return ""
			}
			return p.Score.String()
		}},
		{"max_score", func(p *class.Person) string { return strconv.Itoa(p.Possible) }},
		{"status", func(p *class.Person) string { return string(p.Status) }},
		{"outcome", func(p *class.Person) string { return string(p.Outcome) }},
		{"percent", func(p *class.Person) string {
			if p.Percent == nil {
				return ""
			}
			return strconv.Itoa(*p.Percent)
		}},
		{"letter", func(p *class.Person) string { return p.Letter }},
		{"attempts", func(p *class.Person) string { return strconv.Itoa(len(p.Attempts)) }},
		{"late_seconds", func(p *class.Person) string { return strconv.Itoa(int(p.Late / time.Second)) }},
		{"in_roster", func(p *class.Person) string { return strconv.FormatBool(p.InRoster) }},
		{"section", func(p *class.Person) string { return p.ID.Section }},
		{"github", func(p *class.Person) string { return p.ID.GitHub }},
		{"worked", func(p *class.Person) string { return p.Worked }},
		{"flags", func(p *class.Person) string {
			var flags []string
			for _, i := range p.Flags {
				flags = append(flags, string(c.Flags[i].Kind))
			}
			return strings.Join(flags, " ")
		}},
	}
}

// handedIn is when the attempt that counts arrived; "" without one.
func handedIn(p *class.Person) string {
	a, ok := p.Attempt()
	if !ok {
		return ""
	}
	return rfc3339(a.When())
}

// rawAndPenalty are the points before anything was taken off, and what was taken off for being late; "" where there is
// no grade, or where somebody decided it.
func rawAndPenalty(p *class.Person) (raw, penalty string) {
	a, ok := p.Attempt()
	if !ok || !hasGrade(p) {
		return "", ""
	}
	if p.Override == nil {
		penalty = (class.Whole(a.Grade.Earned) - *p.Score).String()
	}
	return strconv.Itoa(a.Grade.Earned), penalty
}

// chosenSheet has the columns that somebody chose for an importer that is not known here: so it keeps to the rules that
// no importer breaks. Only students of the roster with a grade have a row.
func chosenSheet() sheet {
	return sheet{platform: "the platform", encode: asCSV, columns: chosenColumns}
}

// chosenColumns reads --columns: HEAD=FIELD, with commas between them; FIELD alone is its own head. A field is a column
// of the csv or of the roster, comment, or score/N for a grade out of N points.
func chosenColumns(g *grades) ([]column, error) {
	choices, err := csv.NewReader(strings.NewReader(g.options.Columns)).Read()
	if err != nil {
		return nil, fmt.Errorf("--columns is no list with commas: %w", err)
	}
	fields := append(neutralColumns(g.class),
		column{"comment", gradeFeedback}, column{"name", func(p *class.Person) string { return p.ID.Name }},
		column{"score", g.score})
	var columns []column
	for _, choice := range choices {
		head, field := strings.TrimSpace(choice), strings.TrimSpace(choice)
		if i := strings.LastIndexByte(choice, '='); i >= 0 {
			head, field = strings.TrimSpace(choice[:i]), strings.TrimSpace(choice[i+1:])
		}
		if most, ok := strings.CutPrefix(field, "score/"); ok {
			points, ok := class.ParsePoints(most)
			if !ok || points == 0 {
				return nil, fmt.Errorf("--columns %s: write score/10 for a grade out of 10 points", reports.Clean(choice))
			}
			g.scale.most, field = points, "score"
		}
		cell, err := fieldOf(g, fields, field)
		if err != nil {
			return nil, err
		}
		columns = append(columns, column{head, cell})
	}
	return columns, nil
}

// fieldOf is what a field of --columns holds. A cell of the roster is copied as it stands.
func fieldOf(g *grades, fields []column, name string) (func(p *class.Person) string, error) {
	var known []string
	for _, f := range slices.Backward(fields) { // the grade out of the points that were asked for is the last one
		if f.head == name {
			return func(p *class.Person) string { return reports.Cell(f.cell(p)) }, nil
		}
		known = append(known, f.head)
	}
	if i := rosterColumn(g.options, name); i >= 0 {
		return func(p *class.Person) string { return rosterCell(p, i) }, nil
	}
	near := nearest.Of(strings.ToLower(name), known)
	if near != "" {
		near = fmt.Sprintf("; did you mean %s?", near)
	}
	return nil, fmt.Errorf("--columns: neither the csv nor the roster has a column %q%s", reports.Clean(name), near)
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// JSON is the class with all that is known of it. A list is never null; what is null is not known or does not apply.
var JSON = class.Format{
	Name:    "json",
	Help:    "the whole class for programs (" + class.Schema + ")",
	Streams: true,
	Render:  renderJSON,
}

// renderJSON writes the students one after the other: of thousands, the whole text is several times as large as they
// are.
func renderJSON(w io.Writer, c *class.Class, _ class.Options) error {
	rest := *c
	rest.Students = nil
	var b bytes.Buffer
	if err := jsonv1.Write(&b, reports.Normal(&rest)); err != nil {
		return err
	}
	const none = `"students": [` // a quote in a text is escaped, so that no text is taken for it
	before, after, _ := bytes.Cut(b.Bytes(), []byte(none))
	if _, err := w.Write(append(before, none...)); err != nil {
		return err
	}
	separator, end := "\n    ", ""
	for i := range c.Students {
		if _, err := io.WriteString(w, separator); err != nil {
			return err
		}
		var student bytes.Buffer
		if err := jsonv1.WriteWithin(&student, reports.Normal(&c.Students[i]), 2); err != nil {
			return err
		}
		if _, err := w.Write(bytes.TrimSuffix(student.Bytes(), []byte("\n"))); err != nil {
			return err
		}
		separator, end = ",\n    ", "\n  "
	}
	_, err := io.WriteString(w, end+string(after))
	return err
}
