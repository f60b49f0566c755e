package strict

import (
	"reflect"
	"strings"
)

// SchemaOf describes a type of a file for editors, as a JSON schema, by its yaml, need and help tags.
func SchemaOf(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[Value]():
		return map[string]any{"type": []string{"string", "number", "boolean", "array"}}
	case t == reflect.TypeFor[Text]():
		return map[string]any{"type": "string"}
	case t == reflect.TypeFor[Node](), t == reflect.TypeFor[JSON]():
		return map[string]any{}
	case t.Kind() == reflect.Pointer:
		return SchemaOf(t.Elem())
	case t.Kind() == reflect.Struct:
		return objectSchema(t)
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": SchemaOf(t.Elem())}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": SchemaOf(t.Elem())}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer", "minimum": 0, "maximum": MaxInt}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	}
	return map[string]any{"type": "string"}
}

func objectSchema(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		field := t.Field(i)
		name := field.Tag.Get("yaml")
		if name == "" {
			continue
		}
		property := SchemaOf(field.Type)
		if among := field.Tag.Get("among"); among != "" {
			property["enum"] = strings.Split(among, " ")
		}
		property["description"] = strings.TrimSpace(field.Tag.Get("help"))
		properties[name] = property
		if field.Tag.Get("need") == "true" {
			required = append(required, name)
		}
	}
	return map[string]any{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}
