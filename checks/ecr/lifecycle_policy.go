package ecr

import (
	"fmt"
	"slices"

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
	Reads:  []facts.Source{account.LifecyclePolicy},
	Extra:  []facts.Source{account.Images},
	Run:    imagesExpire,
	Fix: func(s checks.Site, p RepositoryParams, r checks.Result) checks.Fix {
		put := ecrCommand(s, "put-lifecycle-policy", p.Repository, "--lifecycle-policy-text", expireOldImages)
		return checks.Fix{
			Commands: createFirst(s, p.Repository, r, put),
			Console:  console(p.Repository, "Lifecycle Policy › Create rule"),
		}
	},
})

// expireOldImages removes untagged images after 7 days and keeps the newest 10 of all. ECR wants the rule for any tag
// to come last: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
const expireOldImages = `{"rules":[` +
	`{"rulePriority":1,"description":"remove untagged images after 7 days",` +
	`"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":7},` +
	`"action":{"type":"expire"}},` +
	`{"rulePriority":2,"description":"keep the newest 10 images",` +
	`"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":10},` +
	`"action":{"type":"expire"}}]}`

func imagesExpire(v *facts.View, p RepositoryParams) (checks.Result, error) {
	s := v.Site()
	f := checks.Finding{
		Subject:  repositorySubject(p.Repository),
		LookedAt: "the lifecycle policy of " + repositorySubject(p.Repository) + " in " + s.Region,
		Expected: "a lifecycle policy with a rule that expires images",
	}
	policy, err := account.LifecyclePolicy.Get(v, account.RepositoryKey{Region: s.Region, Repository: p.Repository})
	switch {
	case err != nil:
		return checks.Of(f.Unanswered(err)), nil
	case !policy.RepositoryExists:
		return noRepository(s, p.Repository, f.Expected), nil
	case !policy.Exists:
		f.Verdict, f.Found = checks.Fail, "there is no lifecycle policy"
		return checks.Of(f), nil
	}
	judgeRules(&f, policy.Rules)
	if f.Verdict == checks.Pass {
		f.Advice = reachAdvice(v, p, policy.Rules)
	}
	return checks.Of(f), nil
}

// judgeRules wants one rule that expires images. A rule with words that are not known here may be one.
func judgeRules(f *checks.Finding, rules []account.LifecycleRule) {
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
		f.Verdict = checks.Pass
	case strange != "":
		f.Reason, f.Detail = facts.Unsupported, strange+", which is not known here"
	case len(rules) == 0:
		f.Verdict, f.Found = checks.Fail, "the lifecycle policy has no rule"
	default:
		f.Verdict = checks.Fail
		f.Found += "; the rest move images to the archive, where storage is still paid"
		f.Advice = "put-lifecycle-policy replaces the whole policy: add the rules that are to stay"
	}
}
