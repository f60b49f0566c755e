package page_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/cmd/conformance/dom"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

func TestHead(t *testing.T) {
	c := classtest.Class()
	c.Demo = true
	root := render(t, c, classtest.Options())
	require.Equal(t, []string{"DEMO: AWS Core Services – labcheck class"}, texts(root, "title"))
	head := dom.All(root, "header")[0]
	require.Equal(t, []string{"AWS Core Services"}, texts(head, "h1"))
	require.Equal(t, []string{
		"labcheck class", c.Notice(),
		"The best attempt counts, due 2026-11-23 12:00 UTC, late work loses 10%/day, at most 50%; 80% passes.",
		"Lab sample-1.0 (file 9f86d081884c)",
	}, texts(head, "p"))
	require.Equal(t, texts(dom.All(root, "main")[0], "h2"), texts(head, "a"), "a link to each part")
}

func TestDistribution(t *testing.T) {
	grades := part(t, render(t, classtest.Class(), classtest.Options()), "grades")
	require.Equal(t, "5 grades: 62% on average, 70% in the middle (median).", texts(grades, "p")[0])
	var counts []string
	for _, row := range dom.All(grades, "tr")[1:] {
		counts = append(counts, content(row))
	}
	require.Equal(t, []string{
		"0 to 9%0", "10 to 19%0", "20 to 29%0", "30 to 39%0", "40 to 49%1", "50 to 59%0", "60 to 69%1", "70 to 79%1",
		"80 to 89%1pass mark 80%", "90 to 100%1",
	}, counts)
}

func TestMatrix(t *testing.T) {
	c := classtest.Class()
	root := render(t, c, classtest.Options())
	matrix := byID(t, root, "matrix")
	require.Equal(t, []string{
		"Student", "Points", "Grade", "Outcome", "Tries", "Flags", "Account", "Container registry", "Logs",
		"iam-root-mfa40*80%", "ecr-scan-on-push4060%", "logs-retention2040%",
	}, texts(dom.All(matrix, "thead")[0], "th"))
	rows := dom.All(dom.All(matrix, "tbody")[0], "tr")
	require.Len(t, rows, len(c.Students))
	for i, want := range map[int]string{
		classtest.Full: "Ann Berg|100/100|100% A|passed|1|#1|pass|pass|pass",
		classtest.Late: "Jane Doe|67.5/100|67% A|not passed 80% is needed, and it was late|2|" +
			"#1, late|pass|pass|partial",
		classtest.Open:       "Chi Ito|60 to 100/100|–|open|1||unknown|pass|pass",
		classtest.Absent:     "Max Kahn|–|–|no report|0||none|none|none",
		classtest.Overridden: "Noa Nagy|60/80|75% F|not passed by decision|1|override|pass|fail|skipped",
		classtest.Malicious:  reports.Clean(classtest.Hostile) + "|40/100|40% F|not passed 80% is needed|1|#2|pass|fail|fail",
	} {
		require.Equal(t, want, strings.Join(texts(rows[i], "th", "td"), "|"))
	}
}

// What most people missed comes first, and says how many of how many had what.
func TestMissed(t *testing.T) {
	c := classtest.Class()
	c.Steps[2].Verdicts = map[string]int{"pass": 11, "fail": 17, "partial": 2, "blocked": 1, "unknown": 1, "skipped": 3}
	c.Steps[2].Missed = []class.Missed{{Found: "retention never expires", Count: 18}}
	missed := part(t, render(t, c, classtest.Options()), "missed")
	rows := dom.All(dom.All(missed, "tbody")[0], "tr")
	require.Equal(t, []string{"Old log events are deleted logs-retention", "11 of 32 (40%)"},
		texts(rows[0], "th", "td")[:2])
	require.Equal(t, []string{
		"18 of 32: retention never expires", "1 of 32: something else", "1 of 32: waits for another step",
		"1 of 32: could not be looked at",
	}, texts(rows[0], "li"))
	require.Equal(t, "The root user has an MFA device iam-root-mfa", texts(rows[2], "th")[0])
}

func TestFlags(t *testing.T) {
	c := classtest.Class()
	c.Flags[0].Declared = true
	flags := part(t, render(t, c, classtest.Options()), "flags")
	items := texts(flags, "li")
	require.Len(t, items, 2)
	require.True(t, strings.HasPrefix(items[0], "#1 Ann Berg and Jane Doe: "), items[0])
	require.True(t, strings.HasSuffix(items[0], " (declared)"), items[0])
}

