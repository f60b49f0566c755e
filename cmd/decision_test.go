package cmd

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/codequality"
	csvfile "github.com/labcheck/labcheck/reports/csv"
	"github.com/labcheck/labcheck/reports/gate"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/html"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/junit"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/sarif"
	"github.com/labcheck/labcheck/reports/table"
)

// shownRed says how a consumer of each format takes a file: how much in it is a failure, and how much an error that is
// none. A consumer that has one kind of red only takes all of it for failures.
var shownRed = map[string]func(t *testing.T, out string) (failures, errors int){
	junit.Format.Name: func(t *testing.T, out string) (failures, errors int) {
		t.Helper()
		var root struct {
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Cases    []struct {
				Failure *struct{} `xml:"failure"`
				Error   *struct{} `xml:"error"`
			} `xml:"testsuite>testcase"`
		}
		require.NoError(t, xml.Unmarshal([]byte(out), &root))
		for _, c := range root.Cases {
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				errors++
			}
		}
		require.Equal(t, []int{root.Failures, root.Errors}, []int{failures, errors}, "the counts are those of the cases")
		return failures, errors
	},
	sarif.Format.Name: func(t *testing.T, out string) (failures, errors int) {
		t.Helper()
		var log struct {
			Runs []struct {
				Results []struct {
					Level        string
					Suppressions []any
				}
			}
		}
		require.NoError(t, json.Unmarshal([]byte(out), &log))
		for _, r := range log.Runs[0].Results {
			require.Contains(t, []string{"error", "note"}, r.Level)
			if r.Level == "error" {
				require.Empty(t, r.Suppressions)
				failures++
			}
		}
		return failures, 0
	},
	codequality.Format.Name: func(t *testing.T, out string) (failures, errors int) {
		t.Helper()
		var issues []struct{ Severity string }
		require.NoError(t, json.Unmarshal([]byte(out), &issues))
		for _, i := range issues {
			if i.Severity != "info" {
				failures++
			}
		}
		return failures, 0
	},
	github.Format.Name: func(_ *testing.T, out string) (failures, errors int) {
		return len(regexp.MustCompile(`(?m)^::error `).FindAllString(out, -1)), 0
	},
}

// redOnScreen finds what the formats for people show in red. They say the decision in words.
var redOnScreen = map[string]*regexp.Regexp{
	table.Format.Name: regexp.MustCompile("\x1b\\[31m"),
	html.Format.Name:  regexp.MustCompile(`<tr><th[^\n]*class="verdict fail"|class="card fail"`),
}

// What a consumer shows as red follows the decision, before --exit-zero: nothing where the run is passed, a failure
// where it is not, and where it is inconclusive an error and no failure, for consumers that tell the two apart.
func TestLawRedFollowsTheDecision(t *testing.T) {
	t.Parallel()
	seen := map[grade.Outcome]int{}
	for _, r := range decidedReports(t) {
		decision := r.Decision()
		seen[decision]++
		for _, f := range formats() {
			red, onScreen := redOnScreen[f.Name]
			count, inPipeline := shownRed[f.Name]
			switch {
			case !onScreen && !inPipeline:
				require.Contains(t, []string{markdown.Format.Name, jsonv1.Format.Name, csvfile.Format.Name}, f.Name,
					"a format that shows nothing in red, or one that this law does not know")
				continue
			case onScreen && decision != grade.Passed && !failsAlone(r):
				continue
			}
			out := string(reporttest.Render(t, f, r, reports.Options{Color: true}))
			if onScreen {
				require.Equal(t, failsAlone(r), red.MatchString(out), "%s of %s", f.Name, describe(r))
				continue
			}
			failures, errors := count(t, out)
			switch decision {
			case grade.Passed:
				require.Zero(t, failures+errors, "%s of %s", f.Name, describe(r))
			case grade.NotPassed:
				require.Positive(t, failures, "%s of %s", f.Name, describe(r))
			default:
				require.Positive(t, failures+errors, "%s of %s", f.Name, describe(r))
				require.True(t, f.Name != junit.Format.Name || failures == 0, "%s of %s", f.Name, describe(r))
			}
		}
	}
	require.Len(t, seen, 3)
}

