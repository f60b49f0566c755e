package reports

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
)

// Normal is the report as it is written; see [Normal]. Reading a written report gives this value.
func (r *Report) Normal() *Report { return Normal(r) }

// Normal is a value as it is written as JSON: no slice or map is nil, so that no list is null, every
// text is UTF-8, and times are in UTC. Nothing else of it changes. The value itself is left as it is.
func Normal[T any](v *T) *T {
	return rewrite(v, func(text string) string { return strings.ToValidUTF8(text, "�") })
}

func (r *Report) rewrite(change func(string) string) *Report { return rewrite(r, change) }

// rewrite copies a report, or a part of it, with every text of it changed. It goes by the shape of the type, so that a
// field that is added later cannot be forgotten.
func rewrite[T any](from *T, change func(string) string) *T {
	c := new(T)
	rewriteValue(reflect.ValueOf(c).Elem(), reflect.ValueOf(from).Elem(), change)
	return c
}

func rewriteValue(to, from reflect.Value, change func(string) string) {
	switch from.Type() {
	case reflect.TypeFor[time.Time]():
		to.Set(reflect.ValueOf(from.Interface().(time.Time).UTC()))
		return
	case reflect.TypeFor[json.RawMessage]():
		to.SetBytes(rewriteJSON(from.Bytes(), change))
		return
	case reflect.TypeFor[checks.Command]():
		// as it is written, so that what is masked in it needs no other quoting than before
		to.Set(reflect.ValueOf(checks.ReadCommand(change(from.Interface().(checks.Command).String()))))
		return
	}
	switch from.Kind() {
	case reflect.String:
		to.SetString(change(from.String()))
	case reflect.Struct:
		to.Set(from) // what is not exported is not written either, and stays as it is
		for i := range from.NumField() {
			switch field := from.Type().Field(i); {
			case field.Tag.Get("json") == "-":
				to.Field(i).SetZero()
			case field.IsExported():
				rewriteValue(to.Field(i), from.Field(i), change)
			}
		}
	case reflect.Slice:
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			rewriteValue(to.Index(i), from.Index(i), change)
		}
	case reflect.Map:
		rewriteMap(to, from, change)
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			rewriteValue(to.Elem(), from.Elem(), change)
		}
	default:
		to.Set(from)
	}
}

func rewriteMap(to, from reflect.Value, change func(string) string) {
	to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
	for entries := from.MapRange(); entries.Next(); {
		key := reflect.New(from.Type().Key()).Elem()
		value := reflect.New(from.Type().Elem()).Elem()
		rewriteValue(key, entries.Key(), change)
		rewriteValue(value, entries.Value(), change)
		to.SetMapIndex(key, value)
	}
}

// rewriteJSON changes every text in valid JSON, the names of fields too, and leaves out the space between: two that
// mean the same are the same bytes then. The order of the fields stays.
func rewriteJSON(raw []byte, change func(string) string) []byte {
	var out []byte
	for len(raw) > 0 {
		n := 1
		switch raw[0] {
		case ' ', '\t', '\r', '\n':
		case '"':
			n = quoted(raw)
			out = append(out, rewriteQuoted(raw[:n], change)...)
		default:
			out = append(out, raw[0])
		}
		raw = raw[n:]
	}
	return out
}

// quoted is the length of the quoted text at the beginning.
func quoted(raw []byte) int {
	for i := 1; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

func rewriteQuoted(quoted []byte, change func(string) string) []byte {
	if text := string(bytes.Trim(quoted, `"`)); plainASCII(text) && change(text) == text {
		return quoted // written as it is, and left as it is: so are nearly all
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return quoted // no JSON; writing it fails
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(change(text)) != nil {
		return quoted
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// plainASCII says whether a text in quotes stands for itself: nothing in it is escaped or could be.
func plainASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '\\' })
}
