// Package gradebook writes the grades of a class as the learning platforms read them, one file per platform. The rules
// of each importer stand beside its writer. What holds for all: a student whose grade is open, or of whom nothing
// counts, never gets a number; text that a student chose is never a formula; students of whom the roster knows nothing
// do not reach a platform.
package gradebook

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// columnTitle is the name of the gradebook's column.
func columnTitle(c *class.Class, o class.Options) string {
	if o.Assignment != "" {
		return reports.Clean(o.Assignment)
	}
	return reports.Cell(c.Lab.Title)
}

// scoreOutOf is a grade as if the student could have got so many points: a step that was left out of a student's total
// must not cost points in a column with one maximum. It is rounded down to hundredths. It refuses what no importer
// should see: less than nothing, or more than all.
func scoreOutOf(p *class.Person, most class.Points) (class.Points, error) {
	of := class.Whole(p.Possible)
	switch {
	case of == 0:
		return 0, fmt.Errorf("%s has a grade but no points were possible; excuse the student instead", nameAndKey(p))
	case *p.Score < 0 || *p.Score > of:
		return 0, fmt.Errorf("%s has %s of %s points, which no gradebook takes; correct the override", nameAndKey(p),
			*p.Score, of)
	}
	return *p.Score * most / of, nil
}

// scale writes the grades of a column with one maximum, and remembers whose was rounded.
type scale struct {
	most    class.Points
	rounded []string
}

func (s *scale) score(p *class.Person) (class.Points, error) {
	score, err := scoreOutOf(p, s.most)
	if err == nil && score*class.Whole(p.Possible) != *p.Score*s.most {
		s.rounded = append(s.rounded, nameAndKey(p))
	}
	return score, err
}

// tell says whose grades are not exact.
func (s *scale) tell(o class.Options) {
	if len(s.rounded) > 0 {
		o.Tell("out of %s points, the grades of these are rounded down to hundredths: %s", s.most, firstFew(s.rounded))
	}
}

// wholePoints is a score in whole points, for platforms that take no fractions. It never makes a full score of less.
func wholePoints(score class.Points, most int) int {
	if score < class.Whole(most) {
		return min(score.Round(), most-1)
	}
	return score.Round()
}

// nameAndKey names a student in an error.
func nameAndKey(p *class.Person) string {
	if p.ID.Name == "" {
		return reports.Clean(p.Key)
	}
	return reports.Clean(p.ID.Name) + " (" + reports.Clean(p.Key) + ")"
}

// studentsOfRoster are the students of the roster for whom keep says yes. There must be one: an importer has no use for
// an empty file, and no roster is the usual reason for it.
func studentsOfRoster(c *class.Class, keep func(p *class.Person) bool) ([]*class.Person, error) {
	var list []*class.Person
	for i := range c.Students {
		if p := &c.Students[i]; p.InRoster && keep(p) {
			list = append(list, p)
		}
	}
	switch s := c.Summary; {
	case len(list) > 0:
		return list, nil
	case slices.ContainsFunc(c.Students, func(p class.Person) bool { return p.InRoster }):
		return nil, fmt.Errorf("no student of the roster has a grade to write: %d open, %d without a report that counts",
			s.Open, s.NoReport+s.NotCounted)
	}
	return nil, errors.New("no student of the roster has a grade to write: give the roster with --roster")
}

// hasGrade says whether a student has a number for the gradebook.
func hasGrade(p *class.Person) bool { return p.Status == class.Graded && p.Score != nil }

// onlyStudent is the student of a class of at most one; nil without any.
func onlyStudent(c *class.Class) (*class.Person, error) {
	switch len(c.Students) {
	case 0:
		return nil, nil
	case 1:
		return &c.Students[0], nil
	default:
		return nil, fmt.Errorf("the file is about one student, and there are %d", len(c.Students))
	}
}

// refuseSameID refuses two students with the same id: one of them would get the other's grade.
func refuseSameID(list []*class.Person, what string, id func(p *class.Person) string) error {
	seen := map[string]*class.Person{}
	for _, p := range list {
		key := id(p)
		if other, ok := seen[key]; ok && key != "" {
			return fmt.Errorf("%s and %s have the same %s %q: correct the roster", nameAndKey(other), nameAndKey(p), what,
				reports.Clean(key))
		}
		seen[key] = p
	}
	return nil
}

// namesWithout names the students who have no such id.
func namesWithout(list []*class.Person, id func(p *class.Person) string) []string {
	var names []string
	for _, p := range list {
		if id(p) == "" {
			names = append(names, nameAndKey(p))
		}
	}
	return names
}

// firstFew names the first few of many.
func firstFew(names []string) string {
	const most = 5
	if len(names) > most {
		names = append(names[:most:most], fmt.Sprintf("%d more", len(names)-most))
	}
	return reports.List(names)
}

// leftOut says that a step is not in the total of the platform's file: it was skipped, or could not be looked at. A
// fault of the tool, or a limit of the account, must not look like a zero.
func leftOut(r class.Row) bool { return r.Verdict == checks.Skipped || r.Verdict == checks.Unknown }

// stepText is what a student reads of a step on a platform: what was found, and the hints.
func stepText(r class.Row, o class.Options) string {
	lines := []string{reports.Clean(r.Line)}
	if len(r.BlockedBy) > 0 {
		lines = append(lines, "Fix first: "+reports.Clean(strings.Join(r.BlockedBy, ", ")))
	}
	for _, hint := range r.Hints {
		lines = append(lines, "Hint: "+reports.Clean(hint))
	}
	if !o.NoFixes && r.Verdict != checks.Pass {
		for _, command := range r.Commands {
			lines = append(lines, "Fix: "+reports.Clean(command))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// unknownSteps lists the steps that could not be looked at, one sentence each.
func unknownSteps(a *class.Attempt) []string {
	var lines []string
	for _, r := range a.Steps {
		if r.Verdict == checks.Unknown {
			lines = append(lines, reports.Clean(r.ID+" could not be looked at: "+r.Line))
		}
	}
	return lines
}

// gradeText says what a student's grade is, or why there is none.
func gradeText(c *class.Class, p *class.Person) string {
	var lines []string
	if p == nil {
		for _, r := range c.Refused {
			lines = append(lines, reports.Clean(r.File+": "+r.Reason))
		}
		return strings.Join(lines, "\n")
	}
	switch {
	case p.Status == class.Open:
		lines = append(lines, "There is no grade yet: some steps could not be looked at. An instructor will look at it.")
	case p.Status == class.Excused:
		lines = append(lines, "Excused: "+reports.Clean(p.Override.Reason))
	case hasGrade(p):
		lines = append(lines, "Points: "+reports.Clean(p.Worked+"; "+p.WhyText()))
	default:
		lines = append(lines, "There is no grade: no report counts.")
	}
	if a, ok := p.Attempt(); ok {
		lines = append(lines, unknownSteps(a)...)
	}
	for _, a := range p.Attempts {
		if a.Excluded != "" {
			lines = append(lines, reports.Clean(a.File+": "+a.Excluded))
		}
	}
	return strings.Join(lines, "\n")
}
