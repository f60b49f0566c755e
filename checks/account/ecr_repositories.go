package account

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// RegistryKey asks about the private ECR registry of one Region.
type RegistryKey struct {
	Region string `json:"region"`
}

// RepositoryKey asks about one repository of the private ECR registry.
type RepositoryKey struct {
	Region     string `json:"region"`
	Repository string `json:"repository"`
}

// Repository is one private ECR repository.
type Repository struct {
	Exists bool `json:"exists"`
	// URI is the repository's name for docker, without a tag.
	URI string `json:"uri,omitempty"`
	// ScanOnPush is the repository's own setting. The registry's rules come before it: see RepositoryScanning.
	ScanOnPush bool      `json:"scanOnPush,omitempty"`
	CreatedAt  time.Time `json:"createdAt,omitzero"`
}

// ECRRepository finds one repository by its exact name:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
var ECRRepository = &facts.Read[RepositoryKey, Repository]{
	Name:       "ecr.repository",
	Operations: []string{"ecr:DescribeRepositories"},
	Fetch: func(ctx context.Context, a *facts.Access, key RepositoryKey) (Repository, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return Repository{}, err
		}
		out, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{
			RepositoryNames: []string{key.Repository},
		})
		if absent(err, "RepositoryNotFoundException") {
			return Repository{}, nil
		}
		if err != nil {
			return Repository{}, err
		}
		for _, r := range out.Repositories {
			if aws.ToString(r.RepositoryName) != key.Repository {
				continue
			}
			repository := Repository{Exists: true, URI: aws.ToString(r.RepositoryUri), CreatedAt: aws.ToTime(r.CreatedAt)}
			if r.ImageScanningConfiguration != nil {
				repository.ScanOnPush = r.ImageScanningConfiguration.ScanOnPush
			}
			return repository, nil
		}
		return Repository{}, facts.Errorf(facts.InvalidResponse, "ECR answered without the repository that was asked for")
	},
}

// RepositoryNames lists the names of all repositories, sorted: ECR documents no order.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
var RepositoryNames = &facts.Read[RegistryKey, []string]{
	Name:       "ecr.repositories",
	Operations: []string{"ecr:DescribeRepositories"},
	Fetch: func(ctx context.Context, a *facts.Access, key RegistryKey) ([]string, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return nil, err
		}
		names, err := wholeList(func(token *string) ([]types.Repository, *string, error) {
			out, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{
				MaxResults: aws.Int32(ecrPageSize), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			return out.Repositories, out.NextToken, nil
		}, func(r types.Repository) (string, error) { return nameOf("an ECR repository", r.RepositoryName) })
		slices.Sort(names)
		return names, err
	},
}

// ecrPageSize is the largest page of ECR's lists.
const ecrPageSize = 1000

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

// scanningOf finds the configuration of one repository in an answer.
func scanningOf(
	out *ecr.BatchGetRepositoryScanningConfigurationOutput, repository string,
) (ScanningConfiguration, error) {
	var none ScanningConfiguration
	for _, c := range out.ScanningConfigurations {
		if aws.ToString(c.RepositoryName) == repository {
			if c.ScanFrequency == "" && !c.ScanOnPush {
				return none, facts.Errorf(facts.InvalidResponse, "ECR does not say when it scans the repository")
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
			return none, nil
		}
		return none, facts.Errorf(facts.Unsupported, "ECR answered with the failure code %q", f.FailureCode)
	}
	return none, facts.Errorf(facts.InvalidResponse, "ECR answered without the repository that was asked for")
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

// Lifecycle is the lifecycle policy of a repository.
type Lifecycle struct {
	RepositoryExists bool            `json:"repositoryExists"`
	Exists           bool            `json:"exists"`
	Rules            []LifecycleRule `json:"rules"`
}

// LifecycleRule is what one rule does to which images. AWS may add values of Action and TagStatus.
type LifecycleRule struct {
	Action      string   `json:"action"`    // "expire", or "transition" to the archive
	TagStatus   string   `json:"tagStatus"` // "any", "tagged" or "untagged"
	TagPrefixes []string `json:"tagPrefixes,omitempty"`
	TagPatterns []string `json:"tagPatterns,omitempty"` // with * for any text
}

// LifecyclePolicy asks for a repository's lifecycle policy:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetLifecyclePolicy.html
var LifecyclePolicy = &facts.Read[RepositoryKey, Lifecycle]{
	Name:       "ecr.lifecycle-policy",
	Operations: []string{"ecr:GetLifecyclePolicy"},
	Fetch: func(ctx context.Context, a *facts.Access, key RepositoryKey) (Lifecycle, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return Lifecycle{}, err
		}
		out, err := client.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: aws.String(key.Repository)})
		switch {
		case absent(err, "RepositoryNotFoundException"):
			return Lifecycle{Rules: []LifecycleRule{}}, nil
		case absent(err, "LifecyclePolicyNotFoundException"):
			return Lifecycle{RepositoryExists: true, Rules: []LifecycleRule{}}, nil
		case err != nil:
			return Lifecycle{}, err
		}
		rules, err := parseLifecyclePolicy(aws.ToString(out.LifecyclePolicyText))
		return Lifecycle{RepositoryExists: true, Exists: true, Rules: rules}, err
	},
}

// parseLifecyclePolicy reads a policy's text:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
func parseLifecyclePolicy(text string) ([]LifecycleRule, error) {
	var policy struct {
		Rules []struct {
			Selection struct {
				TagStatus   string   `json:"tagStatus"`
				TagPrefixes []string `json:"tagPrefixList"`
				TagPatterns []string `json:"tagPatternList"`
			} `json:"selection"`
			Action struct {
				Type string `json:"type"`
			} `json:"action"`
		} `json:"rules"`
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return nil, facts.Errorf(facts.InvalidResponse, "the lifecycle policy cannot be read: %w", err)
	}
	if policy.Rules == nil {
		return nil, facts.Errorf(facts.InvalidResponse, "the lifecycle policy does not hold its rules")
	}
	rules := make([]LifecycleRule, 0, len(policy.Rules))
	for _, r := range policy.Rules {
		s := r.Selection
		rules = append(rules, LifecycleRule{r.Action.Type, s.TagStatus, s.TagPrefixes, s.TagPatterns})
	}
	return rules, nil
}
