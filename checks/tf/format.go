package tf

import (
	"path"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Formatted passes when terraform fmt -recursive would change nothing.
var Formatted = checks.New(checks.Spec[FolderParams]{
	ID:     "tf-format",
	Title:  "Every Terraform file is formatted as terraform fmt does it",
	Why:    "In one form, a change shows what was changed and nothing else.",
	Verify: "terraform fmt -check -recursive",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/structure.html"},
	Reads:  []facts.Source{workstation.Terraform},
	Run:    tfFormat,
})

// maxShown is how many places are shown one by one.
const maxShown = 4

func tfFormat(v *facts.View, p FolderParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, "terraform fmt -recursive would change nothing")
	if !ok {
		return checks.Of(finding), nil
	}
	switch {
	case f.Files == 0 && f.Format.Files == 0:
		return checks.Of(finding.Fail(noConfiguration)).WithFix(edit("main.tf")), nil
	case len(f.Format.Unread) > 0:
		return checks.Of(finding.Unknown(facts.Errorf(facts.InvalidResponse,
			"%s cannot be read as Terraform's language: terraform validate says where", f.Format.Unread[0]))), nil
	case len(f.Format.Other) == 0:
		return checks.Of(incomplete(f, finding.Pass(checks.Count(f.Format.Files, "file")+" as terraform fmt writes it"))), nil
	}
	var findings []checks.Finding
	for _, other := range f.Format.Other[:min(len(f.Format.Other), maxShown)] {
		one := finding
		one.Subject = "file " + path.Join(f.Dir, other.File)
		findings = append(findings, one.Fail(shown(f, other)))
	}
	if more := len(f.Format.Other) - maxShown; more > 0 {
		findings = append(findings, finding.Fail(checks.Count(more, "more file")+" written otherwise"))
	}
	return checks.Of(findings...).WithFix(checks.Fix{
		Commands: []checks.Command{inFolder(f, "fmt", "-recursive")},
		Console:  "your editor › Format document (HashiCorp's extension)",
	}), nil
}
