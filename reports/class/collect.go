package class

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Terms are what an instructor decides about the grading of a class.
type Terms struct {
	Tool           reports.Tool
	Lab            Lab
	Now            time.Time
	Take           Take // Best when empty
	Due            *time.Time
	Late           LateRule
	AllowSimulated bool
	Open           OpenEnd // OpenError when empty
	// Since is when the course began; the zero value for no such time.
	Since     time.Time
	Roster    []Identity
	Overrides []Override
	Pairs     []Pair
	Groups    []Membership
}

// Pair is a pair, or a larger group, of students who may work together.
type Pair struct {
	Students []string // each by key, name or account
	Position string   // file:line
}

// DecisionError says that a decision of the instructor cannot be followed.
type DecisionError struct {
	Position string // file:line of the decision
	Text     string
}

// Error implements error.
func (e *DecisionError) Error() string { return e.Position + ": " + e.Text }

// Collect grades a class: it gives every report to a student, chooses the one that counts, and words what an instructor
// should look at. The same input gives the same class. The error is a *DecisionError.
func Collect(in HandedIn, t Terms) (*Class, error) {
	t.Take, t.Open = cmp.Or(t.Take, Best), cmp.Or(t.Open, OpenError)
	c := &Class{
		Schema: Schema, Tool: t.Tool, Lab: t.Lab.Lab, PassMark: t.Lab.PassMark, Graded: t.Now.UTC(),
		Policy:  Policy{Take: t.Take, Due: t.Due, Late: t.Late.Text, AllowSimulated: t.AllowSimulated, Open: t.Open},
		Refused: slices.Concat([]Refusal{}, in.Refused),
	}
	everybody := newPeople(t.Roster)
	teams, err := newGroups(everybody, t)
	if err != nil {
		return nil, err
	}
	flags, regraded := newFlagger(everybody, t), newRegrading(everybody, t)
	for i := range in.Submissions {
		s := &in.Submissions[i]
		if s.ForLab() != t.Lab.SHA256 {
			c.Refused = append(c.Refused, Refusal{
				File: s.File, Student: s.From.Who(), Kind: OtherLab,
				Reason: "it is a report of another lab than " + t.Lab.ID,
			})
			continue
		}
		owner, claimed, ok := everybody.ownerOf(s, teams)
		if !ok {
			c.Refused = append(c.Refused, everybody.noStudent(s))
			continue
		}
		a := t.admit(s.Attempt)
		if s.Practised && !t.AllowSimulated && a.Excluded == "" {
			a.Excluded = "it bears the marks of the practice account, not of a real one"
		}
		together := teams.together(owner, s)
		if s.ObservedBy != "" {
			together = everybody.ofAccount(s.Account, owner)
		}
		for _, student := range together {
			everybody.list[student].Attempts = append(everybody.list[student].Attempts, a)
		}
		flags.inspect(owner, s, claimed >= 0 && !slices.Contains(together, claimed))
		regraded.remember(owner, s, t)
	}
	for i, p := range everybody.list {
		if differs := p.join(t); differs != "" {
			flags.flagAlone(i, ObservedDiffers, "%s", differs)
		}
		p.decide(t)
	}
	if err := applyOverrides(everybody, t); err != nil {
		return nil, err
	}
	if err := flags.resolvePairs(); err != nil {
		return nil, err
	}
	teams.flag(flags)
	c.Flags, c.Notes = flags.all()
	c.Regrade = regraded.compare(t)
	c.Students = everybody.sorted()
	linkFlags(c.Students, c.Flags)
	c.Steps = stepResults(t.Lab.Steps, c.Students)
	c.Help = helpOf(c.Students, t)
	c.Summary = summarize(c, in, len(t.Roster) > 0)
	return c, nil
}

// admit says of an attempt that is no real account's why it does not count, unless it may.
func (t Terms) admit(a Attempt) Attempt {
	if !t.AllowSimulated && a.Source.Label() != "" && a.Excluded == "" {
		a.Excluded = fmt.Sprintf("it was graded on %s, not on a real account", sourceText(a.Source))
	}
	return a
}

// sourceText names what an attempt was graded on where that is no real account.
func sourceText(s reports.Source) string {
	switch s {
	case reports.Sandbox:
		return "the practice account"
	case reports.Facts:
		return "recorded facts"
	default:
		return "another endpoint than AWS's"
	}
}

// markedLate is by how much work is late of which only the platform says that it is: the least that there is.
const markedLate = time.Second

// lateness is by how much an attempt was late; 0 in time. The platform's own mark wins over the student's clock.
func (t Terms) lateness(a *Attempt) time.Duration {
	if t.Due == nil || a.ObservedBy != "" && a.JoinedWith == "" { // when the grader reads it is not the student's time
		return 0
	}
	late := max(0, a.When().Sub(*t.Due))
	if a.MarkedLate {
		late = max(late, markedLate)
	}
	return late
}

