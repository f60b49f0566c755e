package main

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks/api/generate/botocore"
)

// generate writes models/ and rules/ anew.
func generate(folder, botocore string) error {
	allowed, err := readAllowed(folder)
	if err != nil {
		return err
	}
	sensitive, err := readLines(filepath.Join(folder, "sensitive.txt"))
	if err != nil {
		return err
	}
	byHand, err := readLines(filepath.Join(folder, "pages.txt"))
	if err != nil {
		return err
	}
	services := map[string][]allowedOperation{}
	for _, o := range allowed {
		services[o.service] = append(services[o.service], o)
	}
	files := map[string][]byte{}
	for service, operations := range services {
		text, err := model(botocore, service, operations, sensitive, byHand)
		if err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
		files[filepath.Join("models", service)] = text
		rules, err := rulesOf(botocore, service)
		if err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
		files[filepath.Join("rules", service+".json.gz")] = rules
	}
	partitions, err := partitionsOf(botocore)
	if err != nil {
		return err
	}
	files[filepath.Join("rules", "partitions.json.gz")] = partitions
	for _, sub := range []string{"models", "rules"} {
		if err := os.RemoveAll(filepath.Join(folder, sub)); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o755); err != nil {
			return err
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// A header is the first line of a model, and a call what stands beside an operation's name. checks/api reads both.
type header struct {
	Source    string   `json:"source"`
	ID        string   `json:"id"`
	Version   string   `json:"version"`
	Protocols []string `json:"protocols"`
	JSON      string   `json:"json,omitempty"`
	Target    string   `json:"target,omitempty"`
	Signing   string   `json:"signing"`
	Namespace string   `json:"namespace,omitempty"`
	Query     bool     `json:"queryCompatible,omitempty"`
	Calls     []block  `json:"calls"`
	Shapes    []block  `json:"shapes"`
	Enums     []block  `json:"enums"`
}

type call struct {
	Method  string            `json:"method,omitempty"`
	URI     string            `json:"uri,omitempty"`
	In      string            `json:"in,omitempty"`
	Out     string            `json:"out,omitempty"`
	Actions []string          `json:"actions,omitempty"`
	Errors  []string          `json:"errors,omitempty"`
	Pages   *pages            `json:"pages,omitempty"`
	Static  map[string]any    `json:"static,omitempty"`
	Context map[string]string `json:"context,omitempty"`
}

type pages struct {
	In   []string `json:"in"`
	Out  []string `json:"out"`
	More string   `json:"more,omitempty"`
	Keys []string `json:"keys"`
	Once []string `json:"once,omitempty"`
}

// A modeler numbers the shapes that operations need. A line of a model is a shape, and its number the line's.
type modeler struct {
	service   string
	whole     *service2
	sensitive map[string]bool // STRUCTURE.MEMBER
	numbers   map[string]int
	lines     []string
	enums     []string
}

// model makes the model of a service: a line for each operation, each shape and each enumeration, in blocks. For the
// form see model.go of checks/api.
func model(
	from, service string, operations []allowedOperation, sensitive, byHand [][]string,
) ([]byte, error) {
	whole := &service2{}
	source, err := botocore.Read(from, service, whole)
	if err != nil {
		return nil, err
	}
	paginators, err := readPaginators(from, service)
	if err != nil {
		return nil, err
	}
	for _, fields := range byHand {
		if name, ok := strings.CutPrefix(fields[0], service+":"); ok {
			p, err := whole.paginator(name, fields[1:])
			if _, known := paginators[name]; known || err != nil {
				return nil, fmt.Errorf("pages.txt: %s: %w", name, cmp.Or(err, errors.New("AWS says how its pages follow")))
			}
			paginators[name] = p
		}
	}
	m := &modeler{service: service, whole: whole, sensitive: map[string]bool{}, numbers: map[string]int{}}
	for _, fields := range sensitive {
		if fields[0] == service {
			m.sensitive[fields[1]] = true
		}
	}
	md := whole.Metadata
	protocols := md.Protocols
	if len(protocols) == 0 {
		protocols = []string{md.Protocol}
	}
	slices.SortFunc(operations, func(a, b allowedOperation) int { return strings.Compare(a.name, b.name) })
	var calls []string
	for _, o := range operations {
		c, err := m.call(o, paginators)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.name, err)
		}
		calls = append(calls, o.name+"\t"+toJSON(c))
	}
	if unknown := slices.Sorted(maps.Keys(m.sensitive)); len(unknown) > 0 {
		return nil, fmt.Errorf("sensitive.txt: no operation takes or answers %s", strings.Join(unknown, ", "))
	}
	return pack(header{
		Source: source, ID: md.ServiceID, Version: md.APIVersion, Protocols: protocols, JSON: md.JSONVersion,
		Target: md.TargetPrefix, Signing: cmp.Or(md.SigningName, md.EndpointPrefix), Namespace: md.XMLNamespace,
		Query: md.AWSQueryCompatible != nil,
	}, calls, m.lines, m.enums)
}

