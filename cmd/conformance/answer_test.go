//go:build conformance

package conformance

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// exchange is a request of a client of AWS, and its answer.
type exchange struct {
	request  *http.Request
	asked    []byte
	response *http.Response
	content  []byte
}

var credentialScope = regexp.MustCompile(`Credential=[^/]+/\d{8}/[^/]*/([^/]+)/aws4_request`)

// service is the name in the scope of the signature; "" in a request that has none.
func (e *exchange) service() string {
	if scope := credentialScope.FindStringSubmatch(e.request.Header.Get("Authorization")); scope != nil {
		return scope[1]
	}
	return ""
}

// operation is what the request asks for, in any of AWS's protocols.
func (e *exchange) operation() string {
	if target := e.request.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	if _, operation, ok := strings.Cut(e.request.URL.Path, "/operation/"); ok {
		return operation
	}
	form, _ := url.ParseQuery(string(e.asked))
	return form.Get("Action")
}

// protocol is the one that the client chose.
func (e *exchange) protocol(m *model) string {
	switch {
	case e.request.Header.Get("Smithy-Protocol") != "":
		return "cbor"
	case e.request.Header.Get("X-Amz-Target") != "":
		return "json"
	case m.Metadata.Protocol == "ec2":
		return "ec2"
	}
	return "query"
}

// judged is an answer that was held against AWS's model of the service.
type judged struct {
	service, operation string
	code               string // of an error
	checked
}

// outcome is the operation, and that it failed.
func (j *judged) outcome() string {
	if j.code != "" {
		return j.service + ":" + j.operation + " fails with " + j.code
	}
	return j.service + ":" + j.operation
}

// wrongs are the problems with their operation.
func (j *judged) wrongs() []string {
	var list []string
	for _, problem := range j.problems {
		list = append(list, j.outcome()+": "+problem)
	}
	return list
}

// judges an answer.
func (l *library) judges(t *testing.T, e *exchange) *judged {
	j := &judged{service: e.service(), operation: e.operation()}
	m := l.model(t, j.service)
	j.checked = checked{model: m, fields: map[string]string{}}
	protocol := e.protocol(m)
	if got, _, err := mime.ParseMediaType(e.response.Header.Get("Content-Type")); err != nil ||
		got != contentType(protocol, m) {
		j.wrong("Content-Type", "is %q, not %q", got, contentType(protocol, m))
	}
	if e.response.Header.Get("X-Amzn-Requestid") == "" {
		j.wrong("x-amzn-requestid", "is missing")
	}
	tree, err := j.tree(protocol, e)
	if err != nil {
		j.code, j.problems = "what is no answer of AWS", nil
		j.wrong("the answer", "cannot be read: %s", err)
		return j
	}
	if e.response.StatusCode >= http.StatusBadRequest {
		j.failure(protocol, tree, e)
		return j
	}
	if output := m.Operations[j.operation].Output.Shape; output != "" {
		j.value(output, tree, "")
		delete(j.fields, "")
	} else if fields, ok := tree.(map[string]any); !ok || len(fields) > 0 {
		j.wrong("the answer", "is not empty: %s", e.content)
	}
	return j
}

func contentType(protocol string, m *model) string {
	switch protocol {
	case "cbor":
		return "application/cbor"
	case "json":
		return "application/x-amz-json-" + m.Metadata.JSONVersion
	}
	return "text/xml"
}

// tree reads an answer's content.
func (j *judged) tree(protocol string, e *exchange) (tree any, err error) {
	switch protocol {
	case "cbor":
		if got := e.response.Header.Get("Smithy-Protocol"); got != "rpc-v2-cbor" {
			j.wrong("Smithy-Protocol", "is %q", got)
		}
		var mode cbor.DecMode
		if mode, err = (cbor.DecOptions{DefaultMapType: reflect.TypeFor[map[string]any]()}).DecMode(); err == nil {
			err = mode.Unmarshal(e.content, &tree)
		}
	case "json":
		if len(e.content) == 0 {
			return map[string]any{}, nil
		}
		d := json.NewDecoder(bytes.NewReader(e.content))
		d.UseNumber()
		err = d.Decode(&tree)
	default:
		return j.xmlTree(protocol, e)
	}
	return tree, err
}

// element is an element of XML.
type element struct {
	XMLName  xml.Name
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
}

// xmlTree unwraps the answer: Query has the result in an element of its own, beside the request's id; EC2 has both side
// by side.
func (j *judged) xmlTree(protocol string, e *exchange) (any, error) {
	var root element
	if err := xml.Unmarshal(e.content, &root); err != nil {
		return nil, err
	}
	if e.response.StatusCode >= http.StatusBadRequest {
		return root, nil
	}
	operation := j.model.Operations[j.operation]
	if got, want := root.XMLName, (xml.Name{
		Space: string(j.model.Metadata.Namespace), Local: j.operation + "Response",
	}); !sameName(got, want) {
		j.wrong("the answer", "is <%s> of %s, not <%s> of %s", got.Local, got.Space, want.Local, want.Space)
	}
	meta := "ResponseMetadata"
	if protocol == "ec2" {
		meta = "requestId"
	}
	var rest []element
	for _, child := range root.Children {
		if child.XMLName.Local != meta {
			rest = append(rest, child)
		}
	}
	if len(rest) == len(root.Children) {
		j.wrong("the answer", "has no <%s>", meta)
	}
	if wrapper := operation.Output.Wrapper; wrapper != "" && protocol == "query" {
		if len(rest) != 1 || rest[0].XMLName.Local != wrapper {
			return nil, fmt.Errorf("there is no <%s>", wrapper)
		}
		rest = rest[0].Children
	}
	if operation.Output.Shape == "" {
		if protocol == "ec2" { // says <return>true</return>
			return map[string]any{}, nil
		}
		return j.strangers(rest), nil
	}
	return j.fromXML(operation.Output.Shape, element{Children: rest}), nil
}

