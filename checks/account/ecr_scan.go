package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// ScanKey asks about the vulnerability scan of one image. ECR does not scan an index, so the digest is an image's.
type ScanKey struct {
	Region     string `json:"region"`
	Repository string `json:"repository"`
	Digest     string `json:"digest"`
}

// ScanStatus is how far a scan is. AWS may add values.
type ScanStatus string

// The statuses that a check must tell apart.
const (
	NeverScanned      ScanStatus = ""         // ours: ECR knows of no scan
	ScanComplete      ScanStatus = "COMPLETE" // basic scanning
	ScanActive        ScanStatus = "ACTIVE"   // enhanced scanning, which goes on
	ScanPending       ScanStatus = "PENDING"
	ScanInProgress    ScanStatus = "IN_PROGRESS"
	UnsupportedImage  ScanStatus = "UNSUPPORTED_IMAGE"
	ScanFailed        ScanStatus = "FAILED"
	ScanExpired       ScanStatus = "SCAN_ELIGIBILITY_EXPIRED" // of enhanced scanning, some time after the push
	ScanImageArchived ScanStatus = "IMAGE_ARCHIVED"
)

// Severity is how bad a vulnerability is, as ECR names it.
type Severity string

// The severities, the worst first.
const (
	Critical      Severity = "CRITICAL"
	High          Severity = "HIGH"
	Medium        Severity = "MEDIUM"
	Low           Severity = "LOW"
	Informational Severity = "INFORMATIONAL"
	Undefined     Severity = "UNDEFINED"
	Untriaged     Severity = "UNTRIAGED" // Amazon Inspector has not rated it yet
)

// Scan is what ECR knows of the vulnerabilities of one image.
type Scan struct {
	Status ScanStatus `json:"status"`
	// Counts are the findings of a finished scan; a severity without findings is missing.
	Counts map[Severity]int32 `json:"counts,omitempty"`
	// Criticals names the first critical findings, at most maxCriticals.
	Criticals   []string  `json:"criticals,omitempty"`
	CompletedAt time.Time `json:"completedAt,omitzero"`
	// PushedAt is known of an image that was never scanned: while it is young, a scan may still come.
	PushedAt time.Time `json:"pushedAt,omitzero"`
}

// maxCriticals is how many findings are named: a report is no scanner's output.
const maxCriticals = 3

// ImageScan asks for the result of the last scan. The counts are in the first page. Where there never was a scan, it
// asks when the image was pushed.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
var ImageScan = &facts.Read[ScanKey, Scan]{
	Name:       "ecr.scan",
	Operations: []string{"ecr:DescribeImageScanFindings", "ecr:DescribeImages"},
	Actions: []string{
		"ecr:DescribeImageScanFindings", "ecr:DescribeImages",
		// ECR asks Amazon Inspector where scanning is enhanced, with the rights of whoever asks it:
		// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
		"inspector2:ListCoverage", "inspector2:ListFindings",
	},
	Fetch: func(ctx context.Context, a *facts.Access, key ScanKey) (Scan, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return Scan{}, err
		}
		out, err := client.DescribeImageScanFindings(ctx, &ecr.DescribeImageScanFindingsInput{
			RepositoryName: aws.String(key.Repository),
			ImageId:        &types.ImageIdentifier{ImageDigest: aws.String(key.Digest)},
		})
		switch {
		case absent(err, "ScanNotFoundException"):
			return neverScanned(ctx, client, key)
		case err != nil:
			return Scan{}, err
		case out.ImageScanStatus == nil || out.ImageScanStatus.Status == "":
			return Scan{}, facts.Errorf(facts.InvalidResponse, "ECR answered without the status of the scan")
		}
		return scanOf(statusOfScan(out.ImageScanStatus), out.ImageScanFindings)
	},
}

// statusOfScan is the status of a scan. Basic scanning says of an image that it does not support that the scan FAILED,
// and the true reason in words: "UnsupportedImageError: The operating system and/or package manager are not supported."
func statusOfScan(s *types.ImageScanStatus) ScanStatus {
	if s.Status == types.ScanStatusFailed && strings.Contains(aws.ToString(s.Description), "UnsupportedImageError") {
		return UnsupportedImage
	}
	return ScanStatus(s.Status)
}

// scanOf reads the findings of a finished scan. A count that is missing means none, but only where there are findings.
func scanOf(status ScanStatus, findings *types.ImageScanFindings) (Scan, error) {
	scan := Scan{Status: status}
	switch {
	case status != ScanComplete && status != ScanActive:
		return scan, nil
	case findings == nil, findings.FindingSeverityCounts == nil && !isClean(status, findings):
		return scan, facts.Errorf(facts.InvalidResponse, "ECR says that the scan is %s but gives no findings", status)
	}
	scan.Counts = make(map[Severity]int32, len(findings.FindingSeverityCounts))
	for severity, n := range findings.FindingSeverityCounts {
		if n < 0 {
			return Scan{}, facts.Errorf(facts.InvalidResponse, "ECR counts %d findings of severity %s", n, severity)
		}
		scan.Counts[Severity(severity)] = n
	}
	scan.CompletedAt = aws.ToTime(findings.ImageScanCompletedAt)
	scan.Criticals = criticals(findings)
	// Amazon Inspector lists what it suppresses and does not count.
	if status == ScanComplete && len(scan.Criticals) > int(scan.Counts[Critical]) {
		return Scan{}, facts.Errorf(facts.InvalidResponse, "ECR lists more critical findings than it counts")
	}
	return scan, nil
}

// isClean says of findings without counts whether there is nothing to count.
func isClean(status ScanStatus, findings *types.ImageScanFindings) bool {
	return len(findings.Findings)+len(findings.EnhancedFindings) == 0 &&
		(status == ScanActive || findings.ImageScanCompletedAt != nil)
}

// criticals names the worst vulnerabilities, each with its package if ECR says which.
func criticals(findings *types.ImageScanFindings) []string {
	var names []string
	for _, f := range findings.Findings {
		if f.Severity != types.FindingSeverityCritical {
			continue
		}
		name := aws.ToString(f.Name)
		for _, attribute := range f.Attributes {
			if aws.ToString(attribute.Key) == "package_name" {
				name += " in " + aws.ToString(attribute.Value)
			}
		}
		names = append(names, name)
	}
	for _, f := range findings.EnhancedFindings {
		if aws.ToString(f.Severity) == string(Critical) {
			names = append(names, aws.ToString(f.Title))
		}
	}
	return names[:min(len(names), maxCriticals)]
}

func neverScanned(ctx context.Context, client *ecr.Client, key ScanKey) (Scan, error) {
	out, err := client.DescribeImages(ctx, &ecr.DescribeImagesInput{
		RepositoryName: aws.String(key.Repository),
		ImageIds:       []types.ImageIdentifier{{ImageDigest: aws.String(key.Digest)}},
	})
	if err != nil {
		return Scan{}, err
	}
	isImage := func(d types.ImageDetail) bool { return aws.ToString(d.ImageDigest) == key.Digest }
	i := slices.IndexFunc(out.ImageDetails, isImage)
	if i < 0 || out.ImageDetails[i].ImagePushedAt == nil {
		return Scan{}, facts.Errorf(facts.InvalidResponse, "ECR does not say when the image was pushed")
	}
	return Scan{PushedAt: *out.ImageDetails[i].ImagePushedAt}, nil
}
