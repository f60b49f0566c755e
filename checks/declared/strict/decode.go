// Package strict reads the YAML files that people write: labs, checks and what goes with them.
//
// The types of a file say with their tags which keys there are, and the Decoder lays the file over them: every unknown
// key, wrong type and missing key is a Problem with its place and the nearest known name, and all of a file's problems
// are told at once. Schema describes the same types to editors.
package strict

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// MaxInt bounds every whole number of a file: points and percents stay far below.
const MaxInt = 1_000_000

// Value is a value of any type that a lab gives to a parameter: a text, a number, true, false or a list of these.
type Value struct {
	At Pos
	// JSON is the value as JSON; nil if there is none.
	JSON json.RawMessage
}

// Text is the value as a person would type it.
func (v Value) Text() string {
	var s string
	if json.Unmarshal(v.JSON, &s) == nil {
		return s
	}
	return string(v.JSON)
}

// JSON is a value of any form.
type JSON struct {
	At  Pos
	Raw json.RawMessage // nil if there is none
}

// Text is a text with its place.
type Text struct {
	At   Pos
	Text string
}

// Node is a part of a file as it is written, for what only the rest of the file can say how to read. It holds no
// anchors and no aliases; nil if there is none.
type Node struct{ *yaml.Node }

// Pos is the place of the node.
func (n Node) Pos() Pos { return Pos{n.Line, n.Column} }

// A Decoder lays YAML nodes over the file's types, strictly, and collects every problem.
type Decoder struct {
	File     string
	Problems Problems
}

// maxProblems is how many problems of a file are told: a file with more has one cause.
const maxProblems = 100

// Full says that enough problems are told; looking for the nearest name of each of a million would take for ever.
func (d *Decoder) Full() bool { return len(d.Problems) >= maxProblems }

// Wrong tells a problem of a node.
func (d *Decoder) Wrong(n *yaml.Node, format string, args ...any) {
	d.At(Pos{n.Line, n.Column}, format, args...)
}

// Into decodes a node into a field. what names the field in messages.
func (d *Decoder) Into(n *yaml.Node, v reflect.Value, what string) {
	if d.Full() {
		return
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.Wrong(n, "%s: anchors and aliases are not allowed here; write the value out", what)
		return
	}
	switch value := v.Addr().Interface().(type) {
	case *Value:
		d.value(n, value, what)
		return
	case *JSON:
		value.At, value.Raw = Pos{n.Line, n.Column}, d.json(n, what)
		return
	}
	switch value := v.Addr().Interface().(type) {
	case *Text:
		value.At = Pos{n.Line, n.Column}
		d.scalar(n, v.FieldByName("Text"), what)
		return
	case *Node:
		if d.isPlain(n, what) {
			value.Node = n
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.Into(n, v.Elem(), what)
	case reflect.Struct:
		d.object(n, v, what)
	case reflect.Map:
		d.dictionary(n, v, what)
	case reflect.Slice:
		d.list(n, v, what)
	default:
		d.scalar(n, v, what)
	}
}

// isPlain refuses anchors and aliases, and keys that are no names or stand twice, anywhere below a node.
func (d *Decoder) isPlain(n *yaml.Node, what string) bool {
	before := len(d.Problems)
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.Wrong(n, "%s: anchors and aliases are not allowed here; write the value out", what)
		return false
	}
	switch n.Kind {
	case yaml.MappingNode:
		d.eachKey(n, what, func(_, value *yaml.Node) { d.isPlain(value, what) })
	case yaml.SequenceNode:
		for _, item := range n.Content {
			d.isPlain(item, what)
		}
	default:
	}
	return len(d.Problems) == before
}

// object decodes a mapping with known keys: the yaml tags of the struct's fields.
func (d *Decoder) object(n *yaml.Node, v reflect.Value, what string) {
	fields := map[string]int{}
	var names []string
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("yaml"); name != "" {
			fields[name] = i
			names = append(names, name)
		}
	}
	if at := v.FieldByName("At"); at.IsValid() {
		at.Set(reflect.ValueOf(Pos{n.Line, n.Column}))
	}
	seen := map[string]bool{}
	d.eachKey(n, what, func(key, value *yaml.Node) {
		seen[key.Value] = true
		i, known := fields[key.Value]
		if !known {
			d.Wrong(key, "%q is not a key of %s%s", facts.NameOf(key.Value), what, nearest.DidYouMean(key.Value, names))
			return
		}
		d.Into(value, v.Field(i), key.Value)
	})
	if n.Kind != yaml.MappingNode {
		return
	}
	for _, name := range names {
		if !seen[name] && v.Type().Field(fields[name]).Tag.Get("need") == "true" {
			d.Wrong(n, "%s needs the key %q", what, name)
		}
	}
}

