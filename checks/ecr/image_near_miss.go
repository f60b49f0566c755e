package ecr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// shownTags is how many tags of a repository are named.
const shownTags = 5

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
		f.Found += "; " + describeTags(list.Images, tags)
		f.NearMiss = tagNearMiss(p.Tag, list.Images, tags)
	}
	if all, err := names.Get(); err == nil {
		f.NearMiss = join(f.NearMiss, pushedElsewhere(v, p, all))
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

func describeTags(images []account.Image, tags []string) string {
	switch {
	case len(images) == 0:
		return "the repository is empty"
	case len(tags) == 0:
		return "nothing in the repository has a tag"
	case len(tags) > shownTags:
		return fmt.Sprintf("the tags are %s and %d more", strings.Join(tags[:shownTags], ", "), len(tags)-shownTags)
	}
	return "the tags are " + strings.Join(tags, ", ")
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
