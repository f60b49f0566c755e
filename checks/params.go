package checks

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Param describes one parameter of a check.
type Param struct {
	Name string
	// Type is "string", "integer", "boolean" or "list".
	Type string
	Help string
	// Default is the value that stands when nothing else is said; nil if Required.
	Default any
	// Required says that the check has no default: the lab must give it.
	Required bool
}

// NoParams is the parameter type of a check that has none.
type NoParams struct{}

// Validator is implemented by a parameter type that has rules of its own. It returns a *ParamError.
type Validator interface {
	Validate() error
}

// ParamError says what is wrong with one parameter.
type ParamError struct {
	Name    string // the parameter's name; empty if it concerns several
	Problem string // such as "is 0; at least 1 day is needed"
}

// Error implements error.
func (e *ParamError) Error() string { return strings.TrimSpace(e.Name + " " + e.Problem) }

// describeParams lists the fields of a parameter struct with their json, help and need tags, in their order: parameter
// i is field i.
func describeParams(defaults any) []Param {
	v := reflect.ValueOf(defaults)
	params := make([]Param, v.NumField())
	for i := range params {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		params[i] = Param{
			Name: name, Type: paramType(field.Type), Help: field.Tag.Get("help"), Default: v.Field(i).Interface(),
		}
		if field.Tag.Get("need") == "true" {
			params[i].Required, params[i].Default = true, nil
		}
	}
	return params
}

func paramType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice:
		return "list"
	default:
		return t.String()
	}
}

// decodeParams lays values over the defaults: strictly, and each time on a fresh copy. params describes the defaults. A
// null is no value.
func decodeParams[P any](params []Param, defaults P, values map[string]json.RawMessage) (P, error) {
	p := defaults
	fields := reflect.ValueOf(&p).Elem()
	for i, param := range params {
		value, given := values[param.Name]
		if !given || string(value) == "null" {
			if param.Required {
				return p, &ParamError{param.Name, "is needed and has no default"}
			}
			continue
		}
		fresh := reflect.New(fields.Field(i).Type()) // a list decoded in place would write into that of the defaults
		if json.Unmarshal(value, fresh.Interface()) != nil {
			return p, &ParamError{param.Name, fmt.Sprintf("is %s; a value of type %s is needed", value, param.Type)}
		}
		fields.Field(i).Set(fresh.Elem())
	}
	for name := range values {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.Name == name }) {
			return p, &ParamError{name, "is not a parameter of this check"}
		}
	}
	if v, ok := any(p).(Validator); ok {
		return p, v.Validate()
	}
	return p, nil
}

// TypedParams are the values of parameters that no Go type describes, the defaults among them: a string, an int, a bool
// or a []string each. A null is no value.
func TypedParams(params []Param, values map[string]json.RawMessage) (map[string]any, error) {
	typed := make(map[string]any, len(params))
	for _, param := range params {
		value, given := values[param.Name]
		if !given || string(value) == "null" {
			if param.Required {
				return nil, &ParamError{param.Name, "is needed and has no default"}
			}
			typed[param.Name] = param.Default
			continue
		}
		into := map[string]any{"string": new(string), "integer": new(int), "boolean": new(bool), "list": new([]string)}
		fresh := into[param.Type]
		if fresh == nil || json.Unmarshal(value, fresh) != nil {
			return nil, &ParamError{param.Name, fmt.Sprintf("is %s; a value of type %s is needed", value, param.Type)}
		}
		typed[param.Name] = reflect.ValueOf(fresh).Elem().Interface()
	}
	for name := range values {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.Name == name }) {
			return nil, &ParamError{name, "is not a parameter of this check"}
		}
	}
	return typed, nil
}
