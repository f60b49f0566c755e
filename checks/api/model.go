package api

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
)

// An Operation is an operation of AWS that may be read by name. It is safe for concurrent use.
type Operation struct {
	// Service is the service's name in the AWS CLI, such as "elbv2", and Name the operation's in AWS's models.
	Service, Name string
	// Actions are the IAM actions that it needs; none if nobody can be denied it.
	Actions []string
	// Input and Output are structures, or nil.
	Input, Output *Shape

	header
	call
}

// String is the operation's name, such as "s3:ListBuckets".
func (o *Operation) String() string { return o.Service + ":" + o.Name }

// A header is the first line of a service's model.
type header struct {
	Source    string   `json:"source"` // such as "botocore 1.44.8, s3/2006-03-01"
	ID        string   `json:"id"`     // as the SDKs call the service: "Elastic Load Balancing v2"
	Version   string   `json:"version"`
	Protocols []string `json:"protocols"`
	JSON      string   `json:"json"` // the version of the JSON protocol
	Target    string   `json:"target"`
	Signing   string   `json:"signing"`
	Namespace string   `json:"namespace"`
	Query     bool     `json:"queryCompatible"` // error codes are those of the Query protocol that it replaced
	Calls     []block  `json:"calls"`
	Shapes    []block  `json:"shapes"`
	Enums     []block  `json:"enums"`
}

// A block is a run of lines, compressed by itself, so that few of them are unpacked for an operation.
type block struct {
	First string `json:"first"` // the name of its first operation, or the number of its first shape or enumeration
	Size  int    `json:"size"`  // compressed, in bytes
}

// A call is what stands beside an operation's name.
type call struct {
	Method  string            `json:"method"`
	URI     string            `json:"uri"`
	In      string            `json:"in"`
	Out     string            `json:"out"`
	Actions []string          `json:"actions"`
	Errors  []string          `json:"errors"` // "DBInstanceNotFoundFault=DBInstanceNotFound": in the model and on the wire
	Pages   *paging           `json:"pages"`
	Static  map[string]any    `json:"static"`  // parameters of the endpoint's rules
	Context map[string]string `json:"context"` // likewise, as expressions over the input
}

// Kind is the type of a Shape.
type Kind byte

// The kinds of shapes, by the codes that the models have for them.
const (
	Structure Kind = 'S'
	List      Kind = 'L'
	Map       Kind = 'M'
	Enum      Kind = 'e' // text
	Text      Kind = 's'
	Boolean   Kind = 'b'
	Integer   Kind = 'i'
	Long      Kind = 'l'
	Float     Kind = 'f'
	Double    Kind = 'd'
	Timestamp Kind = 't'
	Blob      Kind = 'o'
	Document  Kind = 'j' // any JSON
	Policy    Kind = 'p' // text that holds JSON in the form of a URL, as IAM writes policies
)

// A Shape is a type of AWS's models.
type Shape struct {
	Kind    Kind
	Name    string    // of a structure
	Members []*Member // of a structure, in AWS's order
	Element *Member   // of a list or a map
	Key     *Member   // of a map

	service string // of an enumeration
	values  int    // the number of its line
}

// Values are those of an enumeration. AWS may have added others since the models were made.
func (s *Shape) Values() []string {
	if s.Kind != Enum {
		return nil
	}
	m, err := openModel(s.service)
	if err != nil {
		return nil // the model that the shape is from is in the binary
	}
	line, err := m.line(m.enums, m.Enums, s.values)
	if err != nil {
		return nil
	}
	return strings.Split(line, "\t")
}

