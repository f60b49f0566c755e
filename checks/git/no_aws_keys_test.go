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
		{
			Name: "clean", Facts: scanned(nil), Want: checks.Pass,
			Found: "no AWS key in 3 commits and 2 tracked files (not looked into: submodules, compressed files, Git LFS, " +
				"keys in pieces)",
		},
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
			Name: "in a message", Facts: scanned(nil, id(workstation.KeyHit{In: workstation.InMessage, Commit: "1a2b3c4"})),
			Want:  checks.Fail,
			Found: "in the message of commit 1a2b3c4", Fix: "--replace-message ../keys-to-remove.txt",
		},
		{
			Name: "in an author", Facts: scanned(nil, id(workstation.KeyHit{In: workstation.InAuthor, Commit: "1a2b3c4"})),
			Want: checks.Fail, Found: "an access key id ending in C5D6 is in the author or committer of commit 1a2b3c4",
		},
		{
			Name: "in a tag", Want: checks.Fail, Found: "in the message of the tag v1", Fix: "--replace-message",
			Facts: scanned(nil, id(workstation.KeyHit{In: workstation.InTag, Path: "v1", Commit: "1a2b3c4"})),
		},
		{
			Name: "in the name of a branch", Want: checks.Fail, Found: "in the name of refs/heads/use-(hidden)",
			Facts: scanned(nil,
				id(workstation.KeyHit{In: workstation.InRef, Path: "refs/heads/use-(hidden)", Commit: "1a2b3c4"})),
		},
		{
			Name: "in the name of a file", Want: checks.Fail,
			Found: "in the name of the file (hidden).txt, since commit 1a2b3c4",
			Facts: scanned(nil, id(workstation.KeyHit{In: workstation.InName, Path: "(hidden).txt", Commit: "1a2b3c4"})),
		},
		{
			Name: "in the stash", Want: checks.Fail, Found: "in the history: stash entry 1a2b3c4 added it to up.sh",
			Fix:   "git stash list",
			Facts: scanned(nil, id(workstation.KeyHit{Path: "up.sh", Commit: "1a2b3c4", Stashed: true})),
		},
		{
			Name: "a file that only a tag leads to", Want: checks.Fail,
			Found: "in a file that a tag or another reference leads to",
			Facts: scanned(nil, id(workstation.KeyHit{Commit: "1a2b3c4"})),
		},
		{
			Name: "a key of Bedrock", Want: checks.Fail, Found: "what looks like an Amazon Bedrock API key is in .env line 1",
			Facts: scanned(nil, workstation.KeyHit{Kind: workstation.BedrockKey, Path: ".env", Line: 1}),
		},
		{
			Name: "clean, with what cannot be looked into", Want: checks.Pass,
			Advice: "look into these yourself: config (submodule), creds.json.gz (compressed) and 2 more files",
			Facts: scanned(func(h *workstation.GitHistory) {
				h.Closed, h.MoreClosed = []string{"config (submodule)", "creds.json.gz (compressed)"}, 2
			}),
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
