package class_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// now is when the class is graded; noon is when its reports are made unless a test says otherwise.
var (
	now  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	noon = now.AddDate(0, 0, -3)
)

func theLab() class.Lab {
	return class.Lab{
		Lab: reports.Lab{ID: "lab", SHA256: "aa"}, PassMark: 80,
		Scale: []grade.Band{{Letter: "A", Percent: 90}, {Letter: "B", Percent: 80}},
		Steps: []class.Step{{ID: "must", Points: 20, Required: true}, {ID: "may", Points: 80}},
	}
}

func terms() class.Terms {
	return class.Terms{Tool: reports.Tool{Version: "1"}, Lab: theLab(), Now: now}
}

// report is a submission of a student that earned so many of the 100 points.
func report(student string, earned int, edits ...func(s *class.Submission)) class.Submission {
	s := class.Submission{Attempt: class.Attempt{
		File: student + ".md", SHA256: student, Student: student, Started: noon, Finished: noon, Source: reports.AWS,
		Tool: "1", LabSHA256: "aa", Grade: grade.Of(reports.Graded([]reports.Step{
			{ID: "must", Step: grade.Step{Points: 20, Required: true, Verdict: checks.Pass}},
			{ID: "may", Step: grade.Step{Points: 80, Verdict: checks.Partial, Share: (earned - 20) * 100 / 80}},
		}), 80, nil),
		Steps: []class.Row{
			{ID: "must", Verdict: checks.Pass, Points: 20, Earned: 20, Required: true},
			{ID: "may", Verdict: checks.Partial, Points: 80, Earned: earned - 20, Found: "half of it"},
		},
	}}
	s.Grade.Earned, s.Grade.Low, s.Grade.High = earned, earned, earned
	for _, edit := range edits {
		edit(&s)
	}
	return s
}

func at(when time.Time) func(s *class.Submission) {
	return func(s *class.Submission) { s.Started, s.Finished, s.File = when, when, s.File+when.String() }
}

func issuer(name string) func(s *class.Submission) {
	return func(s *class.Submission) { s.Issuer = name }
}

func collect(t *testing.T, terms class.Terms, list ...class.Submission) *class.Class {
	t.Helper()
	c, err := class.Collect(class.HandedIn{Files: len(list), Submissions: list}, terms)
	require.NoError(t, err)
	return c
}

func TestTake(t *testing.T) {
	list := []class.Submission{
		report("jane", 70, at(noon.Add(2*time.Hour))), report("jane", 90, at(noon.Add(time.Hour))),
		report("jane", 60, at(noon)),
		report("jane", 100, func(s *class.Submission) { s.Excluded = "the run was interrupted" }),
	}
	for take, want := range map[class.Take]class.Points{
		class.Best: 9000, class.Latest: 7000, class.First: 6000, "": 9000,
	} {
		terms := terms()
		terms.Take = take
		c := collect(t, terms, list...)
		require.Len(t, c.Students, 1)
		require.Len(t, c.Students[0].Attempts, 4)
		require.Equal(t, want, *c.Students[0].Score, take)
	}
}

