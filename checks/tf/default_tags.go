package tf

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// TagsParams are the parameters of DefaultTags.
type TagsParams struct {
	Dir  string   `json:"dir" help:"the folder of the configuration, below the current one; empty: the only one there is"`
	Tags []string `json:"tags" help:"the keys that the tags must have; empty: any"`
}

// Validate implements checks.Validator.
func (p TagsParams) Validate() error { return validDir(p.Dir) }

// DefaultTags passes when the provider gives tags to everything that it makes.
var DefaultTags = checks.New(checks.Spec[TagsParams]{
	ID:       "tf-default-tags",
	Title:    "The provider tags everything that it makes",
	Why:      "A tag says on the bill what a thing is for, and whose it is.",
	Verify:   "grep -rn -A4 default_tags --include=*.tf .",
	About:    checks.AboutWorkstation,
	Pages:    checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/structure.html"},
	Reads:    []facts.Source{workstation.Terraform},
	Defaults: TagsParams{Tags: []string{}},
	Run:      tfDefaultTags,
})

func tfDefaultTags(v *facts.View, p TagsParams) (checks.Result, error) {
	want := "default_tags has a tag"
	if len(p.Tags) > 0 {
		want = "default_tags has " + strings.Join(p.Tags, ", ")
	}
	f, finding, ok := configuration(v, p.Dir, want)
	if !ok {
		return checks.Of(finding), nil
	}
	fix := edit(`the provider block › default_tags { tags = { Project = "docker-api" } }`)
	if len(f.AWS) == 0 {
		return checks.Of(finding.Fail(`no file has a block provider "aws"`)).WithFix(fix), nil
	}
	var findings []checks.Finding
	for _, provider := range f.AWS {
		findings = append(findings, judgeTags(f, provider, p.Tags, finding))
	}
	passes := func(one checks.Finding) bool { return one.Verdict == checks.Pass }
	fails := func(one checks.Finding) bool { return one.Verdict == checks.Fail }
	if slices.ContainsFunc(findings, passes) && slices.ContainsFunc(findings, fails) {
		good := 0
		for _, one := range findings {
			if passes(one) {
				good++
			}
		}
		for i, one := range findings {
			if fails(one) {
				findings[i] = one.Partial(max(1, min(99, 100*good/len(findings))), one.Found)
			}
		}
	}
	for i := range findings {
		findings[i] = incomplete(f, findings[i])
	}
	return checks.Of(findings...).WithFix(fix), nil
}

func judgeTags(f tfconfig.Folder, provider tfconfig.AWS, want []string, finding checks.Finding) checks.Finding {
	finding.Subject = "provider aws"
	if provider.Alias != "" {
		finding.Subject += "." + provider.Alias
	}
	finding.LookedAt = below(f, provider.Where)
	var missing []string
	for _, key := range want {
		if !slices.Contains(provider.Keys, key) {
			missing = append(missing, key)
		}
	}
	switch {
	case provider.Attribute:
		finding.NearMiss = "default_tags is a block: default_tags { … }, without an equals sign"
		return finding.Fail("default_tags is written with an equals sign")
	case !provider.Block:
		if f.TaggedResources {
			finding.NearMiss = "a resource has tags of its own"
		}
		return finding.Fail("there is no default_tags")
	case provider.Open && (len(missing) > 0 || len(provider.Keys) == 0):
		return finding.Unknown(facts.Errorf(facts.NotLooked, "the tags are known only when Terraform runs"))
	case len(provider.Keys) == 0:
		return finding.Fail("default_tags has no tag")
	case len(missing) > 0:
		for _, key := range missing {
			for _, has := range provider.Keys {
				if strings.EqualFold(key, has) {
					finding.NearMiss = "found " + has + ", in other letters than " + key
				}
			}
		}
		return finding.Fail("default_tags has " + listed(provider.Keys) + ", and not " + listed(missing))
	}
	return finding.Pass("default_tags has " + listed(provider.Keys))
}
