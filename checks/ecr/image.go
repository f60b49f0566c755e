package ecr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Image passes when the lab's tag is on a container image of the repository. A Helm chart, a signature or another
// artifact is none.
var Image = checks.New(checks.Spec[ImageParams]{
	ID:     "ecr-image",
	Title:  "The repository holds an image with the expected tag",
	Why:    "ECS pulls the image by its tag: a task whose tag is missing never starts.",
	Verify: "aws ecr describe-images --repository-name REPOSITORY --image-ids imageTag=TAG --region REGION",
	Pages: checks.Pages{
		Docs:    "AmazonECR/latest/userguide/docker-push-ecr-image.html",
		Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
	},
	Reads:    []facts.Source{account.TaggedImage, account.Images, account.ImageManifest},
	Extra:    []facts.Source{account.RepositoryNames},
	Defaults: ImageParams{Tag: "latest"},
	Run:      imagePushed,
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
		return checks.Of(f.Unknown(err)), nil
	case !found.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected, pushImage(s, p)), nil
	case !found.Exists:
		return missingTag(v, p, noImage(s, p, f.Expected)), nil
	}
	f = judgeStatus(f, describeImage(p, found.Image), found.Image.Status)
	f = judgeKind(f, p, found.Image, manifest)
	if f.Verdict == checks.Fail {
		return checks.Of(f).WithFix(pushImage(s, p)), nil
	}
	return checks.Of(f), nil
}

// judgeKind judges again what has passed so far by what the tag is on. An image in the archive hands out no manifest:
// what ECR says of it without one has to be enough.
func judgeKind(
	f checks.Finding, p ImageParams, image account.Image, pending *facts.Pending[account.Manifest],
) checks.Finding {
	manifest, err := pending.Get()
	switch {
	case f.Verdict != checks.Pass:
	case image.Artifact != "":
		return f.Fail(onArtifact(p, image.Artifact))
	case image.Status == account.ArchivedImage:
	case err != nil:
		return f.Unknown(err)
	case !manifest.Exists:
		return f.Unknown(facts.Errorf(facts.NotYetConsistent,
			"ECR describes the image with the tag %s and does not hand it out", p.Tag))
	case manifest.Artifact != "":
		return f.Fail(onArtifact(p, manifest.Artifact))
	case len(manifest.Platforms) == 0:
		return f.Fail("no container image has the tag " + p.Tag + ": it is on an index that lists none")
	default:
		f.Advice = checks.Join(f.Advice, platformAdvice(manifest))
	}
	return f
}

// onArtifact says what a tag is on in place of a container image.
func onArtifact(p ImageParams, mediaType string) string {
	kind := "an artifact"
	for _, known := range []struct{ part, name string }{
		{"helm", "a Helm chart"},
		{"soci", "a SOCI index"},
		{"spdx", "a bill of material"},
		{"cyclonedx", "a bill of material"},
		{"syft", "a bill of material"},
		{"in-toto", "an attestation"},
		{"dsse", "an attestation"},
		{"attestation", "an attestation"},
		{"simplesigning", "a signature"},
		{"signature", "a signature"},
		{"sigstore", "a signature"},
		{"wasm", "a WebAssembly module"},
	} {
		if strings.Contains(strings.ToLower(mediaType), known.part) {
			kind = known.name
			break
		}
	}
	return fmt.Sprintf("no container image has the tag %s: it is on %s (%.100s)", p.Tag, kind, mediaType)
}

// pushImage is the fix where the image is missing.
func pushImage(s checks.Site, p ImageParams) checks.Fix {
	return checks.Fix{Commands: push(s, p), Console: console(p.Repository, "View push commands")}
}

func describeImage(p ImageParams, i account.Image) string {
	text := fmt.Sprintf("%s is an image of %s", p.Tag, megabytes(i.Bytes))
	if !i.PushedAt.IsZero() {
		text += ", pushed " + moment(i.PushedAt)
	}
	return text
}

func judgeStatus(f checks.Finding, found string, status account.ImageStatus) checks.Finding {
	f.Found = found
	switch status {
	case account.ActiveImage, "":
		return f.Pass(found)
	case account.ArchivedImage:
		f.Advice = "the image is in the archive: it cannot be pulled until it is restored"
		return f.Pass(found)
	case account.ActivatingImage:
		return f.Unknown(facts.Errorf(facts.NotYetConsistent, "the image is on its way back from the archive"))
	default:
		return f.Unknown(facts.Errorf(facts.Unsupported,
			"the image has the status %q, which is not known here", status))
	}
}

// platformAdvice warns of an image that was built on an Apple computer: Fargate runs X86_64 tasks unless told
// otherwise.
func platformAdvice(m account.Manifest) string {
	for _, image := range m.Platforms {
		if !strings.HasPrefix(image.Platform, "linux/arm64") {
			return ""
		}
	}
	if len(m.Platforms) == 0 {
		return ""
	}
	return "the image runs on linux/arm64 only: an X86_64 task cannot start it, " +
		"so build it with --platform linux/amd64 or choose the ARM64 platform for the task"
}

// retag gives an image that is there another tag, without a new image and without docker. Its manifest goes through the
// pipe: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
func retag(s checks.Site, p ImageParams, from string) checks.Fix {
	c := ecrCommand(s, "batch-get-image", p.Repository, "--image-ids", "imageTag="+from, "--query",
		"images[0].imageManifest", "--output", "text")
	c.PipedTo = ecrCommand(s, "put-image", p.Repository, "--image-tag", p.Tag, "--image-manifest", checks.PipedInput).Args
	return checks.Fix{Commands: []checks.Command{c}, Console: console(p.Repository, "View push commands")}
}

