package table

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

// steps draws the steps, a part for each section, under one another as one table.
func (p *page) steps(r *reports.Report) error {
	steps := r.ShownSteps()
	c := p.columns(steps)
	if len(steps) > 0 {
		p.Line("")
	}
	for first := 0; first < len(steps); {
		end := first + 1
		for end < len(steps) && steps[end].Section == steps[first].Section {
			end++
		}
		if err := p.section(r, c, steps[first:end], first == 0, end == len(steps)); err != nil {
			return fmt.Errorf("draw the table of %q: %w", steps[first].Section, err)
		}
		first = end
	}
	return nil
}

func (p *page) section(r *reports.Report, c columns, steps []reports.Step, first, last bool) error {
	t := tablewriter.NewTable(p,
		tablewriter.WithConfig(c.config()),
		tablewriter.WithRenderer(renderer.NewBlueprint(p.style(first, last))),
		// The default goes by the environment; a report must not.
		tablewriter.WithEastAsian(tw.Off),
	)
	unit := ""
	if first {
		unit = "points"
	}
	t.Header(c.cells("", "", p.Paint(terminal.Bold, p.Shorten(p.Text(steps[0].Section), c.step)), unit))
	for _, s := range steps {
		if err := t.Append(c.cells(p.Verdict(r, s), p.id(s, c), p.step(s, c), points(s))); err != nil {
			return err
		}
	}
	return t.Render()
}

// step is the cell that says what a step is about, what was found and what to think of.
func (p *page) step(s reports.Step, c columns) string {
	title := s.Title
	if s.Required {
		title += " (required)"
	}
	lines := p.fewLines(title, c.step, terminal.Plain)
	found := s.Line()
	if c.id == 0 {
		found = strings.TrimSuffix(s.ID+": "+found, ": ")
	}
	lines = append(lines, p.fewLines(found, c.step, terminal.Dim)...)
	if waiver := s.WaiverText(); waiver != "" {
		lines = append(lines, p.fewLines(waiver, c.step, terminal.Yellow)...)
	}
	if advice := s.Advice(); advice != "" && s.Green() {
		lines = append(lines, p.fewLines("Advice: "+advice, c.step, terminal.Yellow)...)
	}
	return strings.Join(lines, "\n")
}

// roomOfCell is how much of a text a cell shows, in columns: two lines of the usual terminal, and more of the shorter
// lines of a narrow one.
const roomOfCell = 110

// fewLines are untrusted text over a few lines; as little as can be of the middle of a longer one is left out.
func (p *page) fewLines(untrusted string, columns int, color terminal.Color) []string {
	text := p.Text(untrusted)
	lines := max(2, (roomOfCell+columns-1)/columns)
	wrapped := p.Wrap(text, columns)
	for left := lines * columns; len(wrapped) > lines; left-- {
		wrapped = p.Wrap(p.Shorten(text, left), columns)
	}
	for i, line := range wrapped {
		wrapped[i] = p.Paint(color, line)
	}
	return wrapped
}

func (p *page) id(s reports.Step, c columns) string { return p.Shorten(p.Text(s.ID), c.id) }

func points(s reports.Step) string {
	if s.Verdict == checks.Skipped {
		return "-"
	}
	return strconv.Itoa(s.Earned) + "/" + strconv.Itoa(s.Points)
}

// columns are the widths of the columns' texts. There is room for a column of ids only on a wide terminal; elsewhere
// the id stands before what was found.
type columns struct{ verdict, id, step, points int }

func (p *page) columns(steps []reports.Step) columns {
	const wide, longestID = 100, 32
	c := columns{verdict: len("? unknown"), points: len("points")}
	if p.Width >= wide {
		for _, s := range steps {
			c.id = min(max(c.id, terminal.Width(p.Text(s.ID))), longestID)
		}
	}
	c.step = p.Width - c.verdict - c.id - c.points - c.frame()
	return c
}

// frame is what the lines and the blanks between the columns take.
func (c columns) frame() int {
	if c.id > 0 {
		return 4*3 + 1
	}
	return 3*3 + 1
}

// cells leaves out the column of ids where there is none.
func (c columns) cells(verdict, id, step, points string) []string {
	if c.id > 0 {
		return []string{verdict, id, step, points}
	}
	return []string{verdict, step, points}
}

func (c columns) config() tablewriter.Config {
	const padding = 2
	widths, aligns := tw.Mapper[int, int]{}, []tw.Align{}
	for _, w := range []int{c.verdict, c.id, c.step, c.points} {
		if w > 0 {
			widths[len(aligns)] = w + padding
			aligns = append(aligns, tw.AlignLeft)
		}
	}
	aligns[len(aligns)-1] = tw.AlignRight
	// What is in a cell fits already.
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: aligns},
	}
	return tablewriter.Config{Header: cell, Row: cell, Widths: tw.CellWidth{PerColumn: widths}}
}

// style makes the parts of the table touch: the top of each but the first is a line within the table.
func (p *page) style(first, last bool) tw.Rendition {
	lines := p.Frame()
	style := tw.Rendition{Symbols: lines}
	if !first {
		style.Symbols = tw.NewSymbolCustom("within").WithRow(lines.Row()).WithColumn(lines.Column()).
			WithCenter(lines.Center()).WithMidLeft(lines.MidLeft()).WithMidRight(lines.MidRight()).
			WithTopLeft(lines.MidLeft()).WithTopMid(lines.Center()).WithTopRight(lines.MidRight()).
			WithBottomLeft(lines.BottomLeft()).WithBottomMid(lines.BottomMid()).WithBottomRight(lines.BottomRight())
	}
	if !last {
		style.Borders.Bottom = tw.Off
	}
	return style
}
