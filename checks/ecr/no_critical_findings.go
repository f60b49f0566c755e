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

// NoCriticalFindings passes when the scan of every image behind the tag found nothing critical. ECR scans no index, so
// the images that it lists are looked at, one finding for each platform.
var NoCriticalFindings = checks.New(checks.Spec[ImageParams]{
	ID:    "ecr-no-critical-findings",
	Title: "The image has no critical vulnerability",
	Why:   "A critical vulnerability is one that is known, and often used, to take over what runs the image.",
	Verify: "aws ecr describe-image-scan-findings --repository-name REPOSITORY " +
		"--image-id imageDigest=DIGEST --region REGION",
	Pages: checks.Pages{
		Docs:    "AmazonECR/latest/userguide/image-scanning.html",
		Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
	},
	Reads:    []facts.Source{account.ImageManifest, account.ImageScan, account.RepositoryScanning},
	Extra:    []facts.Source{account.RegistryScanning},
	Defaults: ImageParams{Tag: "latest"},
	Run:      noCriticalFindings,
})

func noCriticalFindings(v *facts.View, p ImageParams) (checks.Result, error) {
	s := v.Site()
	f := checks.Finding{
		Subject:  imageSubject(p),
		LookedAt: "vulnerability scans of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: "a finished scan with 0 critical findings",
	}
	key := account.ImageKey{Region: s.Region, Repository: p.Repository, Tag: p.Tag}
	manifest, err := account.ImageManifest.Get(v, key)
	switch {
	case err != nil:
		return checks.Of(f.Unknown(err)), nil
	case !manifest.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected, pushAndScan(s, p)), nil
	case !manifest.Exists:
		return checks.Of(noImage(s, p, f.Expected)).WithFix(pushAndScan(s, p)), nil
	case manifest.Artifact != "":
		return checks.Of(f.Fail(onArtifact(p, manifest.Artifact))).WithFix(pushAndScan(s, p)), nil
	case len(manifest.Platforms) == 0:
		err := facts.Errorf(facts.Unsupported,
			"the image index lists nothing that ECR could scan; docker build --provenance=false makes a plain image")
		return checks.Of(f.Unknown(err)), nil
	}
	scans := make([]*facts.Pending[account.Scan], len(manifest.Platforms))
	for i, image := range manifest.Platforms {
		key := account.ScanKey{Region: s.Region, Repository: p.Repository, Digest: image.Digest}
		scans[i] = account.ImageScan.Start(v, key)
	}
	var r checks.Result
	var unscanned, awaited []string // digests
	for i, image := range manifest.Platforms {
		judged, scanned := judgePlatform(v, p, f, image, scans[i])
		switch {
		case scanned:
		case judged.Verdict == checks.Fail:
			unscanned = append(unscanned, image.Digest)
		case judged.Reason == facts.NotYetConsistent:
			awaited = append(awaited, image.Digest)
		}
		r.Findings = append(r.Findings, judged)
	}
	enhanced := len(unscanned)+len(awaited) > 0 && isEnhanced(v)
	if r.Unsettled() {
		return r.WithFix(askWithoutWaiting(s, p, awaited, enhanced)), nil
	}
	return r.WithFix(scanOrRebuild(s, p, unscanned, enhanced)), nil
}

// judgePlatform says what the scan of one image means. scanned is false where ECR knows of no scan.
func judgePlatform(
	v *facts.View, p ImageParams, f checks.Finding, image account.PlatformImage, scan *facts.Pending[account.Scan],
) (finding checks.Finding, scanned bool) {
	if image.Platform != "" {
		f.Subject += " (" + image.Platform + ")"
	}
	result, err := scan.Get()
	if err != nil {
		return f.Unknown(err), true
	}
	return judgeScan(v, p, f, result), result.Status != account.NeverScanned
}

// scanGrace is how long after a push a scan may still be on its way.
const scanGrace = 10 * time.Minute

func judgeScan(v *facts.View, p ImageParams, f checks.Finding, scan account.Scan) checks.Finding {
	switch scan.Status {
	case account.ScanComplete, account.ScanActive:
		return judgeCounts(f, scan, v.Now())
	case account.ScanPending, account.ScanInProgress:
		return f.Unknown(facts.Errorf(facts.NotYetConsistent, "the scan has begun and is not finished"))
	case account.NeverScanned:
		return judgeUnscanned(v, p, f, scan)
	default:
		f.Found = fmt.Sprintf("the status of the scan is %q", scan.Status)
		return f.Unknown(facts.Errorf(facts.Unsupported, "%s", whyNoResult(scan.Status)))
	}
}