// blockSize is how much text a block holds before it is compressed. Each is unpacked as a whole when a line of it is
// needed: smaller ones compress less, larger ones take longer.
const blockSize = 4 << 10

// A block is a run of lines that is compressed by itself.
type block struct {
	First string `json:"first"` // the name of its first operation, or the number of its first shape or enumeration
	Size  int    `json:"size"`  // compressed, in bytes
}

// pack writes the header with the blocks' places as a line of JSON, and then the blocks.
func pack(h header, calls, shapes, enums []string) ([]byte, error) {
	var body bytes.Buffer
	write := func(lines []string, first func(int) string) ([]block, error) {
		var blocks []block
		for start := 0; start < len(lines); {
			end, size := start, 0
			for end < len(lines) && (end == start || size+len(lines[end]) < blockSize) {
				size += len(lines[end]) + 1
				end++
			}
			before := body.Len()
			z, err := flate.NewWriter(&body, flate.BestCompression)
			if err != nil {
				return nil, err
			}
			_, _ = io.WriteString(z, strings.Join(lines[start:end], "\n"))
			if err := z.Close(); err != nil {
				return nil, err
			}
			blocks = append(blocks, block{first(start), body.Len() - before})
			start = end
		}
		return blocks, nil
	}
	var err error
	name := func(i int) string { return strings.SplitN(calls[i], "\t", 2)[0] }
	if h.Calls, err = write(calls, name); err != nil {
		return nil, err
	}
	if h.Shapes, err = write(shapes, strconv.Itoa); err != nil {
		return nil, err
	}
	if h.Enums, err = write(enums, strconv.Itoa); err != nil {
		return nil, err
	}
	return append([]byte(toJSON(h)+"\n"), body.Bytes()...), nil
}

func toJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // text, numbers and lists of them
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (m *modeler) call(o allowedOperation, paginators map[string]paginator) (call, error) {
	op, ok := m.whole.Operations[o.name]
	if !ok {
		return call{}, fmt.Errorf("there is no such operation")
	}
	c := call{Actions: o.actions}
	if op.Endpoint.HostPrefix != "" && m.service != "s3control" { // whose rules have it
		return c, fmt.Errorf("it puts %s before the endpoint", op.Endpoint.HostPrefix)
	}
	if op.HTTP.Method != "POST" || op.HTTP.RequestURI != "/" {
		c.Method, c.URI = op.HTTP.Method, op.HTTP.RequestURI
	}
	if m.service == "s3" { // the rules put the bucket into the endpoint
		if c.URI = strings.TrimPrefix(c.URI, "/{Bucket}"); !strings.HasPrefix(c.URI, "/") {
			c.URI = "/" + c.URI
		}
	}
	if len(op.Auth) > 0 || op.AuthType != "" {
		return c, fmt.Errorf("it is signed in a way of its own")
	}
	var err error
	if op.Input != nil {
		if c.In, err = m.reference(*op.Input); err != nil {
			return c, err
		}
	}
	if op.Output != nil {
		if w := op.Output.ResultWrapper; w != "" && w != o.name+"Result" {
			return c, fmt.Errorf("its result is named %s", w)
		}
		if c.Out, err = m.reference(*op.Output); err != nil {
			return c, err
		}
	}
	for _, e := range op.Errors {
		text := e.Shape
		if code := m.whole.Shapes[e.Shape].Error.Code; code != "" && code != e.Shape {
			text += "=" + code
		}
		c.Errors = append(c.Errors, text)
	}
	if p, ok := paginators[o.name]; ok {
		c.Pages = &pages{p.InputToken, p.OutputToken, p.MoreResults, p.ResultKey, p.NonAggregateKeys}
	}
	for name, p := range op.StaticContextParams {
		if c.Static == nil {
			c.Static = map[string]any{}
		}
		c.Static[name] = p.Value
	}
	for name, p := range op.OperationContextParams {
		if c.Context == nil {
			c.Context = map[string]string{}
		}
		c.Context[name] = p.Path
	}
	return c, nil
}

// scalars are the codes of the types that have no line of their own. An enumeration is "e" with the number of a line in
// another part: its values are rarely needed.
var scalars = map[string]string{
	"string": "s", "character": "s", "boolean": "b", "integer": "i", "short": "i", "byte": "i", "long": "l",
	"float": "f", "double": "d", "timestamp": "t", "blob": "o",
}

