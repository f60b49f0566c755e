package sandbox

import (
	"regexp"
	"slices"
	"time"
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

// repositoryInput is the input of operations that only ask for a repository.
type repositoryInput struct {
	RepositoryName string `wire:"repositoryName,required"`
}

// A repositoryPlace opens the answers about a repository.
type repositoryPlace struct {
	RegistryID     string `wire:"registryId"`
	RepositoryName string `wire:"repositoryName"`
}

// place says where a repository is.
func (r *request) place(repo *Repository) repositoryPlace {
	return repositoryPlace{RegistryID: r.accountID(), RepositoryName: repo.Name}
}

type scanningSetting struct {
	ScanOnPush bool `wire:"scanOnPush"`
}

type encryptionSetting struct {
	Type string `wire:"encryptionType"`
}

type repositoryOutput struct {
	ARN           string            `wire:"repositoryArn"`
	RegistryID    string            `wire:"registryId"`
	Name          string            `wire:"repositoryName"`
	URI           string            `wire:"repositoryUri"`
	CreatedAt     time.Time         `wire:"createdAt"`
	TagMutability string            `wire:"imageTagMutability"`
	TagExclusions []WildcardFilter  `wire:"imageTagMutabilityExclusionFilters"`
	Scanning      scanningSetting   `wire:"imageScanningConfiguration"`
	Encryption    encryptionSetting `wire:"encryptionConfiguration"`
}

// output is the repository as the API shows it.
func (r *Repository) output(q *request) repositoryOutput {
	return repositoryOutput{
		ARN:           q.arn("ecr", "repository/"+r.Name),
		RegistryID:    q.accountID(),
		Name:          r.Name,
		URI:           q.registryHost() + "/" + r.Name,
		CreatedAt:     r.Created.Time,
		TagMutability: r.mutability(),
		TagExclusions: r.TagExclusions,
		Scanning:      scanningSetting{ScanOnPush: r.ScanOnPush},
		Encryption:    encryptionSetting{Type: "AES256"},
	}
}

// mutability is the setting with its default.
func (r *Repository) mutability() string {
	if r.TagMutability == "" {
		return tagsMutable
	}
	return r.TagMutability
}

// tagIsFixed says whether a tag that exists may not be moved. An exclusion turns the setting round for the tags that it matches.
func (r *Repository) tagIsFixed(tag string) bool {
	excluded := slices.ContainsFunc(r.TagExclusions, func(f WildcardFilter) bool { return wildcard(f.Filter, tag) })
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

type describeRepositoriesInput struct {
	RepositoryNames []string `wire:"repositoryNames"`
	pageInput
}

type describeRepositoriesOutput struct {
	Repositories []repositoryOutput `wire:"repositories"`
	NextToken    *string            `wire:"nextToken"`
}

func describeRepositories(r *request, in *describeRepositoriesInput) (*describeRepositoriesOutput, error) {
	all := r.registry().Repositories
	if len(in.RepositoryNames) > 0 {
		if in.MaxResults != nil || in.NextToken != nil {
			return nil, failf("InvalidParameterException", "Pagination parameters cannot be used with repositoryNames")
		}
		all = nil
		for _, name := range in.RepositoryNames {
			repo, err := r.repository(name)
			if err != nil {
				return nil, err
			}
			all = append(all, repo)
		}
	}
	some, next, err := page(ecrPaging, all, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &describeRepositoriesOutput{Repositories: outputs(r, some, (*Repository).output), NextToken: next}, nil
}

type createRepositoryInput struct {
	RepositoryName string           `wire:"repositoryName,required"`
	TagMutability  string           `wire:"imageTagMutability"`
	TagExclusions  []WildcardFilter `wire:"imageTagMutabilityExclusionFilters"`
	Scanning       *scanningSetting `wire:"imageScanningConfiguration"`
}

type oneRepositoryOutput struct {
	Repository repositoryOutput `wire:"repository"`
}

func createRepository(r *request, in *createRepositoryInput) (*oneRepositoryOutput, error) {
	if !isRepositoryName(in.RepositoryName) {
		return nil, badECR("repositoryName", "must satisfy regular expression '"+repositoryName.String()+"'")
	}
	if _, ok := r.registry().repository(in.RepositoryName); ok {
		return nil, failf("RepositoryAlreadyExistsException", "The repository with name '%s' already exists in the registry with id '%s'", in.RepositoryName, r.accountID())
	}
	repo := &Repository{Name: in.RepositoryName, Created: at(r.Now), ScanOnPush: in.Scanning != nil && in.Scanning.ScanOnPush}
	if err := repo.setMutability(in.TagMutability, in.TagExclusions); err != nil {
		return nil, err
	}
	r.registry().Repositories = append(r.registry().Repositories, repo)
	return &oneRepositoryOutput{Repository: repo.output(r)}, nil
}

type deleteRepositoryInput struct {
	repositoryInput
	Force bool `wire:"force"`
}

func deleteRepository(r *request, in *deleteRepositoryInput) (*oneRepositoryOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(repo.Manifests) > 0 && !in.Force {
		return nil, failf("RepositoryNotEmptyException", "The repository with name '%s' in registry with id '%s' cannot be deleted because it still contains images", repo.Name, r.accountID())
	}
	registry := r.registry()
	registry.Repositories = slices.DeleteFunc(registry.Repositories, func(other *Repository) bool { return other == repo })
	return &oneRepositoryOutput{Repository: repo.output(r)}, nil
}

type putImageTagMutabilityInput struct {
	repositoryInput
	TagMutability string           `wire:"imageTagMutability,required"`
	TagExclusions []WildcardFilter `wire:"imageTagMutabilityExclusionFilters"`
}

type putImageTagMutabilityOutput struct {
	repositoryPlace
	TagMutability string           `wire:"imageTagMutability"`
	TagExclusions []WildcardFilter `wire:"imageTagMutabilityExclusionFilters"`
}

func putImageTagMutability(r *request, in *putImageTagMutabilityInput) (*putImageTagMutabilityOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if err := repo.setMutability(in.TagMutability, in.TagExclusions); err != nil {
		return nil, err
	}
	return &putImageTagMutabilityOutput{
		repositoryPlace: r.place(repo), TagMutability: repo.TagMutability, TagExclusions: repo.TagExclusions,
	}, nil
}

// setMutability checks a new setting before it takes it; empty is the default.
func (r *Repository) setMutability(setting string, exclusions []WildcardFilter) error {
	switch setting {
	case "", tagsMutable, tagsImmutable:
		if len(exclusions) > 0 {
			return badECR("imageTagMutabilityExclusionFilters", "Filters need a mutability setting with exclusion")
		}
	case tagsMutableExcluding, tagsImmutableExcluding:
		if len(exclusions) == 0 {
			return badECR("imageTagMutabilityExclusionFilters", "A mutability setting with exclusion needs at least one filter")
		}
	default:
		return badECR("imageTagMutability", "Member must satisfy enum value set: [MUTABLE, IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION]")
	}
	r.TagMutability, r.TagExclusions = setting, exclusions
	return nil
}