func TestLate(t *testing.T) {
	due := noon
	cases := map[string]struct {
		rule    string
		late    time.Duration
		score   class.Points
		worked  string
		outcome grade.Outcome
	}{
		"in time": {"10%/day", 0, 8500, "85", grade.Passed},
		"two days": {
			"10%/day, at most 50%", 25 * time.Hour, 6800, "85 − 20% (2 days late) = 68", grade.NotPassed,
		},
		"exactly one day": {"10%/day", 24 * time.Hour, 7650, "85 − 10% (1 day late) = 76.5", grade.NotPassed},
		"at most": {
			"10%/hour, at most 50%", 72 * time.Hour, 4250, "85 − 50% (72 hours late) = 42.5", grade.NotPassed,
		},
		"never less than zero": {"30%/day", 400 * time.Hour, 0, "85 − 100% (17 days late) = 0", grade.NotPassed},
		"an odd share":         {"7%/week", time.Minute, 7905, "85 − 7% (1 week late) = 79.05", grade.NotPassed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			terms := terms()
			rule, err := class.ParseLate(c.rule)
			require.NoError(t, err)
			terms.Due, terms.Late = &due, rule
			p := collect(t, terms, report("jane", 85, at(due.Add(c.late)))).Students[0]
			require.Equal(t, c.score, *p.Score)
			require.Equal(t, int(c.score)/100, *p.Percent)
			require.Equal(t, c.worked, p.Worked)
			require.Equal(t, c.outcome, p.Outcome)
		})
	}
	for _, bad := range []string{"", "10", "10%", "200%/day", "10%/day, at most 101%", "-1%/day", "10%/year"} {
		_, err := class.ParseLate(bad)
		require.Error(t, err, bad)
	}
}

func TestThePlatformsTimeDecides(t *testing.T) {
	terms := terms()
	terms.Due, terms.Late = &noon, class.LateRule{Percent: 10, Unit: 24 * time.Hour, Word: "day", Most: 100}
	received := noon.Add(time.Hour)
	p := collect(t, terms, report("jane", 100, func(s *class.Submission) { s.Submitted = &received })).Students[0]
	require.Equal(t, class.Points(9000), *p.Score)
	require.Equal(t, time.Hour, p.Late)
}

func TestPractice(t *testing.T) {
	practice := report("jane", 100, func(s *class.Submission) { s.Source = reports.Sandbox })
	terms := terms()
	p := collect(t, terms, practice).Students[0]
	require.Equal(t, class.NotCounted, p.Status)
	require.Nil(t, p.Score)
	terms.AllowSimulated = true
	require.Equal(t, class.Graded, collect(t, terms, practice).Students[0].Status)
}

func TestOpenHasARangeAndNoGrade(t *testing.T) {
	p := collect(t, terms(), report("jane", 60, func(s *class.Submission) {
		s.Grade.High, s.Grade.Outcome = 90, grade.Inconclusive
	})).Students[0]
	require.Equal(t, class.Open, p.Status)
	require.Nil(t, p.Score)
	require.Nil(t, p.Percent)
	require.Equal(t, class.Points(9000), *p.High)
	require.Equal(t, "60 to 90/100", p.ScoreText())
}

// What is taken off for being late is taken off both ends of an open grade.
func TestOpenAndLate(t *testing.T) {
	terms := terms()
	due, rule := noon.Add(-time.Hour), "10%/day, at most 50%"
	late, err := class.ParseLate(rule)
	require.NoError(t, err)
	terms.Due, terms.Late = &due, late
	p := collect(t, terms, report("jane", 60, at(noon), func(s *class.Submission) {
		s.Grade.High, s.Grade.Outcome = 90, grade.Inconclusive
	})).Students[0]
	require.Equal(t, "54 to 81/100", p.ScoreText())
}

func TestARequiredStepOutweighsPoints(t *testing.T) {
	p := collect(t, terms(),
		report("jane", 90, func(s *class.Submission) { s.Grade.Outcome = grade.NotPassed })).Students[0]
	require.Equal(t, grade.NotPassed, p.Outcome)
	require.Equal(t, "A", p.Letter)
}

