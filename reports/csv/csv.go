// Package csvfile writes reports as a table for spreadsheets: RFC 4180, one row for each step, and in every row what it
// belongs to, so that the files of many runs can be put below each other.
//
// The columns, in this order:
//
//	lab, target, account, region, source, started   what was graded, when (RFC 3339, UTC)
//	student                                         as the report names them
//	section, step, check, title                     the step
//	verdict, reason                                 the reason of an unknown one
//	points, earned, required, outcome               of the step, and the outcome of the whole run
//	found, subject                                  in one line what was found, and the first thing that it is about
//	waiver                                          who excused the step, until when and why
//	file, line                                      its place in the lab file; line 0 where it is not known
//	notices                                         what must be said of the run, such as SIMULATED
//
// A column is never renamed or moved; new ones come at the end.
package csvfile

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/reports"
)

// Format is this format.
var Format = reports.Format{
	Name:   "csv",
	Help:   "a row for each step, for spreadsheets",
	Render: render,
}

// mark is the byte order mark. Excel takes a CSV without it for the code page of its country and spoils every letter
// that is not ASCII; other spreadsheets and the CSV readers of data tools skip it. Programs that cannot have the JSON.
const mark = "\ufeff"

// maxCell is the most of a text in a cell, in bytes: a person reads no more there, and Excel holds 32,767 characters.
// Excel's million rows need no limit: no lab file can hold as many steps.
const maxCell = 1_000

// column is a column of the table: about the run, the same in every row, or about the step of the row.
type column struct {
	name string
	run  func(*reports.Report) string
	step func(reports.Step) string
}

func columns() []column {
	return []column{
		{name: "lab", run: func(r *reports.Report) string { return r.Lab.ID }},
		{name: "target", run: func(r *reports.Report) string { return r.Target.Name }},
		{name: "account", run: func(r *reports.Report) string { return r.Target.Account }},
		{name: "region", run: func(r *reports.Report) string { return r.Target.Region }},
		{name: "source", run: func(r *reports.Report) string { return string(r.Source) }},
		{name: "started", run: func(r *reports.Report) string { return r.Started.UTC().Format(time.RFC3339) }},
		{name: "student", run: func(r *reports.Report) string { return r.Student }},
		{name: "section", step: func(s reports.Step) string { return s.Section }},
		{name: "step", step: func(s reports.Step) string { return s.ID }},
		{name: "check", step: func(s reports.Step) string { return s.Check }},
		{name: "title", step: func(s reports.Step) string { return s.Title }},
		{name: "verdict", step: func(s reports.Step) string { return s.Verdict.String() }},
		{name: "reason", step: func(s reports.Step) string { return string(s.Reason) }},
		{name: "points", step: func(s reports.Step) string { return strconv.Itoa(s.Points) }},
		{name: "earned", step: func(s reports.Step) string { return strconv.Itoa(s.Earned) }},
		{name: "required", step: func(s reports.Step) string { return strconv.FormatBool(s.Required) }},
		{name: "outcome", run: func(r *reports.Report) string { return string(r.Grade.Outcome) }},
		{name: "found", step: reports.Step.Line},
		{name: "subject", step: subject},
		{name: "waiver", step: reports.Step.WaiverText},
		{name: "file", run: func(r *reports.Report) string { return r.Lab.Path() }},
		{name: "line", step: func(s reports.Step) string { return strconv.Itoa(s.FileLine) }},
		{name: "notices", run: notices},
	}
}

func render(w io.Writer, r *reports.Report, _ reports.Options) error {
	var b bytes.Buffer
	b.WriteString(mark)
	table := csv.NewWriter(&b)
	table.UseCRLF = true
	if err := table.WriteAll(rows(r)); err != nil {
		return fmt.Errorf("write the report as CSV: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// rows are the header and a row for each step.
func rows(r *reports.Report) [][]string {
	list := columns()
	header, run := make([]string, len(list)), make([]string, len(list))
	for i, c := range list {
		header[i] = c.name
		if c.run != nil {
			run[i] = cell(c.run(r))
		}
	}
	all := [][]string{header}
	for _, s := range r.Steps {
		row := slices.Clone(run)
		for i, c := range list {
			if c.step != nil {
				row[i] = cell(c.step(s))
			}
		}
		all = append(all, row)
	}
	return all
}

// cell is a text as a cell that no spreadsheet takes for a formula.
func cell(text string) string { return reports.Cell(reports.Clip(text, maxCell)) }

// subject is what the step's line is about.
func subject(s reports.Step) string {
	for _, f := range s.Findings {
		if f.Verdict == s.Verdict {
			return f.Subject
		}
	}
	return ""
}

func notices(r *reports.Report) string {
	var all []string
	if r.Problem != nil {
		all = append(all, "PROBLEM: "+r.Problem.Sentence())
	}
	for _, n := range r.Notices() {
		all = append(all, n.Label+": "+n.Text)
	}
	return strings.Join(all, " ")
}
