package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// students is the matrix: a row for each student, with the grade and the verdict of each step.
func students(c *class.Class) g.Node {
	header := g.Group{}
	for _, name := range []string{"Student", "Points", "%", "Letter", "Outcome", "Attempts"} {
		header = append(header, column(name))
	}
	for _, s := range c.Steps {
		header = append(header, column(s.ID))
	}
	rows := make(g.Group, len(c.Students))
	for i := range c.Students {
		rows[i] = student(c, i)
	}
	return g.Group{
		h.H2(g.Text("Students and steps")),
		h.Div(
			h.ID("controls"), g.Attr("hidden"),
			h.Label(g.Text("Student "), h.Input(h.ID("search"), h.Type("search"), h.AutoComplete("off"))),
			h.Label(g.Text("Status "), h.Select(h.ID("status"), statuses())),
			h.Span(h.ID("shown"), h.Role("status")),
		),
		h.Div(
			h.Class("wide"), h.TabIndex("0"), h.Role("region"), h.Aria("label", "Students and steps"),
			h.Table(h.ID("students"), h.THead(h.Tr(header)), h.TBody(rows)),
		),
	}
}

func statuses() g.Node {
	all := g.Group{h.Option(h.Value(""), g.Text("all"))}
	for _, s := range []class.Status{class.Graded, class.Open, class.NoReport, class.NotCounted, class.Excused} {
		all = append(all, h.Option(h.Value(string(s)), g.Text((&class.Person{Status: s}).StatusText())))
	}
	return all
}

// column is the head of a column, by which the rows can be sorted.
func column(name string) g.Node {
	return h.Th(h.Scope("col"), h.Button(h.Type("button"), text(name)))
}

func student(c *class.Class, i int) g.Node {
	p := &c.Students[i]
	percent, sort := "-", "-1"
	if p.Percent != nil {
		percent = strconv.Itoa(*p.Percent)
		sort = percent
	}
	outcome := p.OutcomeText()
	if p.Status != class.Graded {
		outcome = p.StatusText()
	}
	verdicts := map[string]checks.Verdict{}
	if a, ok := p.Attempt(); ok {
		for _, r := range a.Steps {
			verdicts[r.ID] = r.Verdict
		}
	}
	cells := g.Group{
		h.Th(h.Scope("row"), h.Data("sort", reports.Clean(p.ID.SortName)), h.A(h.Href("#"+anchor(i)), text(p.Who()))),
		number(p.ScoreText(), sort), number(percent, sort), h.Td(text(p.Letter)), h.Td(g.Text(outcome)),
		number(strconv.Itoa(len(p.Attempts)), ""),
	}
	for _, s := range c.Steps {
		v, ok := verdicts[s.ID]
		if !ok {
			cells = append(cells, h.Td(g.Text("-")))
			continue
		}
		cells = append(cells, h.Td(verdict(v)))
	}
	return h.Tr(h.Data("status", string(p.Status)), h.Data("key", reports.Clean(p.Key)), cells)
}

func verdict(v checks.Verdict) g.Node {
	return h.Span(h.Class("verdict "+v.String()), g.Text(reports.Mark(v)+" "+v.String()))
}

// anchor is made of a number: a key is chosen by a stranger.
func anchor(i int) string { return "student-" + strconv.Itoa(i+1) }

// items is a row for each step: how many passed, and what most of the others had.
func items(c *class.Class) g.Node {
	rows := g.Group{}
	for _, s := range c.Steps {
		passed := "-"
		if s.Difficulty != nil {
			passed = strconv.Itoa(*s.Difficulty)
		}
		rows = append(rows, h.Tr(
			h.Th(h.Scope("row"), text(s.Title)), number(passed, ""), h.Td(text(s.MissedText())),
		))
	}
	return g.Group{
		h.H2(g.Text("What people missed")),
		h.Div(h.Class("wide"), h.TabIndex("0"), h.Role("region"), h.Aria("label", "What people missed"), h.Table(
			h.THead(h.Tr(h.Th(h.Scope("col"), g.Text("Step")), h.Th(h.Scope("col"), g.Text("Passed, %")),
				h.Th(h.Scope("col"), g.Text("What those who missed it had")))),
			h.TBody(rows),
		)),
	}
}

// feedback is a folded part for each student: how the grade came about, and what to mend.
func feedback(c *class.Class, o class.Options) g.Node {
	parts := g.Group{h.H2(g.Text("Student by student"))}
	for i := range c.Students {
		p := &c.Students[i]
		lines := g.Group{h.P(g.Text(p.StatusText()+", "+p.ScoreText()+" "), text(p.Worked))}
		for _, flag := range p.Flags {
			lines = append(lines, h.P(text(c.Flags[flag].FlagText())))
		}
		var attempts []string
		for _, a := range p.Attempts {
			attempts = append(attempts, a.Finished.UTC().Format("2006-01-02 15:04 UTC")+", "+a.File+" "+a.Excluded)
		}
		if len(attempts) > 0 {
			lines = append(lines, h.Ul(g.Map(attempts, func(line string) g.Node { return h.Li(text(line)) })))
		}
		if a, ok := p.Attempt(); ok {
			for _, r := range a.Steps {
				if r.Verdict != checks.Pass && r.Verdict != checks.Skipped {
					lines = append(lines, mend(r, o))
				}
			}
		}
		parts = append(parts, h.Details(h.ID(anchor(i)), h.Summary(text(p.Who())), lines))
	}
	return parts
}

// mend is what to do about one step: hints, and the solution where it may be shown.
func mend(r class.Row, o class.Options) g.Node {
	lines := g.Group{h.P(verdict(r.Verdict), g.Text(" "), text(r.Title), g.Text(": "), text(r.Line))}
	help := append([]string{}, r.Hints...)
	if !o.NoFixes {
		help = append(help, r.Commands...)
	}
	if len(help) > 0 {
		lines = append(lines, h.Ul(g.Map(help, func(line string) g.Node { return h.Li(text(line)) })))
	}
	return lines
}
