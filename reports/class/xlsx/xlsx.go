// Package xlsx writes a class as a workbook: the grades, every step of every student, and what the class made of each
// step.
//
// It writes the few parts that such a workbook has by itself. excelize looks methods up by name, which keeps every
// method of the AWS SDK in the program and triples its size; the other libraries are not kept or not tried yet.
package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Format is this format.
var Format = class.Format{
	Name:   "xlsx",
	Help:   "a workbook: grades, every student's steps, and what the class made of each step",
	Render: render,
}

func whole(n int) number { return number(strconv.Itoa(n)) }

func optional(n *int) number {
	if n == nil {
		return ""
	}
	return whole(*n)
}

func render(w io.Writer, c *class.Class, _ class.Options) error {
	var b bytes.Buffer
	if err := write(&b, []sheet{
		{"Grades", []int{28, 22, 28, 12, 11, 8, 9, 9, 7, 12, 9, 44, 13, 44}, grades(c)},
		{"Steps", []int{28, 22}, matrix(c)},
		{"Items", []int{26, 40, 18, 8, 10, 8, 8, 8, 9, 9, 9, 60}, items(c)},
	}); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// grades is a row for each student.
func grades(c *class.Class) [][]any {
	rows := [][]any{{
		"Student", "Key", "E-mail", "Section", "Status", "Points", "Possible", "Percent", "Letter", "Outcome", "Attempts",
		"How it came about", "In the roster", "Flags",
	}}
	for i := range c.Students {
		p := &c.Students[i]
		score := number("")
		if p.Status == class.Graded && p.Score != nil {
			score = number(p.Score.String())
		}
		inRoster := "yes"
		if !p.InRoster {
			inRoster = "no"
		}
		rows = append(rows, []any{
			p.Who(), p.Key, p.ID.Email, p.ID.Section, p.StatusText(), score, whole(p.Possible), optional(p.Percent), p.Letter,
			outcome(p), whole(len(p.Attempts)), p.Worked, inRoster, flags(c, p),
		})
	}
	if notice := c.Notice(); notice != "" {
		rows = append(rows, []any{notice}) // below the students, for the header stays in the first row
	}
	return rows
}

// outcome is whether a student passed; "" where nothing says so.
func outcome(p *class.Person) string {
	if text := p.OutcomeText(); text != "-" {
		return text
	}
	return ""
}

func flags(c *class.Class, p *class.Person) string {
	texts := make([]string, len(p.Flags))
	for i, flag := range p.Flags {
		texts[i] = c.Flags[flag].FlagText()
	}
	return reports.List(texts)
}

// matrix is a row for each student and a column for each step, with the verdict of the attempt that counts.
func matrix(c *class.Class) [][]any {
	header := []any{"Student", "Key"}
	for _, s := range c.Steps {
		header = append(header, s.ID)
	}
	rows := [][]any{header}
	for i := range c.Students {
		p := &c.Students[i]
		verdicts := map[string]string{}
		if a, ok := p.Attempt(); ok {
			for _, r := range a.Steps {
				verdicts[r.ID] = r.Verdict.String()
			}
		}
		row := []any{p.Who(), p.Key}
		for _, s := range c.Steps {
			row = append(row, verdict(verdicts[s.ID]))
		}
		rows = append(rows, row)
	}
	return rows
}

// items is a row for each step: how many passed, and what the others had.
func items(c *class.Class) [][]any {
	header := []any{"Step", "Title", "Section", "Points", "Passed, %"}
	for _, v := range checks.Verdicts() {
		header = append(header, v.String())
	}
	rows := [][]any{append(header, "What those who missed it had")}
	for _, s := range c.Steps {
		row := []any{s.ID, s.Title, s.Section, whole(s.Points), optional(s.Difficulty)}
		for _, v := range checks.Verdicts() {
			row = append(row, whole(s.Verdicts[v.String()]))
		}
		rows = append(rows, append(row, s.MissedText()))
	}
	return rows
}
