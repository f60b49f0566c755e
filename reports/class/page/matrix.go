package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// matrix is a row for each student: the grade, and a cell for each step.
func (p *page) matrix() g.Node {
	rows := make([]g.Node, len(p.c.Students))
	for i := range p.c.Students {
		rows[i] = p.row(i)
	}
	return g.Group{
		p.controls(),
		h.P(h.Class("legend"), legend()),
		webpage.Scroll("Table of students and steps", h.Table(
			h.ID("matrix"), h.Class("sortable"), h.Aria("labelledby", "students"), h.THead(p.columns()...),
			h.TBody(webpage.Lines(rows...)),
		)),
	}
}

// legend says what the marks mean, and the numbers under the steps.
func legend() g.Node {
	parts := g.Group{}
	for _, v := range worstFirst() {
		parts = append(parts, webpage.Verdict(v), g.Text(", "))
	}
	return append(parts, g.Text("empty: no report. Under a step: its points, with * where it is required."))
}

// worstFirst is the order in which a column of verdicts is sorted.
func worstFirst() []checks.Verdict {
	return []checks.Verdict{checks.Fail, checks.Partial, checks.Blocked, checks.Unknown, checks.Pass, checks.Skipped}
}

// row is a student.
func (p *page) row(i int) g.Node {
	s := &p.c.Students[i]
	cells := []g.Node{
		h.Th(h.Scope("row"), h.Data("sort", reports.Clean(s.ID.SortName)), h.A(h.Href("#"+anchor(i)), webpage.Text(s.Who()))),
		number(s.ScoreText(), sortScore(s)), percent(s),
		h.Td(g.Text(s.ResultText())), number(strconv.Itoa(len(s.Attempts)), ""), p.marks(s),
	}
	verdicts := map[string]checks.Verdict{}
	if a, ok := s.Attempt(); ok {
		for _, r := range a.Steps {
			verdicts[r.ID] = r.Verdict
		}
	}
	for j, step := range p.c.Steps {
		cells = append(cells, p.cell(verdicts, j, step.ID))
	}
	return h.Tr(
		h.Data("outcome", s.ResultText()), h.Data("find", searchText(s)), g.If(len(s.Flags) > 0, h.Data("flagged", "")),
		g.Group(cells),
	)
}

// searchText is what a student can be found by besides the name.
func searchText(s *class.Person) string {
	return reports.Clean(strings.Join([]string{s.Key, s.ID.Email, s.ID.GitHub, s.ID.Section}, " "))
}

// cell is the verdict of a step: the word, which the style sheet replaces by its mark for those who see it.
func (p *page) cell(verdicts map[string]checks.Verdict, i int, id string) g.Node {
	v, ok := verdicts[id]
	if !ok {
		return h.Td(h.Class(p.cellClass("none", i)), h.Data("sort", ""), g.Text("none"))
	}
	return h.Td(
		h.Class(p.cellClass(v.String(), i)), h.Data("sort", strconv.Itoa(slices.Index(worstFirst(), v))), g.Text(v.String()),
	)
}

// marks are the numbers of the flags, which lead to them, and the other marks of a grade.
func (p *page) marks(s *class.Person) g.Node {
	cell := g.Group{}
	for i, mark := range p.c.Marks(s) {
		if i > 0 {
			cell = append(cell, g.Text(", "))
		}
		if i < len(s.Flags) {
			cell = append(cell, h.A(h.Href("#"+flagAnchor(s.Flags[i])), g.Text(mark)))
		} else {
			cell = append(cell, g.Text(mark))
		}
	}
	return h.Td(cell)
}

// sortScore orders the scores; an open one goes by its low end. "" comes last.
func sortScore(s *class.Person) string {
	switch {
	case s.Score != nil:
		return strconv.Itoa(int(*s.Score))
	case s.Low != nil:
		return strconv.Itoa(int(*s.Low))
	default:
		return ""
	}
}

// percent is the grade in percent with its letter.
func percent(s *class.Person) g.Node {
	if s.Percent == nil {
		return number("–", "")
	}
	return number(reports.Clean(s.PercentText()), strconv.Itoa(*s.Percent))
}

