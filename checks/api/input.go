package api

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Problem is what is wrong with an input, at a path such as "Filters[0].Name".
type Problem struct{ Path, Text string }

func (p Problem) String() string {
	if p.Path == "" {
		return p.Text
	}
	return p.Path + ": " + p.Text
}

// CheckInput types an input, which is JSON as encoding/json decodes it, against the model, and returns it in the form
// that Read takes, or everything that is wrong with it. A time is text, as RFC 3339 has it, or a number of seconds; a
// blob is base 64, as in the AWS CLI.
func (o *Operation) CheckInput(value map[string]any) (map[string]any, []Problem) {
	if o.Input == nil {
		if len(value) > 0 {
			return nil, []Problem{{"", o.String() + " takes no input"}}
		}
		return nil, nil
	}
	c := &checker{}
	checked, _ := c.check(o.Input, value, "").(map[string]any)
	return checked, c.problems
}

// CheckAnswer types an answer that somebody wrote, in the form that the AWS CLI gives it, and returns it as Read does,
// or everything that is wrong with it. Any member may be left out.
func (o *Operation) CheckAnswer(value map[string]any) (map[string]any, []Problem) {
	if o.Output == nil {
		return map[string]any{}, nil
	}
	c := &checker{answer: true}
	c.check(o.Output, value, "")
	return value, c.problems
}

type checker struct {
	answer   bool // of an answer, not of an input
	problems []Problem
}

func (c *checker) add(path, format string, args ...any) any {
	c.problems = append(c.problems, Problem{path, fmt.Sprintf(format, args...)})
	return nil
}

// expected are the words for a kind of value.
var expected = map[Kind]string{
	Structure: "an object", List: "a list", Map: "an object", Enum: "text", Text: "text", Policy: "text",
	Boolean: "true or false", Integer: "a whole number", Long: "a whole number", Float: "a number", Double: "a number",
	Timestamp: "a time such as 2026-01-31T12:00:00Z, or seconds", Blob: "base 64",
}

// check types a value, and notes what is wrong with it.
func (c *checker) check(shape *Shape, value any, path string) any {
	switch shape.Kind {
	case Structure:
		if v, ok := value.(map[string]any); ok {
			return c.structure(shape, v, path)
		}
	case Map:
		if v, ok := value.(map[string]any); ok {
			typed := make(map[string]any, len(v))
			for key, element := range v {
				typed[key] = c.check(shape.Element.Shape, element, path+"."+quoteName(key))
			}
			return typed
		}
	case List:
		if v, ok := value.([]any); ok {
			typed := make([]any, len(v))
			for i, element := range v {
				typed[i] = c.check(shape.Element.Shape, element, path+"["+strconv.Itoa(i)+"]")
			}
			return typed
		}
	case Enum:
		if v, ok := value.(string); ok {
			if !slices.Contains(shape.Values(), v) && !c.answer { // AWS may have added one
				return c.add(path, "%q is not one of its values%s", v, near(v, shape.Values()))
			}
			return v
		}
	case Text, Policy:
		if v, ok := value.(string); ok || c.answer && shape.Kind == Policy {
			return v
		}
	case Boolean:
		if v, ok := value.(bool); ok {
			return v
		}
	case Integer, Long:
		if v, ok := value.(float64); ok && v == math.Trunc(v) && math.Abs(v) <= 1<<53 {
			return int64(v)
		}
	case Float, Double:
		if v, ok := value.(float64); ok {
			return v
		}
	case Timestamp:
		switch v := value.(type) {
		case float64:
			if math.Abs(v) < 1e11 {
				return time.UnixMilli(int64(math.Round(v * 1000))).UTC()
			}
		case string:
			if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return t
			}
		}
	case Blob:
		if v, ok := value.(string); ok {
			if data, err := base64.StdEncoding.DecodeString(v); err == nil {
				return data
			}
		}
	case Document:
		return value
	}
	return c.add(path, "%s is expected", expected[shape.Kind])
}

func (c *checker) structure(shape *Shape, value map[string]any, path string) any {
	typed := make(map[string]any, len(value))
	names := make([]string, len(shape.Members))
	for i, m := range shape.Members {
		names[i] = m.Name
		at := strings.TrimPrefix(path+"."+m.Name, ".")
		v, given := value[m.Name]
		switch {
		case given && v != nil:
			typed[m.Name] = c.check(m.Shape, v, at)
			if typed[m.Name] == "" && m.location == 'u' && !c.answer {
				c.add(at, "it cannot be empty: it is a part of the address")
			}
		case m.Required && !c.answer:
			c.add(at, "it is required")
		}
	}
	for name := range value {
		if !slices.Contains(names, name) {
			c.add(strings.TrimPrefix(path+"."+name, "."), "there is no such member%s", near(name, names))
		}
	}
	slices.SortFunc(c.problems, func(a, b Problem) int { return strings.Compare(a.String(), b.String()) })
	return typed
}
