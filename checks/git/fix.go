package git

import "github.com/labcheck/labcheck/checks"

// keyList is the file in which a person writes the keys to be taken out of the history. It is outside of the
// repository, so that it is not committed.
const keyList = "../keys-to-remove.txt"

// removeKeys makes the key worthless first: whoever copied the history has it already. Then the history is rewritten,
// which leaves the files as they are but for the key. git filter-repo refuses to work in a clone with unsaved work.
func removeKeys(_ checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	if r.Known[knownCommitted] == "" {
		return checks.Fix{
			ConsoleOnly: true,
			Console:     "your editor › the file and line named above › take the key out and save",
		}
	}
	rewrite := checks.Sh("git", "filter-repo", "--replace-text", keyList)
	if r.Known[knownMessage] != "" {
		rewrite.Args = append(rewrite.Args, "--replace-message", keyList)
	}
	return checks.Fix{
		Commands: []checks.Command{
			checks.Sh("aws", "iam", "update-access-key", "--access-key-id", checks.PlaceholderOldKey, "--status", "Inactive"),
			rewrite,
		},
		Console: "IAM › Users › your user › Security credentials › Access keys › Actions › Deactivate; " +
			"then, in a fresh clone, with each key on a line of " + keyList + ": git filter-repo",
	}
}
