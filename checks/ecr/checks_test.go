package ecr_test

import (
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

const (
	wanted = "docker-api"
	host   = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
)

// params name the lab's repository, and what more is given as name and value.
func params(more ...any) map[string]any {
	p := map[string]any{"repository": wanted}
	for i := 0; i < len(more); i += 2 {
		p[more[i].(string)] = more[i+1]
	}
	return p
}

func repositoryKey(region, name string) account.RepositoryKey {
	return account.RepositoryKey{Region: region, Repository: name}
}

// repository is the lab's repository, or another answer to the question for it.
func repository(r account.Repository) facts.Given {
	return account.ECRRepository.Given(repositoryKey(checktest.Region, wanted), r)
}

// names is the list of all repositories in the lab's Region.
func names(list ...string) facts.Given {
	return account.RepositoryNames.Given(account.RegistryKey{Region: checktest.Region}, list)
}

// imageKey asks for a tag in a repository.
func imageKey(repository, tag string) account.ImageKey {
	return account.ImageKey{Region: checktest.Region, Repository: repository, Tag: tag}
}

// images is the list of the lab's images with a status.
func images(status account.ImageStatus, list ...account.Image) facts.Given {
	key := account.ImagesKey{Region: checktest.Region, Repository: wanted, Status: status}
	return account.Images.Given(key, account.ImageList{RepositoryExists: true, Images: list})
}

// platforms are the images to which the tag latest leads.
func platforms(list ...account.PlatformImage) facts.Given {
	return account.ImageManifest.Given(imageKey(wanted, "latest"), account.Manifest{
		RepositoryExists: true, Exists: true, Digest: digest("f"), Index: len(list) > 1, Platforms: list,
	})
}

// digest makes a digest of one hexadecimal digit.
func digest(digit string) string { return "sha256:" + strings.Repeat(digit, 64) }

func testClock() time.Time { return checktest.Now }

// before is a time before the run.
func before(d time.Duration) time.Time { return checktest.Now.Add(-d) }
