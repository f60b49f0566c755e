package class

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Regrade is what grading again offline changed.
type Regrade struct {
	Lab reports.Lab `json:"lab"` // the lab that was used now
	// LabChanges say what differs between it and the labs that the reports were made with, as far as these show it.
	LabChanges []string `json:"labChanges"`
	// Reports counts those that were graded again.
	Reports int `json:"reports"`
	// Changes are the students for whom something changed: first who loses, then who gains, each by key.
	Changes []Change `json:"changes"`
	// Kept are the keys of those whose report carries no facts: their grade stayed.
	Kept []string `json:"kept"`
}

// Change is what became of one student.
type Change struct {
	Key    string   `json:"key"`
	Before Standing `json:"before"`
	After  Standing `json:"after"`
	// Steps are what changed, such as "ecr-image fail → pass".
	Steps []string `json:"steps"`
}

// Standing is what a student has.
type Standing struct {
	Status  Status        `json:"status"`
	Outcome grade.Outcome `json:"outcome"`
	// Score and High are the score: from one to the other where it is open, both 0 where nothing counts.
	Score Points `json:"score"`
	High  Points `json:"high"`
	// Possible are the points that there were to earn; 0 where nothing counts.
	Possible int `json:"possible"`
	// Percent is 100·score/possible, rounded down; 0 where nothing counts.
	Percent int `json:"percent"`
	// Text is the standing in words: "68/100 (68%), not passed".
	Text string `json:"text"`
}

// Gain says whether the student has a larger share of the points now (1), the same one (0) or a smaller one (-1). It is
// the share that is compared, for the points to earn may have changed, too.
func (c *Change) Gain() int {
	b, a := c.Before, c.After
	return cmp.Compare(a.Score*Points(max(1, b.Possible)), b.Score*Points(max(1, a.Possible)))
}

// happened says whether anything changed for the student. The points to earn alone are no such thing: who has none of
// them has none of fewer.
func (c *Change) happened() bool {
	b, a := c.Before, c.After
	b.Possible, b.Text, a.Possible, a.Text = 0, "", 0, ""
	return b != a || c.Gain() != 0 || len(c.Steps) > 0
}

// regrading gathers what the students had before their reports were graded again.
type regrading struct {
	people  *people
	before  map[int][]Attempt // every attempt of a student, as it was handed in
	reports int
	kept    map[string]bool // the files that carry no facts
	lab     labChanges
}

func newRegrading(everybody *people, t Terms) *regrading {
	return &regrading{people: everybody, before: map[int][]Attempt{}, kept: map[string]bool{}, lab: newLabChanges(&t.Lab)}
}

// remember keeps what a student handed in, as it was before it was graded again.
func (r *regrading) remember(owner int, s *Submission, t Terms) {
	was := &s.Attempt
	if s.Before != nil {
		was = s.Before
		r.reports++
		r.lab.attempt(was)
	}
	if s.KeptFor != "" {
		r.kept[s.File] = true
	}
	r.before[owner] = append(r.before[owner], t.admit(*was))
}

// compare says who gained and who lost; nil where nothing was to be graded again. A decision of the instructor stands
// whatever the attempts are worth.
func (r *regrading) compare(t Terms) *Regrade {
	if r.reports == 0 && len(r.kept) == 0 {
		return nil
	}
	g := &Regrade{Lab: t.Lab.Lab, LabChanges: r.lab.list, Reports: r.reports, Changes: []Change{}, Kept: []string{}}
	for i, p := range r.people.list {
		if a, ok := p.Attempt(); ok && r.kept[a.File] {
			g.Kept = append(g.Kept, p.Key)
		}
		if p.Override != nil {
			continue
		}
		was := &Person{Key: p.Key, Taken: -1, Status: NoReport, Attempts: r.before[i]}
		was.decide(t)
		c := Change{Key: p.Key, Before: was.standing(), After: p.standing(), Steps: stepChanges(was, p)}
		if c.happened() {
			g.Changes = append(g.Changes, c)
		}
	}
	slices.SortFunc(g.Changes, func(a, b Change) int { return cmp.Or(order(a)-order(b), cmp.Compare(a.Key, b.Key)) })
	slices.Sort(g.Kept)
	return g
}

