package class_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// before says what a submission was before it was graded again.
func before(was class.Submission) func(s *class.Submission) {
	return func(s *class.Submission) {
		was.LabSHA256, was.Started, was.Finished, was.File = "old", s.Started, s.Finished, s.File
		s.Before = &was.Attempt
	}
}

func steps(rows ...class.Row) func(s *class.Submission) {
	return func(s *class.Submission) { s.Steps = rows }
}

func graded(score class.Points, outcome grade.Outcome, text string) class.Standing {
	return class.Standing{
		Status: class.Graded, Outcome: outcome, Score: score, High: score, Possible: 100, Percent: int(score) / 100,
		Text: text,
	}
}

func TestRegrade(t *testing.T) {
	must := class.Row{ID: "must", Verdict: checks.Pass, Points: 20, Earned: 20}
	gone := class.Row{ID: "gone", Verdict: checks.Pass, Points: 5, Earned: 5}
	cases := map[string]struct {
		list []class.Submission
		want []class.Change
		line string
	}{
		"nothing changed": {[]class.Submission{report("jane", 70, before(report("jane", 70)))}, []class.Change{}, ""},
		"a gain": {[]class.Submission{report("jane", 92, before(report("jane", 60)))}, []class.Change{{
			Key:    "jane",
			Before: graded(6000, grade.NotPassed, "60/100 (60%), not passed"),
			After:  graded(9200, grade.Passed, "92/100 (92%), passed"),
			Steps:  []string{"may 40/80 → 72/80"},
		}}, "60/100 (60%), not passed → 92/100 (92%), passed; gains 32 points; may 40/80 → 72/80"},
		"a loss, and other steps": {
			[]class.Submission{report("jane", 20, steps(must, class.Row{ID: "new", Verdict: checks.Fail}),
				before(report("jane", 21, steps(class.Row{ID: "must", Verdict: checks.Unknown, Points: 20}, gone))))},
			[]class.Change{{
				Key:    "jane",
				Before: graded(2100, grade.NotPassed, "21/100 (21%), not passed"),
				After:  graded(2000, grade.NotPassed, "20/100 (20%), not passed"),
				Steps:  []string{"must unknown → pass", "new is new: fail", "gone is no longer a step"},
			}},
			"21/100 (21%), not passed → 20/100 (20%), not passed; loses 1 point; must unknown → pass, new is new: fail, " +
				"gone is no longer a step",
		},
		"what counts changed": {[]class.Submission{
			report("jane", 60, at(noon), before(report("jane", 84))), report("jane", 68, at(now), before(report("jane", 44))),
		}, []class.Change{{
			Key:    "jane",
			Before: graded(8400, grade.Passed, "84/100 (84%), passed"),
			After:  graded(6800, grade.NotPassed, "68/100 (68%), not passed"),
			Steps:  []string{"may 64/80 → 48/80"},
		}}, "84/100 (84%), passed → 68/100 (68%), not passed; loses 16 points; may 64/80 → 48/80"},
		"another pass mark": {[]class.Submission{report("jane", 76, before(report("jane", 76, func(s *class.Submission) {
			s.Grade.PassMark, s.Grade.Outcome = 70, grade.Passed
		})))}, []class.Change{{
			Key:    "jane",
			Before: graded(7600, grade.Passed, "76/100 (76%), passed"),
			After:  graded(7600, grade.NotPassed, "76/100 (76%), not passed"),
			Steps:  []string{},
		}}, "76/100 (76%), passed → 76/100 (76%), not passed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := collect(t, terms(), c.list...)
			require.Empty(t, got.Refused)
			require.Equal(t, c.want, got.Regrade.Changes)
			require.Equal(t, theLab().Lab, got.Regrade.Lab)
			require.Equal(t, len(c.list), got.Regrade.Reports)
			require.Empty(t, got.Regrade.Kept)
			if c.line != "" {
				require.Contains(t, got.RegradeLines(), "jane: "+c.line)
			}
		})
	}
	require.Nil(t, collect(t, terms(), report("jane", 70)).Regrade)
}

// possible sets how many points there were to earn, without a change of any step.
func possible(points int) func(s *class.Submission) {
	return func(s *class.Submission) { s.Grade.Possible = points }
}