// decide chooses the attempt that counts and makes it a grade.
func (p *Person) decide(t Terms) {
	slices.SortStableFunc(p.Attempts, func(a, b Attempt) int {
		return cmp.Or(a.When().Compare(b.When()), cmp.Compare(a.File, b.File))
	})
	best := Points(-1)
	for i := range p.Attempts {
		a := &p.Attempts[i]
		score, _ := t.Late.reduce(a.Grade.Low, t.lateness(a))
		switch {
		case a.Excluded != "":
			continue
		case p.Taken < 0, t.Take == Latest, t.Take == Best && score > best:
			p.Taken, best = i, score
		}
	}
	a, ok := p.Attempt()
	if !ok {
		p.Outcome = grade.Inconclusive
		if len(p.Attempts) > 0 {
			p.Status = NotCounted
		}
		return
	}
	p.Late, p.Possible = t.lateness(a), a.Grade.Possible
	low, worked := t.Late.reduce(a.Grade.Low, p.Late)
	if p.Late == markedLate {
		worked += ", late by the platform's mark"
	}
	p.Worked = worked
	switch {
	case a.Grade.High == a.Grade.Low, a.Grade.Outcome == grade.NotPassed:
		p.setScore(low, a.Grade.PassMark, &t.Lab)
		p.Outcome = worseOutcome(p.Outcome, a.Grade.Outcome)
		return
	case t.Open == OpenLow:
		p.setScore(low, a.Grade.PassMark, &t.Lab)
		if slices.ContainsFunc(a.Steps, func(r Row) bool { return r.Required && r.Verdict == checks.Unknown }) {
			p.Outcome = grade.NotPassed
		}
		return
	}
	high, workedHigh := t.Late.reduce(a.Grade.High, p.Late)
	p.Status, p.Low, p.High, p.Outcome = Open, &low, &high, a.Grade.Outcome
	p.Worked = fmt.Sprintf("from %s to %s", worked, workedHigh)
}

// setScore gives a student a score, and what follows from it. The pass mark is that of the lab which graded the
// attempt.
func (p *Person) setScore(score Points, passMark int, l *Lab) {
	p.Status, p.Score, p.Low, p.High = Graded, &score, nil, nil
	percent := share(score, p.Possible)
	p.Percent, p.Letter, p.Outcome = &percent, l.Letter(percent), grade.NotPassed
	if score*perPoint >= Whole(passMark*p.Possible) {
		p.Outcome = grade.Passed
	}
}

// worseOutcome keeps a required step that is missing from being outweighed by points.
func worseOutcome(a, b grade.Outcome) grade.Outcome {
	if a == grade.Passed {
		return b
	}
	return a
}

// applyOverrides lets the instructor's decisions win.
func applyOverrides(everybody *people, t Terms) error {
	for i := range t.Overrides {
		o := t.Overrides[i]
		student, ok := everybody.findTyped(o.Key)
		if !ok {
			return &DecisionError{o.Position, noSuchStudent(o.Key)}
		}
		p := everybody.list[student]
		if p.Override != nil {
			return &DecisionError{
				o.Position, fmt.Sprintf("the student %q has a decision already at %s", o.Key, p.Override.Position),
			}
		}
		if p.Possible == 0 {
			p.Possible = TotalPoints(t.Lab.Steps)
		}
		p.Override = &o
		if o.Excuse {
			p.Status, p.Outcome = Excused, grade.Inconclusive
			p.Score, p.Low, p.High, p.Percent, p.Letter = nil, nil, nil, nil, ""
			p.Worked = "excused: " + o.Reason
			continue
		}
		if *o.Score > Whole(p.Possible) {
			return &DecisionError{o.Position, fmt.Sprintf("%s points are more than the %d that there are", *o.Score, p.Possible)}
		}
		before := p.Worked
		p.setScore(*o.Score, t.Lab.PassMark, &t.Lab)
		p.Worked = fmt.Sprintf("%s by decision: %s", *o.Score, o.Reason)
		if before != "" {
			p.Worked += " (instead of " + before + ")"
		}
	}
	return nil
}

// linkFlags notes with the students which flags name them.
func linkFlags(students []Person, flags []Flag) {
	indexOf := make(map[string]int, len(students))
	for i := range students {
		indexOf[students[i].Key] = i
	}
	for i, f := range flags {
		for _, key := range f.Students {
			p := &students[indexOf[key]]
			p.Flags = append(p.Flags, i)
		}
	}
}

func noSuchStudent(name string) string {
	return fmt.Sprintf("there is no student %q, neither in the roster nor with a report", reports.Clean(name))
}
