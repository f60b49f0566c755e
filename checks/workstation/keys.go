package workstation

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
)

// KeyKind says which kind of AWS key was found.
type KeyKind string

// The halves of a key pair, and the key that is whole by itself.
const (
	AccessKeyID     KeyKind = "access key id"
	SecretAccessKey KeyKind = "secret access key"
	BedrockKey      KeyKind = "Amazon Bedrock API key"
)

// foundKey is a key in a text. It leaves this package only as a KeyHit.
type foundKey struct {
	kind KeyKind
	text string
	line int // from 1; of a text in base 64, where it begins
}

var (
	// keyID is an AWS access key id: long-lived (AKIA), temporary (ASIA), or of a service. The alphabet after the
	// prefix is that of base 32.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
	keyID = regexp.MustCompile(`(?:^|[^A-Z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?:[^A-Z0-9]|$)`)
	// secretKey is 40 characters of base 64: an AWS secret access key, if something near it says so.
	secretKey = regexp.MustCompile(`(?:^|[^A-Za-z0-9/+])([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`)
	// bedrockKey is an API key of Amazon Bedrock: a long-lived one is ABSK and base 64, one for a session is a signed
	// address in base 64.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
	bedrockKey = regexp.MustCompile(`(?:^|[^A-Za-z0-9/+])(ABSK[A-Za-z0-9+/]{40,400}|bedrock-api-key-[A-Za-z0-9+/]{100,})`)
)

const (
	// bedrockName begins a long-lived key of Bedrock when it is decoded, and minRandomBedrock is the length from which
	// one is taken for a key without it.
	bedrockName      = "BedrockAPIKey-"
	minRandomBedrock = 113
)

// contextLines is how far from a word such as aws_secret_access_key a secret is looked for, in lines. Further away, 40
// characters of base 64 are more likely a hash.
const contextLines = 3

var (
	// secretContext is what stands near a secret access key, in every spelling of the SDKs and tools.
	secretContext = regexp.MustCompile(`(?i)aws[-_. ]?secret|secret[-_. ]?access[-_. ]?key`)
	// secretName is a name that other services use too: it counts on a line that has a name of AWS's or S3's, or near
	// the name of the other half of the pair.
	secretName = regexp.MustCompile(`(?i)secret[-_. ]?key|aws[a-z0-9]*[-_. ]?key`)
	ofAWS      = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:aws|amazon|s3)|[a-z0-9](?:AWS|Aws|S3)`)
	otherHalf  = regexp.MustCompile(`(?i)access[-_. ]?key`)
	// otherValue is the name of something else with a value of its own: a hash, a path, another service's token.
	otherValue = regexp.MustCompile(`(?i)(?:token|hash|sha-?\d*|md5|digest|integrity|checksum|sum|commit|revision|` +
		`signature|etag|path|nonce|salt|csrf|fingerprint|passw(?:or)?d|captcha\w*|` +
		`cloudflare\w*|django\w*|jwt\w*)["']?\s*(?:=>|[:=])`)
)

// nearAWS is how far from a name of AWS's the name of a pair of keys is taken for AWS's, in lines.
const nearAWS = 10

// keyScanner finds AWS keys in texts.
type keyScanner struct {
	found func(foundKey)
}

// scan reports the keys of a text. name is where it stands: a file of that name may be about AWS as a whole.
func (s keyScanner) scan(text []byte, name string) { s.scanDecoded(text, name, 0, 0) }

// maxDecoded is how often a text in base 64 is decoded: a file in a Kubernetes Secret may hold another one.
const maxDecoded = 2

// scanDecoded scans a text that was decoded so many times and stood on this line; 0 is a text as it is.
func (s keyScanner) scanDecoded(text []byte, name string, decoded, line int) {
	if bytes.IndexByte(text, 0) >= 0 {
		s.scanLines(narrow(text), name, decoded, line)
		text = bytes.ReplaceAll(text, []byte{0}, []byte{' '})
	}
	s.scanLines(text, name, decoded, line)
}

// narrow takes the characters out of UTF-16 and UTF-32, which PowerShell writes: ASCII with zeros beside each.
func narrow(text []byte) []byte {
	narrowed := make([]byte, 0, len(text)/2)
	for i, c := range text {
		switch {
		case c == 0:
		case i+1 < len(text) && text[i+1] == 0, i > 0 && text[i-1] == 0:
			narrowed = append(narrowed, c)
		default:
			narrowed = append(narrowed, ' ')
		}
	}
	return narrowed
}

func (s keyScanner) scanLines(text []byte, name string, decoded, at int) {
	plain, encoded := keyMarks.in(text)
	if encoded && decoded < maxDecoded {
		s.scanBase64(text, name, decoded, at)
	}
	if !plain {
		return
	}
	lines := &lineScan{keyScanner: s, ofAWS: ofAWS.MatchString(name)}
	number := at
	for line := range bytes.Lines(text) {
		if at == 0 {
			number++
		}
		lines.line(bytes.TrimRight(line, "\r\n"), number)
	}
}

