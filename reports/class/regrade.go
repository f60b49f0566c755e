package class

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/reports"
)

// regrading gathers what the students had before their reports were graded again.
type regrading struct {
	people  *people
	before  map[int][]Attempt // every attempt of a student, as it was handed in
	reports int
	kept    map[string]bool // the files that carry no facts
}

func newRegrading(everybody *people) *regrading {
	return &regrading{people: everybody, before: map[int][]Attempt{}, kept: map[string]bool{}}
}

func (r *regrading) submission(at int, s *Submission, t Terms) {
	was := &s.Attempt
	if s.Before != nil {
		was = s.Before
		r.reports++
	}
	if s.KeptFor != "" {
		r.kept[s.File] = true
	}
	r.before[at] = append(r.before[at], t.admit(*was))
}

// compare says who gained and who lost; nil where nothing was to be graded again. A decision of the instructor stands
// whatever the attempts are worth.
func (r *regrading) compare(t Terms) *Regrade {
	if r.reports == 0 && len(r.kept) == 0 {
		return nil
	}
	g := &Regrade{Lab: t.Lab.Lab, Reports: r.reports, Changes: []Change{}, Kept: []string{}}
	for at, p := range r.people.list {
		if a, ok := p.Attempt(); ok && r.kept[a.File] {
			g.Kept = append(g.Kept, p.Key)
		}
		if p.Override != nil {
			continue
		}
		was := &Person{Key: p.Key, Taken: -1, Status: NoReport, Attempts: r.before[at]}
		was.decide(t)
		c := Change{
			Key: p.Key, Before: was.low(), After: p.low(), From: was.standing(), To: p.standing(), Steps: stepChanges(was, p),
		}
		if c.From != c.To || len(c.Steps) > 0 {
			g.Changes = append(g.Changes, c)
		}
	}
	slices.SortFunc(g.Changes, func(a, b Change) int { return cmp.Compare(a.Key, b.Key) })
	slices.Sort(g.Kept)
	return g
}

// low is the score, or the least that it can be.
func (p *Person) low() Points {
	a, ok := p.Attempt()
	switch {
	case p.Score != nil:
		return *p.Score
	case ok:
		return Whole(a.Grade.Low)
	}
	return 0
}

// standing is the grade in words.
func (p *Person) standing() string {
	if p.Status != Graded && p.Status != Open {
		return p.StatusText()
	}
	return p.ScoreText() + ", " + p.OutcomeText()
}

// stepChanges says what became of the steps of the attempt that counts.
func stepChanges(was, is *Person) []string {
	changes := []string{}
	before, _ := was.Attempt()
	after, _ := is.Attempt()
	if before == nil || after == nil {
		return changes
	}
	for _, now := range after.Steps {
		old, known := was.row(now.ID)
		switch {
		case !known:
			changes = append(changes, fmt.Sprintf("%s: new, %s", now.ID, now.Verdict))
		case old.Verdict != now.Verdict:
			changes = append(changes, fmt.Sprintf("%s: %s → %s", now.ID, old.Verdict, now.Verdict))
		case old.Earned != now.Earned || old.Points != now.Points:
			changes = append(changes, fmt.Sprintf("%s: %d/%d → %d/%d", now.ID, old.Earned, old.Points, now.Earned, now.Points))
		}
	}
	for _, old := range before.Steps {
		if _, still := is.row(old.ID); !still {
			changes = append(changes, old.ID+": no longer a step")
		}
	}
	return changes
}

// RegradeLines say what grading again changed: how much of it there was, who gained or lost what, whose grade stayed
// for want of facts. There are none where nothing was graded again.
func (c *Class) RegradeLines() []string {
	g := c.Regrade
	if g == nil {
		return nil
	}
	gain, lose := 0, 0
	for _, change := range g.Changes {
		switch {
		case change.After > change.Before:
			gain++
		case change.After < change.Before:
			lose++
		}
	}
	lines := []string{fmt.Sprintf("%s graded again with the lab %s (file %.12s): %s, %s",
		reports.Count(g.Reports, "report"), g.Lab.ID, g.Lab.SHA256, count(gain, "gains", "gain"), count(lose, "loses", "lose"))}
	for _, change := range g.Changes {
		lines = append(lines, c.whoIs(change.Key)+": "+change.text())
	}
	for _, key := range g.Kept {
		lines = append(lines, c.whoIs(key)+": the report carries no facts, and so the grade stays")
	}
	return lines
}

func (change *Change) text() string {
	text := "the grade stays"
	if change.From != change.To {
		text = change.From + " → " + change.To
	}
	switch difference := change.After - change.Before; {
	case difference > 0:
		text += fmt.Sprintf(" (+%s)", difference)
	case difference < 0:
		text += fmt.Sprintf(" (%s)", difference)
	}
	for i, step := range change.Steps {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		text += separator + step
	}
	return text
}

func count(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return reports.Count(n, "student") + " " + many
}

// whoIs names the student of a key.
func (c *Class) whoIs(key string) string {
	i := slices.IndexFunc(c.Students, func(p Person) bool { return p.Key == key })
	if i < 0 {
		return reports.Clean(key)
	}
	return c.Students[i].Who()
}
