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
	return g.Group{
		p.controls(),
		h.P(h.Class("legend"), legend()),
		webpage.Scroll("Table of students and steps", h.Table(
			h.ID("matrix"), h.Class("sortable"), h.Aria("labelledby", "students"), h.THead(p.columns()...),
			h.TBody(each(len(p.c.Students), p.row)),
		)),
		h.NoScript(h.P(g.Text("The students' own pages are drawn by a script, which does not run here: labcheck grade " +
			"--feedback FOLDER writes them as files."))),
		h.Div(h.ID("student"), h.Data("needs", "script"), h.Aria("live", "polite")),
	}
}

// legend says what the marks mean, and the numbers under the steps.
func legend() g.Node {
	parts := g.Group{}
	for _, v := range worstFirst() {
		parts = append(parts, webpage.Verdict(v), g.Text(", "))
	}
	return append(parts, g.Text("empty: no report. Under a step: its points, with * where it is required, and how many "+
		"passed it."))
}

// worstFirst is the order in which a column of verdicts is sorted.
func worstFirst() []checks.Verdict {
	return []checks.Verdict{checks.Fail, checks.Partial, checks.Blocked, checks.Unknown, checks.Pass, checks.Skipped}
}

// row is a student.
func (p *page) row(i int) g.Node {
	s := &p.c.Students[i]
	cells := g.Group{
		h.Th(h.Scope("row"), h.Data("sort", reports.Clean(s.ID.SortName)), h.A(h.Href("#"+anchor(i)), webpage.Text(s.Who()))),
		number(s.ScoreText(), sortScore(s)), percent(s), result(s), number(strconv.Itoa(len(s.Attempts)), ""), p.marks(s),
	}
	a, counts := s.Attempt()
	for j := range p.c.Steps {
		if !counts {
			cells = append(cells, p.cell("none", j))
			continue
		}
		id := p.c.Steps[j].ID
		word := "none"
		if k := slices.IndexFunc(a.Steps, func(r class.Row) bool { return r.ID == id }); k >= 0 {
			word = a.Steps[k].Verdict.String()
		}
		cells = append(cells, p.cell(word, j))
	}
	return h.Tr(
		h.ID(anchor(i)), h.Data("outcome", s.ResultText()), h.Data("find", searchText(s)),
		g.If(s.ID.Section != "", h.Data("section", reports.Clean(s.ID.Section))),
		g.If(len(s.Flags) > 0, h.Data("flags", p.flagKinds(s))), cells,
	)
}

// result is what became of a student, and why it is not a pass.
func result(s *class.Person) g.Node {
	cell := g.Group{g.Text(s.ResultText())}
	if why := s.WhyNotText(); why != "" {
		cell = append(cell, g.Text(" "), h.Small(webpage.Text(why)))
	}
	return h.Td(h.Class("result"), cell)
}

// flagKinds are the kinds of a student's flags, for the filter.
func (p *page) flagKinds(s *class.Person) string {
	var kinds []string
	for _, i := range s.Flags {
		kinds = append(kinds, string(p.c.Flags[i].Kind))
	}
	slices.Sort(kinds)
	return strings.Join(slices.Compact(kinds), " ")
}

// searchText is what a student can be found by besides the name.
func searchText(s *class.Person) string {
	return reports.Clean(strings.Join([]string{s.Key, s.ID.Email, s.ID.GitHub}, " "))
}

// cell is the verdict of a step: the word, which the style sheet replaces by its mark for those who see it.
func (p *page) cell(word string, i int) g.Node {
	return h.Td(h.Class(p.cellClass(word, i)), g.Text(word))
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
	below := g.Group{h.Br(), g.Text(text)}
	if s.Difficulty != nil {
		below = append(below, h.Br(), h.Span(h.Class("rate"), g.Text(strconv.Itoa(*s.Difficulty)+"%")))
	}
	return below
}

// controls are shown by the script that they need.
func (p *page) controls() g.Node {
	var steps, kinds []g.Node
	for i := range p.c.Steps {
		steps = append(steps, h.Option(h.Value(strconv.Itoa(i)), webpage.Text(p.c.Steps[i].ID)))
	}
	for _, kind := range p.kindsOfFlags() {
		kinds = append(kinds, h.Option(h.Value(string(kind)), g.Text(kind.Words())))
	}
	if len(kinds) > 0 {
		kinds = append([]g.Node{h.Option(h.Value("*"), g.Text("any"))}, kinds...)
	}
	return h.Div(
		h.ID("controls"), h.Role("search"), h.Aria("label", "Filter the students"), h.Data("needs", "script"),
		g.Attr("hidden"),
		webpage.Lines(
			h.Label(g.Text("Student "), h.Input(h.ID("find"), h.Type("search"), h.AutoComplete("off"))),
			choice("Outcome", "outcome", options(p.outcomes())),
			choice("Section", "section", options(p.sections())),
			choice("Did not pass", "step", steps),
			choice("Flag", "flag", kinds),
			h.P(h.Role("status"), h.Span(h.ID("shown")), h.Span(h.ID("order"))),
			h.P(printing("students", "Print a page for each student shown")),
		),
	)
}

// choice is a filter; nil where there is nothing to choose.
func choice(label, id string, options []g.Node) g.Node {
	if len(options) == 0 {
		return nil
	}
	return h.Label(g.Text(label+" "), h.Select(h.ID(id), h.Option(h.Value(""), g.Text("all")), g.Group(options)))
}

func options(texts []string) []g.Node {
	var list []g.Node
	for _, text := range texts {
		list = append(list, h.Option(webpage.Text(text)))
	}
	return list
}

// sections are those of the students; none where all are in one.
func (p *page) sections() []string {
	var all []string
	for i := range p.c.Students {
		if section := p.c.Students[i].ID.Section; section != "" {
			all = append(all, reports.Clean(section))
		}
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) < 2 {
		return nil
	}
	return all
}

// kindsOfFlags are those that occur.
func (p *page) kindsOfFlags() []class.FlagKind {
	var all []class.FlagKind
	for _, f := range p.c.Flags {
		all = append(all, f.Kind)
	}
	slices.Sort(all)
	return slices.Compact(all)
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
