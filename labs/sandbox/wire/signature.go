package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Signature is what the Authorization header of a request says. The practice account knows AWS Signature Version 4 in
// headers, which is what all clients of its services send:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type Signature struct {
	AccessKeyID, Date, Region, Service string // the credential scope

	headers []string // names of the signed headers, in lower case
	value   string   // hexadecimal
}

const (
	signatureAlgorithm = "AWS4-HMAC-SHA256"
	signatureTime      = "20060102T150405Z"
	signatureEnd       = "aws4_request"
	// SignatureLife is how far the clocks of a client and of AWS may be apart.
	SignatureLife = 5 * time.Minute
)

// ParseSignature reads an Authorization header, and says whether it is whole.
func ParseSignature(header string) (Signature, bool) {
	var s Signature
	rest, ok := strings.CutPrefix(header, signatureAlgorithm+" ")
	if !ok {
		return s, false
	}
	for part := range strings.SplitSeq(rest, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "Credential":
			scope := strings.Split(value, "/")
			if len(scope) != 5 || scope[4] != signatureEnd {
				return s, false
			}
			s.AccessKeyID, s.Date, s.Region, s.Service = scope[0], scope[1], scope[2], scope[3]
		case "SignedHeaders":
			s.headers = strings.Split(value, ";")
		case "Signature":
			s.value = value
		}
	}
	return s, s.AccessKeyID != "" && s.value != "" && slices.Contains(s.headers, "host") &&
		slices.Contains(s.headers, "x-amz-date")
}

// Signs reports whether this is the signature of the request by the owner of the secret.
func (s Signature) Signs(m *Message, secret string) bool {
	return strings.HasPrefix(m.Header.Get("X-Amz-Date"), s.Date) && hmac.Equal([]byte(s.by(secret, m)), []byte(s.value))
}

// by is the value of the signature that the owner of the secret would give the request.
func (s Signature) by(secret string, m *Message) string {
	digest := sha256.Sum256([]byte(s.canonical(m)))
	text := strings.Join([]string{
		signatureAlgorithm, m.Header.Get("X-Amz-Date"),
		strings.Join([]string{s.Date, s.Region, s.Service, signatureEnd}, "/"), hex.EncodeToString(digest[:]),
	}, "\n")
	key := []byte("AWS4" + secret)
	for _, step := range []string{s.Date, s.Region, s.Service, signatureEnd, text} {
		key = keyedHash(key, step)
	}
	return hex.EncodeToString(key)
}

// keyedHash is HMAC-SHA256.
func keyedHash(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text)) // a hash takes everything
	return h.Sum(nil)
}

// canonical is the form of the request that is signed. The digest is that of the body that came, whatever the headers
// say of it.
func (s Signature) canonical(m *Message) string {
	var b strings.Builder
	path := canonicalPath(m.URL)
	if s.Service == "s3" {
		path = escape(m.URL.Path)
	}
	b.WriteString(m.Method + "\n" + path + "\n" + canonicalQuery(m.URL) + "\n")
	for _, name := range s.headers {
		b.WriteString(name + ":" + m.signedHeader(name) + "\n")
	}
	b.WriteString("\n" + strings.Join(s.headers, ";") + "\n" + s.digest(m))
	return b.String()
}

// digest is what is signed of the body. Clients of S3 may sign instead of its digest that there is none, or that it
// comes in chunks.
func (s Signature) digest(m *Message) string {
	says := m.Header.Get(contentDigest)
	if s.Service == "s3" && (says == "UNSIGNED-PAYLOAD" || strings.HasPrefix(says, streaming)) {
		return says
	}
	digest := sha256.Sum256(m.Body)
	return hex.EncodeToString(digest[:])
}

// signedHeader is a header as it is signed: without needless spaces. Two of them are no headers any more when they get
// here.
func (m *Message) signedHeader(name string) string {
	switch name {
	case "host":
		return m.Host
	case "content-length":
		return strconv.Itoa(len(m.Body))
	}
	values := m.Header.Values(name)
	trimmed := make([]string, len(values))
	for i, value := range values {
		trimmed[i] = strings.Join(strings.Fields(value), " ")
	}
	return strings.Join(trimmed, ",")
}

// canonicalPath is the path, escaped once more than it came, as all services but S3 want it.
func canonicalPath(u *url.URL) string {
	return escape(u.EscapedPath())
}

// escape escapes a path as RFC 3986 has it.
func escape(path string) string {
	if path == "" {
		return "/"
	}
	var b strings.Builder
	for _, c := range []byte(path) {
		if c == '/' || unreserved(c) {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}

// unreserved reports whether a character of a path stands for itself (RFC 3986).
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// canonicalQuery is the query string, sorted and escaped as RFC 3986 has it.
func canonicalQuery(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	query := u.Query()
	for _, values := range query {
		slices.Sort(values)
	}
	return strings.ReplaceAll(query.Encode(), "+", "%20")
}

// SignedAt is when the request says that it was signed; false when it does not say so in the right form.
func (m *Message) SignedAt() (time.Time, bool) {
	t, err := time.Parse(signatureTime, m.Header.Get("X-Amz-Date"))
	return t, err == nil
}
