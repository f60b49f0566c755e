package account

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"github.com/labcheck/labcheck/checks/facts"
)

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