func TestMatching(t *testing.T) {
	roster := []class.Identity{
		{
			Handle: "jane", Name: "Jane Doe", SortName: "Doe, Jane", Email: "jane@example.edu", CanvasID: "1001",
			GitHub: "jane-gh", Account: "111111111111",
		},
		{Handle: "john", Name: "John Roe", SortName: "Roe, John"},
		{Handle: "ann1", Name: "Ann Poe", SortName: "Poe, Ann"},
		{Handle: "ann2", Name: "Ann Poe", SortName: "Poe, Ann"},
	}
	cases := map[string]struct {
		edit func(s *class.Submission)
		want string
	}{
		"the handle":               {func(s *class.Submission) { s.Student = "JANE" }, "jane"},
		"the GitHub name":          {func(s *class.Submission) { s.Student = "jane-gh" }, "jane"},
		"the e-mail of Gradescope": {func(s *class.Submission) { s.From.Email = "jane@example.edu" }, "jane"},
		"the id of Canvas": {
			func(s *class.Submission) { s.From = class.Sender{Name: "x", CanvasID: "1001"} }, "jane",
		},
		"the name of Canvas": {func(s *class.Submission) { s.From.Name = "doejane" }, "jane"},
		"the name of Moodle": {func(s *class.Submission) { s.From.Name = "Jane Doe" }, "jane"},
		"the account":        {func(s *class.Submission) { s.Account = "111111111111" }, "jane"},
		"the folder":         {func(s *class.Submission) { s.From.Path = "john" }, "john"},
		"the path before the handle": {
			func(s *class.Submission) { s.From.Name, s.Student = "Jane Doe", "john" }, "jane",
		},
		"a name that two have": {func(s *class.Submission) { s.From.Name = "Ann Poe" }, ""},
		"which of two of the name": {
			func(s *class.Submission) { s.From.Name, s.Student = "Ann Poe", "ann2" }, "ann2",
		},
		"a handle of neither": {
			func(s *class.Submission) { s.From.Name, s.Student = "Ann Poe", "john" }, "",
		},
		"a stranger with john's name": {
			func(s *class.Submission) { s.From.Name, s.Student = "Mallory", "john" }, "Mallory",
		},
		"a stranger with her handle as a name": {func(s *class.Submission) { s.From.Name = "jane" }, "jane (2)"},
		"nobody":                               {func(*class.Submission) {}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			terms := terms()
			terms.Roster = roster
			graded := collect(t, terms, report("", 90, c.edit))
			var keys []string
			for _, p := range graded.Students {
				if len(p.Attempts) > 0 {
					keys = append(keys, p.Key)
				}
			}
			if c.want == "" {
				require.Empty(t, keys)
				require.Equal(t, class.NoStudent, graded.Refused[0].Kind)
				return
			}
			require.Equal(t, []string{c.want}, keys)
		})
	}
}

// What cannot be given to anybody says why, and what the instructor can do.
func TestNamesakesAreToldApart(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann1", Name: "Ann Poe"}, {Handle: "ann2", Name: "Ann Poe"}}
	c := collect(t, terms, report("", 90, func(s *class.Submission) { s.From.Name = "Ann Poe" }))
	require.Len(t, c.Refused, 1)
	require.Contains(t, c.Refused[0].Reason, "2 students of the roster are called Ann Poe")
	require.Contains(t, c.Refused[0].Reason, "put it into a folder")
	require.Equal(t, "Ann Poe (ann1)", c.Students[0].Who())
	require.Equal(t, "Ann Poe (ann2)", c.Students[1].Who())
}

func TestOverrides(t *testing.T) {
	score := class.Points(9550)
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "jane", Name: "Jane"}, {Handle: "john", Name: "John"}}
	terms.Overrides = []class.Override{
		{Key: "jane", Score: &score, Reason: "shown", Position: "o.csv:2"}, {Key: "John", Excuse: true, Reason: "ill"},
	}
	c := collect(t, terms, report("jane", 60))
	jane, john := c.Students[0], c.Students[1]
	require.Equal(t, score, *jane.Score)
	require.Equal(t, []any{95, "A", grade.Passed}, []any{*jane.Percent, jane.Letter, jane.Outcome})
	require.Equal(t, "95.5 by decision: shown (instead of 60)", jane.Worked)
	require.Equal(t, class.Excused, john.Status)
	require.Nil(t, john.Score)

	many := class.Points(10001)
	for want, list := range map[string][]class.Override{
		"no student":           {{Key: "joan", Score: &score}},
		"100.01 points are":    {{Key: "jane", Score: &many}},
		"has a decision alrea": {{Key: "jane", Excuse: true}, {Key: "Jane", Excuse: true}},
	} {
		terms.Overrides = list
		_, err := class.Collect(class.HandedIn{}, terms)
		require.ErrorContains(t, err, want)
	}
}

