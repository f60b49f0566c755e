package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// A Time is a moment in a state file: an RFC 3339 time, or an age such as "-240h" that is counted back from the moment
// of loading. The zero Time means never.
type Time struct {
	time.Time
	age *time.Duration // set between decoding and ResolveAges
}

// At makes a Time.
func At(t time.Time) Time { return Time{Time: t.UTC()} }

// UnmarshalJSON reads either form. An age is resolved when the whole state has been read.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("%.12s is not a time: RFC 3339 or an age such as \"-240h\", in quotes", data)
	}
	if parsed, err := time.Parse(time.RFC3339, text); err == nil {
		*t = At(parsed)
		return nil
	}
	age, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%.12s is not a time: RFC 3339 or an age such as \"-240h\"", data)
	}
	*t = Time{age: &age}
	return nil
}

// ResolveAges turns every age inside v, a pointer to (a part of) a state, into a time, counted from now.
func ResolveAges(v reflect.Value, now time.Time) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			ResolveAges(v.Elem(), now)
		}
	case reflect.Slice:
		for i := range v.Len() {
			ResolveAges(v.Index(i), now)
		}
	case reflect.Map:
		// Only pointers can be changed inside a map, so the state's maps hold pointers or hold no times.
		for _, key := range v.MapKeys() {
			if v.MapIndex(key).Kind() == reflect.Pointer {
				ResolveAges(v.MapIndex(key), now)
			}
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Time]() {
			if t := v.Addr().Interface().(*Time); t.age != nil {
				*t = At(now.Add(*t.age).Truncate(time.Second))
			}
			return
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() || field.Anonymous {
				ResolveAges(v.Field(i), now)
			}
		}
	default: // nothing else holds a time
	}
}