// judgeUnscanned tells "not yet" from "never": a scan may still come shortly after a push, if pushes are scanned.
func judgeUnscanned(v *facts.View, p ImageParams, f checks.Finding, scan account.Scan) checks.Finding {
	never := f.Fail("the image was never scanned; it was pushed " + moment(scan.PushedAt))
	if v.Now().Sub(scan.PushedAt) >= scanGrace {
		return never
	}
	key := account.RepositoryKey{Region: v.Site().Region, Repository: p.Repository}
	scanning, err := account.RepositoryScanning.Get(v, key)
	switch {
	case err != nil:
		return f.Unknown(err)
	case scanning.On():
		return never.Unknown(facts.Errorf(facts.NotYetConsistent,
			"a scan can begin some minutes after the push; none comes by itself if scanning was switched on after it"))
	}
	return never
}

// whyNoResult explains a status in which a scan has no result:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
func whyNoResult(status account.ScanStatus) string {
	switch status {
	case account.UnsupportedImage:
		return "the image has no operating system or packages that the scanner knows: " +
			"a base image such as amazonlinux or alpine has them"
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

// scanStale is the age from which a scan says little: basic scanning never scans an image again by itself.
const scanStale = 30 * 24 * time.Hour

// severities are the known ones below critical, the worst first.
var severities = [...]account.Severity{
	account.High, account.Medium, account.Low, account.Informational, account.Undefined, account.Untriaged,
}

// judgeCounts wants no critical finding. One of a severity that is not known here may be as bad.
func judgeCounts(f checks.Finding, scan account.Scan, now time.Time) checks.Finding {
	f.Found = describeCounts(scan)
	if n := scan.Counts[account.High]; n > 0 {
		f.Advice = fmt.Sprintf("look at the %s of high severity too", checks.Count(int(n), "finding"))
	}
	f.Advice = checks.Join(f.Advice, staleAdvice(scan, now))
	switch strange := strangeSeverities(scan); {
	case scan.Counts[account.Critical] > 0:
		return f.Fail(f.Found)
	case len(strange) > 0:
		return f.Unknown(facts.Errorf(facts.Unsupported,
			"there are findings of severity %q, which is not known here", strange[0]))
	}
	return f.Pass(f.Found)
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

// startScans is a command for each of the digests.
func startScans(s checks.Site, p ImageParams, digests []string) []checks.Command {
	var commands []checks.Command
	for _, digest := range digests {
		command := ecrCommand(s, "start-image-scan", p.Repository, "--image-id", "imageDigest="+digest)
		commands = append(commands, command)
	}
	return commands
}

// askWithoutWaiting asks for the scans that may be on their way. A push from before scanning was switched on looks the
// same, and only this brings on its scan. An enhanced registry scans earlier pushes too, and waiting is enough.
func askWithoutWaiting(s checks.Site, p ImageParams, awaited []string, enhanced bool) checks.Fix {
	if len(awaited) == 0 || enhanced {
		return checks.Fix{}
	}
	return checks.Fix{Commands: startScans(s, p, awaited), Console: console(p.Repository, p.Tag+" › Scan")}
}

// scanOrRebuild asks for the missing scans, or else builds on a newer base image: most findings come from there. An
// enhanced registry starts no scan by a command.
func scanOrRebuild(s checks.Site, p ImageParams, unscanned []string, enhanced bool) checks.Fix {
	switch {
	case len(unscanned) > 0 && enhanced:
		return settingsOfRegistry(p.Repository)
	case len(unscanned) > 0:
		return checks.Fix{Commands: startScans(s, p, unscanned), Console: console(p.Repository, p.Tag+" › Scan")}
	}
	return checks.Fix{
		Commands: []checks.Command{
			login(s),
			checks.Sh("docker", "build", "--pull", "--tag", imageURI(s, p), "."),
			checks.Sh("docker", "push", imageURI(s, p)),
		},
		Console: console(p.Repository, p.Tag+" › Vulnerabilities"),
	}
}

// pushAndScan is the fix where there is no image to be scanned.
func pushAndScan(s checks.Site, p ImageParams) checks.Fix {
	return checks.Fix{Commands: push(s, p), Console: console(p.Repository, p.Tag+" › Scan")}
}
