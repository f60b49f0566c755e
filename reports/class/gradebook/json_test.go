package gradebook_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
)

func TestJSONReadsBack(t *testing.T) {
	var back class.Class
	require.NoError(t, json.Unmarshal(rendered(t, gradebook.JSON, classtest.Class()), &back))
	want := classtest.Class()
	require.Equal(t, want.Summary, back.Summary)
	require.Equal(t, want.Students[classtest.Malicious].ID.Name, back.Students[classtest.Malicious].ID.Name)
}

// Whatever the schema calls a list or an object is one, also where there is nothing in it: a program may go through it
// without asking first.
func TestJSONHasNoNullLists(t *testing.T) {
	bare := &class.Class{
		Steps:    []class.Step{{}},
		Students: []class.Person{{Attempts: []class.Attempt{{Steps: []class.Row{{}}}}}},
		Flags:    []class.Flag{{}},
		Regrade:  &class.Regrade{Changes: []class.Change{{}}},
	}
	for _, c := range []*class.Class{classtest.Class(), {}, bare} {
		var out any
		require.NoError(t, json.Unmarshal(rendered(t, gradebook.JSON, c), &out))
		requireLists(t, reflect.TypeFor[class.Class](), out, "")
	}
}

// requireLists goes through the output as the type shapes it.
func requireLists(t *testing.T, shape reflect.Type, out any, at string) {
	t.Helper()
	switch shape.Kind() {
	case reflect.Pointer:
		if out != nil {
			requireLists(t, shape.Elem(), out, at)
		}
	case reflect.Map:
		require.NotNil(t, out, at)
	case reflect.Slice:
		require.NotNil(t, out, at)
		for _, element := range out.([]any) {
			requireLists(t, shape.Elem(), element, at+"[]")
		}
	case reflect.Struct:
		fields, ok := out.(map[string]any)
		for i := 0; ok && i < shape.NumField(); i++ { // a time is a text
			if !shape.Field(i).IsExported() {
				continue
			}
			name, options, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
			if value, written := fields[name]; written {
				requireLists(t, shape.Field(i).Type, value, at+"."+name)
			} else if name != "-" {
				require.NotEmpty(t, options, "%s.%s is missing", at, name)
			}
		}
	default:
	}
}
