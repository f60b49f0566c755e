package ecr_test

import (
	"testing"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

// latest is the answer for the tag of the lab: an image with a status, pushed a day ago.
func latest(status account.ImageStatus) facts.Given {
	return account.TaggedImage.Given(imageKey(wanted, "latest"), account.FoundImage{
		RepositoryExists: true, Exists: true,
		Image: account.Image{
			Digest: digest("f"), Tags: []string{"latest"}, Bytes: 63_400_000, PushedAt: before(24 * time.Hour), Status: status,
		},
	})
}

// noLatest is a repository whose images do not have the lab's tag, and the names of all repositories.
func noLatest(tags [][]string, repositories ...string) []facts.Given {
	var list []account.Image
	for i, t := range tags {
		list = append(list, account.Image{Digest: digest(string(rune('0' + i))), Tags: t, Bytes: 1})
	}
	return []facts.Given{
		account.TaggedImage.Given(imageKey(wanted, "latest"), account.FoundImage{RepositoryExists: true}),
		account.ImageManifest.Given(imageKey(wanted, "latest"), account.Manifest{RepositoryExists: true}),
		images(account.ActiveImage, list...), images(account.ArchivedImage), images(account.ActivatingImage),
		names(repositories...),
	}
}

// hidden is a repository whose image has the lab's tag and a status, and is found only by that status.
func hidden(status account.ImageStatus) []facts.Given {
	given := noLatest(nil)[:2]
	for _, each := range []account.ImageStatus{account.ArchivedImage, account.ActivatingImage} {
		var list []account.Image
		if each == status {
			list = []account.Image{{Digest: digest("f"), Tags: []string{"latest"}, Bytes: 63_400_000, Status: status}}
		}
		given = append(given, images(each, list...))
	}
	return given
}

const helm = "application/vnd.cncf.helm.config.v1+json"

// artifact is the answer for the tag of the lab where it is on an artifact, as far as ECR describes it.
func artifact(mediaType string) facts.Given {
	return account.TaggedImage.Given(imageKey(wanted, "latest"), account.FoundImage{
		RepositoryExists: true, Exists: true,
		Image: account.Image{Digest: digest("f"), Tags: []string{"latest"}, Bytes: 2604, Artifact: mediaType},
	})
}

// manifest is what the tag of the lab leads to.
func manifest(m account.Manifest) facts.Given {
	m.RepositoryExists, m.Exists, m.Digest = true, true, digest("f")
	return account.ImageManifest.Given(imageKey(wanted, "latest"), m)
}

func TestImage(t *testing.T) {
	const push = "aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin " + host +
		"\ndocker tag LOCAL_IMAGE " + host + "/docker-api:latest\ndocker push " + host + "/docker-api:latest"
	amd64 := platforms(account.PlatformImage{Digest: digest("a"), Platform: "linux/amd64"})
	arm64 := account.PlatformImage{Digest: digest("b"), Platform: "linux/arm64/v8"}
	plain := platforms(account.PlatformImage{Digest: digest("f")})
	stray := account.TaggedImage.Given(imageKey("docker-apiatest", "latest"), account.FoundImage{
		RepositoryExists: true, Exists: true,
	})
	fails := func(name string, given []facts.Given, found, nearMiss string) checktest.Case {
		return checktest.Case{
			Name: name, Params: params(), Facts: given,
			Want: checks.Fail, Found: found, NearMiss: nearMiss, Expected: "an image with the tag latest", Fix: push,
		}
	}
	retag := func(from, to string) string {
		return "aws ecr batch-get-image --repository-name docker-api --image-ids imageTag=" + from +
			" --query 'images[0].imageManifest' --output text --region us-east-1 | aws ecr put-image --repository-name " +
			"docker-api --image-tag " + to + " --image-manifest file:///dev/stdin --region us-east-1"
	}
	retags := func(from string, c checktest.Case) checktest.Case {
		c.Fix = retag(from, "latest")
		return c
	}
	checktest.Run(t, ecr.Image, []checktest.Case{
		{
			Name: "pushed", Params: params(), Facts: []facts.Given{latest(account.ActiveImage), amd64},
			Want: checks.Pass, Found: "latest is an image of 63.4 MB, pushed 2026-11-22 12:00 UTC",
		},
		{
			Name: "without a status", Params: params(), Facts: []facts.Given{latest(""), plain}, Want: checks.Pass,
		},
		{
			Name: "for arm64 only", Params: params(), Facts: []facts.Given{latest(account.ActiveImage), platforms(arm64)},
			Want: checks.Pass, Advice: "runs on linux/arm64 only",
		},
		{
			Name: "a Helm chart", Params: params(), Facts: []facts.Given{artifact(helm), amd64},
			Want: checks.Fail, Fix: push,
			Found: "no container image has the tag latest: it is on a Helm chart (application/vnd.cncf.helm.config.v1+json)",
		},
		{
			Name: "a signature", Params: params(), Want: checks.Fail, Fix: push,
			Facts: []facts.Given{latest(account.ActiveImage), manifest(account.Manifest{
				Artifact: "application/vnd.dev.cosign.simplesigning.v1+json",
			})},
			Found: "it is on a signature (application/vnd.dev.cosign.simplesigning.v1+json)",
		},
		{
			Name: "an artifact that nobody knows", Params: params(), Want: checks.Fail,
			Facts: []facts.Given{latest(account.ActiveImage), manifest(account.Manifest{Artifact: "application/x.mine"})},
			Found: "it is on an artifact (application/x.mine)",
		},
		{
			Name: "an index without an image", Params: params(), Want: checks.Fail, Fix: push,
			Facts: []facts.Given{latest(account.ActiveImage), manifest(account.Manifest{Index: true})},
			Found: "no container image has the tag latest: it is on an index that lists none",
		},
		{
			Name: "an archived Helm chart", Params: params(), Want: checks.Fail, Found: "a Helm chart",
			Facts: append(hidden(account.ArchivedImage)[:2:2], images(account.ArchivedImage, account.Image{
				Digest: digest("f"), Tags: []string{"latest"}, Status: account.ArchivedImage, Artifact: helm,
			}), images(account.ActivatingImage)),
		},
		{
			Name: "an image that is described and not handed out", Params: params(),
			Facts: append(noLatest(nil)[1:2:2], latest(account.ActiveImage)),
			Want:  checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "archived", Params: params(), Facts: []facts.Given{latest(account.ArchivedImage), amd64},
			Want: checks.Pass, Advice: "in the archive",
		},
		{
			Name: "archived, and hidden from who asks by the tag", Params: params(), Facts: hidden(account.ArchivedImage),
			Want: checks.Pass, Found: "63.4 MB", Advice: "in the archive",
		},
		{
			Name: "on its way back, and hidden", Params: params(), Facts: hidden(account.ActivatingImage),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "on its way back", Params: params(), Facts: []facts.Given{latest(account.ActivatingImage), amd64},
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "a status of tomorrow", Params: params(), Facts: []facts.Given{latest("FROZEN"), amd64},
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "no repository", Params: params(),
			Facts: []facts.Given{
				account.TaggedImage.Given(imageKey(wanted, "latest"), account.FoundImage{}),
				account.ImageManifest.Given(imageKey(wanted, "latest"), account.Manifest{}),
			},
			Want: checks.Fail, Found: "no repository docker-api",
			Fix: "aws ecr create-repository --repository-name docker-api --region us-east-1\n" + push,
		},
		fails("empty", noLatest(nil, wanted), "no image has the tag latest; the repository is empty", ""),
		fails("empty, and the image is in a stray repository", append(noLatest(nil, wanted, "docker-apiatest"), stray),
			"the repository is empty", "found an image in docker-apiatest, did you mean it? zsh reads"),
		fails("only archived", append(noLatest(nil)[:3],
			images(account.ArchivedImage, account.Image{}), images(account.ActivatingImage), names()),
			"the repository holds no image outside of the archive", ""),
		fails("only untagged", noLatest([][]string{{}, {}}), "nothing in the repository has a tag", "pushed by digest"),
		retags("lastest", fails("misspelt tag", noLatest([][]string{{"lastest"}, {"v1"}}), "the tags are lastest, v1",
			"found the tag lastest")),
		retags("LATEST", fails("tag in upper case", noLatest([][]string{{"LATEST"}}), "the tags are LATEST",
			"found the tag LATEST")),
		fails("many tags", noLatest([][]string{{"a", "b", "c", "d"}, {"e", "f", "g"}}), "a, b, c, d, e and 2 more", ""),
		{
			Name: "the v of a version", Params: params("tag", "1"),
			Facts: []facts.Given{
				account.TaggedImage.Given(imageKey(wanted, "1"), account.FoundImage{RepositoryExists: true}),
				account.ImageManifest.Given(imageKey(wanted, "1"), account.Manifest{RepositoryExists: true}),
				images(account.ActiveImage, account.Image{Tags: []string{"v1"}}), images(account.ArchivedImage),
				images(account.ActivatingImage), names(wanted),
			},
			Want: checks.Fail, NearMiss: "found the tag v1", Fix: retag("v1", "1"),
		},
	})
}
