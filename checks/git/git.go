// Package git holds the check of the student's own git repository.
package git

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/workstation"
)

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{NoAWSKeys} }

// describe says which key was found, and where.
func describe(key workstation.KeyHit) string {
	what := "what looks like an " + string(key.Kind)
	switch {
	case key.Last4 != "":
		what = fmt.Sprintf("an %s ending in %s", key.Kind, key.Last4)
	case key.Kind == workstation.SecretAccessKey:
		what = "what looks like a " + string(key.Kind)
	}
	return what + " is " + where(key)
}

// where says in which part of the repository a key is.
func where(key workstation.KeyHit) string {
	commit := "commit " + key.Commit
	if key.Stashed {
		commit = "stash entry " + key.Commit
	}
	switch key.In {
	case workstation.InMessage:
		return "in the message of " + commit
	case workstation.InAuthor:
		return "in the author or committer of " + commit
	case workstation.InTag:
		return "in the message of the tag " + key.Path
	case workstation.InRef:
		return "in the name of " + key.Path
	case workstation.InName:
		return "in the name of the file " + key.Path + ", since " + commit
	case workstation.InFile:
	}
	switch {
	case key.Path == "": // git gives it no name
		return "in a file that a tag or another reference leads to"
	case key.Line > 0 && key.Commit != "":
		return fmt.Sprintf("in %s line %d, since %s", key.Path, key.Line, commit)
	case key.Line > 0:
		return fmt.Sprintf("in %s line %d, not committed yet", key.Path, key.Line)
	case key.Commit != "":
		return fmt.Sprintf("in the history: %s added it to %s", commit, key.Path)
	}
	return fmt.Sprintf("in %s, staged for the next commit", key.Path)
}

// extent is how much was scanned.
func extent(h workstation.GitHistory) string {
	return checks.Count(h.Commits, "commit") + " and " + checks.Count(h.Files, "tracked file")
}

// advice names what is easily committed with a secret in it, and what a person has to look into.
func advice(h workstation.GitHistory) string {
	var list []string
	if len(h.NotIgnored) > 0 {
		list = append(list, ".gitignore does not cover "+strings.Join(h.NotIgnored, ", "))
	}
	if len(h.Closed) > 0 {
		closed := "look into these yourself: " + strings.Join(h.Closed, ", ")
		if h.MoreClosed > 0 {
			closed += " and " + checks.Count(h.MoreClosed, "more file")
		}
		list = append(list, closed)
	}
	return strings.Join(list, "; ")
}
