package workstation

import (
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxText is the longest text that a fact keeps of a file, in bytes: names and Regions are short.
const maxText = 200

// hidden stands where a secret was.
const hidden = facts.Hidden

// masked is a text of the machine that may be shown: whatever looks like a key or a token is hidden.
func masked(text string) string { return clipped(facts.HideSecrets(text)) }

// longBase64 is as long as a secret, or longer.
var longBase64 = onUse(`[A-Za-z0-9/+]{40,}`)

// maskedPath is a path that may be shown: like masked, but folder by folder, so that a long path is not taken for a
// key. A secret with a slash in it is one all the same.
func maskedPath(name string) string {
	parts := strings.Split(longBase64().ReplaceAllStringFunc(name, func(match string) string {
		if looksRandom(match) {
			return hidden
		}
		return match
	}), "/")
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