// It is the share of the points that decides who gains: the points to earn may have changed, too.
func TestRegradeComparesShares(t *testing.T) {
	for name, c := range map[string]struct {
		before, after class.Submission
		want          string
	}{
		"as much of more": {
			report("jane", 50, possible(50)), report("jane", 100),
			"50/50 (100%), not passed → 100/100 (100%), passed; may 30/80 → 80/80",
		},
		"less of more": {
			report("jane", 60), report("jane", 60, possible(120)),
			"60/100 (60%), not passed → 60/120 (50%), not passed; loses 10%",
		},
		"hardly more": {
			report("jane", 60, possible(151)), report("jane", 60, possible(150)),
			"60/151 (39%), not passed → 60/150 (40%), not passed; gains 1%",
		},
		"less than a percent": {
			report("jane", 60, possible(149)), report("jane", 60, possible(148)),
			"60/149 (40%), not passed → 60/148 (40%), not passed; gains less than 1%",
		},
	} {
		t.Run(name, func(t *testing.T) {
			edit := before(c.before)
			edit(&c.after)
			require.Contains(t, collect(t, terms(), c.after).RegradeLines(), "jane: "+c.want)
		})
	}
}

// Who loses comes first, for that student will ask; whom nothing happened to is not listed.
func TestRegradeOrder(t *testing.T) {
	c := collect(t, terms(),
		report("ann", 92, before(report("ann", 60))), report("joe", 44, before(report("joe", 84))),
		report("kim", 60, possible(50), before(report("kim", 60))), report("lee", 20, before(report("lee", 20))),
		report("moe", 60, steps(), before(report("moe", 60))))
	var keys []string
	for _, change := range c.Regrade.Changes {
		keys = append(keys, change.Key)
	}
	require.Equal(t, []string{"joe", "ann", "kim", "moe"}, keys)
	lines := c.RegradeLines()
	require.Equal(t, "5 reports graded again with the lab lab (file aa): 2 students gain, 1 student loses, "+
		"1 student passes now, 1 student no longer passes", lines[0])
	require.Contains(t, lines,
		"moe: the grade stays 60/100 (60%), not passed; must is no longer a step, may is no longer a step")
}

// What the lab asks for now is said once, and not again for every student.
func TestRegradeSaysWhatTheLabChanged(t *testing.T) {
	was := report("jane", 60, steps(
		class.Row{ID: "must", Points: 10}, class.Row{ID: "gone", Points: 5}, class.Row{ID: "may", Points: 80, Required: true},
	), func(s *class.Submission) { s.Grade.PassMark = 70 })
	terms := terms()
	terms.Lab.Steps = append(terms.Lab.Steps, class.Step{ID: "new", Points: 3})
	interrupted := report("kim", 60, steps(), before(report("kim", 60, steps(), func(s *class.Submission) {
		s.Excluded = "the run was interrupted"
	})))
	c := collect(t, terms, interrupted, report("jane", 60, before(was)), report("joe", 60, before(was)))
	require.Equal(t, []string{
		"the pass mark is 80%, and was 70%",
		"must is worth 20 points, and was worth 10",
		"must is required now",
		"may is no longer required",
		"new is new, for 3 points",
		"gone is no longer a step",
	}, c.Regrade.LabChanges)
	require.Contains(t, c.RegradeLines(), "the lab: must is required now")
}

func TestRegradeKeepsWhatHasNoFacts(t *testing.T) {
	old := func(s *class.Submission) { s.LabSHA256, s.KeptFor = "old", "aa" }
	c := collect(t, terms(), report("jane", 70, old), report("joe", 90, before(report("joe", 90))))
	require.Empty(t, c.Refused)
	require.Equal(t, []string{"jane"}, c.Regrade.Kept)
	require.Empty(t, c.Regrade.Changes)
	require.Equal(t, class.Whole(70), *c.Students[0].Score)
	require.Equal(t, []string{
		"1 report graded again with the lab lab (file aa): 0 students gain, 0 students lose",
		"jane: the report carries no facts, and so the grade stays",
	}, c.RegradeLines())
}

// A practice run counts neither before nor after, and a decision stands.
func TestRegradeFollowsTheTerms(t *testing.T) {
	practice := func(s *class.Submission) { s.Source = reports.Sandbox }
	terms := terms()
	decided := class.Points(5000)
	terms.Overrides = []class.Override{{Key: "joe", Score: &decided, Reason: "shown in person"}}
	c := collect(t, terms,
		report("jane", 92, practice, before(report("jane", 60, practice))), report("joe", 92, before(report("joe", 60))))
	require.Empty(t, c.Regrade.Changes)
}