// scanBase64 scans what is in base 64 within a text. Something may stand before it, such as a folder's name, so that it
// is decoded from its first four characters on.
func (s keyScanner) scanBase64(text []byte, name string, decoded, at int) {
	counted, lines := 0, 1
	for run := range base64Runs(text) {
		if _, encoded := keyMarks.in(run.text); !encoded {
			continue
		}
		lines += bytes.Count(text[counted:run.start], []byte{'\n'})
		counted = run.start
		for from := range 4 {
			s.scanDecoded(decode(run.text[from:]), name, decoded+1, cmp.Or(at, lines))
		}
	}
}

// lineScan scans the lines of one text in order.
type lineScan struct {
	keyScanner
	ofAWS bool // the text as a whole

	recent [nearAWS]numberedLine // a ring of the last lines: the context may follow the secret
	count  int
	near   int // how many of the next lines are near a context
}

type numberedLine struct {
	text   []byte
	number int
}

// back is the line so many lines before this one.
func (s *lineScan) back(n int) numberedLine { return s.recent[(s.count-n)%nearAWS] }

func (s *lineScan) line(raw []byte, number int) {
	current := numberedLine{unescape(raw), number}
	hasID := s.keyIDs(current)
	s.bedrockKeys(current)
	switch {
	case hasID || isSecretContext(current.text):
		for i := range min(s.count, contextLines) {
			s.secrets(s.back(i+1), false)
		}
		s.near = contextLines
		s.secrets(current, true)
	case s.near > 0:
		s.near--
		s.secrets(current, s.isSecretName(current.text))
	case s.isSecretName(current.text):
		s.secrets(current, true)
	}
	s.recent[s.count%nearAWS] = current
	s.count++
}

// escapes are what JSON, shells and addresses make of the characters beside and in a key.
var escapes = strings.NewReplacer(
	`\n`, " ", `\r`, " ", `\t`, " ", `\/`, "/", `\"`, `"`, `\u003d`, "=", `\u0026`, "&", `\u002b`, "+",
	"%2F", "/", "%2f", "/", "%2B", "+", "%2b", "+", "%3D", "=", "%3d", "=", "%3A", ":", "%3a", ":",
	"%20", " ", "%22", `"`, "%0A", " ", "%0D", " ", "%26", "&",
)

func unescape(line []byte) []byte {
	if !bytes.ContainsAny(line, `\%`) {
		return line
	}
	return []byte(escapes.Replace(string(line)))
}

// isSecretContext asks for a plain part first: almost no line has it, and an expression is a hundred times slower.
func isSecretContext(line []byte) bool {
	return hasAny(line, "ecret", "ECRET") && secretContext.Match(line)
}

func hasAny(line []byte, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return bytes.Contains(line, []byte(part)) })
}

// isSecretName says whether a line gives a secret access key by a name that it shares with other services'.
func (s *lineScan) isSecretName(line []byte) bool {
	if !hasAny(line, "ecret", "ECRET", "ws", "WS") || !hasAny(line, "ey", "EY") || !secretName.Match(line) {
		return false
	}
	if ofAWS.Match(line) {
		return true
	}
	isOfAWS, hasOtherHalf := s.ofAWS, false
	for n := range min(s.count, nearAWS) {
		before := s.back(n + 1).text
		isOfAWS = isOfAWS || ofAWS.Match(before)
		hasOtherHalf = hasOtherHalf || n < contextLines && otherHalf.Match(before)
	}
	return isOfAWS && hasOtherHalf
}

// keyIDs reports the access key ids of a line and says whether there is any, be it an example.
func (s *lineScan) keyIDs(l numberedLine) bool {
	if !hasAny(l.text, "AKIA", "ASIA", "ABIA", "ACCA") {
		return false
	}
	ids := eachMatch(keyID, l.text)
	for _, at := range ids {
		id := string(l.text[at[0]:at[1]])
		if !isExample(id) && !isPlaceholderID(id) && !insideBase64(l.text, at[0], at[1]) && !inSignedAddress(l.text, at) {
			s.found(foundKey{AccessKeyID, id, l.number})
		}
	}
	return len(ids) > 0
}

// signedScope stands behind the id in an address that is signed with its secret.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
var signedScope = regexp.MustCompile(`^/\d{8}/[a-z0-9-]+/[a-z0-9-]+/aws4_request`)

// inSignedAddress says whether an id is part of a signed address, which is made to be given away: it shows who signed,
// and ends by itself.
func inSignedAddress(line []byte, at [2]int) bool {
	return signedScope.Match(line[at[1]:]) ||
		bytes.HasSuffix(line[:at[0]], []byte("AWSAccessKeyId=")) && bytes.Contains(line, []byte("Signature="))
}

