package class

import (
	"fmt"
	"slices"
)

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
