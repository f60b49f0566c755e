package workstation

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxText is the longest text that a fact keeps of a file, in bytes: names and Regions are short.
const maxText = 200

// hidden stands where a secret was.
const hidden = facts.Hidden

var (
	// keyID is an AWS access key id, long-lived (AKIA) or temporary (ASIA). The alphabet after the prefix is that of
	// base 32.
	keyID = regexp.MustCompile(`(?:^|[^A-Z0-9])((?:AKIA|ASIA)[A-Z2-7]{16})(?:[^A-Z0-9]|$)`)
	// secretKey is 40 characters of base 64: an AWS secret access key, if something near it says so.
	secretKey = regexp.MustCompile(`(?:^|[^A-Za-z0-9/+])([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`)
)

// masked is a text of the machine that may be shown: whatever looks like a key or a token is hidden.
func masked(text string) string { return clipped(facts.HideSecrets(text)) }

// maskedPath is a path that may be shown: like masked, but folder by folder, so that a long path is not taken for a
// key.
func maskedPath(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = facts.HideSecrets(part)
	}
	return clipped(strings.Join(parts, "/"))
}

func clipped(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}
