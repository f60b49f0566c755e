package ecr

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// explainMissingTag says what is in the repository in place of the tag, and finds an image that was pushed to a name
// that the shell made.
func explainMissingTag(v *facts.View, p ImageParams, f *checks.Finding) {
	s := v.Site()
	here := account.Images.Start(v, account.ImagesKey{
		Region: s.Region, Repository: p.Repository, Status: account.ActiveImage,
	})
	names := account.RepositoryNames.Start(v, account.RegistryKey{Region: s.Region})
	if list, err := here.Get(); err == nil {
		tags := tagsOf(list.Images)
		f.Found += "; " + describeTags(v, p, list.Images, tags)
		f.NearMiss = tagNearMiss(p.Tag, list.Images, tags)
	}
	if all, err := names.Get(); err == nil {
		f.NearMiss = checks.Join(f.NearMiss, pushedElsewhere(v, p, all))
	}
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

func tagNearMiss(wanted string, images []account.Image, tags []string) string {
	if len(images) > 0 && len(tags) == 0 {
		return "found images without a tag: they were pushed by digest, or their tag was removed"
	}
	for _, tag := range tags {
		if strings.EqualFold(tag, wanted) || strings.TrimPrefix(tag, "v") == strings.TrimPrefix(wanted, "v") ||
			nearlyEqual(tag, wanted) {
			return "found the tag " + tag + ", did you mean it?"
		}
	}
	return ""
}

// pushedElsewhere looks into the repositories that the shell made. An image there has docker's default tag: the shell
// swallowed the colon.
func pushedElsewhere(v *facts.View, p ImageParams, names []string) string {
	for _, stray := range shellMadeNames(p, names) {
		key := account.ImageKey{Region: v.Site().Region, Repository: stray, Tag: "latest"}
		if found, err := account.TaggedImage.Get(v, key); err == nil && found.Exists {
			return "found an image in " + stray + ", did you mean it? " + madeByShell(p, stray)
		}
	}
	return ""
}
