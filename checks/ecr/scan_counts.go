package ecr

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// scanStale is the age from which a scan says little: basic scanning never scans an image again by itself.
const scanStale = 30 * 24 * time.Hour

// severities are the known ones below critical, the worst first.
var severities = [...]account.Severity{
	account.High, account.Medium, account.Low, account.Informational, account.Undefined, account.Untriaged,
}

// judgeCounts wants no critical finding. One of a severity that is not known here may be as bad.
func judgeCounts(f *checks.Finding, scan account.Scan, now time.Time) {
	f.Found = describeCounts(scan)
	switch strange := strangeSeverities(scan); {
	case scan.Counts[account.Critical] > 0:
		f.Verdict = checks.Fail
	case len(strange) > 0:
		f.Reason = facts.Unsupported
		f.Detail = fmt.Sprintf("there are findings of severity %q, which is not known here", strange[0])
	default:
		f.Verdict = checks.Pass
	}
	if n := scan.Counts[account.High]; n > 0 {
		f.Advice = fmt.Sprintf("look at the %s of high severity too", checks.Count(int(n), "finding"))
	}
	f.Advice = checks.Join(f.Advice, staleAdvice(scan, now))
}

// staleAdvice is about basic scanning alone: enhanced scanning goes on by itself.
func staleAdvice(scan account.Scan, now time.Time) string {
	age := now.Sub(scan.CompletedAt)
	if scan.Status != account.ScanComplete || scan.CompletedAt.IsZero() || age <= scanStale {
		return ""
	}
	const text = "the scan is %d days old and knows no vulnerability found since: scan again"
	return fmt.Sprintf(text, int(age.Hours()/24))
}

func strangeSeverities(scan account.Scan) []account.Severity {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(scan.Counts)), func(s account.Severity) bool {
		return s == account.Critical || slices.Contains(severities[:], s) || scan.Counts[s] == 0
	})
}

func describeCounts(scan account.Scan) string {
	text := checks.Count(int(scan.Counts[account.Critical]), "critical finding")
	if len(scan.Criticals) > 0 {
		text += " (such as " + strings.Join(scan.Criticals, ", ") + ")"
	}
	for _, s := range severities {
		if n := scan.Counts[s]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, strings.ToLower(string(s)))
		}
	}
	if !scan.CompletedAt.IsZero() {
		text += "; scanned " + moment(scan.CompletedAt)
	}
	return text
}