func (s *lineScan) bedrockKeys(l numberedLine) {
	if !hasAny(l.text, "ABSK", "bedrock-api-key-") {
		return
	}
	for _, at := range eachMatch(bedrockKey, l.text) {
		key := string(l.text[at[0]:at[1]])
		plain := decode([]byte(strings.TrimPrefix(key, "ABSK")))
		known := bytes.HasPrefix(plain, []byte(bedrockName)) || strings.HasPrefix(key, "bedrock")
		if (known || len(key) >= minRandomBedrock) && looksRandom(key) && !bytes.Contains(plain, []byte("EXAMPLE")) &&
			!isExample(key) {
			s.found(foundKey{BedrockKey, key, l.number})
		}
	}
}

// secrets reports the secret access keys of a line that is near a context. Of a line that names itself a secret the
// value may be in base 64, as in a Kubernetes Secret.
func (s *lineScan) secrets(l numberedLine, named bool) {
	if !named && otherValue.Match(l.text) {
		return
	}
	for _, at := range eachMatch(secretKey, l.text) {
		secret := string(l.text[at[0]:at[1]])
		if !isExample(secret) && looksRandom(secret) && !s.inLongerBase64(l, secret) {
			s.found(foundKey{SecretAccessKey, secret, l.number})
		}
	}
	if !named {
		return
	}
	for run := range base64Runs(l.text) {
		secret := string(bytes.TrimRight(decode(run.text), "\r\n"))
		if len(secret) == secretLength && secretKey.MatchString(secret) && !isExample(secret) && looksRandom(secret) {
			s.found(foundKey{SecretAccessKey, secret, l.number})
		}
	}
}

// secretLength is how long a secret access key is.
const secretLength = 40

// inLongerBase64 says whether a line is nothing but 40 characters and goes on with the base 64 of the line before it.
func (s *lineScan) inLongerBase64(l numberedLine, secret string) bool {
	if string(bytes.TrimSpace(l.text)) != secret {
		return false
	}
	for n := range min(s.count, nearAWS) {
		before := s.back(n + 1)
		if text := string(bytes.TrimSpace(before.text)); before.number == l.number-1 && len(text) >= secretLength {
			return strings.Trim(text, base64Alphabet+"=") == ""
		}
	}
	return false
}

// eachMatch returns where the first group of every match is. The character after a match may be the one before the
// next.
func eachMatch(pattern *regexp.Regexp, text []byte) [][2]int {
	var all [][2]int
	for from := 0; from < len(text); {
		m := pattern.FindSubmatchIndex(text[from:])
		if m == nil {
			break
		}
		all = append(all, [2]int{from + m[2], from + m[3]})
		from += m[3]
	}
	return all
}

// marks are the beginnings, four bytes long, of what a text with a key has somewhere: a text without any is not looked
// at line by line. Almost no text has one.
type marks struct {
	plain, encoded []uint32
	maybe          [markBits]bool // by the mark's last bits, so that most bytes need one look
}

const markBits = 1 << 12

// keyMarks are what begins an id and what names a secret, as they are and in base 64.
var keyMarks = newMarks("AKIA", "ASIA", "ABIA", "ACCA", "ABSK", "bedr", "ecret", "ECRET")

func newMarks(words ...string) *marks {
	m := &marks{}
	for _, word := range words {
		m.plain = append(m.plain, m.add(word))
		for before := range 3 {
			code := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", before) + word + "   "))
			first := (before*8 + 5) / 6 // the first character that is of the word alone
			m.encoded = append(m.encoded, m.add(code[first:]))
		}
	}
	// a name that many services give to a secret is looked at only where it can be AWS's
	for _, word := range []string{"wsKe", "ws_k", "ws.k", "ws-k", "WSKe", "WS_K", "wskey"} {
		m.plain = append(m.plain, m.add(word))
	}
	return m
}

func (m *marks) add(word string) uint32 {
	var mark uint32
	for _, c := range []byte(word[:4]) {
		mark = mark<<8 | uint32(c)
	}
	m.maybe[m.slot(mark)] = true
	return mark
}

// slot mixes the bits of four bytes: the last two alone are too common.
func (m *marks) slot(mark uint32) uint32 { return mark * 2654435761 >> 20 }

// in says which kinds of marks a text has.
func (m *marks) in(text []byte) (plain, encoded bool) {
	var last uint32
	for _, c := range text {
		last = last<<8 | uint32(c)
		if m.maybe[m.slot(last)] {
			plain = plain || slices.Contains(m.plain, last)
			encoded = encoded || slices.Contains(m.encoded, last)
			if plain && encoded {
				break
			}
		}
	}
	return plain, encoded
}
