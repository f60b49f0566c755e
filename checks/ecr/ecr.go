// Package ecr checks a private ECR registry: the repository of a lab, the image in it, how it is scanned and cleaned
// up, and how docker signs in to it.
//
// The checks follow what ECR answers today: the effective scanning configuration instead of the deprecated setting of
// a repository, and the images behind an index instead of the index, which ECR does not scan.
package ecr

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
)

//go:embed *.yaml
var files embed.FS

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check {
	return slices.Concat(
		[]*checks.Check{Repository, Image, ScanOnPush, NoCriticalFindings, LifecyclePolicy, DockerLogin, Storage},
		declared.Folder(files),
	)
}

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
	if !tagPattern.MatchString(p.Tag) || len(p.Tag) > longestTag {
		return &checks.ParamError{Name: "tag", Problem: fmt.Sprintf("is %q; a tag has 1 to 128 letters, digits, dots, "+
			"underscores and hyphens and begins with none of . and -", p.Tag)}
	}
	return nil
}

// The grammar of ECR: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html and
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
var (
	repositoryPattern = regexp.MustCompile(`^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$`)
	tagPattern        = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)
)

const longestTag = 128

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

// registryHost is the name by which docker knows the account's private registry in the site's Region:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
//
// The registry of a practice account is where its services are.
func registryHost(s checks.Site) string {
	if s.Practice != "" {
		return s.Practice
	}
	return s.Account + ".dkr.ecr." + s.Region + "." + dnsSuffix(s.Partition)
}

func dnsSuffix(partition string) string {
	switch partition {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-eusc":
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}

// registryHosts are all names of the registry, the usual one first:
// https://docs.aws.amazon.com/general/latest/gr/ecr.html
func registryHosts(s checks.Site) []string {
	if s.Practice != "" {
		return []string{s.Practice}
	}
	return []string{
		registryHost(s),
		s.Account + ".dkr.ecr-fips." + s.Region + "." + dnsSuffix(s.Partition),
		s.Account + ".dkr-ecr." + s.Region + ".on.aws",
		s.Account + ".dkr-ecr-fips." + s.Region + ".on.aws",
	}
}

// imageURI is the image's full name for docker.
func imageURI(s checks.Site, p ImageParams) string {
	return registryHost(s) + "/" + p.Repository + ":" + p.Tag
}

// ecrCommand is an aws command about one repository of the site's Region.
func ecrCommand(s checks.Site, operation, repository string, more ...string) checks.Command {
	args := append([]string{"aws", "ecr", operation, "--repository-name", repository}, more...)
	return checks.Sh(append(args, "--region", s.Region)...)
}

// login signs docker in. The token goes through the pipe and is never shown.
func login(s checks.Site) checks.Command {
	return checks.Command{
		Args:    []string{"aws", "ecr", "get-login-password", "--region", s.Region},
		PipedTo: []string{"docker", "login", "--username", "AWS", "--password-stdin", registryHost(s)},
	}
}

// push sends a local image to the registry.
func push(s checks.Site, p ImageParams) []checks.Command {
	return []checks.Command{
		login(s),
		checks.Sh("docker", "tag", checks.PlaceholderImage, imageURI(s, p)),
		checks.Sh("docker", "push", imageURI(s, p)),
	}
}

// console is the path of clicks to a page of the repository.
func console(repository, page string) string {
	return "ECR › Private registry › Repositories › " + repository + " › " + page
}

func repositorySubject(repository string) string { return "ECR repository " + repository }

func imageSubject(p ImageParams) string { return "image " + p.Repository + ":" + p.Tag }

// noRepository is what every check says of a repository that is not there. A lab lets the other checks need
// ecr-repository, so that a student reads this once. The check's own fix works only once there is one.
func noRepository(s checks.Site, repository, expected string, fix checks.Fix) checks.Result {
	fix.Commands = append([]checks.Command{ecrCommand(s, "create-repository", repository)}, fix.Commands...)
	return checks.Of(checks.Finding{
		Subject: repositorySubject(repository), LookedAt: "private ECR repositories in " + s.Region, Expected: expected,
	}.Fail("there is no repository " + repository + " in " + s.Region)).WithFix(fix)
}

// noImage is what the checks of an image say when its tag is on none.
func noImage(s checks.Site, p ImageParams, expected string) checks.Finding {
	return checks.Finding{
		Subject: imageSubject(p), LookedAt: "images of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: expected,
	}.Fail("no image has the tag " + p.Tag)
}

// megabyte is decimal, as in the free tier's offer.
const megabyte = 1_000_000

// megabytes writes a size with one digit after the point, such as "63.4 MB".
func megabytes(bytes int64) string {
	return strconv.FormatFloat(float64(bytes)/megabyte, 'f', 1, 64) + " MB"
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