// What is red is what decides, step by step, in every decision.
func TestLawStandings(t *testing.T) {
	t.Parallel()
	for _, r := range decidedReports(t) {
		levels := map[string]reports.AlertLevel{}
		for _, a := range r.Alerts() {
			if a.Step != nil {
				levels[a.Step.ID] = a.Level
			}
		}
		for _, s := range r.ShownSteps() {
			level, shown := levels[s.ID]
			switch standing := r.Standing(s); {
			case standing == reports.Right || standing == reports.LeftOut:
				require.False(t, shown, "%s of %s", s.ID, describe(r))
			case standing == reports.Deciding && s.Verdict != checks.Blocked:
				require.Equal(t, reports.AlertError, level, "%s of %s", s.ID, describe(r))
			default:
				require.NotEqual(t, reports.AlertError, level, "%s of %s", s.ID, describe(r))
				require.True(t, standing == reports.Deciding || r.StandingText(s) != "", "%s of %s", s.ID, describe(r))
			}
		}
	}
}

// decidedReports are reports of every two verdicts, under all terms that a pipeline can have.
func decidedReports(t *testing.T) []*reports.Report {
	t.Helper()
	step := func(id string, v checks.Verdict, points int) reports.Step {
		s := reports.Step{ID: id, Check: id, Title: "Title of " + id, Step: grade.Step{Points: points, Verdict: v, Share: 50}}
		switch v {
		case checks.Unknown:
			s.Reason = facts.NotLooked // what --no-workstation leaves out
		case checks.Blocked:
			s.BlockedBy = []string{"first"}
		default:
		}
		return s
	}
	report := func(v ...checks.Verdict) *reports.Report {
		r := reporttest.Many(0, "")
		r.Steps = []reports.Step{step("first", v[0], 3), step("second", v[1], 7)}
		r.Steps[0].Required = v[2] == checks.Pass
		r.Grade = grade.Of(reports.Graded(r.Steps), 70, nil)
		return r
	}
	all := []*reports.Report{}
	for _, first := range checks.Verdicts() {
		for _, second := range checks.Verdicts() {
			for _, required := range []checks.Verdict{checks.Pass, checks.Fail} {
				for _, change := range []func(*reports.Report){
					nil,
					func(r *reports.Report) { r.Run.Workstation = false },
					func(r *reports.Report) { r.Run.Interrupted = true },
					func(r *reports.Report) { r.Problem = &reports.Problem{Reason: facts.NoCredentials} },
				} {
					for _, terms := range gateTerms(report) {
						r := report(first, second, required)
						if change != nil {
							change(r)
						}
						if terms != nil {
							require.NoError(t, gate.Decide(r, *terms))
						}
						all = append(all, r)
					}
				}
			}
		}
	}
	return all
}

// gateTerms are the terms of pipelines; nil is none, where the grade alone decides.
func gateTerms(report func(...checks.Verdict) *reports.Report) []*gate.Terms {
	mark := 0
	waivers := []grade.Waiver{
		{Step: "first", Account: "*", Who: "alice", Reason: "agreed", Until: "2026-12-31"},
		{Step: "second", Account: "*", Who: "alice", Reason: "agreed", Until: "2026-01-31"}, // has ended
	}
	return []*gate.Terms{
		nil,
		{},
		{FailUnder: &mark},
		{Require: []string{"first"}, ReportOnly: true},
		{FailOn: reports.FailOnAny, AllowUnknown: []string{"second"}},
		{Waivers: waivers},
		{Waivers: waivers, FailOn: reports.FailOnAny},
		{Baseline: report(checks.Fail, checks.Pass, checks.Pass)},
		{Baseline: report(checks.Fail, checks.Pass, checks.Pass), FailOn: reports.FailOnNew, Waivers: waivers},
	}
}

// failsAlone says of a report without a gate, of a whole run, that its first step fails and that it is not passed.
func failsAlone(r *reports.Report) bool {
	return r.Gate == nil && r.Problem == nil && r.Decision() == grade.NotPassed && r.Steps[0].Verdict == checks.Fail
}

// describe says what a report is about, for a test that fails.
func describe(r *reports.Report) string {
	var parts []string
	for _, s := range r.Steps {
		parts = append(parts, s.Verdict.String())
	}
	return strings.Join(parts, ", ") + ": " + r.DecisionText()
}
