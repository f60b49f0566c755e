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

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Format is this format.
var Format = class.Format{
	Name:   "table",
	Help:   "the class as a table, for people",
	Render: render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	p := newPage(o)
	p.paragraph("", c.Lab.Title+": "+c.PolicyText())
	if notice := c.Notice(); notice != "" {
		p.paragraph("", notice)
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
	_, err := io.WriteString(w, p.b.String())
	return err
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
	t := tablewriter.NewTable(&p.b,
		tablewriter.WithConfig(p.config()),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{Symbols: p.lines()})),
		// The default goes by the environment; a page must not.
		tablewriter.WithEastAsian(tw.Off),
	)
	t.Header(rows[0])
	for i, row := range rows[1:] {
		row[outcome] = p.paint(colorOf(&c.Students[i]), row[outcome])
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
			row[i] = p.text(row[i])
			widths[i] = max(widths[i], widthOf(row[i]))
		}
	}
	room := p.width - 3*len(widths) - 1
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
		row[name], row[flag] = p.shorten(row[name], widths[name]), p.shorten(row[flag], widths[flag])
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

func (p *page) lines() tw.Symbols {
	if p.o.ASCII {
		return tw.NewSymbols(tw.StyleASCII)
	}
	return tw.NewSymbols(tw.StyleRounded)
}

// worked shows the arithmetic of the grades that are not the plain sum of points, why nothing counts where nothing
// does, and what keeps somebody with enough points from passing. What several have in common stands there once; whose
// report does not count shows in the table, too, and many of them are only counted.
func (p *page) worked(c *class.Class) {
	const few = 3
	var texts []string
	who, uncounted := map[string][]string{}, map[string]int{}
	for i := range c.Students {
		one := &c.Students[i]
		text := one.HowText()
		if text == "" {
			continue
		}
		if who[text] == nil {
			texts = append(texts, text)
		}
		who[text] = append(who[text], one.Who())
		if one.Status == class.NotCounted {
			uncounted[text]++
		}
	}
	p.list("How these grades came about", len(texts), func(i int) string {
		if n := uncounted[texts[i]]; n > few {
			return reports.Count(n, "student") + ": " + texts[i]
		}
		return reports.List(who[texts[i]]) + ": " + texts[i]
	})
}
