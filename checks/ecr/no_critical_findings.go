package ecr

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// NoCriticalFindings passes when the scan of every image behind the tag found nothing critical. ECR scans no index, so
// the images that it lists are looked at, one finding for each platform.
var NoCriticalFindings = checks.New(checks.Spec[ImageParams]{
	ID:       "ecr-no-critical-findings",
	Title:    "The image has no critical vulnerability",
	Why:      "A critical vulnerability is one that is known, and often used, to take over what runs the image.",
	Verify:   "aws ecr describe-image-scan-findings --repository-name REPOSITORY --image-id imageDigest=DIGEST --region REGION",
	Reads:    []facts.Source{account.ImageManifest, account.ImageScan, account.RepositoryScanning},
	Extra:    []facts.Source{account.RegistryScanning},
	Defaults: ImageParams{Tag: "latest"},
	Run:      noCriticalFindings,
	Fix:      scanOrRebuild,
	Settle:   askWithoutWaiting,
})

func noCriticalFindings(v *facts.View, p ImageParams) (checks.Result, error) {
	s := v.Site()
	f := checks.Finding{
		Subject:  imageSubject(p),
		LookedAt: "vulnerability scans of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: "a finished scan with 0 critical findings",
	}
	manifest, err := account.ImageManifest.Get(v, account.ImageKey{Region: s.Region, Repository: p.Repository, Tag: p.Tag})
	switch {
	case err != nil:
		return checks.Of(f.Unanswered(err)), nil
	case !manifest.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected), nil
	case !manifest.Exists:
		return noImage(s, p, "no image has the tag "+p.Tag, f.Expected), nil
	case len(manifest.Platforms) == 0:
		f.Reason = facts.Unsupported
		f.Detail = "the image index lists nothing that ECR could scan; docker build --provenance=false makes a plain image"
		return checks.Of(f), nil
	}
	scans := make([]*facts.Pending[account.Scan], len(manifest.Platforms))
	for i, image := range manifest.Platforms {
		scans[i] = account.ImageScan.Start(v, account.ScanKey{Region: s.Region, Repository: p.Repository, Digest: image.Digest})
	}
	var r checks.Result
	var unscanned, awaited []string // digests
	for i, image := range manifest.Platforms {
		of, scanned := judgePlatform(v, p, f, image, scans[i])
		switch {
		case scanned:
		case of.Verdict == checks.Fail:
			unscanned = append(unscanned, image.Digest)
		case of.Reason == facts.NotYetConsistent:
			awaited = append(awaited, image.Digest)
		}
		r.Findings = append(r.Findings, of)
	}
	r.Known = map[string]string{neverScanned: strings.Join(unscanned, " "), awaitsScan: strings.Join(awaited, " ")}
	if len(unscanned)+len(awaited) > 0 && isEnhanced(v) {
		r.Known[byConsole] = "yes"
	}
	return r, nil
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
		return f.Unanswered(err), true
	}
	return judgeScan(v, p, f, result), result.Status != account.NeverScanned
}
