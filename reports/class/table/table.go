// Package table draws a class for a person at a terminal: who has which grade, how it came about, what to look at. What
// became of every file stands on standard error after it, whatever the format.
package table

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/terminal"
)

// Format is this format.
var Format = class.Format{
	Name:   "table",
	Help:   "the class as a table, for people",
	Render: render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	p := &page{terminal.New(terminal.Options{Width: o.Width, Color: o.Color, ASCII: o.ASCII}, leastWidth)}
	p.Paragraph("", c.Lab.Title+": "+c.PolicyText())
	if notice := c.Notice(); notice != "" {
		p.Paragraph("", notice)
	}
	if len(c.Students) > 0 {
		if err := p.grades(c); err != nil {
			return fmt.Errorf("draw the table of grades: %w", err)
		}
	}
	p.worked(c)
	again := c.RegradeLines()
	p.list("Graded again", len(again), func(i int) string { return again[i] })
	p.list("Flags (something to look at, not an accusation)", len(c.Flags), func(i int) string {
		return class.FlagNumber(i) + " " + c.Flags[i].FlagText()
	})
	p.list("Notes", len(c.Notes), func(i int) string { return c.Notes[i] })
	_, err := io.WriteString(w, p.String())
	return err
}

// page is the text as it is written, by the rules of all our pages for a terminal.
type page struct{ *terminal.Page }

// leastWidth is the narrowest terminal that the table is drawn for, in columns: so much its numbers take.
const leastWidth = 72

// list writes sentences under a heading; nothing when there are np.
func (p *page) list(heading string, n int, sentence func(i int) string) {
	if n == 0 {
		return
	}
	p.Heading(heading)
	for i := range n {
		p.Paragraph("  - ", sentence(i))
	}
}

// The columns.
const (
	name = iota
	points
	percentAndLetter
	outcome
	tries
	flag
)

// grades draws a row for each student. A long name gives way; the numbers do not.
func (p *page) grades(c *class.Class) error {
	rows := [][]string{{"student", "points", "grade", "outcome", "tries", "flags"}}
	for i := range c.Students {
		s := &c.Students[i]
		rows = append(rows, []string{
			s.Who(), s.ScoreText(), s.PercentText(), s.ResultText(), strconv.Itoa(len(s.Attempts)),
			strings.Join(c.Marks(s), ", "),
		})
	}
	p.fit(rows)
	t := tablewriter.NewTable(p,
		tablewriter.WithConfig(p.config()),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{Symbols: p.Frame()})),
		// The default goes by the environment; a page must not.
		tablewriter.WithEastAsian(tw.Off),
	)
	t.Header(rows[0])
	for i, row := range rows[1:] {
		row[outcome] = p.Paint(colorOf(&c.Students[i]), row[outcome])
		if err := t.Append(row); err != nil {
			return err
		}
	}
	return t.Render()
}

// fit makes the cells safe for this terminal, and shortens flags, then names, until a row fits.
func (p *page) fit(rows [][]string) {
	const leastName = 10
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i := range row {
			row[i] = p.Text(row[i])
			widths[i] = max(widths[i], terminal.Width(row[i]))
		}
	}
	room := p.Width - 3*len(widths) - 1
	for i, w := range widths {
		if i != name && i != flag {
			room -= w
		}
	}
	if widths[name]+widths[flag] > room {
		widths[name] = min(widths[name], max(room-widths[flag], leastName))
		widths[flag] = max(room-widths[name], len("flags"))
	}
	for _, row := range rows {
		row[name], row[flag] = p.Shorten(row[name], widths[name]), p.Shorten(row[flag], widths[flag])
	}
}

func (p *page) config() tablewriter.Config {
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment: tw.CellAlignment{PerColumn: []tw.Align{
			name: tw.AlignLeft, points: tw.AlignRight, percentAndLetter: tw.AlignLeft, outcome: tw.AlignLeft,
			tries: tw.AlignRight, flag: tw.AlignLeft,
		}},
	}
	return tablewriter.Config{Header: cell, Row: cell}
}

// worked shows the arithmetic of the grades that are not the plain sum of points, why nothing counts where nothing
// does, and what keeps somebody with enough points from passing. What several have in common stands there once; whose
// report does not count shows in the table, too, and many of them are only counted.
func (p *page) worked(c *class.Class) {
	const few = 3
	var texts []string
	who, uncounted := map[string][]string{}, map[string]int{}
	for i := range c.Students {
		student := &c.Students[i]
		text := student.HowText()
		if text == "" {
			continue
		}
		if who[text] == nil {
			texts = append(texts, text)
		}
		who[text] = append(who[text], student.Who())
		if student.Status == class.NotCounted {
			uncounted[text]++
		}
	}
	p.list("How these grades came about", len(texts), func(i int) string {
		if n := uncounted[texts[i]]; n > few {
			return checks.Count(n, "student") + ": " + texts[i]
		}
		return reports.List(who[texts[i]]) + ": " + texts[i]
	})
}

func colorOf(s *class.Person) terminal.Color {
	switch {
	case s.Status != class.Graded:
		return terminal.Yellow
	case s.Outcome == grade.Passed:
		return terminal.Green
	default:
		return terminal.Red
	}
}