func TestFlags(t *testing.T) {
	account := func(id string) func(s *class.Submission) {
		return func(s *class.Submission) { s.Account = id }
	}
	trace := func(trace string) func(s *class.Submission) {
		return func(s *class.Submission) { s.Traces = []string{trace} }
	}
	roster := []class.Identity{{Handle: "jane", Account: "222222222222"}, {Handle: "john", Name: "John"}}
	received := noon.Add(-time.Hour)
	cases := map[class.FlagKind][]class.Submission{
		class.SameAccount: {report("ann", 90, account("111111111111")), report("ben", 90, account("111111111111"))},
		class.SameImage: {
			report(
				"ann",
				90,
				trace(class.ImageTrace+"sha256:1"),
			),
			report("ben", 90, trace(class.ImageTrace+"sha256:1")),
		},
		class.SameEvidence: {
			report("ann", 90, trace(class.RequestTrace+"1")), report("ben", 90, trace(class.RequestTrace+"1")),
		},
		class.SameResource: {
			report(
				"ann",
				90,
				trace(class.ResourceTrace+"igw-1"),
			),
			report("ben", 90, trace(class.ResourceTrace+"igw-1")),
		},
		class.SameTimes: {
			report("ann", 90, trace(class.TimesTrace+"1 and 2")), report("ben", 90, trace(class.TimesTrace+"1 and 2")),
		},
		class.Masked: {report("ann", 90, func(s *class.Submission) {
			s.Doubts = []class.Doubt{{Kind: class.Masked, Text: "masks its account"}}
		})},
		class.SameReport:    {report("ann", 90), report("ben", 90, func(s *class.Submission) { s.SHA256 = "ann" })},
		class.OldReport:     {report("ann", 90, at(noon.AddDate(-1, 0, 0)))},
		class.OtherIssuer:   {report("ann", 90, issuer("Acme Proxy"))},
		class.ClockOff:      {report("ann", 90, func(s *class.Submission) { s.Submitted = &received })},
		class.OtherVersion:  {report("ann", 90, func(s *class.Submission) { s.Tool = "0" })},
		class.OtherAccount:  {report("jane", 90, account("111111111111"))},
		class.NameDisagrees: {report("jane", 90, func(s *class.Submission) { s.From.Name = "john" })},
		class.TermsChanged:  {report("ann", 90, func(s *class.Submission) { s.Changed = true })},
		class.TextChanged:   {report("ann", 90, func(s *class.Submission) { s.TextChanged = "line 1 was added" })},
	}
	for kind, list := range cases {
		t.Run(string(kind), func(t *testing.T) {
			terms := terms()
			terms.Roster, terms.Since = roster, noon.AddDate(0, -1, 0)
			c := collect(t, terms, list...)
			require.Len(t, c.Flags, 1)
			require.Equal(t, kind, c.Flags[0].Kind)
			require.False(t, c.Flags[0].Declared)
			flagged := 0
			for _, p := range c.Students {
				flagged += len(p.Flags)
			}
			require.Equal(t, len(list), flagged, "everybody concerned knows of it")
			if len(list) == 2 {
				terms.Pairs = []class.Pair{{Students: []string{"BEN", "ann"}}}
				require.True(t, collect(t, terms, list...).Flags[0].Declared)
			}
		})
	}
	t.Run("what many have", func(t *testing.T) {
		terms := terms()
		terms.Since = noon.AddDate(0, -1, 0)
		old := func(s *class.Submission) { s.KeyMade, s.Pushed = noon.AddDate(-1, 0, 0), noon.AddDate(0, -2, 0) }
		var few, many []class.Submission
		for _, student := range []string{"ann", "ben", "cy", "dee", "eve"} {
			many = append(many, report(student, 90, issuer("Acme Proxy"), old))
		}
		few = slices.Clone(many[:4])
		for _, attempt := range []string{"1", "2"} { // the same student again is nobody more
			few = append(
				few,
				report("ann", 80, issuer("Acme Proxy"), at(noon.Add(time.Hour)), func(s *class.Submission) {
					s.SHA256 += attempt
				}),
			)
		}
		flagged := map[class.FlagKind]int{}
		for _, f := range collect(t, terms, few...).Flags {
			flagged[f.Kind]++
		}
		require.Equal(t, map[class.FlagKind]int{class.OtherIssuer: 6, class.OldReport: 8}, flagged)
		c := collect(t, terms, many...)
		require.Empty(t, c.Flags)
		require.Equal(t, []string{
			"5 students have a certificate of Acme Proxy: not flagged, for so many have it",
			"5 students have an access key that was made before the course began: not flagged, for so many have it",
			"5 students have an image that was pushed before the course began: not flagged, for so many have it",
		}, c.Notes)
	})
	t.Run("a pair with somebody else", func(t *testing.T) {
		terms := terms()
		terms.Pairs = []class.Pair{{Students: []string{"ann", "bem"}, Position: "pairs.csv:2"}}
		in := class.HandedIn{Submissions: []class.Submission{report("ann", 90), report("ben", 90)}}
		_, err := class.Collect(in, terms)
		require.NoError(t, err, "without a roster bem may have handed in nothing")
		terms.Roster = roster
		_, err = class.Collect(in, terms)
		require.EqualError(t, err, `pairs.csv:2: there is no student "bem", neither in the roster nor with a report`)
	})
	t.Run("nothing", func(t *testing.T) {
		masked := func(s *class.Submission) { s.Account = "ACCOUNT_ID" }
		practice := func(s *class.Submission) { s.Account, s.Source = "123456789012", reports.Sandbox }
		require.Empty(t, collect(t, terms(), report("ann", 90, masked), report("ben", 90, masked),
			report("cid", 90, practice), report("dan", 90, practice)).Flags)
	})
}

