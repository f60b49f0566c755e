package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/tealeg/xlsx/v3"

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

// number is a cell that is a number; every other value is text, never a formula. Its text is a decimal number. A number
// or text that is "" leaves its cell empty, for a spreadsheet counts cells with nothing written in them.
type number string

func whole(n int) number { return number(strconv.Itoa(n)) }

func optional(n *int) number {
	if n == nil {
		return ""
	}
	return whole(*n)
}

func render(w io.Writer, c *class.Class, _ class.Options) error {
	book := xlsx.NewFile()
	defer func() {
		for _, s := range book.Sheets {
			s.Close()
		}
	}()
	for _, s := range []struct {
		name string
		rows [][]any
	}{{"Grades", grades(c)}, {"Steps", matrix(c)}, {"Items", items(c)}} {
		if err := add(book, s.name, s.rows); err != nil {
			return fmt.Errorf("write the sheet %s: %w", s.name, err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// add writes a sheet whose first row is a header that stays in view.
func add(book *xlsx.File, name string, rows [][]any) error {
	sheet, err := book.AddSheet(name)
	if err != nil {
		return err
	}
	bold := xlsx.NewStyle()
	bold.Font.Bold = true
	bold.ApplyFont = true
	for i, cells := range rows {
		row := sheet.AddRow()
		for _, value := range cells {
			cell := row.AddCell()
			switch v := value.(type) {
			case number:
				if v != "" {
					cell.SetNumeric(string(v))
				}
			case string:
				if v != "" {
					cell.SetString(reports.Cell(v))
				}
			default:
				return fmt.Errorf("a cell cannot hold a %T", value)
			}
			if i == 0 {
				cell.SetStyle(bold)
			}
		}
	}
	sheet.SheetViews = []xlsx.SheetView{{Pane: &xlsx.Pane{
		XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight", State: "frozen",
	}}}
	const nameWidth, textWidth = 28, 16
	sheet.SetColWidth(1, 1, nameWidth)
	sheet.SetColWidth(2, len(rows[0]), textWidth)
	return nil
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
			p.OutcomeText(), whole(len(p.Attempts)), p.Worked, inRoster, flags(c, p),
		})
	}
	if notice := c.Notice(); notice != "" {
		rows = append(rows, []any{notice}) // below the students, for the header stays in the first row
	}
	return rows
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
			row = append(row, verdicts[s.ID])
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
