package tf

import (
	"path"
	"path/filepath"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
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
	if f.Files == 0 && f.Format.Files == 0 {
		return checks.Of(finding.Fail(noConfiguration)).WithFix(edit("main.tf")), nil
	}
	other, more, unread := f.Format.Other, 0, f.Format.Unread
	by := "terraform fmt"
	if run := f.Run; run != nil { // its own word counts
		if run.FmtFailed != "" {
			return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked, "%s", run.FmtFailed))), nil
		}
		other, more, by = otherwise(f), run.MoreOther, "terraform fmt ("+run.Version+", run here)"
		if run.Unparsed && len(unread) == 0 {
			unread = []string{"a file"}
		}
	}
	switch {
	case len(unread) > 0:
		return checks.Of(finding.Unknown(facts.Errorf(facts.InvalidResponse,
			"%s cannot be read as Terraform's language: terraform validate says where", unread[0]))), nil
	case len(other) == 0:
		return checks.Of(incomplete(f, finding.Pass(checks.Count(f.Format.Files, "file")+" as "+by+" writes it"))), nil
	}
	var findings []checks.Finding
	for _, other := range other[:min(len(other), maxShown)] {
		one := finding
		one.Subject = "file " + path.Join(f.Dir, other.File)
		findings = append(findings, one.Fail(shown(f, other)))
	}
	if more += len(other) - maxShown; more > 0 {
		findings = append(findings, finding.Fail(checks.Count(more, "more file")+" written otherwise"))
	}
	return checks.Of(findings...).WithFix(checks.Fix{
		Commands: []checks.Command{inFolder(f, "fmt", "-recursive")},
		Console:  "your editor › Format document (HashiCorp's extension)",
	}), nil
}

// otherwise are the files that Terraform itself would write otherwise, with the line where our own reading knows it.
func otherwise(f tfconfig.Folder) []tfconfig.Problem {
	var all []tfconfig.Problem
	for _, name := range f.Run.Other {
		problem := tfconfig.Problem{File: filepath.ToSlash(name), What: "terraform fmt writes it otherwise"}
		if i := slices.IndexFunc(f.Format.Other, func(o tfconfig.Problem) bool { return o.File == problem.File }); i >= 0 {
			problem = f.Format.Other[i]
		}
		all = append(all, problem)
	}
	return all
}
