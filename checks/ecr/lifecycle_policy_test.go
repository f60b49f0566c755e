package ecr_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
)

func TestLifecyclePolicy(t *testing.T) {
	answer := func(l account.Lifecycle) facts.Given {
		return account.LifecyclePolicy.Given(repositoryKey(checktest.Region, wanted), l)
	}
	rules := func(list ...account.LifecycleRule) facts.Given {
		return answer(account.Lifecycle{RepositoryExists: true, Exists: true, Rules: list})
	}
	untagged := account.LifecycleRule{Action: "expire", TagStatus: "untagged"}
	archive := account.LifecycleRule{Action: "transition", TagStatus: "any"}
	tagged := func(prefixes, patterns []string) account.LifecycleRule {
		return account.LifecycleRule{Action: "expire", TagStatus: "tagged", TagPrefixes: prefixes, TagPatterns: patterns}
	}
	holds := images(account.ActiveImage,
		account.Image{Tags: []string{"latest"}}, account.Image{}, account.Image{Tags: []string{"v1", "prod"}})
	const unmatched = "match none of the tags"

	cases := []checktest.Case{
		{
			Name: "untagged images expire", Params: params(), Facts: []facts.Given{rules(untagged)},
			Want: checks.Pass, Found: "rules that expire images: 1 of 1",
		},
		{
			Name: "one rule of two expires", Params: params(), Facts: []facts.Given{rules(archive, untagged)},
			Want: checks.Pass, Found: "rules that expire images: 1 of 2",
		},
		{
			Name: "a word of tomorrow beside a rule that expires", Params: params(),
			Facts: []facts.Given{rules(account.LifecycleRule{Action: "freeze", TagStatus: "any"}, untagged)}, Want: checks.Pass,
		},
		{
			Name: "no policy", Params: params(), Facts: []facts.Given{answer(account.Lifecycle{RepositoryExists: true})},
			Want: checks.Fail, Found: "there is no lifecycle policy", Expected: "a rule that expires images",
			Fix: `aws ecr put-lifecycle-policy --repository-name docker-api --lifecycle-policy-text '{"rules":`,
		},
		{
			Name: "archived only", Params: params(), Facts: []facts.Given{rules(archive)},
			Want:   checks.Fail,
			Found:  "rules that expire images: 0 of 1; the rest move images to the archive, where storage is still paid",
			Advice: "replaces the whole policy", Fix: "put-lifecycle-policy",
		},
		{
			Name: "no rule", Params: params(), Facts: []facts.Given{rules()},
			Want: checks.Fail, Found: "the lifecycle policy has no rule", Fix: "put-lifecycle-policy",
		},
		{
			Name: "no repository", Params: params(), Facts: []facts.Given{answer(account.Lifecycle{})},
			Want: checks.Fail, Found: "no repository docker-api", Fix: "create-repository",
		},
		{
			Name: "an action of tomorrow", Params: params(),
			Facts: []facts.Given{rules(account.LifecycleRule{Action: "freeze", TagStatus: "any"})},
			Want:  checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "a selection of tomorrow", Params: params(),
			Facts: []facts.Given{rules(account.LifecycleRule{Action: "expire", TagStatus: "signed"})},
			Want:  checks.Unknown, Reason: facts.Unsupported,
		},
	}
	for name, c := range map[string]struct {
		rule   account.LifecycleRule
		advice string
	}{
		"a prefix that fits":            {tagged([]string{"v"}, nil), ""},
		"a prefix that fits nothing":    {tagged([]string{"release-"}, nil), unmatched},
		"two prefixes of one image":     {tagged([]string{"v", "pro"}, nil), ""},
		"two prefixes of two images":    {tagged([]string{"v", "latest"}, nil), unmatched},
		"a pattern that fits":           {tagged(nil, []string{"*test"}), ""},
		"a pattern that fits nothing":   {tagged(nil, []string{"*-dev"}), unmatched},
		"a pattern that is no pattern":  {tagged(nil, []string{"[latest"}), unmatched},
		"a pattern fits the whole text": {tagged(nil, []string{"late"}), unmatched},
	} {
		cases = append(cases, checktest.Case{
			Name: name, Params: params(), Facts: []facts.Given{rules(c.rule), holds}, Want: checks.Pass, Advice: c.advice,
		})
	}
	checktest.Run(t, ecr.LifecyclePolicy, cases)
}

func TestAReachedTagGivesNoAdvice(t *testing.T) {
	rule := account.LifecycleRule{Action: "expire", TagStatus: "tagged", TagPrefixes: []string{"v", "pro"}}
	given := []facts.Given{
		account.LifecyclePolicy.Given(repositoryKey(checktest.Region, wanted), account.Lifecycle{
			RepositoryExists: true, Exists: true, Rules: []account.LifecycleRule{rule},
		}),
		images(account.ActiveImage, account.Image{Tags: []string{"v1", "prod"}}),
	}
	require.Empty(t, run(t, ecr.LifecyclePolicy, params(), given).Findings[0].Advice)
}

func TestThePolicyOfTheFixIsJSONOnOneLine(t *testing.T) {
	none := account.Lifecycle{RepositoryExists: true}
	args := run(t, ecr.LifecyclePolicy, params(), []facts.Given{
		account.LifecyclePolicy.Given(repositoryKey(checktest.Region, wanted), none),
	}).Fix.Commands[0].Args
	policy := args[6]
	require.True(t, json.Valid([]byte(policy)), policy)
	require.NotContains(t, policy, "\n")
}
