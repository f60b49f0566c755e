package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

// banner is the head of the page: what was graded, by which terms, and where to go from here.
func (p *page) banner(links []g.Node) g.Node {
	lab := p.c.Lab
	return h.Header(webpage.Lines(
		h.P(h.Class("kind"), g.Text("labcheck class")),
		h.H1(webpage.Text(lab.Title)),
		p.notice(),
		h.P(webpage.Text(capital(p.c.PolicyText()))),
		h.P(
			h.Class("kind"), g.Text("Lab "), webpage.Code(lab.ID), g.Text(" (file "),
			webpage.Code(lab.ShortHash()), g.Text(")"),
		),
		h.Nav(h.Aria("label", "On this page"), h.Ul(webpage.Lines(links...))),
	)...)
}

// notice is what must be said before anything else.
func (p *page) notice() g.Node {
	if p.c.Notice() == "" {
		return nil
	}
	return h.P(h.Class("notice"), h.Strong(g.Text(p.c.Notice())))
}

// capital gives a sentence that begins with a word of ours its capital.
func capital(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

// summary says what became of everybody and everything.
func (p *page) summary() g.Node { return webpage.List(p.c.Reconciliation(), webpage.Text) }

// refused lists the files that no grade was made of.
func (p *page) refused() g.Node {
	if len(p.c.Refused) == 0 {
		return nil
	}
	var rows []g.Node
	for _, r := range p.c.Refused {
		rows = append(rows, h.Tr(
			h.Th(h.Scope("row"), webpage.Text(r.File)), h.Td(webpage.Text(r.Student)), h.Td(webpage.Text(r.Reason)),
		))
	}
	return webpage.Wide(
		checks.Count(len(rows), "file")+" refused, and not graded", []string{"File", "Student", "Why"}, rows,
	)
}

// tens is how many parts the percents are counted in.
const tens = 10

// distribution counts the grades by tens of percents: a table whose rows are bars.
func (p *page) distribution() g.Node {
	counts, most, all := p.byTens()
	if all == 0 {
		return nil
	}
	var rows []g.Node
	for i, n := range counts {
		upTo := tens*i + tens - 1
		if i == tens-1 {
			upTo = 100
		}
		mark := p.c.PassMark >= tens*i && p.c.PassMark <= upTo
		rows = append(rows, h.Tr(
			h.Class(passing(tens*i >= p.c.PassMark, mark)),
			h.Th(h.Scope("row"), g.Text(fmt.Sprintf("%d to %d%%", tens*i, upTo))),
			h.Td(h.Class("number"), g.Text(strconv.Itoa(n))),
			h.Td(g.If(mark, h.Span(h.Class("mark"), g.Text(fmt.Sprintf("pass mark %d%%", p.c.PassMark)))), bar(100*n/most)),
		))
	}
	text := checks.Count(all, "grade")
	if s := p.c.Summary; s.Mean != nil && s.Median != nil {
		text += fmt.Sprintf(": %d%% on average, %d%% in the middle (median)", *s.Mean, *s.Median)
	}
	return g.Group{
		h.P(g.Text(text + ".")),
		h.Table(
			h.Class("bars"), h.Aria("labelledby", "grades"),
			h.THead(h.Tr(webpage.Column("Grade"), webpage.Column("Students"), h.Td())), h.TBody(webpage.Lines(rows...)),
		),
	}
}

// passing is the class of a row of grades: of those that have the points to pass, or that the pass mark stands in.
func passing(enough, mark bool) string {
	switch {
	case enough && mark:
		return "enough at"
	case enough:
		return "enough"
	case mark:
		return "at"
	}
	return "few"
}

// byTens counts the grades, those of the most frequent part, and all of them.
func (p *page) byTens() (counts [tens]int, most, all int) {
	for i := range p.c.Students {
		percent := p.c.Students[i].Percent
		if percent == nil {
			continue
		}
		part := min(max(*percent/tens, 0), tens-1)
		counts[part]++
		most = max(most, counts[part])
		all++
	}
	return counts, most, all
}

// bar draws a percentage, which the text beside it says.
func bar(percent int) g.Node {
	return h.SVG(
		h.Class("bar"), h.Aria("hidden", "true"), h.Width("100%"), h.Height("14"),
		g.El("rect", h.Width(strconv.Itoa(percent)+"%"), h.Height("100%")),
	)
}

// missed is a row for each step, those that most people missed first: how many passed, and what the others had.
func (p *page) missed() g.Node {
	if len(p.c.Steps) == 0 {
		return nil
	}
	steps := slices.Clone(p.c.Steps)
	slices.SortStableFunc(steps, func(a, b class.Step) int { return cmp.Compare(difficulty(a), difficulty(b)) })
	rows := make([]g.Node, len(steps))
	for i, s := range steps {
		rows[i] = h.Tr(
			h.Th(h.Scope("row"), h.Data("sort", strconv.Itoa(p.stepNumber(s.ID))), webpage.Text(s.Title), g.Text(" "),
				webpage.Code(s.ID)),
			h.Td(h.Data("sort", strconv.Itoa(difficulty(s))), passed(s)), h.Td(webpage.List(notPassed(s), webpage.Text)),
		)
	}
	return webpage.Scroll("Table of what people missed", h.Table(
		h.ID("steps"), h.Class("sortable"), h.Aria("labelledby", "missed"),
		h.THead(h.Tr(
			h.Th(h.Scope("col"), sortButton("Step")),
			h.Th(h.Scope("col"), g.Attr("aria-sort", "ascending"), sortButton("Passed")),
			webpage.Column("What the others had"),
		)),
		h.TBody(webpage.Lines(rows...)),
	))
}

// stepNumber is the index of a step in the lab.
func (p *page) stepNumber(id string) int {
	return slices.IndexFunc(p.c.Steps, func(s class.Step) bool { return s.ID == id })
}

// difficulty is the share that passed, in percent; above all of them where nobody was looked at.
func difficulty(s class.Step) int {
	if s.Difficulty == nil {
		return 101
	}
	return *s.Difficulty
}

func passed(s class.Step) g.Node {
	if s.Difficulty == nil {
		return g.Text("–")
	}
	return g.Group{
		g.Text(fmt.Sprintf("%d of %d (%d%%)", s.Verdicts[checks.Pass.String()], s.Answered(), *s.Difficulty)),
		bar(*s.Difficulty),
	}
}

// notPassed says of those who did not pass what they had, as far as it is known.
func notPassed(s class.Step) []string {
	lines := s.MissedLines()
	rest := s.Verdicts[checks.Fail.String()] + s.Verdicts[checks.Partial.String()]
	for _, m := range s.Missed {
		rest -= m.Count
	}
	for _, other := range []struct {
		count int
		text  string
	}{
		{rest, "something else"},
		{s.Verdicts[checks.Blocked.String()], "waits for another step"},
		{s.Verdicts[checks.Unknown.String()], "could not be looked at"},
	} {
		if other.count > 0 {
			lines = append(lines, fmt.Sprintf("%d of %d: %s", other.count, s.Answered(), other.text))
		}
	}
	return lines
}

// flags lists what an instructor should look at, each with those whom it is about.
func (p *page) flags() g.Node {
	if len(p.c.Flags) == 0 {
		return nil
	}
	item := func(i int) g.Node {
		f := &p.c.Flags[i]
		return h.Li(
			h.ID(flagAnchor(i)), h.Strong(g.Text(class.FlagNumber(i))), g.Text(" "), p.names(f.Students), g.Text(": "),
			webpage.Text(f.FlagText()),
		)
	}
	return g.Group{
		h.P(g.Text("Something to look at, not an accusation.")),
		h.Ul(h.Class("flags"), each(len(p.c.Flags), item)),
	}
}

// names are the names of students, which lead to their pages.
func (p *page) names(keys []string) g.Node {
	var names g.Group
	for i, key := range keys {
		switch {
		case i > 0 && i == len(keys)-1:
			names = append(names, g.Text(" and "))
		case i > 0:
			names = append(names, g.Text(", "))
		}
		names = append(names, p.name(key))
	}
	return names
}

func (p *page) name(key string) g.Node {
	i, ok := p.number[key]
	if !ok {
		return webpage.Text(key)
	}
	return h.A(h.Href("#"+anchor(i)), webpage.Text(p.c.Students[i].Who()))
}

func flagAnchor(i int) string { return fmt.Sprintf("flag-%d", i+1) }
