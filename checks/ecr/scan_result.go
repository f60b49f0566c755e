package ecr

import (
	"fmt"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// scanGrace is how long after a push a scan may still be on its way.
const scanGrace = 10 * time.Minute

func judgeScan(v *facts.View, p ImageParams, f checks.Finding, scan account.Scan) checks.Finding {
	switch scan.Status {
	case account.ScanComplete, account.ScanActive:
		judgeCounts(&f, scan, v.Now())
	case account.ScanPending, account.ScanInProgress:
		f.Reason, f.Detail = facts.NotYetConsistent, "the scan has begun and is not finished"
	case account.NeverScanned:
		return judgeUnscanned(v, p, f, scan)
	default:
		f.Found = fmt.Sprintf("the status of the scan is %q", scan.Status)
		f.Reason, f.Detail = facts.Unsupported, whyNoResult(scan.Status)
	}
	return f
}

// judgeUnscanned tells "not yet" from "never": a scan may still come shortly after a push, if pushes are scanned.
func judgeUnscanned(v *facts.View, p ImageParams, f checks.Finding, scan account.Scan) checks.Finding {
	f.Verdict, f.Found = checks.Fail, "the image was never scanned; it was pushed "+moment(scan.PushedAt)
	if v.Now().Sub(scan.PushedAt) >= scanGrace {
		return f
	}
	scanning, err := account.RepositoryScanning.Get(v, account.RepositoryKey{Region: v.Site().Region, Repository: p.Repository})
	switch {
	case err != nil:
		return f.Unanswered(err)
	case scanning.On():
		f.Verdict, f.Reason = checks.Unknown, facts.NotYetConsistent
		f.Detail = "a scan can begin some minutes after the push; none comes by itself if scanning was switched on after it"
	}
	return f
}

// whyNoResult explains a status in which a scan has no result:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
func whyNoResult(status account.ScanStatus) string {
	switch status {
	case account.UnsupportedImage:
		return "the image has no operating system or packages that the scanner knows"
	case account.ScanFailed:
		return "the scan failed; ECR takes one scan of an image in 24 hours"
	case account.ScanExpired:
		return "Amazon Inspector scans the image no more, because it was pushed too long ago"
	case account.ScanImageArchived:
		return "the image is in the archive, where it is not scanned"
	default:
	}
	return fmt.Sprintf("the scan has no result: its status is %q", status)
}