// What more share than would have worked together is the course's: one note, and no flags. An answer that AWS gave once
// is nobody's.
func TestCourseMaterial(t *testing.T) {
	shared := func(students int, traces ...string) *class.Class {
		var list []class.Submission
		for i := range 50 {
			s := report(fmt.Sprintf("s%02d", i), 90)
			if i < students {
				s.Traces = traces
			}
			list = append(list, s)
		}
		return collect(t, terms(), list...)
	}
	image, answer := class.ImageTrace+"sha256:1", class.RequestTrace+"1"
	few := shared(5, image)
	require.Len(t, few.Flags, 1)
	require.Empty(t, few.Notes)
	many := shared(6, image)
	require.Empty(t, many.Flags)
	require.Equal(t, []string{
		"6 students have the container image sha256:1: taken for what the course gave out, and not flagged",
	}, many.Notes)
	require.Len(t, shared(6, answer).Flags, 1)
}

// A report that bears the marks of the practice account counts as little as one that says what it is, and what another
// version of labcheck graded otherwise is one note.
func TestDoubts(t *testing.T) {
	practised := func(s *class.Submission) { s.Practised = true }
	other := func(s *class.Submission) { s.OtherVerdicts = "the step must: its facts make it fail" }
	c := collect(t, terms(), report("ann", 90, practised), report("ben", 90, other))
	require.Equal(t, class.NotCounted, c.Students[0].Status)
	require.Equal(t, class.Graded, c.Students[1].Status)
	require.Len(t, c.Notes, 1)
	require.Contains(t, c.Notes[0], "ben: the step must: its facts make it fail")
	lenient := terms()
	lenient.AllowSimulated = true
	require.Equal(t, class.Graded, collect(t, lenient, report("ann", 90, practised)).Students[0].Status)
}

