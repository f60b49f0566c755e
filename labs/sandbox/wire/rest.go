package wire

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// restXML is a protocol in which the method, the path and the query of a request say what is asked for, and bodies are
// XML.
type restXML struct{}

// RESTXML is the REST XML protocol as S3 speaks it.
var RESTXML restXML

// Where a member stands that is not in the body.
const (
	inURI     = "uri"
	inQuery   = "query"
	inHeader  = "header"
	inHeaders = "headers"
	inPayload = "payload"
)

// Operation finds the first route that fits, and keeps what its path names.
func (restXML) Operation(s *Service, m *Message) (string, bool) {
	path, query := m.URL.Path, m.URL.Query()
	if m.Header.Get("X-Amz-Account-Id") == "" { // in whose requests the host has the account before its name
		path = bucketPath(m.Host) + path
	}
	for _, route := range s.Routes {
		if labels, ok := route.fits(m, path, query); ok {
			m.labels = labels
			return route.Operation, true
		}
	}
	return "", false
}

// fits says whether a request is one of the route, and what its path names.
func (r Route) fits(m *Message, path string, query url.Values) (map[string]string, bool) {
	if r.Method != m.Method {
		return nil, false
	}
	for _, want := range r.Query {
		name, value, exact := strings.Cut(want, "=")
		if !query.Has(name) || exact && query.Get(name) != value {
			return nil, false
		}
	}
	for _, name := range r.Headers {
		if m.Header.Get(name) == "" {
			return nil, false
		}
	}
	return r.labels(path)
}

// labels takes a path apart: "/{Bucket}/{Key+}" is a part without a slash and the rest.
func (r Route) labels(path string) (map[string]string, bool) {
	labels := map[string]string{}
	rest := strings.TrimPrefix(path, "/")
	for part := range strings.SplitSeq(strings.TrimPrefix(r.Path, "/"), "/") {
		label, isLabel := strings.CutPrefix(part, "{")
		label = strings.TrimSuffix(label, "}")
		if greedy, ok := strings.CutSuffix(label, "+"); ok {
			labels[greedy] = rest
			return labels, rest != ""
		}
		value, after, _ := strings.Cut(rest, "/")
		rest = after
		switch {
		case isLabel && value != "":
			labels[label] = value
		case isLabel || part != value:
			return nil, false
		}
	}
	return labels, rest == ""
}

// s3Host is a name of S3's own endpoints, with a bucket before it or without one.
var s3Host = regexp.MustCompile(`^(?:(.+)\.)?s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com$`)

// bucketPath is the beginning of a path that stands in the host of a request ("virtual hosted"): the bucket is what
// comes before the name of the endpoint, which is one of AWS's or a local one.
func bucketPath(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if match := s3Host.FindStringSubmatch(host); match != nil {
		host = match[1]
	} else if before, ok := strings.CutSuffix(host, ".localhost"); ok {
		host = strings.TrimSuffix(strings.TrimSuffix(before, ".s3"), "s3")
	} else {
		return ""
	}
	if host == "" {
		return ""
	}
	return "/" + host
}

// Decode collects the members of the input from where each of them stands, and binds them.
func (restXML) Decode(c *Codec, m *Message, in any) error {
	body, err := m.payload()
	if err != nil {
		return err
	}
	tree, query := map[string]any{}, m.URL.Query()
	set := func(name string, value any, there bool) {
		if there {
			tree[name] = value
		}
	}
	inBody := false
	for _, f := range c.inputFields(in) {
		switch f.in {
		case inURI:
			set(f.name, m.labels[f.name], m.labels[f.name] != "")
		case inQuery:
			set(f.name, query.Get(f.name), query.Has(f.name))
		case inHeader:
			set(f.name, headerNode(m.Header.Get(f.name)), m.Header.Get(f.name) != "")
		case inHeaders:
			set(f.name, headersNode(m.Header, f.name), true)
		case inPayload:
			node, err := payloadNode(c, f, in, body)
			if err != nil {
				return err
			}
			set(f.name, node, node != nil)
		default:
			inBody = true
		}
	}
	if inBody && len(body) > 0 {
		root, err := parseXML(body)
		if err != nil {
			return err
		}
		if members, ok := root.(map[string]any); ok {
			maps.Copy(tree, members)
		}
	}
	return c.bind(xmlReader{}, tree, in)
}