func TestRefusedAndRegraded(t *testing.T) {
	c := classtest.Class()
	root := render(t, c, classtest.Options())
	refused := part(t, root, "refused")
	require.Equal(t, []string{"submissions.zip/kim_lee_1005_report.md", "Kim Lee", "the points do not add up"},
		texts(dom.All(refused, "tr")[1], "th", "td"))
	require.Equal(t, c.RegradeLines()[0], texts(part(t, root, "again"), "li")[0])
}

// A student's page says how the grade came about in sentences that stand by themselves.
func TestStudent(t *testing.T) {
	c := classtest.Class()
	pages := pagesOf(t, c)
	for i, want := range map[int][]string{
		classtest.Full: {"Passed: 80% is needed."},
		classtest.Late: {
			"How it came about: 90 − 25% (2 days late) = 67.5", "Not passed: 80% is needed, and this was late.",
		},
		classtest.Open:       {"Inconclusive: what could not be looked at decides. 80% is needed."},
		classtest.Absent:     {},
		classtest.NotCounted: {"How it came about: it is of the practice account"},
		classtest.Excused:    {"How it came about: excused: was ill"},
		classtest.Overridden: {"How it came about: 40, set to 60 by the instructor: showed it in class"},
	} {
		require.Subset(t, pages.said(pages.Students[i].Said...), want)
	}
	require.True(t, pages.Students[classtest.Full].Done)
	require.Equal(t, []string{"Old log events are deleted: first fix ecr-scan-on-push"},
		pages.said(pages.Students[classtest.Stranger].Waits...))
	late := pages.Students[classtest.Late]
	require.Equal(t, []string{"Jane Doe", "67.5/100, 67% A, not passed"}, pages.said(late.Name, late.Standing))
	require.Equal(t, []string{"no report"}, pages.said(pages.Students[classtest.Absent].Standing))
	require.Equal(t, []string{
		"2026-11-23 11:00 UTC", "submissions/1002.md", "40/100", "",
		"2026-11-25 04:00 UTC", "submissions/1002.md", "90/100", "counts",
	}, pages.said(slices.Concat(late.Tries...)...))
	fix := late.Fix[0]
	require.Equal(t, "logs-retention", pages.Texts[pages.Steps[fix.Step].ID])
	require.Equal(t, "partial", fix.Verdict)
	require.Equal(t, []int{10, 20}, []int{fix.Earned, fix.Points})
	require.Equal(t, []string{"Found", "it is off", "Expected", "it is on"}, pages.said(fix.Sentences...))
	require.Equal(t, []string{"Look at the settings."}, pages.said(fix.Hints...))
	for _, text := range pages.Texts {
		require.NotContains(t, text, ", -")
	}
}

// Required steps come first, as in the page that a student gets.
func TestMendingOrder(t *testing.T) {
	c := classtest.Class()
	a := &c.Students[classtest.Late].Attempts[1]
	a.Steps[0].Verdict, a.Steps[1].Verdict = checks.Fail, checks.Fail
	a.Steps[0].Required, a.Steps[2].Required = false, true
	pages := pagesOf(t, c)
	var order []string
	for _, fix := range pages.Students[classtest.Late].Fix {
		order = append(order, pages.Texts[pages.Steps[fix.Step].Title])
	}
	require.Equal(t,
		[]string{"Old log events are deleted", "The root user has an MFA device", "Images are scanned on push"}, order)
}

// The first screen says whom to help, and what to say in class.
func TestHelp(t *testing.T) {
	c := classtest.Class()
	c.Help = class.Help{
		Stuck:  []class.Helped{{Key: "1002", Text: "3 attempts, and the last 3 came to the same: logs-retention"}},
		Almost: []class.Helped{{Key: "1009", Text: "lacks ecr-scan-on-push"}},
		Silent: []class.Helped{{Key: "1004"}},
	}
	root := render(t, c, classtest.Options())
	next := part(t, root, "next")
	require.Equal(t, []string{"Stuck (1)", "Almost passed (1)", "Silent (1)"}, texts(next, "h3"))
	require.Equal(t, []string{
		"Jane Doe: 3 attempts, and the last 3 came to the same: logs-retention",
		reports.Clean(classtest.Hostile) + ": lacks ecr-scan-on-push", "Max Kahn",
	}, texts(next, "li"))
	require.Equal(t, []string{
		"40% passed logs-retention: 2 of 4 have “retention never expires”.Old log events are deleted.",
	}, texts(part(t, root, "say"), "li"))
	requireShape(t, root, c)
}

