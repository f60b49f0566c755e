package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A model is what model.json holds: the part of AWS's model of a service that some operations need, without its
// documentation.
type model struct {
	// Source says where the model is from, such as "botocore 1.43.11, sns/2010-03-31".
	Source string `json:"source"`
	// Package is the name of the service's package, which is the service's IAM prefix too.
	Package string `json:"package"`
	// Protocols are the protocols that the service speaks, in botocore's names.
	Protocols []string `json:"protocols"`
	// Signing is the service's name in a signature.
	Signing   string `json:"signing"`
	Target    string `json:"target,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	JSON      string `json:"jsonVersion,omitempty"`
	// Routes are those of a service that speaks REST, with the operations that the practice account does not have.
	Routes []route     `json:"routes,omitempty"`
	Calls  []operation `json:"operations"`
	Shapes []structure `json:"structures"`
}

// An operation names the structures that it takes and answers; "" is none.
type operation struct {
	Name   string `json:"name"`
	Input  string `json:"input,omitempty"`
	Output string `json:"output,omitempty"`
}

// A route says which requests ask for an operation in a REST protocol.
type route struct {
	Operation string   `json:"operation"`
	Method    string   `json:"method"`
	Path      string   `json:"path"`
	Query     []string `json:"query,omitempty"`
	Headers   []string `json:"headers,omitempty"`
	Status    int      `json:"status,omitempty"`
}

// A structure is a named shape with members, in AWS's order.
type structure struct {
	Name    string   `json:"name"`
	Members []member `json:"members"`
}

// A member is a member of a structure.
type member struct {
	Name     string `json:"name"`
	Required bool   `json:"required,omitempty"`
	// Location is the name on the wire, where it is not Name.
	Location string `json:"locationName,omitempty"`
	// In says where the member stands in REST, if not in the body: uri, query, header, headers or payload.
	In string `json:"in,omitempty"`
	typeOf
}

// A typeOf is the type of a member, or of what a list or a map holds.
type typeOf struct {
	Type string `json:"type"`
	// Structure is the name of a structure.
	Structure string `json:"structure,omitempty"`
	// Element is what a list or a map holds. The keys of a map are text.
	Element *typeOf `json:"element,omitempty"`
	// Item is the name on the wire of an element of a list, where the model says one.
	Item string `json:"item,omitempty"`
	Flat bool   `json:"flattened,omitempty"`
}

// readModel reads the model of a service.
func readModel(folder string) (*model, error) {
	text, err := os.ReadFile(filepath.Join(folder, modelFile))
	if err != nil {
		return nil, fmt.Errorf("%w: generate it with -botocore", err)
	}
	m := &model{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("%s: %w", modelFile, err)
	}
	return m, nil
}

// loosen makes members optional that AWS's model requires.
func (m *model) loosen(members []string) error {
	for _, path := range members {
		found := false
		for _, s := range m.Shapes {
			for i := range s.Members {
				if required := &s.Members[i].Required; *required && s.Name+"."+s.Members[i].Name == path {
					*required, found = false, true
				}
			}
		}
		if !found {
			return fmt.Errorf("//wire:optional %s: %s does not require it", path, modelFile)
		}
	}
	return nil
}

// text writes the model with one structure a line, so that a change shows what it changes.
func (m *model) text() ([]byte, error) {
	head := *m
	head.Calls, head.Shapes, head.Routes = nil, nil, nil
	text, err := json.MarshalIndent(head, "", "  ")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(text[:bytes.Index(text, []byte(`"operations"`))])
	lines := func(name string, n int, line func(int) any) error {
		fmt.Fprintf(&b, "%q: [", name)
		for i := range n {
			text, err := json.Marshal(line(i))
			if err != nil {
				return err
			}
			b.WriteString(strings.Repeat(",", min(i, 1)) + "\n    ")
			b.Write(text)
		}
		b.WriteString("\n  ]")
		return nil
	}
	if len(m.Routes) > 0 {
		if err := lines("routes", len(m.Routes), func(i int) any { return m.Routes[i] }); err != nil {
			return nil, err
		}
		b.WriteString(",\n  ")
	}
	if err := lines("operations", len(m.Calls), func(i int) any { return m.Calls[i] }); err != nil {
		return nil, err
	}
	b.WriteString(",\n  ")
	if err := lines("structures", len(m.Shapes), func(i int) any { return m.Shapes[i] }); err != nil {
		return nil, err
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// A source is what the Go files of a service say to the generator.
type source struct {
	pkg        string
	operations []string
	// kept is what a state keeps: names of members in a state file, by structure and member.
	kept map[string]map[string]string
	// optional are members that AWS may leave out although its model requires them, as STRUCTURE.MEMBER.
	optional []string
}

// readSource reads the Go files of a service that are written by hand. They need not compile yet.
func readSource(folder string) (*source, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	s := &source{kept: map[string]map[string]string{}}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || filepath.Base(path) == typesFile {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		s.pkg = file.Name.Name
		ast.Inspect(file, func(n ast.Node) bool {
			if name, ok := operationOf(n); ok {
				s.operations = append(s.operations, name)
			}
			return true
		})
		for _, group := range file.Comments {
			for _, comment := range group.List {
				s.direct(comment.Text)
			}
		}
	}
	slices.Sort(s.operations)
	s.operations = slices.Compact(s.operations)
	if len(s.operations) == 0 {
		return nil, errors.New(`no file lists an operation: wire.Op("Name", …) or wire.Change("Name", …)`)
	}
	return s, nil
}

// direct reads a comment of the form "//wire:keep STRUCTURE MEMBER=name ..." or "//wire:optional STRUCTURE.MEMBER ...".
func (s *source) direct(comment string) {
	words := strings.Fields(comment)
	switch {
	case len(words) < 2:
	case words[0] == "//wire:optional":
		s.optional = append(s.optional, words[1:]...)
	case words[0] == "//wire:keep":
		structure := words[1]
		if s.kept[structure] == nil {
			s.kept[structure] = map[string]string{}
		}
		for _, word := range words[2:] {
			member, name, _ := strings.Cut(word, "=")
			s.kept[structure][member] = name
		}
	}
}

// operationOf is the name in wire.Op("Name", …) or wire.Change("Name", …).
func operationOf(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || (f.Sel.Name != "Op" && f.Sel.Name != "Change") {
		return "", false
	}
	if x, ok := f.X.(*ast.Ident); !ok || x.Name != "wire" {
		return "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	name, err := strconv.Unquote(literal.Value)
	return name, err == nil
}
