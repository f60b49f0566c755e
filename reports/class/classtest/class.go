// Package classtest holds the class that every rendering of a class is tested with, and the test that each must pass.
package classtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Header is the identity block of a gradebook that Canvas exported, and two columns after it.
func Header() []string {
	return []string{"Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Module 1.1 Lab (99)", Assignment}
}

var (
	graded = time.Date(2026, time.December, 1, 8, 0, 0, 0, time.UTC)
	due    = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
)

// Class is a class with a student of every status, one whom the roster lacks, and one whose every text was chosen to
// change what a reader sees or runs. It is made anew for each call.
func Class() *class.Class {
	c := &class.Class{
		Schema:   class.Schema,
		Tool:     reports.Tool{Name: "labcheck", Version: "0.1.0"},
		Lab:      reports.Lab{ID: "sample-1.0", Title: "AWS Core Services", SHA256: labHash},
		PassMark: 80,
		Graded:   graded,
		Policy:   class.Policy{Take: class.Best, Due: &due, Late: "10%/day, at most 50%", Open: class.OpenError},
		Steps: []class.Step{
			{
				ID: "iam-root-mfa", Section: "Account", Title: "The root user has an MFA device", Points: 40, Required: true,
				Verdicts: map[string]int{"pass": 4, "unknown": 1}, Difficulty: ptr(80), Missed: []class.Missed{},
			},
			{
				ID: "ecr-scan-on-push", Section: "Container registry", Title: "Images are scanned on push", Points: 40,
				Verdicts: map[string]int{"pass": 3, "fail": 2}, Difficulty: ptr(60),
				Missed: []class.Missed{{Found: "scan on push is off", Count: 1}, {Found: Hostile, Count: 1}},
			},
			{
				ID: "logs-retention", Section: "Logs", Title: "Old log events are deleted", Points: 20,
				Verdicts: map[string]int{"pass": 2, "partial": 1, "blocked": 1, "skipped": 1}, Difficulty: ptr(40),
				Missed: []class.Missed{{Found: "retention never expires", Count: 2}},
			},
		},
		Students: []class.Person{full(), late(), open(), absent(), refused(), excused(), overridden(), stranger(), hostile()},
		Refused: []class.Refusal{
			{
				File: "submissions.zip/kim_lee_1005_report.md", Student: "Kim Lee", Kind: class.Edited,
				Reason: "the points do not add up",
			},
			{File: "notes.md", Kind: class.Unreadable, Reason: "there is no report in it"},
		},
		Flags: []class.Flag{
			{
				Kind: class.SameAccount, Students: []string{"1001", "1002"},
				Text: "Jane Doe and Ann Berg handed in reports of the account 123456789012. They may share one with leave.",
			},
			{Kind: class.NameDisagrees, Students: []string{"1009"}, Text: "The report says " + Hostile + "."},
		},
		Notes: []string{"7 students have the account 111122223333: taken for what the course gave out, and not flagged"},
		Help: class.Help{
			Stuck: []class.Helped{},
			Almost: []class.Helped{
				{Key: "1002", Steps: []string{"logs-retention"}, Text: "lacks logs-retention"},
				{Key: "1009", Steps: []string{"ecr-scan-on-push"}, Text: "lacks ecr-scan-on-push"},
			},
			Silent: []class.Helped{{Key: "1004", Steps: []string{}}},
		},
		Regrade: &class.Regrade{
			Lab: reports.Lab{ID: "sample-1.0", Title: "AWS Core Services", SHA256: labHash}, Reports: 7,
			LabChanges: []string{"ecr-scan-on-push is worth 40 points, and was worth 20"},
			Changes: []class.Change{
				{
					Key: "1009", Before: standing(class.Whole(70), grade.Passed), After: standing(6750, grade.NotPassed),
					Steps: []string{},
				},
				{
					Key: "1002", Before: standing(class.Whole(60), grade.NotPassed), After: standing(class.Whole(76), grade.NotPassed),
					Steps: []string{"ecr-scan-on-push fail → partial", "logs-retention is new: pass"},
				},
			},
			Kept: []string{"1003"},
		},
		Summary: class.Summary{
			Files: 10, Reports: 8, Graded: 5, Open: 1, NoReport: 1, NotCounted: 1, Excused: 1, Passed: 2, Refused: 2,
			NotInRoster: 1, Several: 1, Mean: ptr(62), Median: ptr(70), Levels: map[class.Level]int{class.Consistent: 6},
		},
	}
	return c
}