// The chart counts in spans that a person counts in, and in few enough of them, however wrong a clock was.
func TestAttempts(t *testing.T) {
	due := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name     string
		times    []time.Time
		sentence string
		rows     []string
	}{
		{
			"hours",
			[]time.Time{due.Add(-90 * time.Minute), due.Add(-61 * time.Minute), due.Add(time.Second)},
			"3 attempts from 2026-11-23 10:00 to 2026-11-23 12:00 (UTC), most in one hour: 2 (2026-11-23 10:00). " +
				"1 came after the due time.",
			[]string{"2026-11-23 10:00", "2", "2026-11-23 12:00", "1"},
		},
		{
			"minutes",
			[]time.Time{due.Add(-50 * time.Minute), due.Add(-12 * time.Minute), due.Add(-11 * time.Minute)},
			"3 attempts from 2026-11-23 11:10 to 2026-11-23 11:45 (UTC), most in one span of five minutes: " +
				"2 (2026-11-23 11:45). " +
				"0 came after the due time.",
			[]string{"2026-11-23 11:10", "1", "2026-11-23 11:45", "2"},
		},
		{
			"days",
			[]time.Time{due.AddDate(0, 0, -20), due.AddDate(0, 0, -1), due},
			"3 attempts from 2026-11-03 to 2026-11-23 (UTC), most in one day: 1 (2026-11-03). 0 came after the due time.",
			[]string{"2026-11-03", "1", "2026-11-22", "1", "2026-11-23", "1"},
		},
		{
			"weeks",
			[]time.Time{due.AddDate(0, 0, -80), due, due.AddDate(0, 0, 6)},
			"3 attempts from 2026-08-31 to 2026-11-23 (UTC), most in one week: 2 (2026-11-23). 1 came after the due time.",
			[]string{"2026-08-31", "1", "2026-11-23", "2"},
		},
		{
			"one",
			[]time.Time{due},
			"1 attempt from 2026-11-23 12:00 to 2026-11-23 12:00 (UTC), most in one hour: 1 (2026-11-23 12:00). " +
				"0 came after the due time.",
			[]string{"2026-11-23 12:00", "1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			attempts := part(t, render(t, attempted(due, c.times...), class.Options{}), "attempts")
			require.Equal(t, c.sentence, content(dom.All(attempts, "p")[0]))
			require.Equal(t, c.rows, texts(dom.All(dom.All(attempts, "table")[0], "tbody")[0], "th", "td"))
			require.Len(t, dom.All(attempts, "rect"), len(c.rows)/2, "a bar for each row")
			if c.name != "minutes" { // of which the due time is no part
				require.Contains(t, texts(attempts, "text"), "due 2026-11-23")
			}
		})
	}
	t.Run("a wrong clock", func(t *testing.T) {
		wrong := attempted(due, time.Time{}, time.Unix(0, 0), due, time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC))
		requireShape(t, render(t, wrong, class.Options{}), wrong)
	})
}

// attempted is a class of one who handed in at these times.
func attempted(due time.Time, times ...time.Time) *class.Class {
	c := classtest.One(classtest.Full)
	c.Policy.Due, c.Flags, c.Students[0].Flags = &due, nil, nil
	p := &c.Students[0]
	first := p.Attempts[0]
	p.Attempts = nil
	for _, at := range times {
		a := first
		a.Finished = at
		p.Attempts = append(p.Attempts, a)
	}
	return c
}

// A page grows with its students and no faster.
func TestManyStudents(t *testing.T) {
	const students, steps, bytesPerStudent = 1000, 22, 3 << 10
	c := classtest.Many(students, steps)
	began := time.Now()
	out, err := classtest.Render(t, page.Format, c, classtest.Options())
	require.NoError(t, err)
	t.Logf("%d bytes in %s", len(out), time.Since(began)) // the time of a busy machine proves nothing
	require.Less(t, len(out), students*bytesPerStudent)
	requireShape(t, dom.Parse(t, out), c)
}
