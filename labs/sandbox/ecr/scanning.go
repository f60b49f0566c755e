package ecr

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Values of RegistryScanning.Type, ScanningRule.Frequency and Scan.Status.
const (
	scanBasic    = "BASIC"
	scanEnhanced = "ENHANCED"

	scanOnPush     = "SCAN_ON_PUSH"
	scanContinuous = "CONTINUOUS_SCAN"
	scanManual     = "MANUAL"

	scanComplete    = "COMPLETE"
	scanActive      = "ACTIVE"
	scanInProgress  = "IN_PROGRESS"
	scanUnsupported = "UNSUPPORTED_IMAGE"
)

// scanType is the registry's scan type with its default.
func (s *State) scanType() string {
	if s.Scanning.Type == "" {
		return scanBasic
	}
	return s.Scanning.Type
}

// scanFrequency is how often a repository is scanned, with the registry's filters that say so. Where two rules match, continuous scanning
// wins; where none does, the repository's own setting counts, but only in a BASIC registry.
func (s *State) scanFrequency(repo *Repository) (frequency string, filters []WildcardFilter) {
	frequency = scanManual
	for _, rule := range s.Scanning.Rules {
		for _, filter := range rule.Filters {
			if !filter.matchesRepository(repo.Name) {
				continue
			}
			filters = append(filters, filter)
			if frequency != scanContinuous && rule.Frequency != scanManual {
				frequency = rule.Frequency
			}
		}
	}
	if filters == nil && repo.ScanOnPush && s.scanType() == scanBasic {
		frequency = scanOnPush
	}
	return frequency, filters
}

// matchesRepository follows ECR: without a * the filter matches every name that contains it.
func (f WildcardFilter) matchesRepository(name string) bool {
	if !strings.Contains(f.Filter, "*") {
		return strings.Contains(name, f.Filter)
	}
	return wire.Wildcard(f.Filter, name)
}

type batchScanningInput struct {
	RepositoryNames []string `wire:"repositoryNames,required"`
}

type batchScanningOutput struct {
	Configurations []repositoryScanning `wire:"scanningConfigurations"`
	Failures       []scanningFailure    `wire:"failures"`
}

type repositoryScanning struct {
	ARN            string           `wire:"repositoryArn"`
	RepositoryName string           `wire:"repositoryName"`
	ScanOnPush     bool             `wire:"scanOnPush"`
	Frequency      string           `wire:"scanFrequency"`
	Filters        []WildcardFilter `wire:"appliedScanFilters"`
}

type scanningFailure struct {
	RepositoryName string `wire:"repositoryName"`
	Code           string `wire:"failureCode"`
	Reason         string `wire:"failureReason"`
}

// A repository that does not exist is a failure inside a good answer, never an error.
func batchGetRepositoryScanningConfiguration(r *wire.Request, in *batchScanningInput) (*batchScanningOutput, error) {
	out := &batchScanningOutput{Configurations: []repositoryScanning{}, Failures: []scanningFailure{}}
	for _, name := range in.RepositoryNames {
		repo, ok := registry(r).repository(name)
		if !ok {
			out.Failures = append(out.Failures, scanningFailure{RepositoryName: name, Code: "REPOSITORY_NOT_FOUND", Reason: "REPOSITORY_NOT_FOUND"})
			continue
		}
		frequency, filters := registry(r).scanFrequency(repo)
		out.Configurations = append(out.Configurations, repositoryScanning{
			ARN:            r.ARN("ecr", "repository/"+repo.Name),
			RepositoryName: repo.Name,
			ScanOnPush:     frequency != scanManual,
			Frequency:      frequency,
			Filters:        append([]WildcardFilter{}, filters...),
		})
	}
	return out, nil
}

type registryScanningOutput struct {
	RegistryID string           `wire:"registryId"`
	Scanning   RegistryScanning `wire:"scanningConfiguration"`
}

func getRegistryScanningConfiguration(r *wire.Request, _ *wire.None) (*registryScanningOutput, error) {
	return &registryScanningOutput{RegistryID: r.AccountID(), Scanning: registry(r).scanning()}, nil
}

// scanning is the registry's configuration as the API shows it.
func (s *State) scanning() RegistryScanning {
	return RegistryScanning{Type: s.scanType(), Rules: append([]ScanningRule{}, s.Scanning.Rules...)}
}