// reference writes what a reference leads to: a scalar's code, or a shape's number. "!" marks what is sensitive.
func (m *modeler) reference(r reference) (string, error) {
	s, ok := m.whole.Shapes[r.Shape]
	if !ok {
		return "", fmt.Errorf("there is no shape %q", r.Shape)
	}
	var ref string
	switch {
	case s.EventStream || s.Streaming || r.Streaming:
		return "", fmt.Errorf("%s is a stream", r.Shape)
	case r.JSONValue && r.Location != "":
		return "", fmt.Errorf("%s is JSON in a header", r.Shape)
	case s.Document:
		ref = "j"
	case m.service == "iam" && r.Shape == "policyDocumentType":
		ref = "p"
	case scalars[s.Type] != "" && len(s.Enum) == 0:
		ref = scalars[s.Type]
	case s.Type == "string":
		number, known := m.numbers[r.Shape]
		if !known {
			number = len(m.enums)
			m.numbers[r.Shape] = number
			m.enums = append(m.enums, strings.Join(s.Enum, "\t"))
		}
		ref = "e" + strconv.Itoa(number)
	default:
		number, err := m.shape(r.Shape, s)
		if err != nil {
			return "", err
		}
		ref = strconv.Itoa(number)
	}
	if s.Sensitive {
		ref += "!"
	}
	return ref, nil
}

// shape numbers a shape that has a line of its own.
func (m *modeler) shape(name string, s shape) (int, error) {
	if number, known := m.numbers[name]; known {
		return number, nil
	}
	number := len(m.lines)
	m.numbers[name] = number
	m.lines = append(m.lines, "") // before what is below: it may hold itself
	var line string
	var err error
	switch s.Type {
	case "structure":
		line, err = m.structure(name, s)
	case "list":
		line, err = m.element("L", s.Member)
	case "map":
		if line, err = m.element("M", s.Key); err == nil {
			line, err = m.element(line, s.Value)
		}
	default:
		err = fmt.Errorf("%s is of the unknown type %s", name, s.Type)
	}
	m.lines[number] = line
	return number, err
}

func (m *modeler) element(line string, r *reference) (string, error) {
	ref, err := m.reference(*r)
	if r.LocationName != "" {
		ref += " =" + r.LocationName
	}
	return line + "\t" + ref + m.timestampFormat(r.Shape), err
}

func (m *modeler) timestampFormat(shape string) string {
	if format := m.whole.Shapes[shape].TimestampFormat; format != "" {
		return " :" + format
	}
	return ""
}

// locations are the marks of where a member stands in an HTTP message.
var locations = map[string]string{
	"header": "@h", "headers": "@H", "uri": "@u", "querystring": "@q", "statusCode": "@c",
}

func (m *modeler) structure(name string, s shape) (string, error) {
	line := strings.Builder{}
	line.WriteString("S " + name)
	for _, member := range s.Members {
		target := m.whole.Shapes[member.Shape]
		ref, err := m.reference(member.reference)
		if err != nil {
			return "", fmt.Errorf("%s.%s: %w", name, member.name, err)
		}
		if by := name + "." + member.name; m.sensitive[by] {
			delete(m.sensitive, by)
			ref = strings.TrimSuffix(ref, "!") + "!"
		}
		words := []string{member.name, ref}
		wire := member.LocationName
		flat := member.Flattened || target.Flattened
		if flat && target.Type == "list" && target.Member.LocationName != "" {
			wire = target.Member.LocationName // as botocore names the elements of such a list
		}
		if wire != "" && wire != member.name {
			words = append(words, "="+wire)
		}
		if slices.Contains(s.Required, member.name) {
			words = append(words, "*")
		}
		if flat {
			words = append(words, "^")
		}
		if member.Location != "" {
			mark, ok := locations[member.Location]
			if !ok {
				return "", fmt.Errorf("%s.%s is at the unknown place %s", name, member.name, member.Location)
			}
			words = append(words, mark)
		}
		if s.Payload == member.name {
			words = append(words, "@p")
		}
		if member.QueryName != "" {
			words = append(words, "~"+member.QueryName)
		}
		if member.ContextParam.Name != "" {
			words = append(words, "&"+member.ContextParam.Name)
		}
		if member.IdempotencyToken && slices.Contains(s.Required, member.name) {
			return "", fmt.Errorf("%s.%s is a token for changes", name, member.name)
		}
		if member.XMLAttribute {
			words = append(words, "%")
		}
		line.WriteString("\t" + strings.Join(words, " ") + m.timestampFormat(member.Shape))
	}
	return line.String(), nil
}