func TestStepsAndSummary(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann"}, {Handle: "ben"}, {Handle: "zoe"}}
	c := collect(t, terms, report("ann", 90), report("ben", 60), report("eve", 81),
		report("eve", 50), report("old", 90, func(s *class.Submission) { s.LabSHA256 = "bb" }))
	require.Equal(t, map[string]int{"partial": 3}, c.Steps[1].Verdicts)
	require.Equal(t, []class.Missed{{Found: "half of it", Count: 3}}, c.Steps[1].Missed)
	require.Equal(t, []int{100, 0}, []int{*c.Steps[0].Difficulty, *c.Steps[1].Difficulty})
	mean, median := 77, 81
	require.Equal(t, class.Summary{
		Levels: map[class.Level]int{},
		Files:  5, Reports: 4, Graded: 3, NoReport: 1, Passed: 2, Refused: 1, NotInRoster: 1, Several: 1, Mean: &mean,
		Median: &median,
	}, c.Summary)
	require.Equal(t, []string{
		"3 students graded, 2 students passed", "1 student without a report",
		"1 student with a report, but not in the roster",
		"1 student with more than one report", "1 file refused, and not graded",
	}, c.Reconciliation())
}

// The order in which the files are read never matters.
func TestOrderNeverMatters(t *testing.T) {
	list := []class.Submission{
		report("ann", 90, at(noon)), report("ann", 90, at(noon.Add(time.Hour))), report("ben", 60), report("cid", 70),
	}
	want := collect(t, terms(), list...)
	slices.Reverse(list)
	require.Equal(t, want, collect(t, terms(), list...))
}

func TestFileNames(t *testing.T) {
	c := class.Class{
		Students: []class.Person{{Key: "Ann"}, {Key: "ann"}, {Key: "../../x y"}, {Key: "..."}, {Key: "j@x.edu"}},
	}
	require.Equal(t, []string{"Ann", "ann-2", "_.._x_y", "student", "j@x.edu"}, c.FileNames())
	require.Len(t, c.Each(), 5)
	require.Equal(t, "ann", c.Each()[1].Students[0].Key)
}

// Whatever students call themselves: a file can be made for each on any system, beside all the others.
func TestFileNamesAreSafe(t *testing.T) {
	long := strings.Repeat("é", 200)
	keys := []string{
		"CON",
		"nul.md",
		"Com1",
		"LPT¹",
		"aux.tar.gz",
		"console",
		"..",
		".",
		"",
		"-rf",
		"a:b",
		`..\..\x`,
		"../../x",
		"a/b",
		"a\\b",
		"a\x00b",
		"STRASSE",
		"straße",
		"é",
		"e\u0301",
		"\u212b",
		"å",
		"ſ",
		"S",
		"a\u202etxt.exe",
		"x.",
		"x ",
		"x",
		"-\u00e9-",
		"\xff",
	}
	for range 300 {
		keys = append(keys, "/", long)
	}
	c := class.Class{}
	for _, key := range keys {
		c.Students = append(c.Students, class.Person{Key: key})
	}
	seen := map[string]string{}
	for i, name := range c.FileNames() {
		key := keys[i]
		require.True(t, filepath.IsLocal(name+".md"), "%q", key)
		require.Regexp(t, `^[\p{L}\p{Nd}_@+][\p{L}\p{Nd}_@.+-]*$`, name, "%q", key)
		require.NotRegexp(t, `(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`, name, "%q", key)
		require.NotRegexp(t, `[. ]$`, name, "%q", key)
		require.LessOrEqual(t, len(name), 128, "%q", key)
		onDisk := cases.Fold().String(norm.NFD.String(name))
		require.Empty(t, seen[onDisk], "%q and %q", key, seen[onDisk])
		seen[onDisk] = name
	}
}