// headerNode is the text of a header: a time, if it is one.
func headerNode(text string) any {
	if t, err := http.ParseTime(text); err == nil {
		return t
	}
	return text
}

// headersNode are the headers whose names begin with a prefix.
func headersNode(header http.Header, prefix string) map[string]any {
	node := map[string]any{}
	for name := range header {
		if rest, ok := strings.CutPrefix(strings.ToLower(name), strings.ToLower(prefix)); ok && rest != "" {
			node[rest] = header.Get(name)
		}
	}
	return node
}

// payloadNode is the body as the one member that it is: bytes, text, or a structure.
func payloadNode(c *Codec, f wireField, in any, body []byte) (any, error) {
	switch c.kind(f, in) {
	case bytesKind:
		return body, nil
	case textKind:
		return string(body), nil
	default:
		if len(body) == 0 {
			return nil, nil
		}
		return parseXML(body)
	}
}

// contentDigest is the header in which a client of S3 says the digest of the body, or how it comes.
const (
	contentDigest = "X-Amz-Content-Sha256"
	streaming     = "STREAMING-"
)

var errChunks = errors.New("the body is not in the chunks that the request announces")

// payload is the body without the chunks in which clients may send it:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html. The signatures of chunks are not checked.
func (m *Message) payload() ([]byte, error) {
	if !strings.HasPrefix(m.Header.Get(contentDigest), streaming) {
		return m.Body, nil
	}
	var whole []byte
	rest := m.Body
	for {
		line, after, ok := bytes.Cut(rest, []byte("\r\n"))
		digits, _, _ := bytes.Cut(line, []byte(";"))
		size, err := strconv.ParseUint(string(digits), 16, 31)
		if !ok || err != nil {
			return nil, errChunks
		}
		if size == 0 {
			return whole, nil // what follows are trailers
		}
		if uint64(len(after)) < size+2 {
			return nil, errChunks
		}
		whole, rest = append(whole, after[:size]...), after[size+2:]
	}
}

// Encode writes each member of the answer to where it stands.
func (restXML) Encode(s *Service, operation string, out Object, requestID string) *Answer {
	var route Route
	if i := slices.IndexFunc(s.Routes, func(r Route) bool { return r.Operation == operation }); i >= 0 {
		route = s.Routes[i]
	}
	a := NewAnswer(cmp.Or(route.Status, http.StatusOK), "application/xml", nil)
	var content Object
	for _, m := range out {
		switch m.in {
		case inHeader:
			a.Header.Set(m.name, headerText(m.value))
		case inHeaders:
			for _, entry := range m.value.(dict) {
				a.Header.Set(m.name+entry.name, headerText(entry.value))
			}
		case inPayload:
			switch value := m.value.(type) {
			case Object:
				a.Body = element{name: m.name, namespace: s.Namespace, content: value}.document("member")
			case []byte:
				a.Body = value
			default:
				a.Body = []byte(xmlText(value))
			}
		default:
			content = append(content, m)
		}
	}
	hasBody := len(content) > 0 || s.Roots[operation] != ""
	switch {
	case route.Unwrapped:
		a.Body = unwrapped(s, s.Roots[operation], content)
	case hasBody:
		name := cmp.Or(s.Roots[operation], operation+"Result")
		a.Body = element{name: name, namespace: s.Namespace, content: content}.document("member")
	}
	sign(a, requestID)
	return a
}

