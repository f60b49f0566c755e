package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/webpage"
)

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
			h.Th(h.Scope("row"), h.Data("sort", strconv.Itoa(p.place(s.ID))), webpage.Text(s.Title), g.Text(" "), webpage.Code(s.ID)),
			h.Td(h.Data("sort", strconv.Itoa(difficulty(s))), passed(s)), h.Td(webpage.List(notPassed(s), webpage.Text)),
		)
	}
	return webpage.Scroll("Table of what people missed", h.Table(
		h.ID("steps"), h.Class("sortable"), h.Aria("labelledby", "missed"),
		h.THead(h.Tr(
			h.Th(h.Scope("col"), button("Step")), h.Th(h.Scope("col"), g.Attr("aria-sort", "ascending"), button("Passed")),
			webpage.Column("What the others had"),
		)),
		h.TBody(webpage.Lines(rows...)),
	))
}

// place is the place of a step in the lab.
func (p *page) place(id string) int {
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
		g.Text(fmt.Sprintf("%d of %d (%d%%)", s.Verdicts[checks.Pass.String()], s.Answered(), *s.Difficulty)), bar(*s.Difficulty),
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
