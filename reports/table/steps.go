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
)

// steps draws one table for each section, all with the same columns.
func (p *page) steps(r *reports.Report) error {
	steps := r.Answered()
	for i := 0; i < len(steps); {
		end := i + 1
		for end < len(steps) && steps[end].Section == steps[i].Section {
			end++
		}
		if err := p.section(steps[i:end]); err != nil {
			return err
		}
		i = end
	}
	return nil
}

func (p *page) section(steps []reports.Step) error {
	columns := p.columns()
	p.line("")
	t := tablewriter.NewTable(&p.b,
		tablewriter.WithConfig(columns.config()),
		tablewriter.WithRenderer(renderer.NewBlueprint(p.style())),
		// The default goes by the environment; a report must not.
		tablewriter.WithEastAsian(tw.Off),
	)
	t.Header(columns.cells("", "", p.paint(bold, p.shorten(p.text(steps[0].Section), columns.step)), "points"))
	for _, s := range steps {
		if err := t.Append(columns.cells(p.verdict(s.Verdict), p.id(s, columns), p.step(s, columns), points(s))); err != nil {
			return fmt.Errorf("draw the table of %q: %w", steps[0].Section, err)
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("draw the table of %q: %w", steps[0].Section, err)
	}
	return nil
}

// step is the cell that says what a step is about and what was found.
func (p *page) step(s reports.Step, c columns) string {
	title := p.text(s.Title)
	if s.Required {
		title += " (required)"
	}
	lines := p.wrap(title, c.step)
	found := p.text(s.Line())
	if c.id == 0 {
		found = p.text(s.ID) + ": " + found
	}
	return strings.Join(append(lines, p.paint(dim, p.shorten(strings.TrimSuffix(found, ": "), c.step))), "\n")
}

func (p *page) id(s reports.Step, c columns) string { return p.shorten(p.text(s.ID), c.id) }

func points(s reports.Step) string {
	if s.Verdict == checks.Skipped {
		return "-"
	}
	return strconv.Itoa(s.Earned) + "/" + strconv.Itoa(s.Points)
}

// columns are the widths of the columns' texts. There is room for a column of ids only on a wide terminal; elsewhere the
// id stands before what was found.
type columns struct{ verdict, id, step, points int }

func (p *page) columns() columns {
	const wide = 100
	c := columns{verdict: len("? unknown"), points: len("points")}
	if p.width >= wide {
		c.id = 24
	}
	c.step = p.width - c.verdict - c.id - c.points - c.frame()
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

func (p *page) style() tw.Rendition {
	symbols := tw.StyleRounded
	if p.o.ASCII {
		symbols = tw.StyleASCII
	}
	return tw.Rendition{Symbols: tw.NewSymbols(symbols)}
}