// missingTag adds what is in the repository in place of the tag, and an image that was pushed to a name that the shell
// made. What has a tag that is nearly the right one needs only that.
func missingTag(v *facts.View, p ImageParams, f checks.Finding) checks.Result {
	s := v.Site()
	here := account.Images.Start(v, account.ImagesKey{
		Region: s.Region, Repository: p.Repository, Status: account.ActiveImage,
	})
	names := account.RepositoryNames.Start(v, account.RegistryKey{Region: s.Region})
	fix := pushImage(s, p)
	if list, err := here.Get(); err == nil {
		tags := tagsOf(list.Images)
		f.Found += "; " + describeTags(v, p, list.Images, tags)
		near := nearTag(p.Tag, list.Images)
		switch {
		case near != "":
			f.NearMiss = "found the tag " + near + ", did you mean it?"
			if tagPattern.MatchString(near) {
				f.NearMiss += " No new image is needed, only this tag"
				fix = retag(s, p, near)
			}
		case len(list.Images) > 0 && len(tags) == 0:
			f.NearMiss = "found images without a tag: they were pushed by digest, or their tag was removed"
		}
	}
	if all, err := names.Get(); err == nil {
		f.NearMiss = checks.Join(f.NearMiss, pushedElsewhere(v, p, all))
	}
	return checks.Of(f).WithFix(fix)
}

func tagsOf(images []account.Image) []string {
	var tags []string
	for _, image := range images {
		tags = append(tags, image.Tags...)
	}
	slices.Sort(tags)
	return tags
}

func describeTags(v *facts.View, p ImageParams, images []account.Image, tags []string) string {
	switch {
	case len(images) == 0:
		return describeNothing(v, p)
	case len(tags) == 0:
		return "nothing in the repository has a tag"
	}
	return "the tags are " + checks.Names(tags)
}

// describeNothing tells a repository that is empty from one whose images are out of reach.
func describeNothing(v *facts.View, p ImageParams) string {
	archived, err := account.Images.Get(v, account.ImagesKey{
		Region: v.Site().Region, Repository: p.Repository, Status: account.ArchivedImage,
	})
	if err != nil || len(archived.Images) > 0 {
		return "the repository holds no image outside of the archive"
	}
	return "the repository is empty"
}

// nearTag is a tag of a container image that is nearly the wanted one; "" for none.
func nearTag(wanted string, images []account.Image) string {
	images = slices.DeleteFunc(slices.Clone(images), func(i account.Image) bool { return i.Artifact != "" })
	for _, tag := range tagsOf(images) {
		if strings.EqualFold(tag, wanted) || strings.TrimPrefix(tag, "v") == strings.TrimPrefix(wanted, "v") ||
			nearlyEqual(tag, wanted) {
			return tag
		}
	}
	return ""
}

// pushedElsewhere looks into the repositories that the shell made. An image there has docker's default tag: the shell
// swallowed the colon.
func pushedElsewhere(v *facts.View, p ImageParams, names []string) string {
	for _, stray := range shellMadeNames(p, names) {
		key := account.ImageKey{Region: v.Site().Region, Repository: stray, Tag: "latest"}
		if found, err := account.TaggedImage.Get(v, key); err == nil && found.Exists &&
			found.Image.Artifact == "" {
			return "found an image in " + stray + ", did you mean it? " + madeByShell(p, stray)
		}
	}
	return ""
}

// outOfReach looks for the tag among the images that cannot be pulled, in the archive and on the way out of it: a tag
// is absent only when it is on none of them either.
func outOfReach(v *facts.View, p ImageParams) (account.FoundImage, error) {
	for _, pending := range startArchived(v, p.Repository) {
		list, err := pending.Get()
		if err != nil {
			return account.FoundImage{}, err
		}
		for _, image := range list.Images {
			if slices.Contains(image.Tags, p.Tag) {
				return account.FoundImage{RepositoryExists: true, Exists: true, Image: image}, nil
			}
		}
	}
	return account.FoundImage{RepositoryExists: true}, nil
}

// startArchived begins to list the images that cannot be pulled.
func startArchived(v *facts.View, repository string) []*facts.Pending[account.ImageList] {
	var pending []*facts.Pending[account.ImageList]
	for _, status := range []account.ImageStatus{account.ArchivedImage, account.ActivatingImage} {
		pending = append(pending, account.Images.Start(v, account.ImagesKey{
			Region: v.Site().Region, Repository: repository, Status: status,
		}))
	}
	return pending
}

// everyImage lists the images of a repository, those in the archive and on the way out of it as well, and says whether
// there is the repository. The error is that of a list which cannot be had; the images are those of the others then.
//
// The archive is asked second: a repository that is not there has none, and ECR gets no more requests at a time than it
// answers (see the limits of package account).
func everyImage(v *facts.View, repository string) (images []account.Image, exists bool, err error) {
	key := account.ImagesKey{Region: v.Site().Region, Repository: repository, Status: account.ActiveImage}
	active, err := account.Images.Get(v, key)
	if err == nil && !active.RepositoryExists {
		return nil, false, nil
	}
	images = slices.Clone(active.Images)
	for _, pending := range startArchived(v, repository) {
		list, failed := pending.Get()
		if failed != nil {
			err = failed
		}
		images = append(images, list.Images...)
	}
	return images, true, err
}