// Member returns a member of a structure by its name; nil if there is none.
func (s *Shape) Member(name string) *Member {
	for _, m := range s.Members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// A Member is a member of a structure, or what a list or a map holds.
type Member struct {
	Name      string
	Shape     *Shape
	Required  bool
	Sensitive bool

	wire      string // its name in messages
	flat      bool   // its elements stand where it would
	location  byte   // where it is in an HTTP message: h, H, u, q, c, p; 0 is the body
	queryName string // of EC2
	context   string // the parameter of the endpoint's rules that it gives
	attribute bool   // of an XML element
	format    string // of a timestamp
}

// A Refusal says why an operation is not read by name.
type Refusal struct{ Operation, Reason string }

func (r *Refusal) Error() string { return r.Operation + " is not read by name: " + r.Reason }

// Find returns an operation by its name, such as "s3:ListBuckets". The error is a *Refusal.
func Find(name string) (*Operation, error) {
	serviceName, operation, ok := strings.Cut(name, ":")
	if !ok {
		return nil, &Refusal{name, `an operation is SERVICE:OPERATION, such as "s3:ListBuckets"`}
	}
	if reason := refusal(name); reason != "" {
		return nil, &Refusal{name, reason}
	}
	m, err := openModel(serviceName)
	if err != nil {
		return nil, &Refusal{name, "no service has that name" + near(serviceName, Services())}
	}
	o, err := m.operation(operation)
	if err != nil {
		return nil, &Refusal{name, "the models are broken: " + err.Error()}
	}
	if o == nil {
		return nil, &Refusal{name, "it is not on the list of what may be read" + near(operation, m.names())}
	}
	return o, nil
}

// near proposes what may have been meant, worded as the end of a sentence.
func near(name string, known []string) string {
	best, distance := "", max(2, len(name)/4)+1
	for _, k := range known {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(k), nil); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// refusal is the reason of refused.txt for an operation; "" if it is not there.
func refusal(name string) string {
	for line := range strings.Lines(refused) {
		kind, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		pattern, reason, _ := strings.Cut(rest, " ")
		before, after, wild := strings.Cut(pattern, "*")
		if !ok || kind == "#" || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) ||
			!wild && name != pattern {
			continue
		}
		reason = strings.TrimSpace(reason)
		switch kind {
		case "secret":
			return "it gives out a secret (" + reason + ")"
		case "data":
			return "it gives out what is stored (" + reason + ")"
		case "cost":
			return "each request costs money (" + reason + ")"
		}
		return reason
	}
	return ""
}

// Services are the names of the services that may be read, sorted.
func Services() []string {
	entries, err := models.ReadDir("models")
	if err != nil {
		return nil // the folder is in the binary
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// ServiceID is the SDKs' name of a service, such as "Elastic Load Balancing v2" for elbv2; "" for one that is unknown.
func ServiceID(service string) string {
	m, err := openModel(service)
	if err != nil {
		return ""
	}
	return m.ID
}

// Operations are the names of the operations of a service that may be read, sorted.
func Operations(service string) []string {
	m, err := openModel(service)
	if err != nil {
		return nil
	}
	return m.names()
}

// A model is a service's, with the blocks of it that were unpacked so far.
type model struct {
	header
	service string
	body    []byte
	lines   map[int][]string // by the block's place in the file
	shapes  map[int]*Shape

	starts   []start       // of the blocks of shapes
	enums    []start       // of the blocks of enumerations
	unpacker io.ReadCloser // used again for each block, as text is
	text     bytes.Buffer
}

// A start is the number of a block's first line, and how many bytes of blocks stand before it.
type start struct{ first, skipped int }

func openModel(service string) (*model, error) {
	text, err := models.ReadFile("models/" + service)
	if err != nil {
		return nil, err
	}
	head, body, _ := bytes.Cut(text, []byte("\n"))
	m := &model{service: service, body: body, lines: map[int][]string{}, shapes: map[int]*Shape{}}
	if err := json.Unmarshal(head, &m.header); err != nil {
		return nil, err
	}
	skipped := 0
	for _, b := range m.Calls {
		skipped += b.Size
	}
	for _, part := range []struct {
		blocks []block
		starts *[]start
	}{{m.Shapes, &m.starts}, {m.Enums, &m.enums}} {
		for _, b := range part.blocks {
			first, err := strconv.Atoi(b.First)
			if err != nil {
				return nil, err
			}
			*part.starts = append(*part.starts, start{first, skipped})
			skipped += b.Size
		}
	}
	return m, nil
}

// block unpacks a block, of which skipped is how many bytes of blocks stand before it.
func (m *model) block(skipped int, b block) ([]string, error) {
	if lines, ok := m.lines[skipped]; ok {
		return lines, nil
	}
	packed := bytes.NewReader(m.body[skipped : skipped+b.Size])
	if m.unpacker == nil {
		m.unpacker = flate.NewReader(packed)
	} else if err := m.unpacker.(flate.Resetter).Reset(packed, nil); err != nil {
		return nil, err
	}
	m.text.Reset()
	if _, err := m.text.ReadFrom(m.unpacker); err != nil {
		return nil, err
	}
	m.lines[skipped] = strings.Split(m.text.String(), "\n")
	return m.lines[skipped], nil
}

// names are the names of all operations.
func (m *model) names() []string {
	var names []string
	skipped := 0
	for _, b := range m.Calls {
		lines, err := m.block(skipped, b)
		if err != nil {
			return names
		}
		for _, line := range lines {
			name, _, _ := strings.Cut(line, "\t")
			names = append(names, name)
		}
		skipped += b.Size
	}
	return names
}

// operation is an operation with its shapes; nil if there is none of the name.
func (m *model) operation(name string) (*Operation, error) {
	skipped := 0
	for i, b := range m.Calls {
		if i+1 < len(m.Calls) && m.Calls[i+1].First <= name {
			skipped += b.Size
			continue
		}
		lines, err := m.block(skipped, b)
		if err != nil {
			return nil, err
		}
		at := sort.Search(len(lines), func(i int) bool { return lines[i] >= name+"\t" })
		if at == len(lines) || !strings.HasPrefix(lines[at], name+"\t") {
			return nil, nil
		}
		o := &Operation{Service: m.service, Name: name, header: m.header}
		if err := json.Unmarshal([]byte(lines[at][len(name)+1:]), &o.call); err != nil {
			return nil, err
		}
		o.Actions = o.call.Actions
		if o.Input, err = m.structure(o.In); err != nil {
			return nil, err
		}
		o.Output, err = m.structure(o.Out)
		return o, err
	}
	return nil, nil
}

func (m *model) structure(reference string) (*Shape, error) {
	if reference == "" {
		return nil, nil
	}
	member, err := m.member([]string{reference})
	if err != nil {
		return nil, err
	}
	return member.Shape, nil
}

// shape reads a shape's line. It may hold itself.
func (m *model) shape(number int) (*Shape, error) {
	if s, ok := m.shapes[number]; ok {
		return s, nil
	}
	line, err := m.line(m.starts, m.Shapes, number)
	if err != nil {
		return nil, err
	}
	fields := strings.Split(line, "\t")
	s := &Shape{Kind: Kind(fields[0][0])}
	m.shapes[number] = s
	switch s.Kind {
	case Structure:
		s.Name = strings.TrimPrefix(fields[0], "S ")
		for _, field := range fields[1:] {
			name, rest, _ := strings.Cut(field, " ")
			member, err := m.member(strings.Split(rest, " "))
			if err != nil {
				return nil, err
			}
			member.Name = name
			if member.wire == "" {
				member.wire = name
			}
			s.Members = append(s.Members, member)
		}
	case List:
		s.Element, err = m.member(strings.Split(fields[1], " "))
	case Map:
		if s.Key, err = m.member(strings.Split(fields[1], " ")); err == nil {
			s.Element, err = m.member(strings.Split(fields[2], " "))
		}
	default:
		err = fmt.Errorf("%s has a shape of kind %q", m.service, fields[0])
	}
	return s, err
}

// line is a line by its number.
func (m *model) line(starts []start, blocks []block, number int) (string, error) {
	at := sort.Search(len(starts), func(i int) bool { return starts[i].first > number }) - 1
	if at < 0 {
		return "", fmt.Errorf("%s has no line %d", m.service, number)
	}
	lines, err := m.block(starts[at].skipped, blocks[at])
	if err != nil {
		return "", err
	}
	if number -= starts[at].first; number < len(lines) {
		return lines[number], nil
	}
	return "", fmt.Errorf("%s has not so many lines", m.service)
}

// member reads a reference and what is said of it: the code of a scalar, or the number of a shape, "!" for what is
// sensitive, and marks.
func (m *model) member(words []string) (*Member, error) {
	reference, sensitive := strings.CutSuffix(words[0], "!")
	member := &Member{Sensitive: sensitive}
	for _, word := range words[1:] {
		rest := word[1:]
		switch word[0] {
		case '=':
			member.wire = rest
		case '*':
			member.Required = true
		case '^':
			member.flat = true
		case '@':
			member.location = rest[0]
		case '~':
			member.queryName = rest
		case '&':
			member.context = rest
		case '%':
			member.attribute = true
		case ':':
			member.format = rest
		}
	}
	number, err := strconv.Atoi(reference)
	if err != nil {
		member.Shape = &Shape{Kind: Kind(reference[0]), service: m.service}
		if member.Shape.Kind == Enum {
			member.Shape.values, err = strconv.Atoi(reference[1:])
			return member, err
		}
		return member, nil
	}
	member.Shape, err = m.shape(number)
	return member, err
}

// errorCodes are the codes that mean one of the model's errors: its name and its code on the wire are one.
func (o *Operation) errorCodes() map[string][]string {
	codes := map[string][]string{}
	for _, e := range o.Errors {
		name, code, ok := strings.Cut(e, "=")
		if !ok {
			code = name
		}
		codes[name] = append(codes[name], name, code)
		codes[code] = append(codes[code], name, code)
	}
	return codes
}

// Codes are the codes that mean the same error as one of the model's; nil for a code that the model does not have.
func (o *Operation) Codes(code string) []string { return o.errorCodes()[code] }

// ErrorCodes are the error codes that the model has for the operation, as names and as they are on the wire, sorted.
func (o *Operation) ErrorCodes() []string { return slices.Sorted(maps.Keys(o.errorCodes())) }