type putRegistryScanningOutput struct {
	Scanning RegistryScanning `wire:"registryScanningConfiguration"`
}

// putRegistryScanningConfiguration replaces all rules, as AWS does.
func putRegistryScanningConfiguration(r *wire.Request, in *RegistryScanning) (*putRegistryScanningOutput, error) {
	scanType := in.Type
	if scanType == "" {
		scanType = registry(r).scanType()
	}
	allowed, ok := map[string][]string{
		scanBasic:    {scanOnPush, scanManual},
		scanEnhanced: {scanOnPush, scanContinuous},
	}[scanType]
	if !ok {
		return nil, badECR("scanType", "Member must satisfy enum value set: [BASIC, ENHANCED]")
	}
	for _, rule := range in.Rules {
		if !slices.Contains(allowed, rule.Frequency) {
			return nil, badECR("rules", fmt.Sprintf("scan type %s does not support scan frequency %s", scanType, rule.Frequency))
		}
	}
	registry(r).Scanning = RegistryScanning{Type: scanType, Rules: in.Rules}
	return &putRegistryScanningOutput{Scanning: registry(r).scanning()}, nil
}

type putImageScanningConfigurationInput struct {
	repositoryInput
	Scanning scanningSetting `wire:"imageScanningConfiguration,required"`
}

type putImageScanningConfigurationOutput struct {
	repositoryPlace
	Scanning scanningSetting `wire:"imageScanningConfiguration"`
}

func putImageScanningConfiguration(r *wire.Request, in *putImageScanningConfigurationInput) (*putImageScanningConfigurationOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	repo.ScanOnPush = in.Scanning.ScanOnPush
	return &putImageScanningConfigurationOutput{repositoryPlace: placeOf(r, repo), Scanning: in.Scanning}, nil
}

// scanOnArrival scans an image that was pushed just now, if the configuration asks for that. Here a scan takes no time at all: practice
// must not have to wait for it.
func scanOnArrival(r *wire.Request, repo *Repository, image *PushedImage) {
	if frequency, _ := registry(r).scanFrequency(repo); frequency == scanManual {
		return
	}
	status := scanComplete
	if registry(r).scanType() == scanEnhanced {
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

func startImageScan(r *wire.Request, in *imageInput) (*startImageScanOutput, error) {
	repo, image, err := findImage(r, in.RepositoryName, in.ImageID)
	switch {
	case err != nil:
		return nil, err
	case registry(r).scanType() == scanEnhanced:
		return nil, wire.Failf("ValidationException", "This feature is disabled")
	case !image.scannable():
		return nil, wire.Failf("UnsupportedImageTypeException", "An artifact with media type '%s' cannot be scanned. For more information, see the Amazon ECR documentation.", image.artifactType())
	case image.scanned() && r.Now.Sub(image.Scan.Completed.Time) < 24*time.Hour:
		return nil, wire.Failf("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again.")
	}
	image.recordScan(scanComplete, r.Now)
	return &startImageScanOutput{
		repositoryPlace: placeOf(r, repo), ImageID: image.identifier(in.ImageID.Tag),
		Status: scanStatus{Status: scanInProgress},
	}, nil
}

type scanFindingsInput struct {
	imageInput
	wire.PageInput
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

func describeImageScanFindings(r *wire.Request, in *scanFindingsInput) (*scanFindingsOutput, error) {
	repo, image, err := findImage(r, in.RepositoryName, in.ImageID)
	if err != nil {
		return nil, err
	}
	if !image.scanned() {
		return nil, wire.Failf("ScanNotFoundException", "Image scan does not exist for the image with '%s' in %s", in.ImageID, within(r, repo))
	}
	out := &scanFindingsOutput{
		repositoryPlace: placeOf(r, repo), ImageID: image.identifier(in.ImageID.Tag),
		Status: scanStatus{Status: image.Scan.Status, Description: describeScan(image.Scan.Status)},
	}
	if image.Scan.Status != scanComplete && image.Scan.Status != scanActive {
		return out, nil
	}
	some, next, err := wire.Page(paging, image.findings(), in.MaxResults, in.NextToken)
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
