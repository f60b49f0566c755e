package reports

import (
	"reflect"
	"strings"
	"time"
)

// Normal is the report as it is written: no slice or map is nil, every text is UTF-8, and times are in UTC. Reading a
// written report gives this value, and nothing else of it changes. The report itself is left as it is.
func (r *Report) Normal() *Report {
	return r.rewrite(func(text string) string { return strings.ToValidUTF8(text, "�") })
}

// rewrite copies the report with every text of it changed. It goes by the shape of the type, so that a field that is
// added later cannot be forgotten.
func (r *Report) rewrite(change func(string) string) *Report {
	c := new(Report)
	rewriteValue(reflect.ValueOf(c).Elem(), reflect.ValueOf(r).Elem(), change)
	return c
}

func rewriteValue(to, from reflect.Value, change func(string) string) {
	if at, ok := from.Interface().(time.Time); ok {
		to.Set(reflect.ValueOf(at.UTC()))
		return
	}
	switch from.Kind() {
	case reflect.String:
		to.SetString(change(from.String()))
	case reflect.Struct:
		for i := range from.NumField() {
			rewriteValue(to.Field(i), from.Field(i), change)
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
