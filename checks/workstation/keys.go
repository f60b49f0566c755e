package workstation

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"iter"
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

// How far from a word such as aws_secret_access_key a secret is looked for, in lines and in characters. Further away,
// 40 characters of base 64 are more likely a hash; and a whole book may be one line.
const (
	contextLines = 3
	contextChars = 400
)

var (
	// secretContext is what stands near a secret access key, in every spelling of the SDKs and tools.
	secretContext = regexp.MustCompile(`(?i)aws[-_. ]?secret|secret[-_. ]?access[-_. ]?key`)
	// secretName is a name that other services use too: it counts on a line that has a name of AWS's or S3's, or near
	// the name of the other half of the pair.
	secretName = regexp.MustCompile(`(?i)secret[-_. ]?key|aws[a-z0-9]*[-_. ]?key`)
	idBehind   = regexp.MustCompile(`(?i)^[-_. ]?id`) // the name is of the other half
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
	marked, encoded := keyMarks.all(text)
	if encoded && decoded < maxDecoded {
		s.scanBase64(text, name, decoded, at)
	}
	lines := &lineScan{keyScanner: s, ofAWS: ofAWS.MatchString(name)}
	number, from := max(at, 1), 0
	for len(marked) > 0 {
		start := from + linesBefore(text[from:marked[0]], nearAWS)
		if at == 0 {
			number += bytes.Count(text[from:start], []byte{'\n'})
		}
		if start > from {
			lines.count = 0 // what was read before is not near
		}
		mark := marked[0]
		for ahead := 0; ahead <= contextLines && start < len(text); ahead++ {
			if start <= mark {
				ahead = 0
			}
			end := lineEnd(text, start)
			for len(marked) > 0 && marked[0] < end {
				marked, ahead = marked[1:], 0
			}
			lines.line(bytes.TrimRight(text[start:end], "\r\n"), number)
			start = end
			if at == 0 {
				number++
			}
		}
		from = start
	}
}

// linesBefore is where the last lines of a text begin: so many, and the one that the text ends in.
func linesBefore(text []byte, lines int) int {
	end := len(text)
	for range lines + 1 {
		if end = bytes.LastIndexByte(text[:end], '\n'); end < 0 {
			return 0
		}
	}
	return end + 1
}

// lineEnd is where the line that begins there ends, behind its line break.
func lineEnd(text []byte, start int) int {
	if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
		return start + i + 1
	}
	return len(text)
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

// lineScan scans those lines of one text, in order, that have a mark or stand near one.
type lineScan struct {
	keyScanner
	ofAWS bool // the text as a whole

	recent [nearAWS]scannedLine // a ring of the last lines: the context may follow the secret
	count  int
	offset int // characters before the next line
}

type scannedLine struct {
	text     []byte
	number   int
	offset   int    // characters before the line
	contexts []span // of the line, counted from its beginning
}

// span is a part of a text, from its first character to the one behind its last.
type span struct{ from, to int }

// back is the line so many lines before this one.
func (s *lineScan) back(n int) scannedLine { return s.recent[(s.count-n)%nearAWS] }

func (s *lineScan) line(raw []byte, number int) {
	current := scannedLine{text: unescape(raw), number: number, offset: s.offset}
	s.offset += len(current.text) + 1
	parts := markedParts(current.text)
	current.contexts = append(s.keyIDs(current, parts), secretContexts(current.text, parts)...)
	s.bedrockKeys(current)
	near := slices.Clone(current.contexts)
	names := s.secretNames(current.text, parts)
	near = append(near, names...)
	for i := range min(s.count, contextLines) {
		before := s.back(i + 1)
		if len(current.contexts) > 0 {
			s.secrets(before, moved(current.contexts, current.offset-before.offset), false)
		}
		near = append(near, moved(before.contexts, before.offset-current.offset)...)
	}
	s.secrets(current, near, len(current.contexts)+len(names) > 0)
	s.recent[s.count%nearAWS] = current
	s.count++
}

// A mark with what may belong to the same name or id, in characters.
const (
	beforeMark = 32
	behindMark = 64
)

