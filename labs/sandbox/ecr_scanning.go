package sandbox

import (
	"fmt"
	"slices"
	"strings"
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
func (s *ECRState) scanType() string {
	if s.Scanning.Type == "" {
		return scanBasic
	}
	return s.Scanning.Type
}

// scanFrequency is how often a repository is scanned, with the registry's filters that say so. Where two rules match, continuous scanning
// wins; where none does, the repository's own setting counts, but only in a BASIC registry.
func (s *ECRState) scanFrequency(repo *Repository) (frequency string, filters []WildcardFilter) {
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
	return wildcard(f.Filter, name)
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
func batchGetRepositoryScanningConfiguration(r *request, in *batchScanningInput) (*batchScanningOutput, error) {
	out := &batchScanningOutput{Configurations: []repositoryScanning{}, Failures: []scanningFailure{}}
	for _, name := range in.RepositoryNames {
		repo, ok := r.registry().repository(name)
		if !ok {
			out.Failures = append(out.Failures, scanningFailure{RepositoryName: name, Code: "REPOSITORY_NOT_FOUND", Reason: "REPOSITORY_NOT_FOUND"})
			continue
		}
		frequency, filters := r.registry().scanFrequency(repo)
		out.Configurations = append(out.Configurations, repositoryScanning{
			ARN:            r.arn("ecr", "repository/"+repo.Name),
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

func getRegistryScanningConfiguration(r *request, _ *none) (*registryScanningOutput, error) {
	return &registryScanningOutput{RegistryID: r.accountID(), Scanning: r.registry().scanning()}, nil
}

// scanning is the registry's configuration as the API shows it.
func (s *ECRState) scanning() RegistryScanning {
	return RegistryScanning{Type: s.scanType(), Rules: append([]ScanningRule{}, s.Scanning.Rules...)}
}

type putRegistryScanningOutput struct {
	Scanning RegistryScanning `wire:"registryScanningConfiguration"`
}

// putRegistryScanningConfiguration replaces all rules, as AWS does.
func putRegistryScanningConfiguration(r *request, in *RegistryScanning) (*putRegistryScanningOutput, error) {
	scanType := in.Type
	if scanType == "" {
		scanType = r.registry().scanType()
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
	r.registry().Scanning = RegistryScanning{Type: scanType, Rules: in.Rules}
	return &putRegistryScanningOutput{Scanning: r.registry().scanning()}, nil
}

type putImageScanningConfigurationInput struct {
	repositoryInput
	Scanning scanningSetting `wire:"imageScanningConfiguration,required"`
}

type putImageScanningConfigurationOutput struct {
	repositoryPlace
	Scanning scanningSetting `wire:"imageScanningConfiguration"`
}

func putImageScanningConfiguration(r *request, in *putImageScanningConfigurationInput) (*putImageScanningConfigurationOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	repo.ScanOnPush = in.Scanning.ScanOnPush
	return &putImageScanningConfigurationOutput{repositoryPlace: r.place(repo), Scanning: in.Scanning}, nil
}
