package github

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Outputs are the outputs of a step of a workflow, in the form of the file that GITHUB_OUTPUT names. A run of many
// targets has one set of them: how many steps fail or are unknown is the sum over all reports, and the rest is told of
// the report that decides, which is nil for a target that has none. The delimiter must be a word that nobody can guess:
// whoever knows it could add outputs through a name.
func Outputs(decides *reports.Report, all []*reports.Report, reportPath, delimiter string) string {
	score, letter, status := ofGrade(decides)
	failed, unknown := tally(all)
	var b strings.Builder
	for _, output := range []struct{ name, value string }{
		{"score", score},
		{"grade", letter},
		{"status", string(status)},
		{"failed", strconv.Itoa(failed)},
		{"unknown", strconv.Itoa(unknown)},
		{"report-path", reportPath},
	} {
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", output.name, delimiter, reports.Clean(output.value), delimiter)
	}
	return b.String()
}

// ofGrade is what the outputs say of a grade. Without a report nothing is known.
func ofGrade(r *reports.Report) (score, letter string, status grade.Outcome) {
	if r == nil {
		return "", "", grade.Inconclusive
	}
	if r.Grade.Percent != nil {
		score = reports.Span(*r.Grade.Percent, *r.Grade.PercentHigh)
	}
	if r.Grade.Letter != nil {
		letter = *r.Grade.Letter
	}
	return score, letter, r.Decision()
}

// tally counts the steps that fail, in part or behind another one, without the waived ones, and those that are unknown.
func tally(all []*reports.Report) (failed, unknown int) {
	for _, r := range all {
		for _, s := range r.Steps {
			switch {
			case s.Verdict == checks.Unknown:
				unknown++
			case !s.Green() && s.Waiver == nil:
				failed++
			}
		}
	}
	return failed, unknown
}
