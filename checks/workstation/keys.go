package workstation

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
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
	keyID = onUse(`(?:^|[^A-Z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?:[^A-Z0-9]|$)`)
	// bedrockKey is an API key of Amazon Bedrock: a long-lived one is ABSK and base 64, one for a session is a signed
	// address in base 64.
	// https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
	bedrockKey = onUse(`(?:^|[^A-Za-z0-9/+])(ABSK[A-Za-z0-9+/]{40,400}|bedrock-api-key-[A-Za-z0-9+/]{100,})`)
)

const (
	// bedrockName begins a long-lived key of Bedrock when it is decoded. What was drawn by lot in it has so many different
	// characters, and from minRandomBedrock on, as a length, one is taken for a key without the name.
	bedrockName        = "BedrockAPIKey-"
	minDistinctBedrock = 10
	minRandomBedrock   = 113
)

// How far from a word such as aws_secret_access_key a secret is looked for, in lines and in characters. Further away,
// 40 characters of base 64 are more likely a hash; and a whole book may be one line.
const (
	contextLines = 3
	contextChars = 400
)

var (
	// secretContext is what stands near a secret access key, in every spelling of the SDKs and tools.
	secretContext = onUse(
		`(?i)(?:aws|amazon|(?:^|[^a-z0-9])s3)[-_. ]?(?:access[-_. ]?)?(?:key[-_. ]?)?secret|` +
			`secret[-_. ]?access[-_. ]?key`)
	// secretName is a name that other services use too: it counts on a line that has a name of AWS's or S3's, or near
	// the name of the other half of the pair.
	secretName = onUse(`(?i)secret[-_. ]?key|aws[a-z0-9]*[-_. ]?key|` +
		`(?:^|[^a-z0-9_.-])secret["']?\s*(?:=>|[:=])`)
	idBehind  = onUse(`(?i)^[-_. ]?(?:id|base)`) // the name is of the other half, or Rails' own
	ofAWS     = onUse(`(?i)(?:^|[^a-z])(?:aws|amazon|s3)|[a-z0-9](?:AWS|Aws|S3)`)
	otherHalf = onUse(`(?i)access[-_. ]?key|(?:^|[^a-z0-9_.-])key["']?\s*(?:=>|[:=])`)
	// otherValue is the name of something else with a value of its own: a hash, a path, another service's token.
	otherValue = onUse(`(?i)(?:token|hash|sha-?\d*|md5|digest|integrity|checksum|sum|commit|revision|` +
		`signature|etag|path|nonce|salt|csrf|fingerprint|passw(?:or)?d|captcha\w*|` +
		`cloudflare\w*|django\w*|jwt\w*)["']?\s*(?:=>|[:=])`)
	// valueName is the name that a value on the same line has, directly before it.
	valueName = onUse(`([A-Za-z][\w.-]*)["']?\]?\s*(?:=>|:=|[:=])\s*["'\x60]?$`)
	// plainName is a name that says nothing about what the value is, or that it is a secret.
	plainName = onUse(`(?i)^(?:value|val|default|string|data|text|content|key|sk|secret)$|` +
		`aws|amazon|s3|secret[-_.]?(?:access|key)|secret$`)
	// otherSecret is the name of another service's secret, or of one's own.
	otherSecret = onUse(`(?i)(?:session|client|hook|auth|jwt|app|application|cookie|csrf|api|consumer|` +
		`shared|hmac|signing|encryption|stripe|github|gitlab|google|facebook|twitter|slack|hash|site|server)` +
		`[-_.]?secret$|secret[-_.]?key[-_.]?base`)
)

// onUse compiles a pattern when it is first used: it takes its time whenever labcheck starts otherwise.
func onUse(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// isOtherValue says whether what stands at the end of a line's beginning is, by its name, the value of something else
// than a secret access key: of a session, a database, a version.
func isOtherValue(before []byte) bool {
	name := valueName().FindSubmatch(before)
	switch {
	case name == nil:
		return bytes.HasSuffix(before, []byte("@")) // as behind an image or an action
	case otherSecret().Match(name[1]):
		return true
	}
	return !plainName().Match(name[1])
}

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
	lines := &lineScan{keyScanner: s, ofAWS: ofAWS().MatchString(name)}
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
	`\u002f`, "/", `\u002F`, "/", `\u002B`, "+", `\u003D`, "=", "&#47;", "/", "&#x2F;", "/", "&#43;", "+", "&#x2B;", "+",
	"=3D", "=",
)

