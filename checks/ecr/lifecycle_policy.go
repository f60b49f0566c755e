package ecr

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// LifecyclePolicy passes when some rule of the repository's lifecycle policy removes images. A rule that only moves
// them to the archive goes on costing money.
var LifecyclePolicy = checks.New(checks.Spec[RepositoryParams]{
	ID:     "ecr-lifecycle-policy",
	Title:  "Old images expire by a lifecycle policy",
	Why:    "Every push keeps the image before it, and storage is paid until somebody removes it.",
	Verify: "aws ecr get-lifecycle-policy --repository-name REPOSITORY --region REGION",
	Pages: checks.Pages{
		Docs:    "AmazonECR/latest/userguide/LifecyclePolicies.html",
		Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
	},
	Reads: []facts.Source{account.LifecyclePolicy},
	Extra: []facts.Source{account.Images},
	Run:   imagesExpire,
})

// expireOldImages removes untagged images after 7 days and keeps the newest 10 of all. ECR wants the rule for any tag
// to come last: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
const expireOldImages = `{"rules":[` +
	`{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days",` +
	`"countNumber":7},"action":{"type":"expire"}},` +
	`{"rulePriority":2,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":10},` +
	`"action":{"type":"expire"}}]}`

func imagesExpire(v *facts.View, p RepositoryParams) (checks.Result, error) {
	s := v.Site()
	f := checks.Finding{
		Subject:  repositorySubject(p.Repository),
		LookedAt: "the lifecycle policy of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: "a lifecycle policy with a rule that expires images",
	}
	fix := checks.Fix{
		Commands: []checks.Command{
			ecrCommand(s, "put-lifecycle-policy", p.Repository, "--lifecycle-policy-text", expireOldImages),
		},
		Console: console(p.Repository, "Lifecycle Policy › Create rule"),
	}
	policy, err := account.LifecyclePolicy.Get(v, account.RepositoryKey{Region: s.Region, Repository: p.Repository})
	switch {
	case err != nil:
		return checks.Of(f.Unknown(err)), nil
	case !policy.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected, fix), nil
	case !policy.Exists:
		return checks.Of(f.Fail("there is no lifecycle policy")).WithFix(fix), nil
	}
	f = judgeRules(f, policy.Rules)
	switch f.Verdict {
	case checks.Pass:
		f.Advice = reachAdvice(v, p, policy.Rules)
	case checks.Fail:
		return checks.Of(f).WithFix(fix), nil
	default:
	}
	return checks.Of(f), nil
}

// judgeRules wants one rule that expires images. A rule with words that are not known here may be one.
func judgeRules(f checks.Finding, rules []account.LifecycleRule) checks.Finding {
	expiring, strange := 0, ""
	for _, r := range rules {
		switch {
		case !slices.Contains([]string{"any", "tagged", "untagged"}, r.TagStatus):
			strange = fmt.Sprintf("a rule selects images by the tag status %q", r.TagStatus)
		case r.Action == "expire":
			expiring++
		case r.Action != "transition":
			strange = fmt.Sprintf("a rule has the action %q", r.Action)
		}
	}
	f.Found = fmt.Sprintf("rules that expire images: %d of %d", expiring, len(rules))
	switch {
	case expiring > 0:
		return f.Pass(f.Found)
	case strange != "":
		return f.Unknown(facts.Errorf(facts.Unsupported, "%s, which is not known here", strange))
	case len(rules) == 0:
		return f.Fail("the lifecycle policy has no rule")
	}
	f.Advice = "put-lifecycle-policy replaces the whole policy: add the rules that are to stay"
	return f.Fail(f.Found + "; the rest move images to the archive, where storage is still paid")
}

// reachAdvice warns when every expiring rule waits for tags that no image has. Rules for any or for untagged images
// always find something in time: a tag that moves leaves an untagged image behind.
func reachAdvice(v *facts.View, p RepositoryParams, rules []account.LifecycleRule) string {
	expiring := slices.DeleteFunc(slices.Clone(rules), func(r account.LifecycleRule) bool {
		return r.Action != "expire"
	})
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
