package class

import (
	"cmp"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
)

// mostMissed is how many found values a step shows.
const mostMissed = 3

// stepResults are the steps with what the class made of each.
func stepResults(steps []Step, students []Person) []Step {
	out := slices.Clone(steps)
	for i := range out {
		s := &out[i]
		s.Verdicts, s.Missed = map[string]int{}, []Missed{}
		found := map[string]int{}
		for _, p := range students {
			row, ok := p.row(s.ID)
			if !ok {
				continue
			}
			s.Verdicts[row.Verdict.String()]++
			if (row.Verdict == checks.Fail || row.Verdict == checks.Partial) && row.Found != "" {
				found[row.Found]++
			}
		}
		for text, count := range found {
			s.Missed = append(s.Missed, Missed{text, count})
		}
		slices.SortFunc(s.Missed, func(a, b Missed) int {
			return cmp.Or(b.Count-a.Count, cmp.Compare(a.Found, b.Found))
		})
		s.Missed = s.Missed[:min(mostMissed, len(s.Missed))]
		if answered := s.Answered(); answered > 0 {
			share := 100 * s.Verdicts[checks.Pass.String()] / answered
			s.Difficulty = &share
		}
	}
	return out
}

// row is the row of a step in the attempt that counts.
func (p *Person) row(step string) (Row, bool) {
	a, ok := p.Attempt()
	if !ok {
		return Row{}, false
	}
	i := slices.IndexFunc(a.Steps, func(r Row) bool { return r.ID == step })
	if i < 0 {
		return Row{}, false
	}
	return a.Steps[i], true
}

// summarize counts what became of everybody and everything.
func summarize(c *Class, in HandedIn, hasRoster bool) Summary {
	s := Summary{Files: in.Files, Refused: len(c.Refused), Levels: map[Level]int{}}
	var percents []int
	for _, p := range c.Students {
		s.Reports += len(p.Attempts)
		if len(p.Attempts) > 1 {
			s.Several++
		}
		if hasRoster && !p.InRoster && len(p.Attempts) > 0 {
			s.NotInRoster++
		}
		if p.Status == Graded && p.Outcome == grade.Passed {
			s.Passed++
		}
		if a, ok := p.Attempt(); ok && a.Level != "" {
			s.Levels[a.Level]++
		}
		if p.Percent != nil {
			percents = append(percents, *p.Percent)
		}
		switch p.Status {
		case Graded:
			s.Graded++
		case Open:
			s.Open++
		case NoReport:
			s.NoReport++
		case NotCounted:
			s.NotCounted++
		case Excused:
			s.Excused++
		}
	}
	if n := len(percents); n > 0 {
		slices.Sort(percents)
		sum := 0
		for _, percent := range percents {
			sum += percent
		}
		mean, median := sum/n, (percents[(n-1)/2]+percents[n/2])/2
		s.Mean, s.Median = &mean, &median
	}
	return s
}

// Reconciliation says, one line each, what became of everybody and everything: nothing disappears.
func (c *Class) Reconciliation() []string {
	s := c.Summary
	notCounted := "without a report that counts"
	if slices.ContainsFunc(c.Students, onlyPractised) {
		notCounted += " (--allow-simulated counts practice runs and replays, too)"
	}
	open := "open: something decisive could not be looked at, so there is a range and no grade"
	if c.Policy.Open == OpenExclude {
		open = "open, and left out (--open exclude)"
	}
	lines := []string{checks.Count(s.Graded, "student") + " graded, " + checks.Count(s.Passed, "student") + " passed"}
	for _, l := range []struct {
		n    int
		noun string
		text string
	}{
		{s.Open, "student", open},
		{s.NotCounted, "student", notCounted},
		{s.NoReport, "student", "without a report"},
		{s.Excused, "student", "excused"},
		{s.NotInRoster, "student", "with a report, but not in the roster"},
		{s.Several, "student", "with more than one report"},
		{s.Refused, "file", "refused, and not graded"},
	} {
		if l.n > 0 {
			lines = append(lines, checks.Count(l.n, l.noun)+" "+l.text)
		}
	}
	return lines
}

// onlyPractised says whether a student without a report that counts handed in one of no real account.
func onlyPractised(p Person) bool {
	return p.Status == NotCounted &&
		slices.ContainsFunc(p.Attempts, func(a Attempt) bool { return a.Source.Label() != "" })
}