// dictionary decodes a mapping whose keys are names.
func (d *Decoder) dictionary(n *yaml.Node, v reflect.Value, what string) {
	m := reflect.MakeMap(v.Type())
	d.eachKey(n, what, func(key, value *yaml.Node) {
		element := reflect.New(v.Type().Elem()).Elem()
		d.Into(value, element, facts.NameOf(key.Value))
		m.SetMapIndex(reflect.ValueOf(key.Value), element)
	})
	v.Set(m)
}

func (d *Decoder) eachKey(n *yaml.Node, what string, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.Wrong(n, "%s must be a mapping of keys to values, not %s", what, KindOf(n))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			d.Wrong(key, "a key of %s must be a plain name", what)
			continue
		}
		if line, twice := seen[key.Value]; twice {
			d.Wrong(key, "the key %q stands twice; the first is on line %d", facts.NameOf(key.Value), line)
			continue
		}
		seen[key.Value] = key.Line
		do(key, value)
	}
}

func (d *Decoder) list(n *yaml.Node, v reflect.Value, what string) {
	if n.Kind != yaml.SequenceNode {
		d.Wrong(n, "%s must be a list, not %s", what, KindOf(n))
		return
	}
	for i, item := range n.Content {
		element := reflect.New(v.Type().Elem()).Elem()
		d.Into(item, element, fmt.Sprintf("item %d of %s", i+1, what))
		v.Set(reflect.Append(v, element))
	}
}

func (d *Decoder) scalar(n *yaml.Node, v reflect.Value, what string) {
	want := map[reflect.Kind]string{reflect.String: "text", reflect.Int: "a whole number", reflect.Bool: "true or false"}
	switch {
	case n.Kind != yaml.ScalarNode && v.Kind() == reflect.String:
		d.Wrong(n, "%s must be text, not %s; a text that begins with [ or { needs quotes", what, KindOf(n))
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
		d.Wrong(n, "%s must be %s, not %s", what, want[v.Kind()], KindOf(n))
	case v.Kind() == reflect.String && n.Tag != "!!str":
		d.Wrong(n, "%s must be text, not %s; put it in quotes", what, KindOf(n))
	case n.Decode(v.Addr().Interface()) != nil:
		d.Wrong(n, "%s must be %s, not %s", what, want[v.Kind()], KindOf(n))
	case v.Kind() == reflect.Int && (v.Int() < 0 || v.Int() > MaxInt):
		d.Wrong(n, "%s is %d; it must be 0 to %d", what, v.Int(), MaxInt)
	}
}

// value keeps a scalar or a list of scalars as JSON, for a parameter whose type only its check knows.
func (d *Decoder) value(n *yaml.Node, v *Value, what string) {
	v.At = Pos{n.Line, n.Column}
	var plain any
	nested := n.Kind == yaml.MappingNode
	for _, item := range n.Content {
		nested = nested || item.Kind != yaml.ScalarNode || item.Anchor != ""
	}
	if nested || n.Tag == "!!null" {
		d.Wrong(n, "%s must be a text, a number, true, false or a list of these, not %s", what, KindOf(n))
		return
	}
	if n.Tag == "!!timestamp" || n.Tag == "!!float" {
		plain = n.Value // as it is written: 1.10 is a tag, not the number 1.1
	} else if err := n.Decode(&plain); err != nil {
		d.Wrong(n, "%s cannot be read as a value", what)
		return
	}
	data, err := json.Marshal(plain)
	if err != nil {
		d.Wrong(n, "%s cannot be read as a value", what)
		return
	}
	v.JSON = data
}

// json writes a value of any form as JSON.
func (d *Decoder) json(n *yaml.Node, what string) json.RawMessage {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.Wrong(n, "%s: anchors and aliases are not allowed here; write the value out", what)
		return nil
	}
	var plain any
	switch n.Kind {
	case yaml.MappingNode:
		fields := map[string]json.RawMessage{}
		d.eachKey(n, what, func(key, value *yaml.Node) { fields[key.Value] = d.json(value, facts.NameOf(key.Value)) })
		plain = fields
	case yaml.SequenceNode:
		items := make([]json.RawMessage, len(n.Content))
		for i, item := range n.Content {
			items[i] = d.json(item, fmt.Sprintf("item %d of %s", i+1, what))
		}
		plain = items
	default:
		if n.Tag == "!!timestamp" {
			plain = n.Value // JSON has no times
		} else if err := n.Decode(&plain); err != nil {
			d.Wrong(n, "%s cannot be read as a value", what)
		}
	}
	data, err := json.Marshal(plain)
	if err != nil { // a number that is none
		d.Wrong(n, "%s cannot be read as a value", what)
	}
	return data
}

// KindOf says what a node is, for messages.
func KindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null" || strings.TrimSpace(n.Value) == "":
		return "nothing"
	case n.Tag == "!!int", n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!bool":
		return "true or false"
	case n.Tag == "!!timestamp":
		return "a time"
	default:
		return "a text"
	}
}