// One is the same class with only the student at an index.
func One(i int) *class.Class {
	c := Class()
	c.Students = c.Students[i : i+1]
	return c
}

// Many is a class of this many students with this many steps: those of Class again and again, under names of their own.
func Many(students, steps int) *class.Class {
	c := Class()
	c.Steps = again(c.Steps, steps, func(s *class.Step, i int) { s.ID = stepID(i) })
	for _, p := range c.Students {
		for i := range p.Attempts {
			p.Attempts[i].Steps = again(p.Attempts[i].Steps, steps, func(r *class.Row, i int) { r.ID = stepID(i) })
		}
	}
	c.Students = again(c.Students, students, func(p *class.Person, i int) { p.Key += "-" + strconv.Itoa(i) })
	return c
}

func again[T any](few []T, n int, rename func(one *T, i int)) []T {
	many := make([]T, n)
	for i := range many {
		many[i] = few[i%len(few)]
		rename(&many[i], i)
	}
	return many
}

func stepID(i int) string { return "step-" + strconv.Itoa(i) }

// The places of the students in the class.
const (
	Full = iota
	Late
	Open
	Absent
	NotCounted
	Excused
	Overridden
	Stranger
	Malicious
)

// Hostile is a text that is a formula, a row, markup, a link and an escape sequence at once.
const Hostile = "=HYPERLINK(\"http://x\",\"a\")\r\n,|<script>alert(1)</script>\x1b[31m\u202e`x` @octocat #1"

const labHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func ptr[T any](v T) *T { return &v }

// person is a student of the roster.
func person(id, given, family string) class.Person {
	sort := family + ", " + given
	return class.Person{
		Key: id, InRoster: true, Taken: -1, Outcome: grade.Inconclusive, Possible: 100,
		ID: class.Identity{
			Name: given + " " + family, SortName: sort, Email: id + "@example.com", GitHub: "octo-" + id,
			CanvasID: id, SISID: "S-" + id, SISLogin: "u" + id, Section: "Sec 1", MoodleID: "M" + id, Account: "123456789012",
			Row: []string{sort, id, "S-" + id, "u" + id, "Sec 1", "50", ""},
		},
	}
}

// with gives a student one more attempt, which counts.
func with(p class.Person, started time.Time, rows ...class.Row) class.Person {
	a := class.Attempt{
		File: "submissions/" + p.Key + ".md", SHA256: labHash, Student: p.Key, Started: started,
		Finished: started.Add(time.Second), Source: reports.AWS, Tool: "0.1.0", LabSHA256: labHash,
		Account: "123456789012", Region: "us-east-1", Steps: rows, Workstation: true,
		Level: class.Consistent,
	}
	steps := make([]reports.Step, len(rows))
	for i, r := range rows {
		steps[i].ID = r.ID
		steps[i].Step = grade.Step{Points: r.Points, Required: r.Required, Verdict: r.Verdict, Share: 50}
	}
	a.Grade = grade.Of(reports.Graded(steps), 80, []grade.Band{{Letter: "A", Percent: 90}, {Letter: "B", Percent: 80}})
	p.Taken = len(p.Attempts)
	p.Attempts = append(p.Attempts, a)
	p.Status, p.Possible, p.Outcome = class.Graded, a.Grade.Possible, a.Grade.Outcome
	if a.Grade.Percent != nil {
		p.Letter = *a.Grade.Letter
	}
	return p
}

// standing is what somebody with this many of 100 points has.
func standing(score class.Points, outcome grade.Outcome) class.Standing {
	percent := int(score) / 100
	return class.Standing{
		Status: class.Graded, Outcome: outcome, Score: score, High: score, Possible: 100, Percent: percent,
		Text: fmt.Sprintf("%s/100 (%d%%), %s", score, percent, strings.ReplaceAll(string(outcome), "_", " ")),
	}
}

// score gives a student this many hundredths of a point.
func score(p class.Person, hundredths class.Points, worked string) class.Person {
	p.Score, p.Percent, p.Worked = &hundredths, ptr(int(hundredths)/p.Possible), worked
	return p
}

func mfa(v checks.Verdict) class.Row {
	return row("iam-root-mfa", "The root user has an MFA device", v, 40, true)
}

func scan(v checks.Verdict) class.Row {
	return row("ecr-scan-on-push", "Images are scanned on push", v, 40, false)
}

