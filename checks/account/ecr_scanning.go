package account

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// ScanFrequency says when ECR scans the images of a repository. AWS may add values.
type ScanFrequency string

// The frequencies that ECR has today.
const (
	ScanOnPush     ScanFrequency = "SCAN_ON_PUSH"
	ContinuousScan ScanFrequency = "CONTINUOUS_SCAN" // only with enhanced scanning
	ManualScan     ScanFrequency = "MANUAL"
)

// ScanningConfiguration is what governs the scans of one repository: the registry's rules and the repository's own
// setting, put together by ECR.
type ScanningConfiguration struct {
	RepositoryExists bool          `json:"repositoryExists"`
	Frequency        ScanFrequency `json:"frequency,omitempty"`
	// OnPush is true where a push starts a scan, whatever Frequency says.
	OnPush bool `json:"onPush,omitempty"`
	// RuleApplies is true where a rule of the registry matches the repository: its own setting does not count then.
	RuleApplies bool `json:"ruleApplies,omitempty"`
}

// On says whether images are scanned without anybody asking.
func (c ScanningConfiguration) On() bool {
	return c.OnPush || c.Frequency == ScanOnPush || c.Frequency == ContinuousScan
}

// RepositoryScanning asks ECR for the effective configuration, so that its rules need not be computed here:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetRepositoryScanningConfiguration.html
var RepositoryScanning = &facts.Read[RepositoryKey, ScanningConfiguration]{
	Name:       "ecr.repository-scanning",
	Operations: []string{"ecr:BatchGetRepositoryScanningConfiguration"},
	Fetch: func(ctx context.Context, a *facts.Access, key RepositoryKey) (ScanningConfiguration, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return ScanningConfiguration{}, err
		}
		out, err := client.BatchGetRepositoryScanningConfiguration(ctx, &ecr.BatchGetRepositoryScanningConfigurationInput{
			RepositoryNames: []string{key.Repository},
		})
		if err != nil {
			return ScanningConfiguration{}, err
		}
		return scanningOf(out, key.Repository)
	},
}

func scanningOf(out *ecr.BatchGetRepositoryScanningConfigurationOutput, repository string) (ScanningConfiguration, error) {
	for _, c := range out.ScanningConfigurations {
		if aws.ToString(c.RepositoryName) == repository {
			if c.ScanFrequency == "" && !c.ScanOnPush {
				return ScanningConfiguration{}, facts.Errorf(facts.InvalidResponse, "ECR does not say when it scans the repository")
			}
			return ScanningConfiguration{
				RepositoryExists: true, Frequency: ScanFrequency(c.ScanFrequency), OnPush: c.ScanOnPush,
				RuleApplies: len(c.AppliedScanFilters) > 0,
			}, nil
		}
	}
	// A missing repository is a failure inside an answer of status 200.
	for _, f := range out.Failures {
		if aws.ToString(f.RepositoryName) != repository {
			continue
		}
		if f.FailureCode == types.ScanningConfigurationFailureCodeRepositoryNotFound {
			return ScanningConfiguration{}, nil
		}
		return ScanningConfiguration{}, facts.Errorf(facts.Unsupported, "ECR answered with the failure code %q", f.FailureCode)
	}
	return ScanningConfiguration{}, facts.Errorf(facts.InvalidResponse, "ECR answered without the repository that was asked for")
}

// ScanType is the kind of scanner of a registry. AWS may add values.
type ScanType string

// The scan types that ECR has today.
const (
	BasicScanning    ScanType = "BASIC"
	EnhancedScanning ScanType = "ENHANCED" // Amazon Inspector, paid per image
)

// RegistryConfiguration is how a registry scans.
type RegistryConfiguration struct {
	Type ScanType `json:"type"`
	// ManualRule is true where some rule of the registry leaves scans to people.
	ManualRule bool `json:"manualRule,omitempty"`
}

// RegistryScanning asks for the configuration of a registry:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRegistryScanningConfiguration.html
var RegistryScanning = &facts.Read[RegistryKey, RegistryConfiguration]{
	Name:       "ecr.registry-scanning",
	Operations: []string{"ecr:GetRegistryScanningConfiguration"},
	Fetch: func(ctx context.Context, a *facts.Access, key RegistryKey) (RegistryConfiguration, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return RegistryConfiguration{}, err
		}
		out, err := client.GetRegistryScanningConfiguration(ctx, &ecr.GetRegistryScanningConfigurationInput{})
		switch {
		case absent(err, "ValidationException"): // "This feature is disabled": the registry has the plain default
			return RegistryConfiguration{Type: BasicScanning}, nil
		case err != nil:
			return RegistryConfiguration{}, err
		case out.ScanningConfiguration == nil:
			return RegistryConfiguration{}, facts.Errorf(facts.InvalidResponse, "ECR answered without a scanning configuration")
		}
		return RegistryConfiguration{
			Type: ScanType(out.ScanningConfiguration.ScanType),
			ManualRule: slices.ContainsFunc(out.ScanningConfiguration.Rules, func(r types.RegistryScanningRule) bool {
				return ScanFrequency(r.ScanFrequency) == ManualScan
			}),
		}, nil
	},
}