// order puts those who lose first, for they will ask, and those for whom nothing is at stake last.
func order(c Change) int { return []int{0, 2, 1}[c.Gain()+1] }

// standing is what a student has now.
func (p *Person) standing() Standing {
	s := Standing{Status: p.Status, Outcome: p.Outcome, Text: p.StatusText()}
	if p.Status != Graded && p.Status != Open {
		return s
	}
	s.Possible = p.Possible
	if p.Score != nil {
		s.Score, s.High = *p.Score, *p.Score
	} else {
		s.Score, s.High = *p.Low, *p.High
	}
	s.Percent = share(s.Score, s.Possible)
	percent := reports.Span(s.Percent, share(s.High, s.Possible))
	s.Text = fmt.Sprintf("%s (%s%%), %s", p.ScoreText(), percent, p.OutcomeText())
	return s
}

// stepChanges says what became of the steps of the attempt that counts. That a step which earned nothing is worth more
// or less now changes nothing.
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
			changes = append(changes, fmt.Sprintf("%s is new: %s", now.ID, now.Verdict))
		case old.Verdict != now.Verdict:
			changes = append(changes, fmt.Sprintf("%s %s → %s", now.ID, old.Verdict, now.Verdict))
		case old.Earned != now.Earned:
			changes = append(changes, fmt.Sprintf("%s %d/%d → %d/%d", now.ID, old.Earned, old.Points, now.Earned, now.Points))
		}
	}
	for _, old := range before.Steps {
		if _, still := is.row(old.ID); !still {
			changes = append(changes, old.ID+" is no longer a step")
		}
	}
	return changes
}

// labChanges gathers what differs between a lab and the versions of it that reports were made with. Of those there are
// only the reports: a version that nobody has any more is known by what it asked for.
type labChanges struct {
	now  *Lab
	seen map[string]bool // the versions, by hash
	list []string
}

func newLabChanges(now *Lab) labChanges {
	return labChanges{now: now, seen: map[string]bool{now.SHA256: true}, list: []string{}}
}

// attempt learns from an attempt of a version that was not seen before. One that is excluded may lack steps.
func (l *labChanges) attempt(was *Attempt) {
	if l.seen[was.LabSHA256] || was.Excluded != "" {
		return
	}
	l.seen[was.LabSHA256] = true
	if was.Grade.PassMark != l.now.PassMark {
		l.add("the pass mark is %d%%, and was %d%%", l.now.PassMark, was.Grade.PassMark)
	}
	for _, s := range l.now.Steps {
		l.step(s, was.Steps)
	}
	for _, old := range was.Steps {
		if !slices.ContainsFunc(l.now.Steps, func(s Step) bool { return s.ID == old.ID }) {
			l.add("%s is no longer a step", old.ID)
		}
	}
}

func (l *labChanges) step(now Step, before []Row) {
	i := slices.IndexFunc(before, func(r Row) bool { return r.ID == now.ID })
	if i < 0 {
		l.add("%s is new, for %d points", now.ID, now.Points)
		return
	}
	if old := before[i]; old.Points != now.Points {
		l.add("%s is worth %d points, and was worth %d", now.ID, now.Points, old.Points)
	}
	switch {
	case now.Required && !before[i].Required:
		l.add("%s is required now", now.ID)
	case !now.Required && before[i].Required:
		l.add("%s is no longer required", now.ID)
	}
}

// add notes a change once, however many versions it tells from the lab.
func (l *labChanges) add(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(l.list, text) {
		l.list = append(l.list, text)
	}
}