func unescape(line []byte) []byte {
	if !bytes.ContainsAny(line, `\%`) && !hasAny(line, "&#", "=3D") {
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
	return spansIn(parts, secretContext(), line)
}

// secretNames are where a line gives a secret access key by a name that it shares with other services'.
func (s *lineScan) secretNames(line []byte, parts []span) []span {
	if !mayHoldSecret(line) {
		return nil
	}
	names := slices.DeleteFunc(spansIn(parts, secretName(), line), func(at span) bool {
		return idBehind().Match(line[at.to:])
	})
	if len(names) == 0 || ofAWS().Match(line) {
		return names
	}
	isOfAWS, hasOtherHalf := s.ofAWS, false
	for n := range min(s.count, nearAWS) {
		before := s.back(n + 1).text
		isOfAWS = isOfAWS || ofAWS().Match(before)
		hasOtherHalf = hasOtherHalf || n < contextLines && otherHalf().Match(before)
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
		all = append(all, moved(eachMatch(keyID(), line[part.from:part.to]), part.from)...)
	}
	return all
}

// signedScope stands behind the id in an address that is signed with its secret.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
var signedScope = onUse(`^/\d{8}/[a-z0-9-]+/[a-z0-9-]+/aws4_request`)

// signedParameter stands before the id in an address of the older kind.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
var signedParameter = onUse(`[?&](?:amp;)?AWSAccessKeyId=$`)

// inSignedAddress says whether an id is part of a signed address, which is made to be given away: it shows who signed,
// and ends by itself. What stands beside it is no secret.
func inSignedAddress(line []byte, at span) bool {
	return signedScope().Match(line[at.to:]) || signedParameter().Match(line[max(0, at.from-32):at.from])
}

func (s *lineScan) bedrockKeys(l scannedLine) {
	if !hasAny(l.text, "ABSK", "bedrock-api-key-") {
		return
	}
	for _, at := range eachMatch(bedrockKey(), l.text) {
		key := string(l.text[at.from:at.to])
		plain := decode([]byte(strings.TrimPrefix(key, "ABSK")))
		known, drawn := strings.HasPrefix(key, "bedrock"), key
		if rest, ok := bytes.CutPrefix(plain, []byte(bedrockName)); ok { // the name, the account, and what was drawn by lot
			known, drawn = true, string(rest[bytes.LastIndexByte(rest, ':')+1:])
		}
		isDrawn := distinct(drawn) >= minDistinctBedrock
		if !known {
			isDrawn = len(key) >= minRandomBedrock && looksRandom(key)
		}
		if isDrawn && !bytes.Contains(plain, []byte("EXAMPLE")) &&
			!isExample(key) {
			s.found(foundKey{BedrockKey, key, l.number})
		}
	}
}

// secrets reports the secret access keys of a line that are near one of the contexts, also in base 64, as in a
// Kubernetes Secret. On a line that does not name them itself, they have no other name.
func (s *lineScan) secrets(l scannedLine, contexts []span, named bool) {
	if len(contexts) == 0 || !mayHoldSecret(l.text) {
		return
	}
	for at := range secretsIn(l.text) {
		secret := string(l.text[at.from:at.to])
		if isNear(at, contexts) && isSecret(secret) && !s.inLongerBase64(l, secret) &&
			(named || !otherValue().Match(l.text) && !isOtherValue(l.text[:at.from])) {
			s.found(foundKey{SecretAccessKey, secret, l.number})
		}
	}
	for run := range base64Runs(l.text) {
		if !isNear(span{run.start, run.start + len(run.text)}, contexts) || !named && isOtherValue(l.text[:run.start]) {
			continue
		}
		text := run.text
		for range maxDecoded {
			text = bytes.TrimRight(decode(text), "=\r\n")
			if secret := string(text); len(secret) == secretLength && holdsSecret(secret) && isSecret(secret) {
				s.found(foundKey{SecretAccessKey, secret, l.number})
			}
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
	maybe          [1 << markBits]bool // by the mark's last bits, so that most bytes need one look
}

const (
	markLength = 4
	markBits   = 14
)

// keyMarks are what begins an id and what names a secret, as they are and in base 64.
var keyMarks = newMarks("AKIA", "ASIA", "ABIA", "ACCA", "ABSK", "bedr", "ecret", "ECRET")

func newMarks(words ...string) *marks {
	m := &marks{}
	for _, word := range words {
		m.plain = append(m.plain, m.add(word))
		for _, code := range append(inBase64(word), inBase64(strings.Join(strings.Split(word, ""), "\x00"))...) { // UTF-16
			m.encoded = append(m.encoded, m.add(code))
			for _, twice := range inBase64(code) {
				m.encoded = append(m.encoded, m.add(twice))
			}
		}
	}
	// a name that many services give to a secret is looked at only where it can be AWS's
	for _, word := range []string{"wsKe", "ws_k", "ws.k", "ws-k", "WSKe", "WS_K", "wskey"} {
		m.plain = append(m.plain, m.add(word))
	}
	return m
}

// inBase64 are the three codes of a word in base 64, by what stands before it: the characters that are of it alone.
func inBase64(word string) []string {
	var codes []string
	for before := range 3 {
		code := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(" ", before) + word + "  "))
		codes = append(codes, code[(before*8+5)/6:(before+len(word))*8/6])
	}
	return codes
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
func (m *marks) slot(mark uint32) uint32 { return mark * 2654435761 >> (32 - markBits) }

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
