package wire

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// A reader says how the parts of a request that differ between protocols are read. A node is what the protocol's parser
// made of a part of the request: a map[string]any, a []any, or a scalar.
type reader interface {
	// fieldName is the name in a request of the field with this tag.
	fieldName(tag string) string
	// list returns the elements of a list.
	list(node any, f wireField) ([]any, bool)
	// dict returns the entries of a map.
	dict(node any) (map[string]any, bool)
	// textual reports whether numbers, booleans and times are written as text.
	textual() bool
}

// A BindError is a request that cannot be read into an operation's input.
type BindError struct {
	path    string
	Missing bool // a required field is absent; else it has the wrong type
	want    string
}

func (e *BindError) Error() string {
	if e.Missing {
		return fmt.Sprintf(
			"1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null",
			e.path,
		)
	}
	return fmt.Sprintf("%s: %s is expected", e.path, e.want)
}

// bind reads the tree of a request into in, a pointer to a struct with wire tags.
func (c *Codec) bind(r reader, tree any, in any) error {
	return c.bindValue(r, tree, reflect.ValueOf(in).Elem(), wireField{}, "")
}

func (c *Codec) bindValue(r reader, node any, v reflect.Value, f wireField, path string) error {
	wrong := func(want string) error { return &BindError{path: path, want: want} }
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return c.bindValue(r, node, v.Elem(), f, path)
	case reflect.Struct:
		if _, isTime := moment(v); !isTime {
			return c.bindStruct(r, node, v, path)
		}
		t, ok := readTime(node, r.textual())
		if !ok {
			return wrong("a timestamp")
		}
		if v.Type() == reflect.TypeFor[Time]() {
			v.Set(reflect.ValueOf(At(t)))
		} else {
			v.Set(reflect.ValueOf(t))
		}
		return nil
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			blob, ok := readBlob(node)
			if !ok {
				return wrong("a base64 blob")
			}
			v.SetBytes(blob)
			return nil
		}
		return c.bindList(r, node, v, f, path)
	case reflect.Map:
		return c.bindMap(r, node, v, path)
	default:
		if !setScalar(node, v, r.textual()) {
			return wrong("a " + v.Kind().String())
		}
		return nil
	}
}

func (c *Codec) bindStruct(r reader, node any, v reflect.Value, path string) error {
	fields, ok := node.(map[string]any)
	if !ok && node != "" { // the Query protocol writes an empty structure as an empty string
		return &BindError{path: path, want: "a structure"}
	}
	for _, f := range c.fields(v.Type()) {
		name := r.fieldName(f.name)
		at := name
		if path != "" {
			at = path + "." + name
		}
		value, ok := fields[name]
		if !ok || value == nil {
			if f.required {
				return &BindError{path: at, Missing: true}
			}
			continue
		}
		if err := c.bindValue(r, value, v.FieldByIndex(f.index), f, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *Codec) bindList(r reader, node any, v reflect.Value, f wireField, path string) error {
	items, ok := r.list(node, f)
	if !ok {
		return &BindError{path: path, want: "a list"}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		at := fmt.Sprintf("%s.%d", path, i+1)
		if item == nil {
			return &BindError{path: at, Missing: true}
		}
		if err := c.bindValue(r, item, v.Index(i), wireField{}, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *Codec) bindMap(r reader, node any, v reflect.Value, path string) error {
	entries, ok := r.dict(node)
	if !ok {
		return &BindError{path: path, want: "a map"}
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(entries)))
	for key, entry := range entries {
		at := path + "." + key
		if entry == nil {
			return &BindError{path: at, Missing: true}
		}
		value := reflect.New(v.Type().Elem()).Elem()
		if err := c.bindValue(r, entry, value, wireField{}, at); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), value)
	}
	return nil
}

// setScalar stores a string, a boolean or a number, and reports whether the node is one that fits.
func setScalar(node any, v reflect.Value, textual bool) bool {
	text, isText := node.(string)
	switch v.Kind() {
	case reflect.String:
		if isText {
			v.SetString(text)
		}
		return isText
	case reflect.Bool:
		b, ok := node.(bool)
		if textual && isText {
			parsed, err := strconv.ParseBool(text)
			b, ok = parsed, err == nil
		}
		v.SetBool(b)
		return ok
	case reflect.Int32, reflect.Int64:
		n, ok := readNumber(node, textual)
		// 1<<53 is where float64, which carries every number here, stops being exact.
		if !ok || n != math.Trunc(n) || math.Abs(n) > 1<<53 || v.OverflowInt(int64(n)) {
			return false
		}
		v.SetInt(int64(n))
		return true
	case reflect.Float64:
		n, ok := readNumber(node, textual)
		if ok {
			v.SetFloat(n)
		}
		return ok
	default:
		return false
	}
}

// readNumber reads a number of any protocol. Infinity and NaN are none.
func readNumber(node any, textual bool) (float64, bool) {
	var n float64
	var err error
	switch x := node.(type) {
	case json.Number:
		n, err = x.Float64()
	case int64:
		n = float64(x)
	case uint64:
		n = float64(x)
	case float64:
		n = x
	case string:
		if !textual {
			return 0, false
		}
		n, err = strconv.ParseFloat(x, 64)
	default:
		return 0, false
	}
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// readTime reads a timestamp: seconds since 1970 in JSON, RFC 3339 in the textual protocols, a tagged time in CBOR.
// Years have four digits, as in every form that a time is written in.
func readTime(node any, textual bool) (time.Time, bool) {
	var t time.Time
	switch x := node.(type) {
	case time.Time:
		t = x.UTC()
	case string:
		parsed, err := time.Parse(time.RFC3339, x)
		if !textual || err != nil {
			return time.Time{}, false
		}
		t = parsed.UTC()
	default:
		n, ok := readNumber(node, false)
		if !ok || math.Abs(n) > 1e12 {
			return time.Time{}, false
		}
		t = time.UnixMilli(int64(math.Round(n * 1000))).UTC()
	}
	return t, t.Year() >= 0 && t.Year() <= 9999
}

// readBlob reads bytes, which only CBOR does not write as base64.
func readBlob(node any) ([]byte, bool) {
	switch x := node.(type) {
	case []byte:
		return x, true
	case string:
		blob, err := base64.StdEncoding.DecodeString(x)
		return blob, err == nil
	default:
		return nil, false
	}
}
