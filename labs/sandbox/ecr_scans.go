package sandbox

import (
	"fmt"
	"maps"
	"time"
)

// scanOnArrival scans an image that was pushed just now, if the configuration asks for that. Here a scan takes no time at all: practice
// must not have to wait for it.
func (r *request) scanOnArrival(repo *Repository, image *PushedImage) {
	if frequency, _ := r.registry().scanFrequency(repo); frequency == scanManual {
		return
	}
	status := scanComplete
	if r.registry().scanType() == scanEnhanced {
		status = scanActive
	}
	image.recordScan(status, r.Now)
}

type imageInput struct {
	repositoryInput
	ImageID imageIdentifier `wire:"imageId,required"`
}

type scanStatus struct {
	Status      string `wire:"status"`
	Description string `wire:"description"`
}

type startImageScanOutput struct {
	repositoryPlace
	ImageID imageIdentifier `wire:"imageId"`
	Status  scanStatus      `wire:"imageScanStatus"`
}

func startImageScan(r *request, in *imageInput) (*startImageScanOutput, error) {
	repo, image, err := r.image(in.RepositoryName, in.ImageID)
	switch {
	case err != nil:
		return nil, err
	case r.registry().scanType() == scanEnhanced:
		return nil, failf("ValidationException", "This feature is disabled")
	case !image.scannable():
		return nil, failf("UnsupportedImageTypeException", "An artifact with media type '%s' cannot be scanned. For more information, see the Amazon ECR documentation.", image.artifactType())
	case image.scanned() && r.Now.Sub(image.Scan.Completed.Time) < 24*time.Hour:
		return nil, failf("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again.")
	}
	image.recordScan(scanComplete, r.Now)
	return &startImageScanOutput{
		repositoryPlace: r.place(repo), ImageID: image.identifier(in.ImageID.Tag),
		Status: scanStatus{Status: scanInProgress},
	}, nil
}

type scanFindingsInput struct {
	imageInput
	pageInput
}

type scanFindingsOutput struct {
	repositoryPlace
	ImageID   imageIdentifier `wire:"imageId"`
	Status    scanStatus      `wire:"imageScanStatus"`
	Findings  *scanFindings   `wire:"imageScanFindings"`
	NextToken *string         `wire:"nextToken"`
}

type scanFindings struct {
	CompletedAt time.Time         `wire:"imageScanCompletedAt"`
	SourceAt    time.Time         `wire:"vulnerabilitySourceUpdatedAt"`
	Counts      map[string]int32  `wire:"findingSeverityCounts"`
	Findings    []scanFinding     `wire:"findings"`
	Enhanced    []enhancedFinding `wire:"enhancedFindings"`
}

type scanFinding struct {
	Name       string             `wire:"name"`
	Severity   string             `wire:"severity"`
	Attributes []findingAttribute `wire:"attributes"`
}

type findingAttribute struct {
	Key   string `wire:"key"`
	Value string `wire:"value"`
}

type enhancedFinding struct {
	Title    string `wire:"title"`
	Severity string `wire:"severity"`
	Status   string `wire:"status"`
}

func describeImageScanFindings(r *request, in *scanFindingsInput) (*scanFindingsOutput, error) {
	repo, image, err := r.image(in.RepositoryName, in.ImageID)
	if err != nil {
		return nil, err
	}
	if !image.scanned() {
		return nil, failf("ScanNotFoundException", "Image scan does not exist for the image with '%s' in %s", in.ImageID, r.within(repo))
	}
	out := &scanFindingsOutput{
		repositoryPlace: r.place(repo), ImageID: image.identifier(in.ImageID.Tag),
		Status: scanStatus{Status: image.Scan.Status, Description: describeScan(image.Scan.Status)},
	}
	if image.Scan.Status != scanComplete && image.Scan.Status != scanActive {
		return out, nil
	}
	some, next, err := page(ecrPaging, image.findings(), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out.NextToken = next
	out.Findings = &scanFindings{
		CompletedAt: image.Scan.Completed.Time,
		SourceAt:    image.Scan.Completed.Add(-12 * time.Hour),
		Counts:      map[string]int32{}, // there also where nothing was found
		Findings:    some,
	}
	maps.Copy(out.Findings.Counts, image.Scan.Counts)
	if image.Scan.Status == scanActive {
		out.Findings.Findings = nil
		for _, f := range some {
			out.Findings.Enhanced = append(out.Findings.Enhanced, enhancedFinding{Title: f.Name, Severity: f.Severity, Status: "ACTIVE"})
		}
	}
	return out, nil
}

// describeScan is what ECR says beside a scan status.
func describeScan(status string) string {
	switch status {
	case scanComplete:
		return "The scan was completed successfully."
	case scanActive:
		return "Continuous scan is selected for image."
	case scanUnsupported:
		return "UnsupportedImageError: The operating system and/or package manager are not supported."
	default:
		return ""
	}
}

// findings makes a list that fits the counts, the worst first, as ECR sorts it. The names are of no real vulnerability.
func (p *PushedImage) findings() []scanFinding {
	list := []scanFinding{}
	for _, severity := range []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"} {
		for range p.Scan.Counts[severity] {
			list = append(list, scanFinding{
				Name:     fmt.Sprintf("CVE-0000-%04d", len(list)+1),
				Severity: severity,
				Attributes: []findingAttribute{
					{Key: "package_name", Value: "example-package"},
					{Key: "package_version", Value: "1.0.0"},
				},
			})
		}
	}
	return list
}