// markedParts are the parts of a line around its marks: only there an expression is asked, for it is a hundred times
// slower.
func markedParts(line []byte) []span {
	var parts []span
	marked, _ := keyMarks.all(line)
	for _, mark := range marked {
		part := span{max(0, mark-beforeMark), min(len(line), mark+behindMark)}
		if last := len(parts) - 1; last >= 0 && part.from <= parts[last].to {
			parts[last].to = part.to
		} else {
			parts = append(parts, part)
		}
	}
	return parts
}

// spansIn are the matches in some parts of a line.
func spansIn(parts []span, pattern *regexp.Regexp, line []byte) []span {
	var all []span
	for _, part := range parts {
		for _, at := range pattern.FindAllIndex(line[part.from:part.to], -1) {
			all = append(all, span{part.from + at[0], part.from + at[1]})
		}
	}
	return all
}

// moved counts spans from another beginning.
func moved(spans []span, by int) []span {
	var all []span
	for _, sp := range spans {
		all = append(all, span{sp.from + by, sp.to + by})
	}
	return all
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

func hasAny(line []byte, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return bytes.Contains(line, []byte(part)) })
}

func secretContexts(line []byte, parts []span) []span {
	if !hasAny(line, "ecret", "ECRET") {
		return nil
	}
	return spansIn(parts, secretContext, line)
}

// secretNames are where a line gives a secret access key by a name that it shares with other services'.
func (s *lineScan) secretNames(line []byte, parts []span) []span {
	if !mayHoldSecret(line) {
		return nil
	}
	names := slices.DeleteFunc(spansIn(parts, secretName, line), func(at span) bool {
		return idBehind.Match(line[at.to:])
	})
	if len(names) == 0 || ofAWS.Match(line) {
		return names
	}
	isOfAWS, hasOtherHalf := s.ofAWS, false
	for n := range min(s.count, nearAWS) {
		before := s.back(n + 1).text
		isOfAWS = isOfAWS || ofAWS.Match(before)
		hasOtherHalf = hasOtherHalf || n < contextLines && otherHalf.Match(before)
	}
	if isOfAWS && hasOtherHalf {
		return names
	}
	return nil
}

// keyIDs reports the access key ids of a line and returns where they are, with those of examples.
func (s *lineScan) keyIDs(l scannedLine, parts []span) []span {
	var ids []span
	for _, at := range keyIDsIn(parts, l.text) {
		if inSignedAddress(l.text, at) {
			continue
		}
		ids = append(ids, at)
		id := string(l.text[at.from:at.to])
		if !isExample(id) && !isPlaceholderID(id) && !insideBase64(l.text, at.from, at.to) {
			s.found(foundKey{AccessKeyID, id, l.number})
		}
	}
	return ids
}

func keyIDsIn(parts []span, line []byte) []span {
	if !hasAny(line, "AKIA", "ASIA", "ABIA", "ACCA") {
		return nil
	}
	var all []span
	for _, part := range parts {
		all = append(all, moved(eachMatch(keyID, line[part.from:part.to]), part.from)...)
	}
	return all
}

// signedScope stands behind the id in an address that is signed with its secret.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
var signedScope = regexp.MustCompile(`^/\d{8}/[a-z0-9-]+/[a-z0-9-]+/aws4_request`)

// signedParameter stands before the id in an address of the older kind.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
var signedParameter = regexp.MustCompile(`[?&](?:amp;)?AWSAccessKeyId=$`)

// inSignedAddress says whether an id is part of a signed address, which is made to be given away: it shows who signed,
// and ends by itself. What stands beside it is no secret.
func inSignedAddress(line []byte, at span) bool {
	return signedScope.Match(line[at.to:]) || signedParameter.Match(line[max(0, at.from-32):at.from])
}

func (s *lineScan) bedrockKeys(l scannedLine) {
	if !hasAny(l.text, "ABSK", "bedrock-api-key-") {
		return
	}
	for _, at := range eachMatch(bedrockKey, l.text) {
		key := string(l.text[at.from:at.to])
		plain := decode([]byte(strings.TrimPrefix(key, "ABSK")))
		known := bytes.HasPrefix(plain, []byte(bedrockName)) || strings.HasPrefix(key, "bedrock")
		if (known || len(key) >= minRandomBedrock) && looksRandom(key) && !bytes.Contains(plain, []byte("EXAMPLE")) &&
			!isExample(key) {
			s.found(foundKey{BedrockKey, key, l.number})
		}
	}
}