// number is a cell that is sorted by what it shows, or by something else.
func number(shown, sort string) g.Node {
	if shown == "-" {
		shown = "–"
	}
	return h.Td(h.Class("number"), g.If(shown == "–" || sort != "", h.Data("sort", sort)), g.Text(shown))
}

// anchor is made of a number: a key is chosen by a stranger.
func anchor(i int) string { return fmt.Sprintf("student-%d", i+1) }

// columns are two rows: the sections of the lab, and the steps in them.
func (p *page) columns() []g.Node {
	var sections, steps []g.Node
	for i, name := range []string{"Student", "Points", "Grade", "Outcome", "Tries", "Flags"} {
		sections = append(sections, h.Th(
			g.If(numeric(name), h.Class("number")), h.Scope("col"), h.RowSpan("2"),
			g.If(i == 0, g.Attr("aria-sort", "ascending")), sortButton(name),
		))
	}
	for i, s := range p.c.Steps {
		if p.beginsSection(i) {
			span := 1
			for i+span < len(p.c.Steps) && !p.beginsSection(i+span) {
				span++
			}
			sections = append(sections, h.Th(
				h.Class("new"), h.Scope("colgroup"), h.ColSpan(strconv.Itoa(span)), webpage.Text(s.Section),
			))
		}
		steps = append(steps,
			h.Th(h.Class(p.cellClass("step", i)), h.Scope("col"), sortButton(s.ID, h.Title(stepSentence(s))), pointsBelow(s)))
	}
	return []g.Node{h.Tr(webpage.Lines(sections...)), h.Tr(webpage.Lines(steps...))}
}

func numeric(column string) bool { return column == "Points" || column == "Grade" || column == "Tries" }

// beginsSection says whether a step is the first of its section.
func (p *page) beginsSection(i int) bool {
	return i == 0 || p.c.Steps[i].Section != p.c.Steps[i-1].Section
}

// cellClass is a class of a cell; a line stands before a section's first step.
func (p *page) cellClass(name string, i int) string {
	if p.beginsSection(i) {
		return name + " new"
	}
	return name
}

// sortButton sorts by its column.
func sortButton(name string, more ...g.Node) g.Node {
	return h.Button(h.Type("button"), g.Group(more), h.Span(webpage.Text(name)))
}

// stepSentence is a step in a sentence.
func stepSentence(s class.Step) string {
	text := reports.Clean(s.Title) + " (" + checks.Count(s.Points, "point")
	if s.Required {
		text += ", required"
	}
	return text + ")"
}

// pointsBelow stand under the name of the step.
func pointsBelow(s class.Step) g.Node {
	text := strconv.Itoa(s.Points)
	if s.Required {
		text += "*"
	}
	return g.Group{h.Br(), g.Text(text)}
}

// controls are shown by the script that they need.
func (p *page) controls() g.Node {
	outcomes := g.Group{h.Option(h.Value(""), g.Text("all"))}
	for _, text := range p.outcomes() {
		outcomes = append(outcomes, h.Option(g.Text(text)))
	}
	return h.Div(
		h.ID("controls"), h.Role("search"), h.Aria("label", "Filter the students"), h.Data("needs", "script"),
		g.Attr("hidden"),
		webpage.Lines(
			h.Label(g.Text("Student "), h.Input(h.ID("find"), h.Type("search"), h.AutoComplete("off"))),
			h.Label(g.Text("Outcome "), h.Select(h.ID("outcome"), outcomes)),
			h.Label(h.Input(h.ID("flagged"), h.Type("checkbox")), g.Text(" flagged only")),
			h.P(h.Role("status"), h.Span(h.ID("shown")), h.Span(h.ID("order"))),
			h.P(
				printing("overview", "Print without the students' pages"), g.Text(" "),
				printing("students", "Print a page for each student"),
			),
		),
	)
}

// printing prints a part of the page.
func printing(part, label string) g.Node {
	return h.Button(h.Type("button"), h.Data("print", part), g.Text(label))
}

// outcomes are those that occur.
func (p *page) outcomes() []string {
	var all []string
	for i := range p.c.Students {
		all = append(all, p.c.Students[i].ResultText())
	}
	slices.Sort(all)
	return slices.Compact(all)
}
