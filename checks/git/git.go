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

// describe says what was found, as the beginning of a sentence.
func describe(key workstation.KeyHit) string {
	if key.Last4 != "" {
		return fmt.Sprintf("an %s ending in %s is", key.Kind, key.Last4)
	}
	return fmt.Sprintf("what looks like a %s is", key.Kind)
}

// where says in which place the key is.
func where(key workstation.KeyHit) string {
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

// extent is how much was scanned.
func extent(h workstation.GitHistory) string {
	return checks.Count(h.Commits, "commit") + " and " + checks.Count(h.Files, "tracked file")
}

// ignoreAdvice names files that are easily committed with a secret in them.
func ignoreAdvice(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ".gitignore does not cover " + strings.Join(names, ", ")
}
