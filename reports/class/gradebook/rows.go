package gradebook

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// left says that a step is not in the total of the platform's file: it was skipped, or could not be looked at. A fault
// of the tool, or a limit of the account, must not look like a zero.
func left(r class.Row) bool { return r.Verdict == checks.Skipped || r.Verdict == checks.Unknown }

// message is what a student reads of a step on a platform: what was found, and the hints.
func message(r class.Row, o class.Options) string {
	lines := []string{reports.Clean(r.Line)}
	if len(r.BlockedBy) > 0 {
		lines = append(lines, "Mend first: "+reports.Clean(strings.Join(r.BlockedBy, ", ")))
	}
	for _, hint := range r.Hints {
		lines = append(lines, "Hint: "+reports.Clean(hint))
	}
	if !o.NoFixes && r.Verdict != checks.Pass {
		for _, command := range r.Commands {
			lines = append(lines, "Fix: "+reports.Clean(command))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// unseen lists the steps that could not be looked at, one sentence each.
func unseen(a *class.Attempt) []string {
	var lines []string
	for _, r := range a.Steps {
		if r.Verdict == checks.Unknown {
			lines = append(lines, reports.Clean(r.ID+" could not be looked at: "+r.Line))
		}
	}
	return lines
}

// summary says what a student's grade is, or why there is none.
func summary(c *class.Class, p *class.Person) string {
	var lines []string
	if p == nil {
		for _, r := range c.Refused {
			lines = append(lines, reports.Clean(r.File+": "+r.Reason))
		}
		return strings.Join(lines, "\n")
	}
	switch {
	case p.Status == class.Open:
		lines = append(lines, "There is no grade yet: some steps could not be looked at. An instructor will look at it.")
	case p.Status == class.Excused:
		lines = append(lines, "Excused: "+reports.Clean(p.Override.Reason))
	case graded(p):
		lines = append(lines, "Points: "+reports.Clean(p.Worked))
	default:
		lines = append(lines, "There is no grade: no report counts.")
	}
	if a, ok := p.Attempt(); ok {
		lines = append(lines, unseen(a)...)
	}
	for _, a := range p.Attempts {
		if a.Excluded != "" {
			lines = append(lines, reports.Clean(a.File+": "+a.Excluded))
		}
	}
	return strings.Join(lines, "\n")
}
