package ecr

import (
	"path"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// reachAdvice warns when every expiring rule waits for tags that no image has. Rules for any or for untagged images
// always find something in time: a tag that moves leaves an untagged image behind.
func reachAdvice(v *facts.View, p RepositoryParams, rules []account.LifecycleRule) string {
	expiring := slices.DeleteFunc(slices.Clone(rules), func(r account.LifecycleRule) bool { return r.Action != "expire" })
	if slices.ContainsFunc(expiring, func(r account.LifecycleRule) bool { return r.TagStatus != "tagged" }) {
		return ""
	}
	list, err := account.Images.Get(v, account.ImagesKey{
		Region: v.Site().Region, Repository: p.Repository, Status: account.ActiveImage,
	})
	if err != nil {
		return ""
	}
	for _, image := range list.Images {
		if slices.ContainsFunc(expiring, func(r account.LifecycleRule) bool { return selects(r, image.Tags) }) {
			return ""
		}
	}
	return "the rules that expire images match none of the tags in the repository"
}

// selects says whether a rule for tagged images takes in an image: every prefix and every pattern of the rule must fit
// one of the image's tags. https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
func selects(r account.LifecycleRule, tags []string) bool {
	for _, prefix := range r.TagPrefixes {
		if !slices.ContainsFunc(tags, func(tag string) bool { return strings.HasPrefix(tag, prefix) }) {
			return false
		}
	}
	for _, pattern := range r.TagPatterns {
		if !slices.ContainsFunc(tags, func(tag string) bool { return matches(pattern, tag) }) {
			return false
		}
	}
	return len(tags) > 0
}

// matches knows the one wildcard of ECR: * for any text. A tag holds no slash, at which path.Match would stop.
func matches(pattern, tag string) bool {
	ok, err := path.Match(pattern, tag)
	return ok && err == nil
}
