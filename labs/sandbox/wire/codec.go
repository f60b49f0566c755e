package wire

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// Wire tags. The input and the output of an operation are structs; a field `wire:"repositoryName"` has that name on the
// wire, in every protocol that the service speaks. Fields without a tag are not on the wire; those of an embedded
// struct count as the struct's own.
//
// Types: string, bool, int32, int64, float64, time.Time, Time, []byte, structs, pointers to these, slices, and
// map[string]T. A nil pointer, a nil slice, a nil map and a zero time are absent; an empty slice is an empty list;
// other zero values are sent.
//
// Lists and maps are wrapped as the protocol does by default: Query "member" and "entry", EC2 "item" (in EC2 inputs
// lists are flat). EC2 inputs have the first letter in upper case, so that one tag "cidrBlock" serves both ways.
//
// Options after the name: "required" refuses a request without the field (ErrorCodes.Invalid); "omitempty" leaves the
// zero value out of an answer; "flat" is a list without its wrapper; "item=Name" is a list whose elements are named so
// in the XML protocols; "in=" says where a field stands that is not in the body of a REST request or answer: "uri",
// "query", "header", "headers" (a map: the name is the prefix of theirs), "payload" (it is the body).

// A wireField is one tagged field of a struct.
type wireField struct {
	index                     []int
	name                      string
	item                      string
	in                        string
	flat, required, omitempty bool
}

// wireFields reads the tags of a struct type.
func wireFields(t reflect.Type) []wireField {
	var fields []wireField
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("wire")
		if !ok {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		opts := strings.Split(options, ",")
		item, in := "", ""
		for _, option := range opts {
			if value, ok := strings.CutPrefix(option, "item="); ok {
				item = value
			} else if value, ok := strings.CutPrefix(option, "in="); ok {
				in = value
			}
		}
		fields = append(fields, wireField{
			index:     f.Index,
			item:      item,
			in:        in,
			name:      name,
			flat:      slices.Contains(opts, "flat"),
			required:  slices.Contains(opts, "required"),
			omitempty: slices.Contains(opts, "omitempty"),
		})
	}
	return fields
}

// A Codec turns typed values into trees, and trees into typed values. It reads the tags of each type once. The zero
// value is ready, for several goroutines.
type Codec struct {
	known sync.Map // []wireField by reflect.Type
}

// fields are the tagged fields of a struct type.
func (c *Codec) fields(t reflect.Type) []wireField {
	if known, ok := c.known.Load(t); ok {
		return known.([]wireField)
	}
	fields := wireFields(t)
	c.known.Store(t, fields)
	return fields
}

// inputFields are the tagged fields of what a pointer to a struct points at.
func (c *Codec) inputFields(in any) []wireField { return c.fields(reflect.TypeOf(in).Elem()) }

// kind tells a field of bytes and one of text from one of a structure.
func (c *Codec) kind(f wireField, in any) fieldKind {
	t := reflect.TypeOf(in).Elem().FieldByIndex(f.index).Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice:
		return bytesKind
	case reflect.String:
		return textKind
	default:
		return structKind
	}
}

// A fieldKind is what the body is that is one field of an input.
type fieldKind int

const (
	structKind fieldKind = iota
	bytesKind
	textKind
)

// An Object is the tree between typed values and a protocol's bytes, on the way out: the present fields of a struct, in
// order. What is in it is an Object, a dict, a list, or a scalar, which is a string, bool, int64, float64, time.Time or
// []byte. It shares no memory with the state.
type Object []member

type (
	dict   []member // a map, sorted by key
	list   []any
	member struct {
		name  string
		item  string // the name of an element of a list, where it is not the usual one
		in    string // where a REST answer has it, if not in its body
		flat  bool
		value any
	}
)

// Outline turns an operation's typed input or output, a pointer to a struct, into a tree.
func (c *Codec) Outline(v any) Object { return c.outline(reflect.ValueOf(v)).(Object) }

// JSON writes what Outline gives as JSON.
func (c *Codec) JSON(v any) string { return string(appendJSON(nil, c.Outline(v))) }

// Spoil puts a string where the first list or map of an answer belongs, and reports whether there is one.
func (o Object) Spoil() bool {
	for i := range o {
		if o[i].in != "" && o[i].in != inPayload {
			continue
		}
		switch value := o[i].value.(type) {
		case list, dict:
			o[i].value = "not what belongs here"
			return true
		case Object:
			if value.Spoil() {
				return true
			}
		}
	}
	return false
}

func (c *Codec) outline(v reflect.Value) any {
	if v.Type() == reflect.TypeFor[Object]() { // of a Tree
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return c.outline(v.Elem())
	case reflect.Struct:
		if t, ok := moment(v); ok {
			return t
		}
		tree := Object{}
		for _, f := range c.fields(v.Type()) {
			if value := v.FieldByIndex(f.index); !absent(value) && (!f.omitempty || !value.IsZero()) {
				tree = append(tree, member{name: f.name, item: f.item, in: f.in, flat: f.flat, value: c.outline(value)})
			}
		}
		return tree
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return slices.Clone(v.Bytes())
		}
		l := make(list, v.Len())
		for i := range l {
			l[i] = c.outline(v.Index(i))
		}
		return l
	case reflect.Map:
		d := dict{}
		for _, key := range v.MapKeys() {
			d = append(d, member{name: key.String(), value: c.outline(v.MapIndex(key))})
		}
		slices.SortFunc(d, func(a, b member) int { return strings.Compare(a.name, b.name) })
		return d
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float64:
		return v.Float()
	default:
		panic(fmt.Sprintf("sandbox: no wire form for %s", v.Type()))
	}
}

// absent reports whether a field is left out of the answer.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.Struct:
		t, ok := moment(v)
		return ok && t.IsZero()
	default:
		return false
	}
}

// moment is the time that a struct holds, where it is a time.
func moment(v reflect.Value) (time.Time, bool) {
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		return v.Interface().(time.Time), true
	case reflect.TypeFor[Time]():
		return v.Interface().(Time).Time, true
	default:
		return time.Time{}, false
	}
}

// Value is what an optional member holds; the zero value of T where it is absent.
func Value[T any](member *T) T {
	if member == nil {
		var zero T
		return zero
	}
	return *member
}

// Present makes an optional member out of a value: the zero value of T is absent.
func Present[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// Copy copies the members that two structures have in common, by name and type, from one to the other: what an
// operation takes to what a state keeps, and what a state keeps to what another operation answers. Both are pointers to
// structures.
func Copy(to, from any) {
	target, source := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range target.NumField() {
		name := target.Type().Field(i).Name
		if value := source.FieldByName(name); value.IsValid() && value.Type() == target.Field(i).Type() {
			target.Field(i).Set(value)
		}
	}
}
