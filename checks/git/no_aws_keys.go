package git

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// NoAWSKeys passes when neither the tracked files nor the history of the current folder's git repository hold an AWS
// key. A key that was removed by a later commit is still in the history, where robots look for it.
var NoAWSKeys = checks.New(checks.Spec[checks.NoParams]{
	ID:     "git-no-aws-keys",
	Title:  "No AWS key is in the git repository or its history",
	Why:    "Robots find a key in a public repository within minutes and run up a bill with it.",
	Verify: "git log -p --all --text -G '(AKIA|ASIA)[A-Z2-7]{16}'",
	About:  checks.AboutWorkstation,
	Pages: checks.Pages{
		Docs:    "IAM/latest/UserGuide/securing_access-keys.html",
		Console: "iam/home#/users",
	},
	Reads: []facts.Source{workstation.GitKeys},
	Run:   noAWSKeys,
})

const wantNoKeys = "no AWS key in any tracked file or commit"

// maxFindings is how many keys are shown one by one: a person removes them one after the other.
const maxFindings = 5

func noAWSKeys(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	h, err := workstation.GitKeys.Get(v, workstation.GitKey{})
	if err != nil {
		f := checks.Finding{
			Subject: "git repository", LookedAt: "the git repository of the current folder", Expected: wantNoKeys,
		}
		return checks.Of(f.Unknown(err)).WithFix(beginRepository), nil
	}
	base := checks.Finding{
		Subject:  "git repository " + h.Repository,
		LookedAt: extent(h) + " of the current folder's repository",
		Expected: wantNoKeys,
	}
	var findings []checks.Finding
	for _, key := range h.Keys[:min(len(h.Keys), maxFindings)] {
		findings = append(findings, base.Fail(describe(key)))
	}
	findings = append(findings, remainder(base, h)...)
	switch {
	case len(h.Keys) > 0:
		return checks.Of(findings...).WithFix(removeKeys(h.Keys)), nil
	case h.Shallow && h.Incomplete == "":
		return checks.Of(findings...).WithFix(checks.Fix{
			Commands: []checks.Command{checks.Sh("git", "fetch", "--unshallow")}, Console: "a terminal in the repository",
		}), nil
	case h.Commits == 0 && h.Files == 0:
		return checks.Of(findings...).WithFix(checks.Fix{
			Commands: []checks.Command{checks.Sh("git", "add", "."), checks.Sh("git", "commit", "-m", "Begin")},
			Console:  "your editor › Source Control › Commit",
		}), nil
	}
	return checks.Of(findings...), nil
}

// beginRepository lets labcheck look: it was run where there is no repository to be read.
var beginRepository = checks.Fix{
	ConsoleOnly: true,
	Console:     "a terminal in the folder of your project, with git installed › git init, if it is no repository yet",
}

// remainder is what else is to be said: keys that are not listed, a scan that was not whole, or that all is well.
func remainder(f checks.Finding, h workstation.GitHistory) []checks.Finding {
	var list []checks.Finding
	if more := len(h.Keys) + h.MoreKeys - maxFindings; more > 0 {
		list = append(list, f.Fail(checks.Count(more, "more place")+" with an AWS key"))
	}
	notLooked := func(format string, args ...any) checks.Finding {
		return f.Unknown(facts.Errorf(facts.NotLooked, format, args...))
	}
	switch {
	case h.Incomplete != "":
		return append(list, notLooked("%s; no other key in the part that was read", h.Incomplete))
	case h.Shallow:
		return append(list, notLooked("this is a shallow clone, without the older commits (git fetch --unshallow gets them)"))
	case h.Commits == 0 && h.Files == 0:
		return append(list, notLooked("the repository has no commit and no tracked file yet"))
	case len(h.Keys) > 0:
		return list
	}
	f.Advice = advice(h)
	return append(list, f.Pass("no AWS key in "+extent(h)+notSeen))
}

// notSeen is what the scan cannot say.
const notSeen = " (not looked into: submodules, compressed files, Git LFS, keys in pieces)"

// keyList is the file in which a person writes the keys to be taken out of the history. It is outside of the
// repository, so that it is not committed.
const keyList = "../keys-to-remove.txt"

// removeKeys makes the key worthless first: whoever copied the history has it already. Then the history is rewritten,
// which leaves the files as they are but for the key. git filter-repo refuses to work in a clone with unsaved work.
//
// All keys count, those that are not shown too.
func removeKeys(keys []workstation.KeyHit) checks.Fix {
	has := func(is func(workstation.KeyHit) bool) bool { return slices.ContainsFunc(keys, is) }
	in := func(part workstation.KeyPlace) bool {
		return has(func(k workstation.KeyHit) bool { return k.In == part && !k.Stashed })
	}
	committed := func(k workstation.KeyHit) bool { return k.Commit != "" }
	if !has(committed) {
		return checks.Fix{
			ConsoleOnly: true,
			Console:     "your editor › the file and line named above › take the key out and save",
		}
	}
	fix := checks.Fix{
		Commands: []checks.Command{
			checks.Sh("aws", "iam", "update-access-key", "--access-key-id", checks.PlaceholderOldKey, "--status", "Inactive"),
		},
		Console: "IAM › Users › your user › Security credentials › Access keys › Actions › Deactivate",
	}
	rewrite := []string{"git", "filter-repo"}
	if has(func(k workstation.KeyHit) bool { return k.In == workstation.InFile && committed(k) && !k.Stashed }) {
		rewrite = append(rewrite, "--replace-text", keyList)
	}
	if in(workstation.InMessage) || in(workstation.InTag) {
		rewrite = append(rewrite, "--replace-message", keyList)
	}
	if len(rewrite) > 2 {
		fix.Commands = append(fix.Commands, checks.Sh(rewrite...))
		fix.Console += "; then, in a fresh clone, with each key on a line of " + keyList + ": git filter-repo"
	}
	for _, by := range []struct {
		is   bool
		does string
	}{
		{in(workstation.InAuthor), "a name of yours for the key in ../mailmap, then git filter-repo --mailmap ../mailmap"},
		{in(workstation.InName), "git filter-repo --invert-paths --path with the name of that file"},
		{in(workstation.InRef), "git branch -m or git tag -d for the name with the key, here and on the remote"},
	} {
		if by.is {
			fix.Console += "; then " + by.does
		}
	}
	if has(func(k workstation.KeyHit) bool { return k.Stashed }) {
		fix.Commands = append(fix.Commands, checks.Sh("git", "stash", "list"))
		fix.Console += "; then git stash drop for the entry with the key"
	}
	return fix
}