func retention(v checks.Verdict) class.Row {
	return row("logs-retention", "Old log events are deleted", v, 20, false)
}

func row(id, title string, v checks.Verdict, points int, required bool) class.Row {
	r := class.Row{ID: id, Title: title, Verdict: v, Points: points, Required: required}
	r.Earned = grade.Step{Points: points, Verdict: v, Share: 50}.Worth()
	switch v {
	case checks.Fail, checks.Partial:
		r.Line, r.Found, r.Expected = "it is off", "it is off", "it is on"
		r.Hints = []string{"Look at the settings."}
		r.Commands = []string{"aws iam list-users"}
	case checks.Blocked:
		r.Line, r.BlockedBy = "first fix ecr-scan-on-push", []string{"ecr-scan-on-push"}
	case checks.Unknown:
		r.Line, r.Reason = "you may not read this", facts.AccessDenied
	default:
	}
	return r
}

func full() class.Person {
	p := with(person("1001", "Ann", "Berg"), due.Add(-time.Hour), mfa(checks.Pass), scan(checks.Pass),
		retention(checks.Pass))
	p.Flags = []int{0}
	return score(p, class.Whole(100), "100")
}

// late handed in twice: the first time too little, the second time two days late.
func late() class.Person {
	p := with(person("1002", "Jane", "Doe"), due.Add(-time.Hour), mfa(checks.Pass), scan(checks.Fail),
		retention(checks.Fail))
	p = with(p, due.Add(40*time.Hour), mfa(checks.Pass), scan(checks.Pass), retention(checks.Partial))
	p.Flags, p.Late, p.Outcome = []int{0}, 40*time.Hour, grade.NotPassed
	return score(p, 6750, "90 − 25% (2 days late) = 67.5")
}

func open() class.Person {
	p := with(person("1003", "Chi", "Ito"), due.Add(-time.Hour), mfa(checks.Unknown), scan(checks.Pass),
		retention(checks.Pass))
	p.Status, p.Low, p.High, p.Letter = class.Open, ptr(class.Whole(60)), ptr(class.Whole(100)), ""
	return p
}

func absent() class.Person {
	p := person("1004", "Max", "Kahn")
	p.Status = class.NoReport
	return p
}

func refused() class.Person {
	p := with(person("1005", "Kim", "Lee"), due.Add(-time.Hour), mfa(checks.Pass), scan(checks.Pass),
		retention(checks.Pass))
	p.Attempts[0].Source, p.Attempts[0].Excluded = reports.Sandbox, "it is of the practice account"
	p.Taken, p.Status, p.Outcome, p.Letter = -1, class.NotCounted, grade.Inconclusive, ""
	return p
}

func excused() class.Person {
	p := person("1006", "Lu", "Mora")
	p.Status = class.Excused
	p.Override = &class.Override{Key: "1006", Excuse: true, Reason: "was ill", Position: "overrides.csv:2"}
	return p
}

// overridden has a step left out of the total, and a grade that the instructor gave.
func overridden() class.Person {
	p := with(person("1007", "Noa", "Nagy"), due.Add(-time.Hour), mfa(checks.Pass), scan(checks.Fail),
		retention(checks.Skipped))
	p.Override = &class.Override{
		Key: "1007", Score: ptr(class.Whole(60)), Reason: "showed it in class", Position: "overrides.csv:3",
	}
	return score(p, class.Whole(60), "40, set to 60 by the instructor: showed it in class")
}

func stranger() class.Person {
	p := with(person("ghost", "ghost", ""), due.Add(-time.Hour), mfa(checks.Pass), scan(checks.Pass),
		retention(checks.Blocked))
	p.InRoster, p.ID = false, class.Identity{Name: "ghost", SortName: "ghost", GitHub: "ghost"}
	return score(p, class.Whole(80), "80")
}

func hostile() class.Person {
	p := person("1009", "x", "y")
	r := scan(checks.Fail)
	r.Line, r.Found, r.Advice, r.Hints = Hostile, Hostile, Hostile, []string{Hostile}
	p = with(p, due.Add(-time.Hour), mfa(checks.Pass), r, retention(checks.Fail))
	p.ID.Name, p.ID.SortName = Hostile, Hostile
	p.Attempts[0].File, p.Attempts[0].Student = Hostile, Hostile
	p.Flags = []int{1}
	return score(p, class.Whole(40), "40")
}
