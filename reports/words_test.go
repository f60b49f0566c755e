package reports_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestEachReasonHasItsWords(t *testing.T) {
	unknown := func(r facts.Reason) string { return reports.Step{Reason: r}.Explanation() }
	other := unknown("no reason of the schema")
	for _, reason := range facts.Reasons() {
		t.Run(string(reason), func(t *testing.T) {
			require.NotEqual(t, other, unknown(reason))
			require.Regexp(t, `^[A-Z].*\. [A-Z].*\.$`, unknown(reason), "two sentences: what and what it means")
			require.Contains(t, reports.Step{Reason: reason, Detail: "the detail"}.Explanation(), ": the detail.")
			require.NotEmpty(t, reports.Problem{Reason: reason}.Sentence())
		})
	}
}

func TestEachVerdictHasItsMark(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range checks.Verdicts() {
		require.False(t, seen[reports.Mark(v)], "%s has the mark of another verdict", v)
		seen[reports.Mark(v)] = true
	}
}

func TestStepLine(t *testing.T) {
	step := func(v checks.Verdict, findings ...checks.Finding) reports.Step {
		return reports.Step{Step: grade.Step{Verdict: v}, Findings: findings}
	}
	found := func(v checks.Verdict, text string) checks.Finding { return checks.Finding{Verdict: v, Found: text} }
	open := func(reason facts.Reason, action, detail string) reports.Step {
		return reports.Step{Reason: reason, MissingAction: action, Detail: detail}
	}
	blocked := func(by ...string) reports.Step {
		return reports.Step{Step: grade.Step{Verdict: checks.Blocked}, BlockedBy: by}
	}
	cases := map[string]struct {
		step reports.Step
		want string
	}{
		"a pass":                   {step(checks.Pass, found(checks.Pass, "on")), "on"},
		"the finding that decides": {step(checks.Fail, found(checks.Pass, "on"), found(checks.Fail, "off")), "off"},
		"several": {
			step(checks.Fail, found(checks.Fail, "a"), found(checks.Fail, "b"), found(checks.Fail, "c")), "a (and 2 more)",
		},
		"nothing to tell": {step(checks.Pass), ""},
		"denied": {
			open(facts.AccessDenied, "ecr:ListImages", "no policy allows it"), "could not look: ecr:ListImages was denied",
		},
		"denied somewhere":   {open(facts.AccessDenied, "", ""), "could not look: these credentials may not look"},
		"not looked":         {open(facts.NotLooked, "", "git is not installed"), "not looked at: git is not installed"},
		"not there yet":      {open(facts.NotYetConsistent, "", "the scan runs"), "not there yet: the scan runs"},
		"blocked by one":     {blocked("a"), "fix a first, then this is looked at"},
		"blocked by several": {blocked("a", "b", "c"), "fix a, b and c first, then this is looked at"},
		"blocked, who knows": {blocked(), "waits for another step"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, c.step.Line()) })
	}
}

func TestGradeWords(t *testing.T) {
	bands := []grade.Band{{Letter: "A", Percent: 90}, {Letter: "C", Percent: 70}}
	step := func(points int, v checks.Verdict, required bool) reports.Step {
		return reports.Step{ID: "x", Step: grade.Step{Points: points, Verdict: v, Required: required}}
	}
	cases := map[string]struct {
		steps          []reports.Step
		grade, outcome string
	}{
		"passed": {
			[]reports.Step{step(1, checks.Pass, false)}, "1 of 1 point (100%), grade A", "Passed: 80% is needed.",
		},
		"failed": {
			[]reports.Step{step(3, checks.Pass, false), step(1, checks.Fail, false)},
			"3 of 4 points (75%), grade C",
			"Not passed: 80% is needed.",
		},
		"open": {
			[]reports.Step{step(3, checks.Pass, false), step(1, checks.Unknown, false)},
			"3 to 4 of 4 points (75 to 100%), grade C so far",
			"Inconclusive: what could not be looked at decides. 80% is needed.",
		},
		"required": {
			[]reports.Step{step(9, checks.Pass, false), step(1, checks.Fail, true)},
			"9 of 10 points (90%), grade A",
			"Not passed: a required step is missing.",
		},
		"nothing": {
			nil, "No grade: no points are left in the total", "Inconclusive: no step of this lab could earn points here.",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := grade.Of(reports.Graded(c.steps), 80, bands)
			require.Equal(t, c.grade, reports.GradeText(g))
			require.Equal(t, c.outcome, reports.OutcomeText(g))
		})
	}
}

func TestClosing(t *testing.T) {
	want := map[string]string{
		"verdicts": "Next: “Someone is told when the bill grows” (2 of 8 steps done, 20 to 26 of 46 points).",
		"finished": "Nothing is left to do: 2 of 2 steps done, 18 of 18 points.",
		"empty":    "No step was graded.", "nothing-left": "No step was graded.",
		"inconclusive": "Nothing to fix, but 2 steps could not be looked at (2 of 4 steps done, 18 to 25 of 25 points).",
		"narrowed":     "Next: “Images are scanned when they are pushed” (0 of 1 step done, 0 of 4 points).",
	}
	for _, n := range reporttest.Set() {
		if closing, ok := want[n.Name]; ok {
			require.Equal(t, closing, n.Report.Closing(), n.Name)
			delete(want, n.Name)
		}
	}
	require.Empty(t, want, "a report is missing from the set")
}

func TestWordsToLearners(t *testing.T) {
	for _, n := range reporttest.Set() {
		if n.Large {
			continue
		}
		text := n.Report.Closing() + reports.OutcomeText(n.Report.Grade)
		for _, s := range n.Report.Steps {
			text += s.Explanation() + s.Line()
		}
		for _, word := range []string{"just ", "simply", "obviously", "illegal", "!"} {
			require.NotContains(t, strings.ToLower(text), word, n.Name)
		}
	}
}

// Whoever chose not to look at a machine reads what stays open, in the words that an instructor reads, too.
func TestOpenText(t *testing.T) {
	steps := []reports.OpenStep{{"cli", 5, facts.NotLooked}, {"git", 4, facts.NotLooked}, {"alarm", 1, facts.AccessDenied}}
	require.Equal(t,
		"10 points stay open: cli and git were not looked at (--no-workstation); alarm could not be looked at",
		reports.OpenText(steps, false))
	require.Equal(t, "5 points stay open: cli was not looked at", reports.OpenText(steps[:1], true))
	require.Equal(t, "1 point stays open: alarm could not be looked at", reports.OpenText(steps[2:], true))
	require.Empty(t, reports.OpenText(nil, false))

	r := reports.Report{Source: reports.AWS, Run: reports.Run{Complete: true}, Steps: []reports.Step{{
		ID: "cli", Reason: facts.NotLooked, Step: grade.Step{Points: 5, Verdict: checks.Unknown},
	}}}
	require.Equal(t,
		[]reports.Notice{{"OPEN", "5 points stay open: cli was not looked at (--no-workstation)."}}, r.Notices())
	r.Run.Workstation = true
	require.Empty(t, r.Notices())
}
