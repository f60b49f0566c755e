// Package codequality writes reports as GitLab Code Quality: a JSON array of issues, each at a line of the lab file.
// What is green is not in it, and a run with nothing to say is an empty array, never an empty file.
//
// What decides is critical, major or minor; all else is info: what the decision does not need, what waits for another
// step, what is waived or failed before. What a flag left out is not in it either.
//
// GitLab shows what changed against the target branch, so the job must run there too. It has no state for "could not
// look". JUnit says more and is the first choice on GitLab.
package codequality

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// Format is this format.
var Format = reports.Format{
	Name:   "codequality",
	Help:   "GitLab Code Quality: issues at the lines of the lab file",
	Render: render,
}

// MaxIssues is the most that is written, the worst first. GitLab names no limit; this many, each as long as it can be,
// stay far below the 100 MB of a job.
const MaxIssues = 10_000

// maxText is the most of one text, in bytes.
const maxText = 500

// Points that make a step that is not required a major issue.
const majorPoints = 5

// issue has the fields that GitLab reads.
type issue struct {
	Description string   `json:"description"`
	CheckName   string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
}

func render(w io.Writer, r *reports.Report, _ reports.Options) error {
	return jsonv1.Write(w, issuesOf(r))
}

// issuesOf are the alerts, and what must be said of the run. It is never nil: GitLab wants an array.
func issuesOf(r *reports.Report) []issue {
	alerts := r.Alerts()
	issues := []issue{}
	for _, n := range r.Notices() {
		if isIssue(n, alerts) {
			issues = append(issues, issueOf(r, n))
		}
	}
	if room := MaxIssues - len(issues) - 1; len(alerts) > room {
		issues = append(issues, issueOf(r, reports.Notice{
			Label: "TRUNCATED", Text: fmt.Sprintf("Only the %d worst of %d issues are in this file.", room, len(alerts)),
		}))
		alerts = alerts[:room]
	}
	for _, a := range alerts {
		issues = append(issues, issue{
			Description: reports.Clip(a.Title+": "+a.Text, maxText),
			CheckName:   cmp.Or(reports.Clip(a.Rule, maxText), "labcheck/unnamed"),
			Fingerprint: a.Fingerprint, Severity: severity(a), Location: locationOf(a.File, a.Line),
		})
	}
	return issues
}

// isIssue says whether a notice is an issue. An expired waiver is one already, with its own line, and so is a decision
// that no step brought about. Any other decision and the changes since the baseline tell something about the issues,
// and are none on their own.
func isIssue(n reports.Notice, alerts []reports.Alert) bool {
	isDecision := func(a reports.Alert) bool { return a.Rule == reports.RuleDecision }
	decided := slices.ContainsFunc(alerts, isDecision)
	switch n.Label {
	case "WAIVER":
		return false
	case "BASELINE":
		return len(alerts) > 1 || len(alerts) == 1 && !decided
	case "GATE":
		return len(alerts) > 0 && !decided
	default:
		return true
	}
}

// issueOf is the issue of a notice. Its fingerprint does not depend on the words: they may count or name a day.
func issueOf(r *reports.Report, n reports.Notice) issue {
	const rule = "labcheck/notice"
	return issue{
		Description: reports.Clip(n.Label+": "+n.Text, maxText), CheckName: rule, Fingerprint: r.Fingerprint(rule, n.Label),
		Severity: "info", Location: locationOf(r.Lab.Path(), 1),
	}
}

// severity is info for all but what decides: critical for a required step and for the run as a whole, else major or
// minor by its points.
func severity(a reports.Alert) string {
	switch {
	case a.Level != reports.AlertError:
		return "info"
	case a.Step == nil || a.Step.Required:
		return "critical"
	case a.Step.Points >= majorPoints:
		return "major"
	default:
		return "minor"
	}
}

// locationOf is a place in the repository: GitLab wants a path below its root, and never an empty one.
func locationOf(file string, line int) location {
	below := path.Clean("/" + reports.Clip(file, maxText))[1:]
	return location{Path: cmp.Or(below, ".labcheck"), Lines: lines{Begin: line}}
}
