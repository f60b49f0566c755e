package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/api/generate/botocore"
)

// A service2 is a model of botocore, service-2.json: what of it is read here.
type service2 struct {
	Metadata struct {
		EndpointPrefix, SigningName, TargetPrefix, XMLNamespace, JSONVersion, Protocol string

		Protocols []string
	}
	Operations map[string]call
	Shapes     map[string]json.RawMessage // read when they are needed
}

// A call is an operation of botocore.
type call struct {
	HTTP struct {
		Method, RequestURI string
		ResponseCode       int
	}
	Input, Output *reference
}

// A shape is a shape of botocore. Traits that say nothing of the form on the wire are passed over by name; any other
// trait of a shape that is needed is an error, so that nothing is silently written another way than AWS writes it.
type shape struct {
	Type      string
	Required  []string
	Members   members
	Member    *reference
	Key       *reference
	Value     *reference
	Flattened bool
	Payload   string // the member that is the body
	// LocationName is the name on the wire of a structure that is a body.
	LocationName string

	// TimestampFormat is the usual one of the place where a time stands in REST.
	TimestampFormat, XMLNamespace, Synthetic                                json.RawMessage
	Documentation, Pattern, Min, Max, Enum, Sensitive, Box, XMLOrder, Union json.RawMessage
	Deprecated, DeprecatedMessage, DeprecatedSince                          json.RawMessage
}

// A reference is a use of a shape.
type reference struct {
	Shape         string
	LocationName  string
	QueryName     string // of EC2
	ResultWrapper string
	// Location says where in REST it stands, if not in the body.
	Location     string
	Flattened    bool
	XMLNamespace *struct{ URI string }

	ContextParam, HostLabel, Streaming json.RawMessage

	Documentation, Deprecated, DeprecatedMessage, DeprecatedSince, Box, IdempotencyToken json.RawMessage
}

// members are the members of a structure in the file's order.
type members []namedReference

type namedReference struct {
	name string
	reference
}

// UnmarshalJSON keeps the order.
func (m *members) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		r := namedReference{name: name.(string)}
		if err := d.Decode(&r.reference); err != nil {
			return fmt.Errorf("member %s: %w", r.name, err)
		}
		*m = append(*m, r)
	}
	return nil
}

