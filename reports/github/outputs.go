package github

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// Outputs are the outputs of a step of a workflow, in the form of the file that GITHUB_OUTPUT names. The delimiter must
// be a word that nobody can guess: whoever knows it could add outputs through a name.
func Outputs(r *reports.Report, reportPath, delimiter string) string {
	score, letter := "", ""
	if r.Grade.Percent != nil {
		score = reports.Span(*r.Grade.Percent, *r.Grade.PercentHigh)
	}
	if r.Grade.Letter != nil {
		letter = *r.Grade.Letter
	}
	status := r.Grade.Outcome
	if r.Gate != nil {
		status = r.Gate.Outcome
	}
	failed, unknown := tally(r)
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

// tally counts the steps that fail, in part or behind another one, without the waived ones, and those that are unknown.
func tally(r *reports.Report) (failed, unknown int) {
	for _, s := range r.Steps {
		switch {
		case s.Verdict == checks.Unknown:
			unknown++
		case !s.Green() && s.Waiver == nil:
			failed++
		}
	}
	return failed, unknown
}
