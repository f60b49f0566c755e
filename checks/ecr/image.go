package ecr

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Image passes when the lab's tag is on an image of the repository.
var Image = checks.New(checks.Spec[ImageParams]{
	ID:       "ecr-image",
	Title:    "The repository holds an image with the expected tag",
	Why:      "ECS pulls the image by its tag: a task whose tag is missing never starts.",
	Verify:   "aws ecr describe-images --repository-name REPOSITORY --image-ids imageTag=TAG --region REGION",
	Reads:    []facts.Source{account.TaggedImage, account.Images},
	Extra:    []facts.Source{account.ImageManifest, account.RepositoryNames},
	Defaults: ImageParams{Tag: "latest"},
	Run:      imagePushed,
	Fix: func(s checks.Site, p ImageParams, r checks.Result) checks.Fix {
		return checks.Fix{
			Commands: createFirst(s, p.Repository, r, push(s, p)...),
			Console:  console(p.Repository, "View push commands"),
		}
	},
})

func imagePushed(v *facts.View, p ImageParams) (checks.Result, error) {
	s := v.Site()
	key := account.ImageKey{Region: s.Region, Repository: p.Repository, Tag: p.Tag}
	tagged := account.TaggedImage.Start(v, key)
	manifest := account.ImageManifest.Start(v, key)

	f := checks.Finding{
		Subject:  imageSubject(p),
		LookedAt: "images of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: "an image with the tag " + p.Tag,
	}
	found, err := tagged.Get()
	if err == nil && found.RepositoryExists && !found.Exists {
		found, err = outOfReach(v, p)
	}
	switch {
	case err != nil:
		return checks.Of(f.Unanswered(err)), nil
	case !found.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected), nil
	case !found.Exists:
		r := noImage(s, p, "no image has the tag "+p.Tag, f.Expected)
		explainMissingTag(v, p, &r.Findings[0])
		return r, nil
	}
	platforms, _ := manifest.Get() // its error is no concern of this check: it only gives advice
	f.Found = describeImage(p, found.Image)
	judgeStatus(&f, found.Image.Status)
	f.Advice = checks.Join(f.Advice, platformAdvice(platforms))
	return checks.Of(f), nil
}

func describeImage(p ImageParams, i account.Image) string {
	text := fmt.Sprintf("%s is an image of %s", p.Tag, megabytes(i.Bytes))
	if !i.PushedAt.IsZero() {
		text += ", pushed " + moment(i.PushedAt)
	}
	return text
}

func judgeStatus(f *checks.Finding, status account.ImageStatus) {
	switch status {
	case account.ActiveImage, "":
		f.Verdict = checks.Pass
	case account.ArchivedImage:
		f.Verdict = checks.Pass
		f.Advice = "the image is in the archive: it cannot be pulled until it is restored"
	case account.ActivatingImage:
		f.Reason, f.Detail = facts.NotYetConsistent, "the image is on its way back from the archive"
	default:
		f.Reason, f.Detail = facts.Unsupported, fmt.Sprintf("the image has the status %q, which is not known here", status)
	}
}

// platformAdvice warns of an image that was built on an Apple computer: Fargate runs X86_64 tasks unless told otherwise.
func platformAdvice(m account.Manifest) string {
	for _, image := range m.Platforms {
		if !strings.HasPrefix(image.Platform, "linux/arm64") {
			return ""
		}
	}
	if len(m.Platforms) == 0 {
		return ""
	}
	return "the image runs on linux/arm64 only: an X86_64 task cannot start it, so build it with --platform linux/amd64 " +
		"or choose the ARM64 platform for the task"
}
