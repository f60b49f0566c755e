package class

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// StatusText is what became of a student, in words.
func (p *Person) StatusText() string {
	switch p.Status {
	case Graded:
		return "graded"
	case Open:
		return "open"
	case NoReport:
		return "no report"
	case NotCounted:
		return "none counts"
	default:
		return "excused"
	}
}

// ScoreText is the grade out of what was possible: "67.5/100"; the range of an open one, "-" without any.
func (p *Person) ScoreText() string {
	switch {
	case p.Status == Graded && p.Score != nil:
		return fmt.Sprintf("%s/%d", *p.Score, p.Possible)
	case p.Status == Open && p.Low != nil && p.High != nil:
		return fmt.Sprintf("%s to %s/%d", *p.Low, *p.High, p.Possible)
	default:
		return "-"
	}
}

// PercentText is the grade in percent with its letter: "67% D"; "" without any.
func (p *Person) PercentText() string {
	if p.Percent == nil {
		return ""
	}
	return strings.TrimSpace(strconv.Itoa(*p.Percent) + "% " + p.Letter)
}

// OutcomeText is whether the student passed; "-" where nothing says so.
func (p *Person) OutcomeText() string {
	switch {
	case p.Status != Graded && p.Status != Open:
		return "-"
	case p.Outcome == grade.Passed:
		return "passed"
	case p.Outcome == grade.NotPassed:
		return "not passed"
	default:
		return "inconclusive"
	}
}

// ResultText is what a table has room for: the outcome of a grade, else why there is none.
func (p *Person) ResultText() string {
	if p.Status != Graded {
		return p.StatusText()
	}
	return p.OutcomeText()
}

