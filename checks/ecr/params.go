package ecr

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks"
)

// RepositoryParams name a repository.
type RepositoryParams struct {
	Repository string `json:"repository" help:"the name of the private ECR repository" need:"true"`
}

// Validate holds the name to ECR's grammar.
func (p RepositoryParams) Validate() error { return validateRepository(p.Repository) }

// ImageParams name an image of a repository by its tag.
type ImageParams struct {
	Repository string `json:"repository" help:"the name of the private ECR repository" need:"true"`
	Tag        string `json:"tag" help:"the tag under which the image is pushed"`
}

// Validate holds the names to ECR's grammar.
func (p ImageParams) Validate() error {
	if err := validateRepository(p.Repository); err != nil {
		return err
	}
	if !tagPattern.MatchString(p.Tag) {
		return &checks.ParamError{Name: "tag", Problem: fmt.Sprintf(
			"is %q; a tag has 1 to 128 letters, digits, dots, underscores and hyphens and begins with none of . and -", p.Tag)}
	}
	return nil
}

// The grammar of ECR: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html and
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
var (
	repositoryPattern = regexp.MustCompile(`^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$`)
	tagPattern        = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
)

// isRepositoryName says whether ECR would accept the name; 2 to 256 characters are allowed.
func isRepositoryName(name string) bool {
	return len(name) >= 2 && len(name) <= 256 && repositoryPattern.MatchString(name)
}

func validateRepository(name string) error {
	lower := strings.ToLower(name)
	switch {
	case isRepositoryName(name):
		return nil
	case isRepositoryName(lower):
		return &checks.ParamError{Name: "repository", Problem: fmt.Sprintf(
			"is %q; ECR has names in lower case only: %s", name, lower)}
	}
	return &checks.ParamError{Name: "repository", Problem: fmt.Sprintf(
		"is %q; ECR needs 2 to 256 lower-case letters and digits, with single . _ - or / between them", name)}
}