// Whatever is written as a rule: it is refused, or takes between nothing and everything off.
func FuzzParseLate(f *testing.F) {
	for _, seed := range []string{"10%/day, at most 50%", "100% / hour", "0%/week,at most 0%", "999%/day", "-1%/day"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := class.ParseLate(text)
		if err != nil {
			require.Zero(t, r)
			return
		}
		require.Equal(t, text, r.Text)
		require.Positive(t, r.Unit)
		require.True(t, 0 <= r.Percent && r.Percent <= 100 && 0 <= r.Most && r.Most <= 100)
	})
}

// open makes a report of which some points could not be looked at.
func open(points int, required bool) func(s *class.Submission) {
	return func(s *class.Submission) {
		s.Grade.High = s.Grade.Low + points
		s.Grade.Outcome = grade.Inconclusive
		if s.Grade.High < s.Grade.PassMark {
			s.Grade.Outcome = grade.NotPassed
		}
		s.Steps = append(s.Steps, class.Row{
			ID: "far", Verdict: checks.Unknown, Reason: facts.NotLooked, Points: points, Required: required,
		})
	}
}

// What an open grade counts is for the instructor to say. Who cannot pass whatever is open has not passed.
func TestOpenEnds(t *testing.T) {
	cases := map[string]struct {
		open    class.OpenEnd
		report  class.Submission
		status  class.Status
		score   string
		outcome grade.Outcome
	}{
		"by default": {"", report("ann", 75, open(10, false)), class.Open, "75 to 85/100", grade.Inconclusive},
		"left out": {
			class.OpenExclude, report("ann", 75, open(10, false)), class.Open, "75 to 85/100", grade.Inconclusive,
		},
		"what is certain": {
			class.OpenLow, report("ann", 75, open(10, false)), class.Graded, "75/100", grade.NotPassed,
		},
		"enough of it": {
			class.OpenLow,
			report("ann", 85, open(10, false)),
			class.Graded,
			"85/100",
			grade.Passed,
		},
		"enough, but a required": {
			class.OpenLow,
			report("ann", 85, open(10, true)),
			class.Graded,
			"85/100",
			grade.NotPassed,
		},
		"it cannot pass": {"", report("ann", 60, open(10, false)), class.Graded, "60/100", grade.NotPassed},
		"it cannot pass, and is left out": {
			class.OpenExclude, report("ann", 60, open(10, false)), class.Graded, "60/100", grade.NotPassed,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			terms := terms()
			terms.Open = c.open
			p := collect(t, terms, c.report).Students[0]
			require.Equal(t, c.status, p.Status)
			require.Equal(t, c.score, p.ScoreText())
			require.Equal(t, c.outcome, p.Outcome)
			require.Contains(t, p.HowText(), "10 points stay open: far was not looked at (--no-workstation)",
				"in the words of the student's own report")
			require.Contains(t, p.WhyText(), "10 points stay open")
		})
	}
}

// The platform's mark wins over the student's clock.
func TestMarkedLate(t *testing.T) {
	terms := terms()
	due := noon.Add(time.Hour)
	terms.Due = &due
	terms.Late, _ = class.ParseLate("10%/day, at most 50%")
	marked := func(s *class.Submission) { s.MarkedLate = true }
	c := collect(t, terms, report("ann", 90, marked), report("ben", 90),
		report("cid", 90, marked, at(due.Add(36*time.Hour))))
	require.Equal(t, "90 − 10% (1 day late) = 81, late by the platform's mark", c.Students[0].Worked)
	require.Equal(t, []string{"#1", "late"}, c.Marks(&c.Students[0]))
	require.Equal(t, "90", c.Students[1].Worked)
	require.Equal(t, "90 − 20% (2 days late) = 72", c.Students[2].Worked)
	require.Equal(t, []class.FlagKind{class.ClockOff}, kindsOf(c))
	terms.Due = nil
	require.Equal(t, "90", collect(t, terms, report("ann", 90, marked)).Students[0].Worked)
}