// HowText is how a grade came about that is not the plain sum of points, why nothing counts, what stays open, or what
// keeps somebody with enough points from passing; "" for a plain one.
func (p *Person) HowText() string {
	switch {
	case p.Status == Excused && p.Override != nil:
		return "excused: " + p.Override.Reason
	case p.Status == NotCounted && len(p.Attempts) > 0:
		return p.Attempts[len(p.Attempts)-1].Excluded
	}
	var parts []string
	if p.Late > 0 || p.Override != nil {
		parts = append(parts, p.Worked)
	}
	if a, ok := p.Attempt(); ok && p.Override == nil {
		open := a.OpenText()
		if open != "" && a.Grade.Outcome == grade.NotPassed {
			open += " (not passed, whatever they are)"
		}
		parts = append(parts, p.missing(), open)
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}

// missing says which required steps keep somebody with enough points from passing; "" where nothing does.
func (p *Person) missing() string {
	a, ok := p.Attempt()
	if !ok || p.Status != Graded || p.Outcome != grade.NotPassed || *p.Percent < a.Grade.PassMark {
		return ""
	}
	return a.missing()
}

// missing names the required steps that an attempt does not pass; "" where it passes all.
func (a *Attempt) missing() string {
	switch len(a.Grade.Missing) {
	case 0:
		return ""
	case 1:
		return "not passed: required step " + a.Grade.Missing[0]
	default:
		return "not passed: required steps " + reports.List(a.Grade.Missing)
	}
}

// WhyNotText says why somebody did not pass: the points, the required steps, or both; "" for everybody else.
func (p *Person) WhyNotText() string {
	a, ok := p.Attempt()
	switch {
	case p.Outcome != grade.NotPassed || p.Percent == nil && p.Low == nil:
		return ""
	case p.Override != nil:
		return "by decision"
	case !ok:
		return ""
	}
	var why []string
	score := p.Score
	if score == nil {
		score = p.High
	}
	if *score*perPoint < Whole(a.Grade.PassMark*p.Possible) {
		text := strconv.Itoa(a.Grade.PassMark) + "% is needed"
		if p.Late > 0 && a.Grade.Low*100 >= a.Grade.PassMark*p.Possible {
			text += ", and it was late"
		}
		why = append(why, text)
	}
	if missing := a.Grade.Missing; len(missing) > 0 {
		const most = 2
		if more := len(missing) - most; more > 0 {
			missing = append(slices.Clone(missing[:most]), strconv.Itoa(more)+" more")
		}
		why = append(why, "required: "+reports.List(missing))
	}
	return strings.Join(why, "; ")
}

// WhyText says to a student what became of a grade: "passed", or why not, and what stays open.
func (p *Person) WhyText() string {
	text := p.OutcomeText()
	a, ok := p.Attempt()
	if !ok || p.Override != nil {
		return text
	}
	if text == "not passed" {
		text = cmp.Or(a.missing(), fmt.Sprintf("not passed: %d%% is needed", a.Grade.PassMark))
	}
	if open := a.OpenText(); open != "" {
		text += "; " + open
	}
	return text
}

// Answered counts the attempts that say something about a step.
func (s *Step) Answered() int {
	n := 0
	for verdict, count := range s.Verdicts {
		if verdict != checks.Skipped.String() {
			n += count
		}
	}
	return n
}

// MissedLines say what those who did not pass a step had, most common first: "18 of 31: retention never expires".
func (s *Step) MissedLines() []string {
	lines := make([]string, len(s.Missed))
	for i, m := range s.Missed {
		lines[i] = fmt.Sprintf("%d of %d: %s", m.Count, s.Answered(), m.Found)
	}
	return lines
}

// MissedText is MissedLines in one line.
func (s *Step) MissedText() string { return strings.Join(s.MissedLines(), "; ") }

// PolicyText says in one sentence how attempts became grades.
func (c *Class) PolicyText() string {
	text := "the " + string(c.Policy.Take) + " attempt counts"
	if c.Policy.Due != nil {
		text += ", due " + momentIn(*c.Policy.Due)
	}
	if c.Policy.Late != "" {
		text += ", late work loses " + c.Policy.Late
	}
	if c.Policy.Open == OpenLow {
		text += ", what was not looked at counts nothing"
	}
	return text + "; " + strconv.Itoa(c.PassMark) + "% passes."
}

// momentIn is a time in its own zone, which is shown: "2026-11-30 23:59 CET (UTC+01:00)".
func momentIn(at time.Time) string {
	if at.Location() == time.UTC {
		return Moment(at)
	}
	return at.Format("2006-01-02 15:04 MST (UTC-07:00)")
}

// Moment is a time as a person reads it, in UTC: "2026-11-23 12:00 UTC".
func Moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// Marks are the numbers of a student's flags, and the marks of a grade that is not the plain one: "#1", "late".
func (c *Class) Marks(p *Person) []string {
	var marks []string
	for _, i := range p.Flags {
		marks = append(marks, FlagNumber(i))
	}
	if p.Late > 0 {
		marks = append(marks, "late")
	}
	if p.Override != nil {
		marks = append(marks, "override")
	}
	if a, ok := p.Attempt(); ok && p.Status == Graded && p.Override == nil && a.OpenText() != "" {
		marks = append(marks, "at least")
	}
	if !p.InRoster && c.Summary.NotInRoster > 0 {
		marks = append(marks, "not in roster")
	}
	return marks
}

// Words are the kind in words.
func (k FlagKind) Words() string { return strings.ReplaceAll(string(k), "_", " ") }

// Levels are how far a report can be believed, the weakest first.
func Levels() []Level { return []Level{SelfReported, Consistent, Observed} }

// Words are the level in words, and what it means.
func (l Level) Words() (word, means string) {
	switch l {
	case SelfReported:
		return "self-reported", "Nothing but the report's own word: it carries no facts, or they make another report."
	case Consistent:
		return "consistent with its facts", "Every verdict follows from AWS's answers that the report carries. To change " +
			"it, these have to be made up."
	default:
		return "observed by the grader", "The grader read the account itself (labcheck sweep)."
	}
}

// FlagNumber names the flag of an index: "#1" is the first.
func FlagNumber(i int) string { return "#" + strconv.Itoa(i+1) }

// Notice is what every page of a class must say before its grades; "" for nothing.
func (c *Class) Notice() string {
	if c.Demo {
		return "DEMO: these students are made up."
	}
	return ""
}

// FlagText is a flag in words.
func (f *Flag) FlagText() string {
	if f.Declared {
		return f.Text + " (declared)"
	}
	return f.Text
}

// Who names a student on a page: the name, with the key where two have it; else the key.
func (p *Person) Who() string {
	switch name := reports.Clean(p.ID.Name); {
	case name == "":
		return reports.Clean(p.Key)
	case p.Namesake:
		return name + " (" + reports.Clean(p.Key) + ")"
	default:
		return name
	}
}
