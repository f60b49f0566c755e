package sandbox

import (
	"fmt"
	"reflect"
	"strings"
)

// findNull returns where in a state there is a null in a list or a map, such as "regions.us-east-1.ecr.repositories[0]";
// "" if nowhere. JSON allows it, and the operations must not meet one.
func findNull(v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return findNull(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if found := findNullEntry(v.Index(i), fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if found := findNullEntry(v.MapIndex(key), path+"."+key.String()); found != "" {
				return found
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name == "" {
				continue
			}
			if found := findNull(v.Field(i), strings.TrimPrefix(path+"."+name, ".")); found != "" {
				return found
			}
		}
	default: // nothing else holds a list or a map
	}
	return ""
}

func findNullEntry(entry reflect.Value, path string) string {
	if entry.Kind() == reflect.Pointer && entry.IsNil() {
		return path
	}
	return findNull(entry, path)
}
