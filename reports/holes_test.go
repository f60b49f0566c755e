package reports_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/holes"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// Whichever text of a report is empty, what is said of the report is whole sentences.
func TestNoHoles(t *testing.T) {
	for _, n := range reporttest.Set() {
		if n.Large {
			continue
		}
		n.Report.Facts = nil
		full := saidOf(n.Report)
		for text := range full {
			require.Empty(t, holes.Find(text), "%s: %s", n.Name, text)
		}
		for path, r := range holes.Emptied(t, n.Report) {
			for text := range saidOf(r) {
				if !full[text] {
					assert.Empty(t, holes.Find(text), "%s with an empty %s: %s", n.Name, path, text)
				}
			}
		}
	}
}

// saidOf are all sentences of a report, under each decision.
func saidOf(r *reports.Report) map[string]bool {
	said := map[string]bool{
		reports.GradeText(r.Grade): true, reports.OutcomeText(r.Grade): true, reports.MissingText(r.Grade): true,
		r.Closing(): true,
	}
	for _, notice := range r.Notices() {
		said[notice.Label+" "+notice.Text] = true
	}
	if r.Problem != nil {
		said[r.Problem.Sentence()] = true
	}
	for _, w := range r.Waivers {
		said[reports.WaiverProblem(w)] = true
	}
	decided := *r
	for _, outcome := range []grade.Outcome{grade.Passed, grade.NotPassed, grade.Inconclusive} {
		decided.Grade.Outcome = outcome
		if r.Gate != nil {
			gate := *r.Gate
			gate.Outcome = outcome
			decided.Gate = &gate
		}
		said[decided.DecisionText()] = true
		for _, s := range decided.Steps {
			for _, text := range []string{
				s.Line(), s.Explanation(), s.WaiverText(), s.Advice(), s.PointsText(), decided.StandingText(s),
			} {
				said[text] = true
			}
		}
		for _, a := range decided.Alerts() {
			said[a.Text], said[a.Title+": "+a.Text] = true, true
		}
	}
	return said
}