// secrets reports the secret access keys of a line that are near one of the contexts. Of a line that names itself a
// secret the value may be in base 64, as in a Kubernetes Secret.
func (s *lineScan) secrets(l scannedLine, contexts []span, named bool) {
	if len(contexts) == 0 || !mayHoldSecret(l.text) {
		return
	}
	for at := range secretsIn(l.text) {
		secret := string(l.text[at.from:at.to])
		if isNear(at, contexts) && isSecret(secret) && !s.inLongerBase64(l, secret) &&
			(named || !otherValue.Match(l.text)) {
			s.found(foundKey{SecretAccessKey, secret, l.number})
		}
	}
	if !named {
		return
	}
	for run := range base64Runs(l.text) {
		secret := string(bytes.TrimRight(decode(run.text), "\r\n"))
		if len(secret) == secretLength && holdsSecret(secret) && isSecret(secret) &&
			isNear(span{run.start, run.start + len(run.text)}, contexts) {
			s.found(foundKey{SecretAccessKey, secret, l.number})
		}
	}
}

// mayHoldSecret says whether a line has something as long as a secret, plain or in base 64. Almost none has.
func mayHoldSecret(line []byte) bool {
	length := 0
	for _, c := range line {
		if !isBase64(c) {
			length = 0
		} else if length++; length == secretLength {
			return true
		}
	}
	return false
}

// secretsIn are where a line has exactly 40 characters of base 64: an AWS secret access key, if something near it says
// so.
func secretsIn(line []byte) iter.Seq[span] {
	return func(yield func(span) bool) {
		for end := 0; end < len(line); end++ {
			start := end
			for end < len(line) && base64Chars[line[end]] == plainBase64 {
				end++
			}
			isWhole := end == len(line) || line[end] != '='
			if end-start == secretLength && isWhole && !yield(span{start, end}) {
				return
			}
		}
	}
}

// holdsSecret says whether a text has the form of a secret access key somewhere.
func holdsSecret(text string) bool {
	for range secretsIn([]byte(text)) {
		return true
	}
	return false
}

func isSecret(text string) bool { return looksRandom(text) && !isExample(text) }

func isNear(at span, contexts []span) bool {
	return slices.ContainsFunc(contexts, func(c span) bool {
		return at.from-c.to <= contextChars && c.from-at.to <= contextChars
	})
}

// secretLength is how long a secret access key is.
const secretLength = 40

// inLongerBase64 says whether a line is nothing but 40 characters and goes on with the base 64 of the line before it.
func (s *lineScan) inLongerBase64(l scannedLine, secret string) bool {
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
func eachMatch(pattern *regexp.Regexp, text []byte) []span {
	var all []span
	for from := 0; from < len(text); {
		m := pattern.FindSubmatchIndex(text[from:])
		if m == nil {
			break
		}
		all = append(all, span{from + m[2], from + m[3]})
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

const (
	markLength = 4
	markBits   = 1 << 12
)

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
	for _, c := range []byte(word[:markLength]) {
		mark = mark<<8 | uint32(c)
	}
	m.maybe[m.slot(mark)] = true
	return mark
}

// slot mixes the bits of four bytes: the last two alone are too common.
func (m *marks) slot(mark uint32) uint32 { return mark * 2654435761 >> 20 }

// in says which kinds of marks a text has.
func (m *marks) in(text []byte) (plain, encoded bool) {
	at, encoded := m.all(text)
	return len(at) > 0, encoded
}

// all is where the plain marks of a text are, and whether it has one in base 64.
func (m *marks) all(text []byte) (plain []int, encoded bool) {
	var last uint32
	for i, c := range text {
		last = last<<8 | uint32(c)
		if m.maybe[m.slot(last)] {
			if slices.Contains(m.plain, last) {
				plain = append(plain, i+1-markLength)
			}
			encoded = encoded || slices.Contains(m.encoded, last)
		}
	}
	return plain, encoded
}
