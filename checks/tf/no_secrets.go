package tf

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// NoSecrets passes when the repository holds no state, no plan, no secret that is written out and no AWS key, now or
// before.
var NoSecrets = checks.New(checks.Spec[checks.NoParams]{
	ID:     "tf-no-secrets",
	Title:  "No state, secret or key is in git, or ever was",
	Why:    "A state holds passwords in plain text, and what was committed once stays in the history.",
	Verify: "git log --all --oneline -- '*.tfstate' '*.tfstate.*' '*.tfvars' && git grep -nE 'password *= *\"'",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/security.html"},
	Reads:  []facts.Source{workstation.TerraformInGit},
	Run:    tfNoSecrets,
})

func tfNoSecrets(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	finding := checks.Finding{
		Subject: "git repository", LookedAt: "the git repository of the current folder",
		Expected: "no state, plan, secret or key in any tracked file or commit",
	}
	s, err := workstation.TerraformInGit.Get(v, workstation.GitKey{})
	if err != nil {
		return checks.Of(finding.Unknown(err)), nil
	}
	finding.Subject += " " + s.Repository
	finding.LookedAt = checks.Count(s.Commits, "commit") + " and " + checks.Count(s.Files, "tracked file")
	var findings []checks.Finding
	for _, hit := range s.Hits[:min(len(s.Hits), maxShown)] {
		findings = append(findings, finding.Fail(describe(hit)))
	}
	for _, key := range s.Keys[:min(len(s.Keys), maxShown)] {
		findings = append(findings, finding.Fail("an AWS key is in "+key.Path))
	}
	more := len(s.Hits) + s.MoreHits + len(s.Keys) + s.MoreKeys - len(findings)
	if more > 0 && len(findings) > 0 {
		findings = append(findings, finding.Fail(checks.Count(more, "more place")))
	}
	open := func(format string, args ...any) checks.Finding {
		return finding.Unknown(facts.Errorf(facts.NotLooked, format, args...))
	}
	switch {
	case len(findings) > 0:
		return checks.Of(findings...).WithFix(removeSecrets(s)), nil
	case s.Incomplete != "":
		return checks.Of(open("%s; nothing in the part that was read", s.Incomplete)), nil
	case s.Shallow:
		return checks.Of(
			open("this is a shallow clone, without the older commits (git fetch --unshallow gets them)"),
		), nil
	case s.Commits == 0 && s.Files == 0:
		return checks.Of(open("the repository has no commit and no tracked file yet")), nil
	}
	var advice []string
	if len(s.Variables) > 0 {
		advice = append(advice, listed(s.Variables)+" is in git: keep secrets out of it")
	}
	if len(s.NotIgnored) > 0 {
		advice = append(advice, ".gitignore does not cover "+strings.Join(s.NotIgnored, ", "))
	}
	finding.Advice = strings.Join(advice, "; ")
	return checks.Of(finding.Pass("none in " + finding.LookedAt)), nil
}

// describe says what is where.
func describe(hit workstation.SecretHit) string {
	what := map[tfconfig.SecretKind]string{
		tfconfig.State: "a state", tfconfig.Plan: "a saved plan, which holds a state",
		tfconfig.Literal: "a secret that is written out",
	}[hit.Kind]
	if hit.Kind == tfconfig.Literal && hit.Name != "" {
		what += " (" + hit.Name + ")"
	}
	where := hit.Path
	if hit.Line > 0 && hit.Now {
		where += fmt.Sprintf(" line %d", hit.Line)
	}
	switch {
	case hit.Now && hit.Commit != "":
		return what + " is in " + where + ", since commit " + hit.Commit
	case hit.Now:
		return what + " is in " + where + ", not committed yet"
	case hit.Commit != "":
		return what + " is in the history: commit " + hit.Commit + " added it to " + where
	}
	return what + " is in " + where + ", staged for the next commit"
}

// removeSecrets takes files out of git that are there now. What is in the history has to be worth nothing any more.
func removeSecrets(s workstation.TerraformSecrets) checks.Fix {
	fix := checks.Fix{
		Console: "change every password and key that is named above: whoever has a copy of the history has them; " +
			"then git filter-repo --invert-paths --path FILE takes the file out of the history",
	}
	seen := map[string]bool{}
	for _, hit := range s.Hits {
		if hit.Kind != tfconfig.Literal && hit.Now && !seen[hit.Path] {
			seen[hit.Path] = true
			fix.Commands = append(fix.Commands, checks.Sh("git", "rm", "--cached", "--", ":/"+hit.Path))
		}
	}
	fix.ConsoleOnly = len(fix.Commands) == 0
	return fix
}
