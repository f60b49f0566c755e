package ecr

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// repositoryName is the pattern of ECR's API, which also wants 2 to 256 characters.
var repositoryName = regexp.MustCompile(`^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$`)

func isRepositoryName(name string) bool {
	return len(name) >= 2 && len(name) <= 256 && repositoryName.MatchString(name)
}

// Values of Repository.TagMutability.
const (
	tagsMutable            = "MUTABLE"
	tagsMutableExcluding   = "MUTABLE_WITH_EXCLUSION"
	tagsImmutable          = "IMMUTABLE"
	tagsImmutableExcluding = "IMMUTABLE_WITH_EXCLUSION"
)

// output is the repository as the API shows it.
func (r *Repository) output(q *wire.Request) repositoryWire {
	return repositoryWire{
		RepositoryArn:                      new(q.ARN("ecr", "repository/"+r.Name)),
		RegistryId:                         new(q.AccountID()),
		RepositoryName:                     &r.Name,
		RepositoryUri:                      new(registryHost(q) + "/" + r.Name),
		CreatedAt:                          r.Created,
		ImageTagMutability:                 new(r.mutability()),
		ImageTagMutabilityExclusionFilters: r.TagExclusions,
		ImageScanningConfiguration:         &imageScanningConfigurationWire{ScanOnPush: &r.ScanOnPush},
		EncryptionConfiguration:            &encryptionConfigurationWire{EncryptionType: "AES256"},
	}
}

// mutability is the setting with its default.
func (r *Repository) mutability() string {
	if r.TagMutability == "" {
		return tagsMutable
	}
	return r.TagMutability
}

// tagIsFixed says whether a tag that exists may not be moved. An exclusion turns the setting round for the tags that it
// matches.
func (r *Repository) tagIsFixed(tag string) bool {
	excluded := slices.ContainsFunc(r.TagExclusions, func(f imageTagMutabilityExclusionFilterWire) bool {
		return wire.Wildcard(f.Filter, tag)
	})
	switch r.TagMutability {
	case tagsImmutable:
		return true
	case tagsImmutableExcluding:
		return !excluded
	case tagsMutableExcluding:
		return excluded
	default:
		return false
	}
}