// unwrapped is an answer whose root has the text of its one member.
func unwrapped(s *Service, root string, content Object) []byte {
	var text any = ""
	if len(content) > 0 {
		text = content[0].value
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<" + root + ` xmlns="` + s.Namespace + `">`)
	writeXML(&b, text, "")
	b.WriteString("</" + root + ">")
	return b.Bytes()
}

// headerText is a scalar in a header.
func headerText(value any) string {
	switch x := value.(type) {
	case time.Time:
		return x.UTC().Format(http.TimeFormat)
	case list:
		texts := make([]string, len(x))
		for i, item := range x {
			texts[i] = xmlText(item)
		}
		return strings.Join(texts, ",")
	default:
		return xmlText(value)
	}
}

// sign puts the ids of the request where S3's clients look for them.
func sign(a *Answer, requestID string) {
	a.Header.Set("X-Amz-Request-Id", requestID)
	a.Header.Set("X-Amz-Id-2", requestID)
}

func (restXML) EncodeError(_ *Service, e *Error, requestID string) *Answer {
	content := Object{{name: "Code", value: e.Code}, {name: "Message", value: e.Message}}
	for _, name := range slices.Sorted(maps.Keys(e.Header)) {
		if name == bucketRegion {
			content = append(content, member{name: "Region", value: e.Header[name]})
		}
	}
	content = append(content, member{name: "RequestId", value: requestID}, member{name: "HostId", value: requestID})
	a := NewAnswer(e.HTTPStatus(), "application/xml", element{name: "Error", content: content}.document("member"))
	for name, value := range e.Header {
		a.Header.Set(name, value)
	}
	sign(a, requestID)
	return a
}

// bucketRegion is the header that says in which Region a bucket is.
const bucketRegion = "X-Amz-Bucket-Region"

// WrongRegion is the answer to a request that reached another Region than that of its bucket.
func WrongRegion(region string) *Error {
	return &Error{
		Code: "PermanentRedirect", Status: http.StatusMovedPermanently,
		Message: "The bucket you are attempting to access must be addressed using the specified endpoint. " +
			"Please send all future requests to this endpoint.",
		Header: map[string]string{bucketRegion: region},
	}
}

func (restXML) FrontDoor() FrontDoor {
	return FrontDoor{
		UnknownOperation: Error{
			Code: "NotImplemented", Message: "A header you provided implies functionality that is not implemented",
			Status: http.StatusNotImplemented,
		},
		Unreadable: Error{Code: "MalformedXML"},
		Unsigned:   Error{Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden},
		Incomplete: Error{Code: "AuthorizationHeaderMalformed", Message: incompleteSignature},
		Rejected: Error{
			Code:    "InvalidAccessKeyId",
			Message: "The AWS Access Key Id you provided does not exist in our records.",
			Status:  http.StatusForbidden,
		},
		Mismatch: Error{Code: "SignatureDoesNotMatch", Message: wrongSignature, Status: http.StatusForbidden},
		Expired:  Error{Code: "ExpiredToken", Message: "The provided token has expired."},
		Skewed:   Error{Code: "RequestTimeTooSkewed", Status: http.StatusForbidden},
		NotActive: Error{
			Code: "NotSignedUp", Message: "Your account is not signed up for the S3 service.", Status: http.StatusForbidden,
		},
		Internal: Error{
			Code: "InternalError", Message: "We encountered an internal error. Please try again.",
			Status: http.StatusInternalServerError,
		},
		Codes:           ErrorCodes{Denied: "AccessDenied", Throttled: "SlowDown", Invalid: "InvalidRequest"},
		DeniedStatus:    http.StatusForbidden,
		ThrottledStatus: http.StatusServiceUnavailable,
	}
}

// maxDepth is how deep elements of a request may lie in one another.
const maxDepth = 32

// parseXML reads the root of a document: the text of an element without children, else its children by name. Of a name
// that stands there several times there is a list.
func parseXML(document []byte) (any, error) {
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("the body is not XML: %w", err)
		}
		if _, ok := token.(xml.StartElement); ok {
			root, err := parseElement(d, 0)
			if err != nil {
				return nil, fmt.Errorf("the body is not XML: %w", err)
			}
			return root, nil
		}
	}
}

var errTooDeep = errors.New("elements lie too deep in one another")

func parseElement(d *xml.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	var text strings.Builder
	children := map[string]any{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			child, err := parseElement(d, depth+1)
			if err != nil {
				return nil, err
			}
			name := token.Name.Local
			switch known := children[name].(type) {
			case nil:
				children[name] = child
			case []any:
				children[name] = append(known, child)
			default:
				children[name] = []any{known, child}
			}
		case xml.EndElement:
			if len(children) == 0 {
				return text.String(), nil
			}
			return children, nil
		}
	}
}

// An xmlReader reads the tree of a document.
type xmlReader struct{}

func (xmlReader) fieldName(tag string) string { return tag }
func (xmlReader) textual() bool               { return true }

func (xmlReader) list(node any, f wireField) ([]any, bool) {
	if !f.flat {
		if strings.TrimSpace(fmt.Sprint(node)) == "" {
			return []any{}, true
		}
		wrapper, ok := node.(map[string]any)
		if !ok {
			return nil, false
		}
		node = wrapper[cmp.Or(f.item, "member")]
	}
	if items, ok := node.([]any); ok {
		return items, true
	}
	return []any{node}, node != nil
}

func (xmlReader) dict(node any) (map[string]any, bool) {
	entries, ok := node.(map[string]any)
	return entries, ok
}