// prune makes the text of model.json for the service of a folder.
func prune(folder, from string) ([]byte, error) {
	s, err := readSource(folder)
	if err != nil {
		return nil, err
	}
	whole := &service2{}
	source, err := botocore.Read(from, s.pkg, whole)
	if err != nil {
		return nil, err
	}
	metadata := whole.Metadata
	p := &pruner{whole: whole, done: map[string]structure{}, model: &model{
		Source: source, Package: s.pkg, Protocols: metadata.Protocols,
		Signing: cmp.Or(metadata.SigningName, metadata.EndpointPrefix),
		Target:  metadata.TargetPrefix, Namespace: metadata.XMLNamespace, JSON: metadata.JSONVersion,
	}}
	if len(p.model.Protocols) == 0 {
		p.model.Protocols = []string{metadata.Protocol}
	}
	if p.rest() {
		if err := p.routes(); err != nil {
			return nil, err
		}
	}
	for _, name := range s.operations {
		if err := p.operation(name); err != nil {
			return nil, fmt.Errorf("operation %s: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.done)) {
		p.model.Shapes = append(p.model.Shapes, p.done[name])
	}
	return p.model.text()
}

// A pruner collects what operations need.
type pruner struct {
	whole *service2
	model *model
	done  map[string]structure
}

func (p *pruner) operation(name string) error {
	o, ok := p.whole.Operations[name]
	if !ok {
		return fmt.Errorf("%s has no such operation", p.model.Source)
	}
	call := operation{Name: name}
	for _, side := range []struct {
		of   *reference
		name *string
	}{{o.Input, &call.Input}, {o.Output, &call.Output}} {
		if side.of == nil {
			continue
		}
		t, err := p.typeOf(*side.of)
		if err != nil {
			return err
		}
		*side.name = t.Structure
	}
	p.model.Calls = append(p.model.Calls, call)
	return nil
}

// rest says whether the service speaks REST, whose traits mean nothing elsewhere.
func (p *pruner) rest() bool { return p.whole.Metadata.Protocol == "rest-xml" }

// routes notes the routes of all operations, those first that ask for more.
func (p *pruner) routes() error {
	for _, name := range slices.Sorted(maps.Keys(p.whole.Operations)) {
		o := p.whole.Operations[name]
		path, query, _ := strings.Cut(o.HTTP.RequestURI, "?")
		r := route{Operation: name, Method: o.HTTP.Method, Path: path}
		if o.HTTP.ResponseCode != http.StatusOK {
			r.Status = o.HTTP.ResponseCode
		}
		if query != "" {
			r.Query = strings.Split(query, "&")
		}
		if o.Input == nil {
			p.model.Routes = append(p.model.Routes, r)
			continue
		}
		in, err := p.shape(o.Input.Shape)
		if err != nil {
			return err
		}
		if o.Input.XMLNamespace != nil {
			p.model.Namespace = o.Input.XMLNamespace.URI
		}
		for _, m := range in.Members {
			switch required := slices.Contains(in.Required, m.name); {
			case required && m.Location == "querystring":
				r.Query = append(r.Query, m.LocationName)
			case required && m.Location == "header":
				r.Headers = append(r.Headers, m.LocationName)
			}
		}
		p.model.Routes = append(p.model.Routes, r)
	}
	asks := func(r route) int { return len(r.Query) + len(r.Headers) + strings.Count(r.Path, "/") }
	slices.SortStableFunc(p.model.Routes, func(a, b route) int { return asks(b) - asks(a) })
	return nil
}

// typeOf is the type that a reference leads to, with all that is below it.
func (p *pruner) typeOf(r reference) (typeOf, error) {
	s, err := p.shape(r.Shape)
	if err != nil {
		return typeOf{}, err
	}
	if r.QueryName != "" && r.QueryName != upperFirst(r.LocationName) {
		return typeOf{}, fmt.Errorf("%s is named %s in a request and %s in an answer, which wire does not know",
			r.Shape, r.QueryName, r.LocationName)
	}
	t := typeOf{Type: s.Type, Flat: s.Flattened || r.Flattened}
	switch s.Type {
	case "structure":
		t.Structure = r.Shape
		err = p.structure(r.Shape, s)
	case "list":
		t.Item = s.Member.LocationName
		t.Element, err = p.element(s.Member)
	case "map":
		if key, keyErr := p.shape(s.Key.Shape); keyErr != nil || key.Type != "string" ||
			s.Key.LocationName != "" || s.Value.LocationName != "" {
			return typeOf{}, fmt.Errorf("the map %s has keys or names that wire does not know", r.Shape)
		}
		t.Element, err = p.element(s.Value)
	}
	if err != nil {
		return typeOf{}, fmt.Errorf("%s: %w", r.Shape, err)
	}
	return t, nil
}

// shape reads a shape.
func (p *pruner) shape(name string) (shape, error) {
	var s shape
	d := json.NewDecoder(bytes.NewReader(p.whole.Shapes[name]))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return shape{}, fmt.Errorf("%s: %w", name, err)
	}
	if s.TimestampFormat != nil && !p.rest() {
		return shape{}, fmt.Errorf(`%s: unknown field "timestampFormat", but in REST`, name)
	}
	return s, nil
}

func (p *pruner) element(r *reference) (*typeOf, error) {
	t, err := p.typeOf(*r)
	return &t, err
}

// structure notes a structure, once.
func (p *pruner) structure(name string, s shape) error {
	if _, known := p.done[name]; known {
		return nil
	}
	pruned := structure{Name: name, Members: []member{}}
	p.done[name] = pruned // before its members: it may hold itself
	for _, m := range s.Members {
		t, err := p.typeOf(m.reference)
		if err != nil {
			return fmt.Errorf("member %s: %w", m.name, err)
		}
		if m.Location != "" && !p.rest() {
			return fmt.Errorf(`member %s: unknown field "location", but in REST`, m.name)
		}
		in := map[string]string{"querystring": "query"}[m.Location]
		if m.name == s.Payload {
			in = "payload"
			if target, err := p.shape(m.Shape); err == nil {
				m.LocationName = cmp.Or(m.LocationName, target.LocationName)
			}
		}
		pruned.Members = append(pruned.Members, member{
			Name: m.name, Location: m.LocationName, Required: slices.Contains(s.Required, m.name),
			In: cmp.Or(in, m.Location), typeOf: t,
		})
	}
	p.done[name] = pruned
	return nil
}