func describeRepositories(r *wire.Request, in *describeRepositoriesInput) (*describeRepositoriesOutput, error) {
	all := registry(r).Repositories
	if len(in.RepositoryNames) > 0 {
		if in.MaxResults != nil || in.NextToken != nil {
			return nil, wire.Failf("InvalidParameterException",
				"Pagination parameters cannot be used with repositoryNames")
		}
		all = nil
		for _, name := range in.RepositoryNames {
			repo, err := findRepository(r, name)
			if err != nil {
				return nil, err
			}
			all = append(all, repo)
		}
	}
	some, next, err := wire.Page(paging, all, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &describeRepositoriesOutput{
		Repositories: wire.Outputs(r, some, (*Repository).output), NextToken: next,
	}, nil
}

func createRepository(r *wire.Request, in *createRepositoryInput) (*createRepositoryOutput, error) {
	if !isRepositoryName(in.RepositoryName) {
		return nil, badECR("repositoryName", "must satisfy regular expression '"+repositoryName.String()+"'")
	}
	if _, ok := registry(r).repository(in.RepositoryName); ok {
		return nil, wire.Failf("RepositoryAlreadyExistsException", "The repository with name '%s' already exists in "+
			"the registry with id '%s'", in.RepositoryName, r.AccountID())
	}
	scanning := wire.Value(in.ImageScanningConfiguration)
	repo := &Repository{Name: in.RepositoryName, Created: wire.At(r.Now), ScanOnPush: wire.Value(scanning.ScanOnPush)}
	err := repo.setMutability(wire.Value(in.ImageTagMutability), in.ImageTagMutabilityExclusionFilters)
	if err != nil {
		return nil, err
	}
	registry(r).Repositories = append(registry(r).Repositories, repo)
	return &createRepositoryOutput{Repository: new(repo.output(r))}, nil
}

func deleteRepository(r *wire.Request, in *deleteRepositoryInput) (*deleteRepositoryOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(repo.Manifests) > 0 && !wire.Value(in.Force) {
		return nil, wire.Failf("RepositoryNotEmptyException", "The repository with name '%s' in registry with id '%s' "+
			"cannot be deleted because it still contains images", repo.Name, r.AccountID())
	}
	registry := registry(r)
	registry.Repositories = slices.DeleteFunc(registry.Repositories, func(other *Repository) bool {
		return other == repo
	})
	return &deleteRepositoryOutput{Repository: new(repo.output(r))}, nil
}

func putImageTagMutability(r *wire.Request, in *putImageTagMutabilityInput) (*putImageTagMutabilityOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if err := repo.setMutability(in.ImageTagMutability, in.ImageTagMutabilityExclusionFilters); err != nil {
		return nil, err
	}
	return &putImageTagMutabilityOutput{
		RegistryId: new(r.AccountID()), RepositoryName: &repo.Name,
		ImageTagMutability: &repo.TagMutability, ImageTagMutabilityExclusionFilters: repo.TagExclusions,
	}, nil
}

// setMutability checks a new setting before it takes it; empty is the default.
func (r *Repository) setMutability(setting string, exclusions []imageTagMutabilityExclusionFilterWire) error {
	switch setting {
	case "", tagsMutable, tagsImmutable:
		if len(exclusions) > 0 {
			return badECR("imageTagMutabilityExclusionFilters", "Filters need a mutability setting with exclusion")
		}
	case tagsMutableExcluding, tagsImmutableExcluding:
		if len(exclusions) == 0 {
			return badECR("imageTagMutabilityExclusionFilters",
				"A mutability setting with exclusion needs at least one filter")
		}
	default:
		return badECR("imageTagMutability", "Member must satisfy enum value set: "+
			"[MUTABLE, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION]")
	}
	r.TagMutability, r.TagExclusions = setting, exclusions
	return nil
}

func getLifecyclePolicy(r *wire.Request, in *getLifecyclePolicyInput) (*getLifecyclePolicyOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(repo.LifecyclePolicy) == 0 {
		return nil, wire.Failf("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist for %s",
			within(r, repo))
	}
	// ECR hands out the document on one line, however it was written.
	var text bytes.Buffer
	if err := json.Compact(&text, repo.LifecyclePolicy); err != nil {
		return nil, fmt.Errorf("read the lifecycle policy of %s in the state: %w", repo.Name, err)
	}
	return &getLifecyclePolicyOutput{
		RegistryId: new(r.AccountID()), RepositoryName: &repo.Name, LifecyclePolicyText: new(text.String()),
	}, nil
}

func putLifecyclePolicy(r *wire.Request, in *putLifecyclePolicyInput) (*putLifecyclePolicyOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	var policy lifecyclePolicy
	if err := json.Unmarshal([]byte(in.LifecyclePolicyText), &policy); err != nil {
		return nil, badECR("LifecyclePolicyText", "Lifecycle policy validation failure: not a policy document")
	}
	if problem := policy.problem(); problem != "" {
		return nil, badECR("LifecyclePolicyText", "Lifecycle policy validation failure: "+problem)
	}
	repo.LifecyclePolicy = json.RawMessage(in.LifecyclePolicyText)
	put, err := getLifecyclePolicy(r, &getLifecyclePolicyInput{RepositoryName: repo.Name})
	if err != nil {
		return nil, err
	}
	out := &putLifecyclePolicyOutput{}
	wire.Copy(out, put)
	return out, nil
}

// A lifecyclePolicy is the part of the policy language that is checked when a policy is put. Nothing is ever expired.
type lifecyclePolicy struct {
	Rules []lifecycleRule `json:"rules"`
}

type lifecycleRule struct {
	Priority  int                `json:"rulePriority"`
	Selection lifecycleSelection `json:"selection"`
	Action    struct {
		Type string `json:"type"`
	} `json:"action"`
}

type lifecycleSelection struct {
	TagStatus   string   `json:"tagStatus"`
	TagPrefixes []string `json:"tagPrefixList"`
	TagPatterns []string `json:"tagPatternList"`
	CountType   string   `json:"countType"`
	CountUnit   string   `json:"countUnit"`
	CountNumber int      `json:"countNumber"`
}

// problem says what ECR would refuse; it is empty for a good policy.
func (p *lifecyclePolicy) problem() string {
	if len(p.Rules) == 0 {
		return `object has missing required properties (["rules"])`
	}
	seen := map[int]bool{}
	highest, anyAt := 0, 0
	for _, rule := range p.Rules {
		switch problem := rule.problem(); {
		case problem != "":
			return problem
		case seen[rule.Priority]:
			return "rulePriority must be unique"
		}
		seen[rule.Priority] = true
		highest = max(highest, rule.Priority)
		if rule.Selection.TagStatus == "any" {
			anyAt = rule.Priority
		}
	}
	if anyAt != 0 && anyAt != highest {
		return "the rule with tagStatus any must have the highest rulePriority"
	}
	return ""
}

func (r *lifecycleRule) problem() string {
	switch {
	case r.Priority < 1:
		return "rulePriority must be 1 or more"
	case r.Action.Type != "expire" && r.Action.Type != "transition":
		return "action.type must be expire or transition"
	}
	return r.Selection.problem()
}

func (s *lifecycleSelection) problem() string {
	switch {
	case s.CountNumber < 1:
		return "countNumber must be 1 or more"
	case s.TagStatus != "untagged" && s.TagStatus != "any" && s.TagStatus != "tagged":
		return "tagStatus must be tagged, untagged or any"
	case s.TagStatus == "tagged" && len(s.TagPrefixes)+len(s.TagPatterns) == 0:
		return "tagPrefixList or tagPatternList is needed when tagStatus is tagged"
	}
	switch s.CountType {
	case "imageCountMoreThan":
		if s.CountUnit != "" {
			return "countUnit must not be given with imageCountMoreThan"
		}
	case "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned":
		if s.CountUnit != "days" {
			return "countUnit must be days"
		}
	default:
		return "countType must be imageCountMoreThan or sinceImagePushed"
	}
	return ""
}
