package gradebook

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Moodle is the file that Moodle imports into its gradebook.
var Moodle = class.Format{
	Name:   "moodle",
	Help:   "a grade import for Moodle, out of 100 points, with feedback",
	Render: moodleSheet().render,
}

// MoodleWorksheet is the grading worksheet of one assignment of Moodle, filled in.
var MoodleWorksheet = class.Format{
	Name:   "moodle-worksheet",
	Help:   "the grading worksheet of an assignment in Moodle, which is the --roster, filled in",
	Render: worksheet().render,
}

// moodleSheet has grades out of 100 with feedback. Moodle imports all of a file or nothing of it: a user it does not
// know, a grade that is no number or one over 100 stops it. An empty grade takes a grade away. So there are only rows
// with a grade, and one of the two columns that name the student is complete.
func moodleSheet() sheet {
	return sheet{
		platform: "Moodle", encode: asCSV,
		columns: func(g *grades) ([]column, error) {
			number := func(p *class.Person) string { return strings.TrimSpace(p.ID.MoodleID) }
			email := func(p *class.Person) string { return strings.TrimSpace(p.ID.Email) }
			noNumber, noEmail := namesWithout(g.students, number), namesWithout(g.students, email)
			if len(noNumber) > 0 && len(noEmail) > 0 {
				return nil, fmt.Errorf("moodle finds students by ID number or by e-mail address. The roster has no ID number "+
					"for %s and no address for %s: complete one of the columns", firstFew(noNumber), firstFew(noEmail))
			}
			g.scale.most = class.Whole(100)
			return []column{
				{"ID number", func(p *class.Person) string { return reports.Cell(number(p)) }},
				{"Email address", func(p *class.Person) string { return reports.Cell(email(p)) }},
				{g.head, g.score},
				{g.head + " (feedback)", func(p *class.Person) string { return reports.Cell(gradeFeedback(p)) }},
			}, errors.Join(refuseSameID(g.students, "ID number", number), refuseSameID(g.students, "e-mail address", email))
		},
	}
}

// worksheet follows the importer of the plugin assignfeedback_offline. It wants the columns of the identifier, of the
// grade and of the last change of the grade, and takes the row of a student by the number behind the identifier: so
// every cell is copied but the grade and the feedback. It passes over a row without a grade, over one whose grade is
// over the maximum, and, unless told otherwise, over one that was graded since the worksheet was downloaded.
func worksheet() sheet {
	return sheet{
		platform: "Moodle", encode: asCSV,
		columns: func(g *grades) ([]column, error) {
			at, err := g.worksheetColumns()
			if err != nil {
				return nil, err
			}
			most := rosterCell(g.students[0], at.most)
			g.head = g.options.Header[at.grade]
			if err := g.outOf(most); err != nil {
				return nil, err
			}
			g.tellLocked()
			columns := make([]column, len(g.options.Header))
			for i, head := range g.options.Header {
				columns[i] = column{head, func(p *class.Person) string { return rosterCell(p, i) }}
			}
			columns[at.grade].cell = func(p *class.Person) string {
				if strings.Contains(most, ",") {
					return strings.ReplaceAll(g.score(p), ".", ",") // Moodle reads what it writes in its language
				}
				return g.score(p)
			}
			if at.feedback >= 0 {
				columns[at.feedback].cell = func(p *class.Person) string {
					return reports.Cell(html.EscapeString(gradeFeedback(p)))
				}
			}
			return columns, nil
		},
	}
}

// tellLocked names those whose grade Moodle does not let anybody change here, and over whose row it passes.
func (g *grades) tellLocked() {
	at := rosterColumn(g.options, "Grade can be changed")
	var names []string
	for _, p := range g.students {
		if strings.EqualFold(strings.TrimSpace(rosterCell(p, at)), "no") {
			names = append(names, nameAndKey(p))
		}
	}
	if len(names) > 0 {
		g.options.Tell("the worksheet says of %s that the grade cannot be changed (it is locked or overridden in the "+
			"gradebook): Moodle passes over these rows", firstFew(names))
	}
}

// worksheetAt are the columns of a worksheet; -1 where there is no feedback.
type worksheetAt struct{ grade, most, feedback int }

// worksheetColumns finds the columns of a worksheet by their English names, else by what stands in them: before the
// last column with the same number for everybody, the maximum, stands the grade. The very last may be the feedback.
func (g *grades) worksheetColumns() (at worksheetAt, err error) {
	o := g.options
	at = worksheetAt{rosterColumn(o, "Grade"), rosterColumn(o, "Maximum Grade"), rosterColumn(o, "Feedback comments")}
	if at.grade >= 0 && at.most >= 0 && rosterColumn(o, "Identifier") == 0 {
		return at, nil
	}
	for i := len(o.Header) - 1; i > 1; i-- {
		most := rosterCell(g.students[0], i)
		same := !slices.ContainsFunc(g.students, func(p *class.Person) bool { return rosterCell(p, i) != most })
		if _, ok := class.ParsePoints(plainNumber(most)); ok && same && strings.ContainsAny(most, ".,") && g.identified() {
			at = worksheetAt{grade: i - 1, most: i, feedback: -1}
			if last := len(o.Header) - 1; last > i+2 {
				at.feedback = last
			}
			return at, nil
		}
	}
	return at, errors.New("the roster is no grading worksheet: download it from the assignment in Moodle (View all " +
		"submissions, Download grading worksheet), and give it as --roster")
}

// identified says whether the first cells are a word and a number, as Moodle identifies participants.
func (g *grades) identified() bool {
	return !slices.ContainsFunc(g.students, func(p *class.Person) bool {
		cell := rosterCell(p, 0)
		number := cell[len(strings.TrimRight(cell, "0123456789")):]
		return number == "" || number == cell
	})
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