// strangers are elements that no shape describes.
func (j *judged) strangers(list []element) map[string]any {
	fields := map[string]any{}
	for _, e := range list {
		fields[e.XMLName.Local] = misfit(e.XMLName.Local)
	}
	return fields
}

// sameName compares names. The address of a namespace may be http or https, as the services themselves do.
func sameName(a, b xml.Name) bool {
	return a.Local == b.Local && strings.TrimPrefix(a.Space, "https") == strings.TrimPrefix(b.Space, "https") ||
		a.Local == b.Local &&
			strings.TrimSuffix(strings.TrimPrefix(a.Space, "http"), "/") ==
				strings.TrimSuffix(strings.TrimPrefix(b.Space, "http"), "/")
}

// fromXML makes a value of an element, as its shape says. What the shape does not know is kept, so that it is found.
func (j *judged) fromXML(name string, e element) any {
	s := j.model.Shapes[name]
	switch s.Type {
	case "structure":
		return j.structureFromXML(s, e)
	case "list":
		return j.listFromXML(s, e.Children)
	case "map":
		fields := map[string]any{}
		for _, entry := range e.Children {
			pair := shape{Members: map[string]member{"key": s.Key, "value": s.Value}}
			value, _ := j.structureFromXML(pair, entry).(map[string]any)
			key, _ := value["key"].(text)
			fields[string(key)] = value["value"]
		}
		return fields
	}
	if len(e.Children) > 0 {
		return misfit(e.Children[0].XMLName.Local)
	}
	return text(e.Text)
}

func (j *judged) structureFromXML(s shape, e element) any {
	fields := map[string]any{}
	for _, child := range e.Children {
		local := child.XMLName.Local
		name := "<" + local + ">" // which no member has
		for candidate := range s.Members {
			if s.wireName(candidate) == local {
				name = candidate
			}
		}
		if _, twice := fields[name]; twice {
			fields[name] = misfit(local)
			continue
		}
		fields[name] = j.fromXML(s.Members[name].Shape, child)
	}
	return fields
}

func (j *judged) listFromXML(s shape, items []element) []any {
	list := []any{}
	want := s.Member.LocationName
	if want == "" {
		want = "member"
	}
	for _, item := range items {
		if item.XMLName.Local != want {
			list = append(list, misfit(item.XMLName.Local))
			continue
		}
		list = append(list, j.fromXML(s.Member.Shape, item))
	}
	return list
}

// failure holds an error against what the operation may answer.
func (j *judged) failure(protocol string, tree any, e *exchange) {
	switch protocol {
	case "query":
		root := tree.(element)
		j.code = root.at("Error", "Code")
		if root.XMLName.Local != "ErrorResponse" || root.at("Error", "Type") == "" || root.at("RequestId") == "" {
			j.wrong("the error", "is not as Query writes it: %s", e.content)
		}
	case "ec2":
		root := tree.(element)
		j.code = root.at("Errors", "Error", "Code")
		if root.XMLName.Local != "Response" || root.at("RequestID") == "" {
			j.wrong("the error", "is not as EC2 writes it: %s", e.content)
		}
	default:
		fields, _ := tree.(map[string]any)
		kind, _ := fields["__type"].(string)
		j.code = kind[strings.LastIndexByte(kind, '#')+1:]
	}
	if j.code == "" {
		j.wrong("the error", "has no code: %s", e.content)
		return
	}
	j.errorCode(protocol, e.response.StatusCode)
}

// errorCode looks whether the operation may answer with the error, and with the status.
func (j *judged) errorCode(protocol string, status int) {
	if protocol == "ec2" || slices.Contains(commonErrors(), j.code) {
		return // EC2's model knows no errors
	}
	s, known := j.model.errorOf(j.operation, j.code)
	want := http.StatusBadRequest
	switch {
	case !known:
		j.wrong("the error", "%s is none of the operation's", j.code)
		return
	case s.Error.Status != 0:
		want = s.Error.Status
	case s.Fault:
		want = http.StatusInternalServerError
	}
	if status != want {
		j.wrong("the error", "%s has the status %d, not %d", j.code, status, want)
	}
}

// commonErrors can come from any operation, and so the models do not name them:
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and its like.
func commonErrors() []string {
	return []string{
		"AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "InvalidAction",
		"InvalidClientTokenId",
		"InvalidSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
		"SignatureDoesNotMatch",
		"Throttling", "ThrottlingException", "UnknownOperationException", "UnrecognizedClientException", "ValidationError",
		"ValidationException",
	}
}

// at is the text of an element below.
func (e element) at(path ...string) string {
	if len(path) == 0 {
		return e.Text
	}
	for _, child := range e.Children {
		if child.XMLName.Local == path[0] {
			return child.at(path[1:]...)
		}
	}
	return ""
}
