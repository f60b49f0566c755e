package class

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Help says whom an instructor helps next. Nobody is in it who passed.
type Help struct {
	// Stuck are those whose last three attempts came to the same, those with the most attempts first.
	Stuck []Helped `json:"stuck"`
	// Almost are those who lack a single step, the fewest points first.
	Almost []Helped `json:"almost"`
	// Silent are those who handed nothing in.
	Silent []Helped `json:"silent"`
}

// Helped is a student who needs help.
type Helped struct {
	Key string `json:"key"`
	// Steps are those to help with, by their ids.
	Steps []string `json:"steps"`
	// Text says what is the matter; "" where the list does.
	Text string `json:"text"`

	order int
}

// alike is how many attempts that come to the same make somebody stuck.
const alike = 3

// helpOf finds out whom to help next.
func helpOf(students []Person, t Terms) Help {
	h := Help{Stuck: []Helped{}, Almost: []Helped{}, Silent: []Helped{}}
	for i := range students {
		p := &students[i]
		if p.Status == NoReport {
			h.Silent = append(h.Silent, Helped{Key: p.Key, Steps: []string{}})
			continue
		}
		a, ok := p.Attempt()
		if !ok || p.Override != nil || p.Outcome == grade.Passed {
			continue
		}
		if n := len(p.Attempts); n >= alike && sameVerdicts(p.Attempts[n-alike:]) {
			steps := stepIDs(a.StepsToFix())
			h.Stuck = append(h.Stuck, Helped{
				Key: p.Key, Steps: steps, order: -n,
				Text: fmt.Sprintf("%d attempts, and the last %d came to the same: %s", n, alike, reports.List(steps)),
			})
		}
		if steps, points := lastSteps(a, p, t); len(steps) > 0 {
			h.Almost = append(h.Almost, Helped{Key: p.Key, Steps: steps, Text: "lacks " + or(steps), order: points})
		}
	}
	byOrder := func(a, b Helped) int { return cmp.Compare(a.order, b.order) }
	slices.SortStableFunc(h.Stuck, byOrder)
	slices.SortStableFunc(h.Almost, byOrder)
	return h
}

// sameVerdicts says whether every step has the same verdict in all of these attempts.
func sameVerdicts(attempts []Attempt) bool {
	same := func(a, b Row) bool { return a.ID == b.ID && a.Verdict == b.Verdict && a.Earned == b.Earned }
	for i := 1; i < len(attempts); i++ {
		if len(attempts[i].Steps) == 0 || !slices.EqualFunc(attempts[0].Steps, attempts[i].Steps, same) {
			return false
		}
	}
	return true
}

// lastSteps are the steps of which each alone would make an attempt one that passes, and the fewest points of them.
// What waits for another step is none: it cannot be done alone.
func lastSteps(a *Attempt, p *Person, t Terms) (steps []string, points int) {
	for i := range a.Steps {
		r := &a.Steps[i]
		if r.Verdict != checks.Fail && r.Verdict != checks.Partial && r.Verdict != checks.Unknown {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(a.Grade.Missing), func(id string) bool { return id == r.ID })
		score, _ := t.Late.reduce(a.Grade.Low+r.Points-r.Earned, p.Late)
		if len(missing) > 0 || score*perPoint < Whole(a.Grade.PassMark*a.Grade.Possible) {
			continue
		}
		if lacks := r.Points - r.Earned; len(steps) == 0 || lacks < points {
			points = lacks
		}
		steps = append(steps, r.ID)
	}
	return steps, points
}

func stepIDs(rows []Row) []string {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids
}

// or is a list of which one is enough.
func or(ids []string) string {
	if len(ids) == 1 {
		return reports.Clean(ids[0])
	}
	return "one of " + reports.List(ids)
}

// Say is what to say in class about a step that many missed: how it should be, why, and what to ask them.
func (s *Step) Say() string {
	text := s.Title + "."
	if s.Why != "" {
		text += " " + s.Why
	}
	if s.Ask != "" {
		text += " Ask: " + s.Ask
	}
	return text
}

// Hardest are the steps to speak about in class, at most n of them: those that fewest passed, of which several had the
// same.
func (c *Class) Hardest(n int) []*Step {
	var hard []*Step
	for i := range c.Steps {
		if s := &c.Steps[i]; len(s.Missed) > 0 && s.Missed[0].Count > 1 {
			hard = append(hard, s)
		}
	}
	slices.SortStableFunc(hard, func(a, b *Step) int { return cmp.Compare(*a.Difficulty, *b.Difficulty) })
	return hard[:min(n, len(hard))]
}
