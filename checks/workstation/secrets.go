package workstation

import (
	"bytes"
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

// contextLines is how far from a word such as aws_secret_access_key a secret is looked for, in lines. Further away, 40
// characters of base 64 are more likely a hash.
const contextLines = 3

// secretContext is what stands near a secret access key, in every spelling of the SDKs and tools.
var secretContext = regexp.MustCompile(`(?i)aws[-_]?secret|secret[-_]?access[-_]?key`)

// KeyKind says which half of a pair of AWS keys was found.
type KeyKind string

// The halves of a key pair.
const (
	AccessKeyID     KeyKind = "access key id"
	SecretAccessKey KeyKind = "secret access key"
)

// foundKey is a key in a line. It leaves this package only as a KeyHit.
type foundKey struct {
	kind KeyKind
	text string
	line int
}

// keyScanner finds AWS keys in the lines of one text, given in order.
type keyScanner struct {
	found func(foundKey)

	recent [contextLines]scannedLine // a ring of the last lines: the context may follow the secret
	count  int
	near   int // how many of the next lines are near a context
}

type scannedLine struct {
	text   []byte
	number int
	counts bool
}

// reset begins another text.
func (s *keyScanner) reset() {
	s.count, s.near = 0, 0
}

// line takes the next line. One that does not count is only context for the others.
func (s *keyScanner) line(text []byte, number int, counts bool) {
	if bytes.IndexByte(text, 0) >= 0 {
		// UTF-16, which PowerShell writes, is ASCII with a zero beside each character
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	current := scannedLine{text, number, counts}
	hasID := s.keyIDs(current)
	switch {
	case hasID || isSecretContext(text):
		for i := range min(s.count, contextLines) {
			s.secrets(s.recent[i])
		}
		s.near = contextLines
		s.secrets(current)
	case s.near > 0:
		s.near--
		s.secrets(current)
	}
	s.keepRecent(current)
}

func (s *keyScanner) keepRecent(l scannedLine) {
	kept := &s.recent[s.count%contextLines]
	kept.text = append(kept.text[:0], l.text...)
	kept.number, kept.counts = l.number, l.counts
	s.count++
}

// isSecretContext asks for a plain part first: almost no line has it, and an expression is a hundred times slower.
func isSecretContext(text []byte) bool {
	return (bytes.Contains(text, []byte("ecret")) || bytes.Contains(text, []byte("ECRET"))) && secretContext.Match(text)
}

// keyIDs reports the access key ids of a line and says whether there is any, be it an example.
func (s *keyScanner) keyIDs(l scannedLine) bool {
	if !bytes.Contains(l.text, []byte("AKIA")) && !bytes.Contains(l.text, []byte("ASIA")) {
		return false
	}
	ids := eachMatch(keyID, l.text)
	for _, id := range ids {
		if l.counts && !isExample(id) {
			s.found(foundKey{AccessKeyID, string(id), l.number})
		}
	}
	return len(ids) > 0
}

// secrets reports the secret access keys of a line that is near a context.
func (s *keyScanner) secrets(l scannedLine) {
	if !l.counts {
		return
	}
	for _, secret := range eachMatch(secretKey, l.text) {
		if !isExample(secret) && looksRandom(secret) {
			s.found(foundKey{SecretAccessKey, string(secret), l.number})
		}
	}
}

// eachMatch returns the first group of every match. The character after a match may be the one before the next.
func eachMatch(pattern *regexp.Regexp, text []byte) [][]byte {
	var all [][]byte
	for at := 0; at < len(text); {
		m := pattern.FindSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		all = append(all, text[at+m[2]:at+m[3]])
		at += m[3]
	}
	return all
}

// isExample says whether a key is one of those that AWS prints in its documentation: they end alike and open nothing.
func isExample(key []byte) bool {
	return bytes.HasSuffix(key, []byte("EXAMPLE")) || bytes.HasSuffix(key, []byte("EXAMPLEKEY"))
}

// looksRandom leaves out what is 40 characters long and no secret: the hash of a commit, which stands in every workflow
// that pins an action, a path, a long name. A random key has letters of both cases and a digit, but for one in a
// thousand.
func looksRandom(text []byte) bool {
	var upper, lower, digit bool
	for _, c := range text {
		upper = upper || 'A' <= c && c <= 'Z'
		lower = lower || 'a' <= c && c <= 'z'
		digit = digit || '0' <= c && c <= '9'
	}
	return upper && lower && digit
}
