package git_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/git"
	"github.com/labcheck/labcheck/checks/workstation"
)

// scanned is a scan that found these keys in a repository of three commits and two files, changed afterwards.
func scanned(change func(*workstation.GitHistory), keys ...workstation.KeyHit) []facts.Given {
	h := workstation.GitHistory{Repository: "app", Commits: 3, Files: 2, Keys: keys}
	if change != nil {
		change(&h)
	}
	return []facts.Given{workstation.GitKeys.Given(workstation.GitKey{}, h)}
}

func TestNoAWSKeys(t *testing.T) {
	t.Parallel()
	id := func(h workstation.KeyHit) workstation.KeyHit {
		h.Kind, h.Last4 = workstation.AccessKeyID, "C5D6"
		return h
	}
	committed := id(workstation.KeyHit{Path: "up.sh", Line: 3, Commit: "1a2b3c4"})
	many := make([]workstation.KeyHit, 7)
	for i := range many {
		many[i] = committed
	}
	deactivate := "aws iam update-access-key --access-key-id OLD_ACCESS_KEY_ID --status Inactive\n" +
		"git filter-repo --replace-text ../keys-to-remove.txt"
	list := []checktest.Case{
		{Name: "clean", Facts: scanned(nil), Want: checks.Pass, Found: "no AWS key in 3 commits and 2 tracked files"},
		{
			Name: "clean, with files that are not ignored", Want: checks.Pass,
			Advice: ".gitignore does not cover .env, terraform.tfstate",
			Facts:  scanned(func(h *workstation.GitHistory) { h.NotIgnored = []string{".env", "terraform.tfstate"} }),
		},
		{
			Name: "in a file", Facts: scanned(nil, committed), Want: checks.Fail, Fix: deactivate,
			Found:    "an access key id ending in C5D6 is in up.sh line 3, since commit 1a2b3c4",
			Expected: "no AWS key in any tracked file or commit",
		},
		{
			Name: "removed", Facts: scanned(nil, id(workstation.KeyHit{Path: "up.sh", Commit: "1a2b3c4"})), Want: checks.Fail,
			Fix:   deactivate,
			Found: "in the history: commit 1a2b3c4 added it to up.sh",
		},
		{
			Name: "a secret", Want: checks.Fail, Found: "what looks like a secret access key is in up.sh line 3",
			Facts: scanned(
				nil, workstation.KeyHit{Kind: workstation.SecretAccessKey, Path: "up.sh", Line: 3, Commit: "1a2b3c4"},
			),
		},
		{
			Name: "in a message", Facts: scanned(nil, id(workstation.KeyHit{Commit: "1a2b3c4"})), Want: checks.Fail,
			Found: "in the message of commit 1a2b3c4", Fix: "--replace-message ../keys-to-remove.txt",
		},
		{
			Name: "not committed", Facts: scanned(nil, id(workstation.KeyHit{Path: "up.sh", Line: 3})), Want: checks.Fail,
			Found: "in up.sh line 3, not committed yet",
		},
		{
			Name: "staged", Facts: scanned(nil, id(workstation.KeyHit{Path: "up.sh"})), Want: checks.Fail,
			Found: "in up.sh, staged for the next commit",
		},
		{
			Name: "many", Facts: scanned(func(h *workstation.GitHistory) { h.MoreKeys = 4 }, many...), Want: checks.Fail,
			Found: "6 more places with an AWS key",
		},
		{
			Name: "one more than is shown", Facts: scanned(nil, many[:6]...), Want: checks.Fail,
			Found: "1 more place with an AWS key",
		},
		{
			Name: "a scan that was ended", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: scanned(func(h *workstation.GitHistory) { h.Incomplete = "the scan was ended after 20s" }),
		},
		{
			Name: "a scan that was ended too late", Want: checks.Fail,
			Facts: scanned(func(h *workstation.GitHistory) { h.Incomplete = "the scan was ended after 20s" }, committed),
		},
		{
			Name: "a shallow clone", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: scanned(func(h *workstation.GitHistory) { h.Shallow = true }),
		},
		{
			Name: "an empty repository", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: scanned(func(h *workstation.GitHistory) { h.Commits, h.Files = 0, 0 }),
		},
		{
			Name: "no repository", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: []facts.Given{
				workstation.GitKeys.GivenError(workstation.GitKey{}, facts.Errorf(facts.NotLooked, "git is not installed")),
			},
		},
	}
	checktest.Run(t, git.NoAWSKeys, list)
}
