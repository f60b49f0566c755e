package ecr

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Values of scanType and scanFrequency in a registry's configuration, and of Scan.Status.
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
	return cmp.Or(wire.Value(s.Scanning.ScanType), scanBasic)
}

// scanFrequency is how often a repository is scanned, with the registry's filters that say so. Where two rules match,
// continuous scanning wins; where none does, the repository's own setting counts, but only in a BASIC registry.
func (s *State) scanFrequency(repo *Repository) (frequency string, filters []scanningRepositoryFilterWire) {
	frequency = scanManual
	for _, rule := range s.Scanning.Rules {
		for _, filter := range rule.RepositoryFilters {
			if !filter.matchesRepository(repo.Name) {
				continue
			}
			filters = append(filters, filter)
			if frequency != scanContinuous && rule.ScanFrequency != scanManual {
				frequency = rule.ScanFrequency
			}
		}
	}
	if filters == nil && repo.ScanOnPush && s.scanType() == scanBasic {
		frequency = scanOnPush
	}
	return frequency, filters
}

// matchesRepository follows ECR: without a * the filter matches every name that contains it.
func (f scanningRepositoryFilterWire) matchesRepository(name string) bool {
	if !strings.Contains(f.Filter, "*") {
		return strings.Contains(name, f.Filter)
	}
	return wire.Wildcard(f.Filter, name)
}

// A repository that does not exist is a failure inside a good answer, never an error.
func batchGetRepositoryScanningConfiguration(
	r *wire.Request, in *batchGetRepositoryScanningConfigurationInput,
) (*batchGetRepositoryScanningConfigurationOutput, error) {
	out := &batchGetRepositoryScanningConfigurationOutput{
		ScanningConfigurations: []repositoryScanningConfigurationWire{},
		Failures:               []repositoryScanningConfigurationFailureWire{},
	}
	for _, name := range in.RepositoryNames {
		repo, ok := registry(r).repository(name)
		if !ok {
			out.Failures = append(out.Failures, repositoryScanningConfigurationFailureWire{
				RepositoryName: &name,
				FailureCode:    new("REPOSITORY_NOT_FOUND"),
				FailureReason:  new("REPOSITORY_NOT_FOUND"),
			})
			continue
		}
		frequency, filters := registry(r).scanFrequency(repo)
		out.ScanningConfigurations = append(out.ScanningConfigurations, repositoryScanningConfigurationWire{
			RepositoryArn:      new(r.ARN("ecr", "repository/"+repo.Name)),
			RepositoryName:     &repo.Name,
			ScanOnPush:         new(frequency != scanManual),
			ScanFrequency:      &frequency,
			AppliedScanFilters: append([]scanningRepositoryFilterWire{}, filters...),
		})
	}
	return out, nil
}

func getRegistryScanningConfiguration(
	r *wire.Request, _ *getRegistryScanningConfigurationInput,
) (*getRegistryScanningConfigurationOutput, error) {
	return &getRegistryScanningConfigurationOutput{
		RegistryId: new(r.AccountID()), ScanningConfiguration: registry(r).scanning(),
	}, nil
}

// scanning is the registry's configuration as the API shows it.
func (s *State) scanning() *registryScanningConfigurationWire {
	return &registryScanningConfigurationWire{
		ScanType: new(s.scanType()), Rules: append([]registryScanningRuleWire{}, s.Scanning.Rules...),
	}
}

// putRegistryScanningConfiguration replaces all rules, as AWS does.
func putRegistryScanningConfiguration(
	r *wire.Request, in *putRegistryScanningConfigurationInput,
) (*putRegistryScanningConfigurationOutput, error) {
	scanType := cmp.Or(wire.Value(in.ScanType), registry(r).scanType())
	allowed, ok := map[string][]string{
		scanBasic:    {scanOnPush, scanManual},
		scanEnhanced: {scanOnPush, scanContinuous},
	}[scanType]
	if !ok {
		return nil, badECR("scanType", "Member must satisfy enum value set: [BASIC, ENHANCED]")
	}
	for _, rule := range in.Rules {
		if !slices.Contains(allowed, rule.ScanFrequency) {
			return nil, badECR("rules", "scan type "+scanType+" does not support scan frequency "+rule.ScanFrequency)
		}
	}
	registry(r).Scanning = registryScanningConfigurationWire{ScanType: &scanType, Rules: in.Rules}
	return &putRegistryScanningConfigurationOutput{RegistryScanningConfiguration: registry(r).scanning()}, nil
}

