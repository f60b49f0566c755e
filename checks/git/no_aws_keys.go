package git

import (
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
		f := checks.Finding{
			Subject: "git repository", LookedAt: "the git repository of the current folder", Expected: wantNoKeys,
		}
		return checks.Of(f.Unanswered(err)), nil
	}
	base := checks.Finding{
		Subject:  "git repository " + h.Repository,
		LookedAt: extent(h) + " of the current folder's repository",
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

// remainder is what else is to be said: keys that are not listed, a scan that was not whole, or that all is well.
func remainder(f checks.Finding, h workstation.GitHistory) []checks.Finding {
	var list []checks.Finding
	if more := len(h.Keys) + h.MoreKeys - maxFindings; more > 0 {
		rest := f
		rest.Verdict, rest.Found = checks.Fail, checks.Count(more, "more place")+" with an AWS key"
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
		f.Verdict, f.Reason = checks.Pass, ""
		f.Found, f.Advice = "no AWS key in "+extent(h), ignoreAdvice(h.NotIgnored)
	}
	return append(list, f)
}
