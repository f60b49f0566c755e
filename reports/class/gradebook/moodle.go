package gradebook

import (
	"fmt"
	"io"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Moodle is the file that Moodle imports into its gradebook.
var Moodle = class.Format{
	Name:   "moodle",
	Help:   "a grade import for Moodle, out of 100 points, with feedback",
	Render: moodle,
}

// moodle writes grades out of 100 with feedback. Moodle imports all of a file or nothing of it: a user it does not
// know, a grade that is no number or one over 100 stops it. An empty grade takes a grade away. So there are only rows
// with a grade, and one of the two columns that name the student is complete.
func moodle(w io.Writer, c *class.Class, o class.Options) error {
	list, err := studentsOfRoster(c, hasGrade)
	if err != nil {
		return err
	}
	number := func(p *class.Person) string { return strings.TrimSpace(p.ID.MoodleID) }
	email := func(p *class.Person) string { return strings.TrimSpace(p.ID.Email) }
	noNumber, noEmail := namesWithout(list, number), namesWithout(list, email)
	if len(noNumber) > 0 && len(noEmail) > 0 {
		return fmt.Errorf("moodle finds students by ID number or by e-mail address. The roster has no ID number for %s "+
			"and no address for %s: complete one of the columns", firstFew(noNumber), firstFew(noEmail))
	}
	if err := refuseSameID(list, "ID number", number); err != nil {
		return err
	}
	if err := refuseSameID(list, "e-mail address", email); err != nil {
		return err
	}
	name, column := columnTitle(c, o), scale{most: class.Whole(100)}
	rows := [][]string{{"ID number", "Email address", name, name + " (feedback)"}}
	for _, p := range list {
		score, err := column.score(p)
		if err != nil {
			return err
		}
		rows = append(rows,
			[]string{reports.Cell(number(p)), reports.Cell(email(p)), score.String(), reports.Cell(gradeFeedback(p))})
	}
	column.tell(o)
	return writeCSV(w, rows)
}

// gradeFeedback is one line about a grade: how it came about, whether it passes and why not, and the steps that lost
// points.
func gradeFeedback(p *class.Person) string {
	text := "Points: " + strings.TrimRight(p.Worked, ".") + "; " + p.WhyText() + "."
	a, ok := p.Attempt()
	if !ok {
		return text
	}
	var lost []string
	for _, r := range a.Steps {
		if r.Earned < r.Points && !leftOut(r) {
			lost = append(lost, r.ID+" ("+r.Verdict.String()+")")
		}
	}
	if len(lost) > 0 {
		text += " To fix: " + strings.Join(lost, ", ") + "."
	}
	return text
}
