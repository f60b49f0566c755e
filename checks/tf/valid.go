package tf

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Valid passes when the configuration parses, what it refers to is declared, and what it needs is installed. The
// arguments of a provider's resources are known to the provider alone, which is run on request only.
var Valid = checks.New(checks.Spec[FolderParams]{
	ID:     "tf-valid",
	Title:  "The configuration parses, and what it refers to exists",
	Why:    "A mistake found before anything is made costs nothing.",
	Verify: "terraform init -backend=false && terraform validate",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/structure.html"},
	Reads:  []facts.Source{workstation.Terraform},
	Run:    tfValid,
})

func tfValid(v *facts.View, p FolderParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, "terraform validate finds no mistake")
	if !ok {
		return checks.Of(finding), nil
	}
	see := checks.Fix{
		Commands: []checks.Command{inFolder(f, "validate")},
		Console:  "your editor › the file and line named above",
	}
	if f.Files == 0 {
		return checks.Of(finding.Fail(noConfiguration)).WithFix(edit("main.tf")), nil
	}
	if only, refuses := refused(f); refuses {
		return checks.Of(finding.Fail(only)).WithFix(edit("required_version, so that a version of today may be used")), nil
	}
	invalid := f.Invalid
	if run := f.Run; run != nil && len(run.Open) == 0 { // its own word counts
		if run.ValidateFailed != "" {
			return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked, "%s", run.ValidateFailed))), nil
		}
		if invalid = run.Invalid; run.Valid {
			return checks.Of(finding.Pass("terraform validate (" + run.Version + ", run here) finds no mistake")), nil
		}
	}
	if len(invalid) > 0 {
		var findings []checks.Finding
		for _, problem := range invalid[:min(len(invalid), maxShown)] {
			findings = append(findings, finding.Fail(shown(f, problem)))
		}
		return checks.Of(findings...).WithFix(see), nil
	}
	switch {
	case f.Run != nil && len(f.Run.Open) > 0 && len(f.Open) == 0:
		return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked,
			"terraform validate says %q: terraform init installs what is missing", f.Run.Open[0]))).
			WithFix(install(f)), nil
	case len(f.Open) > 0:
		return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked,
			"terraform init has not installed %s yet, without which nobody can tell", listed(f.Open)))).
			WithFix(install(f)), nil
	case len(f.Unsure) > 0:
		return checks.Of(finding.Unknown(facts.Errorf(facts.Unsupported,
			"%s, as far as labcheck knows: terraform validate can tell", f.Unsure[0]))), nil
	}
	found := "no mistake in " + checks.Count(f.Files, "file")
	if len(f.Needs) > 0 {
		found += " (not looked into: the arguments of resources, which only the provider knows)"
	}
	return checks.Of(incomplete(f, finding.Pass(strings.TrimSpace(found)))), nil
}
