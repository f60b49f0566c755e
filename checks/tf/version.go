package tf

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// VersionParams are the parameters of Version.
type VersionParams struct {
	Dir string `json:"dir" help:"the folder of the configuration, below the current one; empty: the only one there is"`
	Min string `json:"min-version" help:"the oldest version of Terraform that has what the lab needs"`
}

// Validate implements checks.Validator.
func (p VersionParams) Validate() error {
	if _, err := version.NewVersion(p.Min); err != nil {
		return &checks.ParamError{Name: "min-version", Problem: "is no version such as 1.11"}
	}
	return validDir(p.Dir)
}

// Version passes when required_version lets the lab's minimum in, or a later version. One that lets older versions in
// as well is advice.
var Version = checks.New(checks.Spec[VersionParams]{
	ID:       "tf-version",
	Title:    "The configuration says which versions of Terraform it needs",
	Why:      "With an older version a setting that it does not know fails late, or does nothing.",
	Verify:   "grep -rn required_version --include=*.tf .",
	About:    checks.AboutWorkstation,
	Pages:    checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/version.html"},
	Reads:    []facts.Source{workstation.Terraform},
	Defaults: VersionParams{Min: "1.11"},
	Run:      tfVersion,
})

func tfVersion(v *facts.View, p VersionParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, "required_version lets "+p.Min+" in")
	if !ok {
		return checks.Of(finding), nil
	}
	fix := edit(`versions.tf › terraform { required_version = ">= ` + p.Min + `" }`)
	switch {
	case f.Files == 0:
		return checks.Of(finding.Fail(noConfiguration)).WithFix(fix), nil
	case len(f.Versions) == 0:
		return checks.Of(incomplete(f, finding.Fail("no file has a required_version"))).WithFix(fix), nil
	}
	says := "required_version is " + worded(f.Versions[0].Text)
	var all version.Constraints
	for i, c := range f.Versions {
		if c.Bad != "" {
			return checks.Of(finding.Fail(shown(f, c.Problem) + "required_version " + c.Bad)).WithFix(fix), nil
		}
		parsed, err := version.NewConstraint(c.Text)
		if err != nil {
			return checks.Of(finding.Fail("required_version is no constraint")).WithFix(fix), nil
		}
		all = append(all, parsed...)
		if i > 0 {
			says += " and " + worded(c.Text)
		}
	}
	atLeast, older := admits(all, f.Versions, version.Must(version.NewVersion(p.Min)))
	if !atLeast {
		return checks.Of(finding.Fail(says)).WithFix(fix), nil
	}
	if older {
		finding.Advice = "older versions are let in too: >= " + p.Min + " keeps them out"
	}
	return checks.Of(incomplete(f, finding.Pass(says))), nil
}

// admits says whether constraints let the minimum or a later version in, and whether older ones. A constraint changes
// its mind only at the versions that it names and beside them, so those are asked.
func admits(all version.Constraints, texts []tfconfig.Constraint, minimum *version.Version) (atLeast, older bool) {
	asked := []*version.Version{minimum}
	add := func(s []int64) { asked = append(asked, version.Must(version.NewVersion(dotted(s)))) }
	near := func(v *version.Version) {
		s := slices.Clone(v.Segments64()[:3])
		add(s)
		for i := range s {
			up, down := slices.Clone(s), slices.Clone(s)
			up[i]++
			down[i] = max(down[i]-1, 0)
			for j := i + 1; j < len(s); j++ {
				up[j], down[j] = 0, 99
			}
			add(up)
			add(down)
		}
	}
	near(minimum)
	for _, named := range namedVersions(texts) {
		near(named)
	}
	for _, v := range asked {
		if !all.Check(v) {
			continue
		}
		if v.LessThan(minimum) {
			older = true
		} else {
			atLeast = true
		}
	}
	return atLeast, older
}

// worded is a constraint without an exclamation mark, which would shout in a report.
func worded(constraint string) string { return strings.ReplaceAll(constraint, "!=", "other than") }

// namedVersions are the versions that constraints name.
func namedVersions(constraints []tfconfig.Constraint) []*version.Version {
	var list []*version.Version
	for _, c := range constraints {
		for _, part := range strings.Split(c.Text, ",") {
			if v, err := version.NewVersion(strings.TrimLeft(strings.TrimSpace(part), "<>=!~ ")); err == nil {
				list = append(list, v)
			}
		}
	}
	return list
}

func dotted(segments []int64) string {
	texts := make([]string, len(segments))
	for i, n := range segments {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(texts, ".")
}

// firstSupported is the oldest version of Terraform that anybody should use here.
const firstSupported = "1.11"

// refused says whether no version of Terraform from firstSupported on takes the configuration.
func refused(f tfconfig.Folder) (why string, refuses bool) {
	var all version.Constraints
	for _, c := range f.Versions {
		if c.Bad != "" {
			return "", false // which is a problem of its own
		}
		parsed, err := version.NewConstraint(c.Text)
		if err != nil {
			return "", false
		}
		all = append(all, parsed...)
	}
	if atLeast, _ := admits(all, f.Versions, version.Must(version.NewVersion(firstSupported))); atLeast {
		return "", false
	}
	return "required_version is " + worded(
		f.Versions[0].Text,
	) + ": Terraform " + firstSupported + " and later refuse to run", true
}
