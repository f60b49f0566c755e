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

func TestRegrade(t *testing.T) {
	must := class.Row{ID: "must", Verdict: checks.Pass, Points: 20, Earned: 20}
	gone := class.Row{ID: "gone", Verdict: checks.Pass, Points: 5, Earned: 5}
	cases := map[string]struct {
		list []class.Submission
		want []class.Change
	}{
		"nothing changed": {[]class.Submission{report("jane", 70, before(report("jane", 70)))}, []class.Change{}},
		"a gain": {[]class.Submission{report("jane", 92, before(report("jane", 60)))}, []class.Change{{
			Key: "jane", Before: 6000, After: 9200, From: "60/100, not passed", To: "92/100, passed", Steps: []string{"may: 40/80 → 72/80"},
		}}},
		"a loss, and other steps": {[]class.Submission{report("jane", 20, steps(must, class.Row{ID: "new", Verdict: checks.Fail}),
			before(report("jane", 28, steps(class.Row{ID: "must", Verdict: checks.Unknown, Points: 20}, gone))))}, []class.Change{{
			Key: "jane", Before: 2800, After: 2000, From: "28/100, not passed", To: "20/100, not passed",
			Steps: []string{"must: unknown → pass", "new: new, fail", "gone: no longer a step"},
		}}},
		"what counts changed": {[]class.Submission{
			report("jane", 60, at(noon), before(report("jane", 84))), report("jane", 68, at(now), before(report("jane", 44))),
		}, []class.Change{{
			Key: "jane", Before: 8400, After: 6800, From: "84/100, passed", To: "68/100, not passed", Steps: []string{"may: 64/80 → 48/80"},
		}}},
		"another pass mark": {[]class.Submission{report("jane", 76, before(report("jane", 76, func(s *class.Submission) {
			s.Grade.PassMark, s.Grade.Outcome = 70, grade.Passed
		})))}, []class.Change{{
			Key: "jane", Before: 7600, After: 7600, From: "76/100, passed", To: "76/100, not passed", Steps: []string{},
		}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := collect(t, terms(), c.list...)
			require.Empty(t, got.Refused)
			require.Equal(t, &class.Regrade{Lab: theLab().Lab, Reports: len(c.list), Changes: c.want, Kept: []string{}}, got.Regrade)
		})
	}
	require.Nil(t, collect(t, terms(), report("jane", 70)).Regrade)
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
