package ecr

import (
	"fmt"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// scanGrace is how long after a push a scan may still be on its way.
const scanGrace = 10 * time.Minute

// scanStale is the age from which a scan says little: basic scanning never scans an image again by itself.
const scanStale = 30 * 24 * time.Hour

func judgeScan(f *checks.Finding, scan account.Scan, now time.Time) {
	switch scan.Status {
	case account.ScanComplete, account.ScanActive:
		judgeCounts(f, scan, now)
	case account.ScanPending, account.ScanInProgress:
		f.Reason, f.Detail = facts.NotYetConsistent, "the scan has begun and is not finished"
	case account.NeverScanned:
		f.Found = "the image was never scanned; it was pushed " + moment(scan.PushedAt)
		if !scan.ScanningOff && now.Sub(scan.PushedAt) < scanGrace {
			f.Reason = facts.NotYetConsistent
			f.Detail = "a scan can begin some minutes after the push"
			return
		}
		f.Verdict = checks.Fail
	case account.UnsupportedImage:
		f.Found = "ECR cannot scan this image"
		f.Reason = facts.Unsupported
		f.Detail = "the image has no operating system or packages that the scanner knows"
	default:
		f.Reason, f.Detail = facts.Unsupported, fmt.Sprintf("the status of the scan is %q", scan.Status)
	}
}

func judgeCounts(f *checks.Finding, scan account.Scan, now time.Time) {
	f.Verdict, f.Found = checks.Pass, describeCounts(scan)
	if scan.Counts[account.Critical] > 0 {
		f.Verdict = checks.Fail
	}
	if n := scan.Counts[account.High]; n > 0 {
		f.Advice = fmt.Sprintf("look at the %s of high severity too", count(int(n), "finding"))
	}
	if age := now.Sub(scan.CompletedAt); !scan.CompletedAt.IsZero() && age > scanStale {
		f.Advice = join(f.Advice, fmt.Sprintf("the scan is %d days old and knows no vulnerability found since: scan again", int(age.Hours()/24)))
	}
}

func describeCounts(scan account.Scan) string {
	text := fmt.Sprintf("%d critical", scan.Counts[account.Critical])
	if len(scan.Criticals) > 0 {
		text += " (such as " + strings.Join(scan.Criticals, ", ") + ")"
	}
	for _, s := range []account.Severity{account.High, account.Medium, account.Low, account.Informational, account.Undefined} {
		if n := scan.Counts[s]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, strings.ToLower(string(s)))
		}
	}
	text += " findings"
	if !scan.CompletedAt.IsZero() {
		text += " on " + moment(scan.CompletedAt)
	}
	return text
}