func putImageScanningConfiguration(
	r *wire.Request, in *putImageScanningConfigurationInput,
) (*putImageScanningConfigurationOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	repo.ScanOnPush = wire.Value(in.ImageScanningConfiguration.ScanOnPush)
	return &putImageScanningConfigurationOutput{
		RegistryId: new(r.AccountID()), RepositoryName: &repo.Name,
		ImageScanningConfiguration: &imageScanningConfigurationWire{ScanOnPush: &repo.ScanOnPush},
	}, nil
}

// scanOnArrival scans an image that was pushed just now, if the configuration asks for that. Here a scan takes no time
// at all: practice must not have to wait for it.
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

func startImageScan(r *wire.Request, in *startImageScanInput) (*startImageScanOutput, error) {
	repo, image, err := findImage(r, in.RepositoryName, in.ImageId)
	switch {
	case err != nil:
		return nil, err
	case registry(r).scanType() == scanEnhanced:
		return nil, wire.Failf("ValidationException", "This feature is disabled")
	case !image.scannable():
		return nil, wire.Failf("UnsupportedImageTypeException", "An artifact with media type '%s' cannot be scanned. "+
			"For more information, see the Amazon ECR documentation.", image.artifactType())
	case image.scanned() && r.Now.Sub(image.Scan.Completed.Time) < 24*time.Hour:
		return nil, wire.Failf("LimitExceededException",
			"The scan quota per image has been exceeded. Wait and try again.")
	}
	image.recordScan(scanComplete, r.Now)
	return &startImageScanOutput{
		RegistryId: new(r.AccountID()), RepositoryName: &repo.Name, ImageId: new(image.identifier(in.ImageId.ImageTag)),
		ImageScanStatus: describeScan(scanInProgress),
	}, nil
}

func describeImageScanFindings(
	r *wire.Request, in *describeImageScanFindingsInput,
) (*describeImageScanFindingsOutput, error) {
	repo, image, err := findImage(r, in.RepositoryName, in.ImageId)
	if err != nil {
		return nil, err
	}
	if !image.scanned() {
		return nil, wire.Failf("ScanNotFoundException",
			"Image scan does not exist for the image with '%s' in %s", in.ImageId, within(r, repo))
	}
	out := &describeImageScanFindingsOutput{
		RegistryId: new(r.AccountID()), RepositoryName: &repo.Name, ImageId: new(image.identifier(in.ImageId.ImageTag)),
		ImageScanStatus: describeScan(image.Scan.Status),
	}
	if image.Scan.Status != scanComplete && image.Scan.Status != scanActive {
		return out, nil
	}
	some, next, err := wire.Page(paging, image.findings(), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out.NextToken = next
	findings := &imageScanFindingsWire{
		ImageScanCompletedAt:         image.Scan.Completed,
		VulnerabilitySourceUpdatedAt: wire.At(image.Scan.Completed.Add(-12 * time.Hour)),
		FindingSeverityCounts:        map[string]int32{}, // there also where nothing was found
		Findings:                     some,
	}
	maps.Copy(findings.FindingSeverityCounts, image.Scan.Counts)
	if image.Scan.Status == scanActive {
		findings.Findings = nil
		for _, f := range some {
			findings.EnhancedFindings = append(findings.EnhancedFindings, enhancedImageScanFindingWire{
				Title: f.Name, Severity: f.Severity, Status: new("ACTIVE"),
			})
		}
	}
	out.ImageScanFindings = findings
	return out, nil
}

// describeScan is a scan status with what ECR says beside it.
func describeScan(status string) *imageScanStatusWire {
	description := map[string]string{
		scanComplete:    "The scan was completed successfully.",
		scanActive:      "Continuous scan is selected for image.",
		scanUnsupported: "UnsupportedImageError: The operating system and/or package manager are not supported.",
	}[status]
	return &imageScanStatusWire{Status: &status, Description: &description}
}

// findings makes a list that fits the counts, the worst first, as ECR sorts it. The names are of no real vulnerability.
func (p *PushedImage) findings() []imageScanFindingWire {
	list := []imageScanFindingWire{}
	for _, severity := range []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"} {
		for range p.Scan.Counts[severity] {
			list = append(list, imageScanFindingWire{
				Name:     new(fmt.Sprintf("CVE-0000-%04d", len(list)+1)),
				Severity: &severity,
				Attributes: []attributeWire{
					{Key: "package_name", Value: new("example-package")},
					{Key: "package_version", Value: new("1.0.0")},
				},
			})
		}
	}
	return list
}
