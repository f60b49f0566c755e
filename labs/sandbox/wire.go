package sandbox

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// Wire tags. The input and the output of an operation are structs; a field `wire:"repositoryName"` has that name on the wire, in every
// protocol that the service speaks. Fields without a tag are not on the wire; those of an embedded struct count as the struct's own.
//
// Types: string, bool, int32, int64, float64, time.Time, Time, []byte, structs, pointers to these, slices, and map[string]T.
// A nil pointer, a nil slice, a nil map and a zero time are absent; an empty slice is an empty list; other zero values are sent.
//
// Lists and maps are wrapped as the protocol does by default: Query "member" and "entry", EC2 "item" (in EC2 inputs lists are flat).
// EC2 inputs have the first letter in upper case, so that one tag "cidrBlock" serves both ways.
//
// Options after the name: "required" refuses a request without the field (the service's errorCodes.invalid); "omitempty" leaves the zero
// value out of an answer; "flat" is a list without its wrapper.

// A wireField is one tagged field of a struct.
type wireField struct {
	index                     []int
	name                      string
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
		fields = append(fields, wireField{
			index:     f.Index,
			name:      name,
			flat:      slices.Contains(opts, "flat"),
			required:  slices.Contains(opts, "required"),
			omitempty: slices.Contains(opts, "omitempty"),
		})
	}
	return fields
}

// An outliner turns typed values into trees. It reads the tags of each type once. The zero value is ready, for several goroutines.
type outliner struct {
	known sync.Map // []wireField by reflect.Type
}

// fields are the tagged fields of a struct type.
func (o *outliner) fields(t reflect.Type) []wireField {
	if known, ok := o.known.Load(t); ok {
		return known.([]wireField)
	}
	fields := wireFields(t)
	o.known.Store(t, fields)
	return fields
}

// The tree between typed values and a protocol's bytes, on the way out: an object, a dict, a list, or a scalar, which is a string, bool,
// int64, float64, time.Time or []byte. It shares no memory with the state.
type (
	object []member // a struct: its present fields, in order
	dict   []member // a map, sorted by key
	list   []any
	member struct {
		name  string
		flat  bool
		value any
	}
)

// outline turns an operation's typed output into a tree.
func (o *outliner) outline(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return o.outline(v.Elem())
	case reflect.Struct:
		if t, ok := moment(v); ok {
			return t
		}
		tree := object{}
		for _, f := range o.fields(v.Type()) {
			if value := v.FieldByIndex(f.index); !absent(value) && (!f.omitempty || !value.IsZero()) {
				tree = append(tree, member{name: f.name, flat: f.flat, value: o.outline(value)})
			}
		}
		return tree
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return slices.Clone(v.Bytes())
		}
		l := make(list, v.Len())
		for i := range l {
			l[i] = o.outline(v.Index(i))
		}
		return l
	case reflect.Map:
		d := dict{}
		for _, key := range v.MapKeys() {
			d = append(d, member{name: key.String(), value: o.outline(v.MapIndex(key))})
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
