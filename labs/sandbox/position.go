package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// position says where in a state file a decoding error is: "line 3, column 7: ", or "" when that is not known.
func position(data []byte, err error) string {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return lineColumn(data, syntax.Offset)
	case errors.As(err, &wrongType):
		return lineColumn(data, wrongType.Offset)
	}
	w := walker{json.NewDecoder(bytes.NewReader(data))}
	if offset := w.value(reflect.TypeFor[State]()); offset > 0 {
		return lineColumn(data, offset)
	}
	return ""
}

// lineColumn turns an offset into text for people.
func lineColumn(data []byte, offset int64) string {
	before := data[:min(int(offset), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Sprintf("line %d, column %d: ", line, column)
}

// A walker finds the first field that a type does not have, which encoding/json names without saying where it is.
type walker struct{ *json.Decoder }

// value walks one value of the type t (nil is any) and returns the offset of the unknown field's name, or 0.
func (w walker) value(t reflect.Type) int64 {
	token, err := w.Token()
	if err != nil {
		return 0
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return w.object(t)
	case json.Delim('['):
		var element reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			element = t.Elem()
		}
		for w.More() {
			if offset := w.value(element); offset > 0 {
				return offset
			}
		}
		_, _ = w.Token() // the closing bracket
	}
	return 0
}

func (w walker) object(t reflect.Type) int64 {
	for w.More() {
		key, err := w.Token()
		if err != nil {
			return 0
		}
		name := key.(string)
		member, known := memberType(t, name)
		if !known {
			return w.InputOffset() - int64(len(name)) - 1 // just behind its opening quote
		}
		if offset := w.value(member); offset > 0 {
			return offset
		}
	}
	_, _ = w.Token() // the closing brace
	return 0
}

// memberType is the type of an object's member, and whether the object may have it. Members of a type that is neither a struct nor a map
// are of any type.
func memberType(t reflect.Type, key string) (reflect.Type, bool) {
	switch {
	case t == nil:
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() != reflect.Struct:
		return nil, true
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if strings.EqualFold(name, key) {
			return f.Type, true
		}
	}
	return nil, false
}