func TestWhyText(t *testing.T) {
	missing := func(list ...string) func(s *class.Submission) {
		return func(s *class.Submission) { s.Grade.Missing, s.Grade.Outcome = list, grade.NotPassed }
	}
	for want, r := range map[string]class.Submission{
		"passed":                                     report("ann", 90),
		"not passed: 80% is needed":                  report("ann", 60),
		"not passed: required step must":             report("ann", 90, missing("must")),
		"not passed: required steps must and should": report("ann", 90, missing("must", "should")),
	} {
		p := collect(t, terms(), r).Students[0]
		require.Equal(t, want, p.WhyText())
	}
}

// Whom to help next: who gets nowhere, who lacks a single step, and who is silent. Nobody who passed.
func TestHelp(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann"}, {Handle: "ben"}, {Handle: "cid"}, {Handle: "zoe"}}
	lacks := func(must, may checks.Verdict, earned int) func(s *class.Submission) {
		return func(s *class.Submission) {
			s.Steps[0].Verdict, s.Steps[0].Earned, s.Steps[1].Verdict = must, 0, may
			s.Steps[1].Earned = earned
			s.Grade.Missing, s.Grade.Outcome = []string{"must"}, grade.NotPassed
		}
	}
	c := collect(
		t,
		terms,
		report(
			"ann",
			60,
			at(noon),
		),
		report("ann", 60, at(noon.Add(time.Hour))),
		report("ann", 60, at(noon.Add(2*time.Hour))),
		report("ben", 80, lacks(checks.Fail, checks.Pass, 80)),
		report("cid", 90),
	)
	require.Len(t, c.Help.Stuck, 1)
	require.Equal(t, "ann", c.Help.Stuck[0].Key)
	require.Equal(t, "3 attempts, and the last 3 came to the same: may", c.Help.Stuck[0].Text)
	require.Len(t, c.Help.Almost, 2)
	require.Equal(t, []string{"ben", "ann"}, []string{c.Help.Almost[0].Key, c.Help.Almost[1].Key},
		"the fewest points first")
	require.Equal(t, "lacks must", c.Help.Almost[0].Text)
	require.Len(t, c.Help.Silent, 1)
	require.Equal(t, "zoe", c.Help.Silent[0].Key)
	require.Equal(t, "required: must", c.Students[1].WhyNotText())
	require.Equal(t, "80% is needed", c.Students[0].WhyNotText())
	require.Empty(t, c.Students[2].WhyNotText())
}

// An instructor looks first where there is most to see; the others are drawn, so that nobody is out of sight.
func TestSpotChecks(t *testing.T) {
	doubt := func(kind class.FlagKind, account string) func(s *class.Submission) {
		return func(s *class.Submission) {
			s.Account = account
			s.Doubts = append(s.Doubts, class.Doubt{Kind: kind, Text: "x"})
		}
	}
	self := func(s *class.Submission) { s.Level = class.SelfReported }
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "zoe"}}
	c := collect(t, terms, report("ann", 95), report("ben", 95, doubt(class.NoFacts, "444455556666"), self),
		report("cid", 81),
		report("dan", 60, doubt(class.FactsDisagree, "111122223333")))
	spots := c.SpotChecks(10)
	require.Len(t, spots, 4, "nobody can look at what zoe did not hand in")
	keys := []string{spots[0].Key, spots[1].Key, spots[2].Key, spots[3].Key}
	require.Equal(t, []string{"dan", "ben", "cid", "ann"}, keys)
	require.Equal(t, "111122223333", spots[0].Account)
	require.Equal(t, []string{"#1 facts disagree"}, spots[0].Why)
	require.Equal(t, []string{"#2 no facts", "passed by nothing but the report's own word"}, spots[1].Why)
	require.Equal(t, []string{"just passed: 81%"}, spots[2].Why)
	require.Equal(t, []string{"drawn by lot"}, spots[3].Why)
	require.Len(t, c.SpotChecks(1), 1)
	require.Empty(t, c.SpotChecks(0))
}
