package git

import (
	"fmt"
	"strings"

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
	Verify: "git log -p --all -G '(AKIA|ASIA)[A-Z2-7]{16}'",
	Reads:  []facts.Source{workstation.GitKeys},
	Run:    noAWSKeys,
	Fix:    removeKeys,
})

const wantNoKeys = "no AWS key in any tracked file or commit"

// maxFindings is how many keys are shown one by one: one mends them one after the other.
const maxFindings = 5

// What Run tells Fix.
const (
	knownCommitted = "committed" // a key is in a commit
	knownMessage   = "message"   // a key is in a commit's message
)

func noAWSKeys(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	h, err := workstation.GitKeys.Get(v, workstation.GitKey{})
	if err != nil {
		return checks.Of(checks.Unanswered("git repository", "the git repository of the current folder", wantNoKeys, err)), nil
	}
	base := checks.Finding{
		Subject:  "git repository " + h.Repository,
		LookedAt: fmt.Sprintf("%s and %s of the current folder's repository", count(h.Commits, "commit"), count(h.Files, "tracked file")),
		Expected: wantNoKeys,
	}
	result := checks.Result{Known: map[string]string{}}
	for _, key := range h.Keys[:min(len(h.Keys), maxFindings)] {
		result.Findings = append(result.Findings, hasKey(base, key))
	}
	result.Findings = append(result.Findings, remainder(base, h)...)
	for _, key := range h.Keys { // those that are not shown too: the fix is for all
		if key.Commit != "" {
			result.Known[knownCommitted] = "yes"
		}
		if key.Path == "" {
			result.Known[knownMessage] = "yes"
		}
	}
	return result, nil
}

// hasKey is the finding about one key.
func hasKey(f checks.Finding, key workstation.KeyHit) checks.Finding {
	f.Verdict = checks.Fail
	f.Found = describe(key) + " " + place(key)
	return f
}

func describe(key workstation.KeyHit) string {
	if key.Last4 != "" {
		return fmt.Sprintf("an %s ending in %s is", key.Kind, key.Last4)
	}
	return fmt.Sprintf("what looks like a %s is", key.Kind)
}

func place(key workstation.KeyHit) string {
	switch {
	case key.Path == "":
		return "in the message of commit " + key.Commit
	case key.Line > 0 && key.Commit != "":
		return fmt.Sprintf("in %s line %d, since commit %s", key.Path, key.Line, key.Commit)
	case key.Line > 0:
		return fmt.Sprintf("in %s line %d, not committed yet", key.Path, key.Line)
	case key.Commit != "":
		return fmt.Sprintf("in the history: commit %s added it to %s", key.Commit, key.Path)
	}
	return fmt.Sprintf("in %s, staged for the next commit", key.Path)
}

// remainder is what else is to be said: keys that are not listed, a scan that was not whole, or that all is well.
func remainder(f checks.Finding, h workstation.GitHistory) []checks.Finding {
	var list []checks.Finding
	if more := len(h.Keys) + h.MoreKeys - maxFindings; more > 0 {
		rest := f
		rest.Verdict, rest.Found = checks.Fail, count(more, "more place")+" with an AWS key"
		list = append(list, rest)
	}
	f.Reason = facts.NotLooked
	switch {
	case h.Incomplete != "":
		f.Detail = h.Incomplete + "; no other key in the part that was read"
	case h.Shallow:
		f.Detail = "this is a shallow clone, without the older commits (git fetch --unshallow gets them)"
	case h.Commits == 0 && h.Files == 0:
		f.Detail = "the repository has no commit and no tracked file yet"
	case len(h.Keys) > 0:
		return list
	default:
		f.Verdict, f.Reason, f.Found, f.Advice = checks.Pass, "", "no AWS key", ignoreAdvice(h.NotIgnored)
	}
	return append(list, f)
}

// ignoreAdvice names files that are easily committed with a secret in them.
func ignoreAdvice(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ".gitignore does not cover " + strings.Join(names, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
