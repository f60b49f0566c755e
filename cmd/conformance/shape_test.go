//go:build conformance

package conformance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// checked is what became of an answer that was held against the model.
type checked struct {
	model    *model
	fields   map[string]string // type by path, such as "repositories[].createdAt": "timestamp"
	problems []string
}

func (c *checked) wrong(path, format string, args ...any) {
	c.problems = append(c.problems, path+" "+fmt.Sprintf(format, args...))
}

// text is a scalar of XML, whose type is not written there.
type text string

// misfit is an element of XML that has no place where it stands.
type misfit string

// value holds a value against its shape. The values are those of encoding/json (with numbers kept), of CBOR and of
// fromXML.
func (c *checked) value(name string, v any, path string) {
	s, known := c.model.Shapes[name]
	if !known {
		c.wrong(path, "has the unknown shape %s", name)
		return
	}
	if unfit, ok := v.(misfit); ok {
		c.wrong(path, "has an element <%s>", string(unfit))
		return
	}
	c.fields[path] = s.Type
	var fits bool
	switch s.Type {
	case "structure":
		fits = c.structure(s, v, path)
	case "list":
		list, ok := v.([]any)
		fits = ok
		if len(list) > 0 || !slices.Contains(beyondModels()[path], "") {
			c.length(s, len(list), path)
		}
		for _, item := range list {
			c.value(s.Member.Shape, item, path+"[]")
		}
	case "map":
		fields, ok := v.(map[string]any)
		fits = ok
		for key, item := range fields {
			c.value(s.Key.Shape, key, path+"{key}")
			c.value(s.Value.Shape, item, path+"{}")
		}
	default:
		fits = c.scalar(s, v, path)
	}
	if !fits {
		c.wrong(path, "is %T %v, not a %s", v, v, s.Type)
	}
}

func (c *checked) structure(s shape, v any, path string) bool {
	fields, ok := v.(map[string]any)
	for _, name := range s.Required {
		if _, there := fields[name]; !there && ok {
			c.wrong(path, "lacks the required %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := name
		if path != "" {
			at = path + "." + name
		}
		if member, known := s.Members[name]; known {
			c.value(member.Shape, fields[name], at)
		} else {
			c.wrong(at, "is unknown")
		}
	}
	return ok
}

// scalar says whether a value is of the shape's type, and notes what is wrong with it then.
func (c *checked) scalar(s shape, v any, path string) bool {
	switch s.Type {
	case "string":
		word, ok := v.(string)
		if t, fromXML := v.(text); fromXML {
			word, ok = string(t), true
		}
		if ok {
			c.word(s, word, path)
		}
		return ok
	case "boolean":
		_, ok := v.(bool)
		return ok || v == text("true") || v == text("false")
	case "blob":
		_, ok := v.([]byte)
		return ok || base64Text(v)
	case "timestamp":
		return isTime(s, v)
	case "integer", "long":
		n, ok := number(v)
		c.size(s, n, path)
		return ok && n == math.Trunc(n)
	case "float", "double":
		n, ok := number(v)
		c.size(s, n, path)
		return ok
	}
	return false
}

func (c *checked) word(s shape, word, path string) {
	if len(s.Enum) > 0 && !slices.Contains(append(s.Enum, beyondModels()[path]...), word) {
		c.wrong(path, "is %q, not one of %q", word, s.Enum)
	}
	c.length(s, utf8.RuneCountInString(word), path)
	if pattern, err := regexp.Compile(`^(?:` + s.Pattern + `)$`); err == nil && s.Pattern != "" &&
		!pattern.MatchString(word) {
		c.wrong(path, "is %q, which %s does not match", word, s.Pattern)
	}
}

func (c *checked) length(s shape, n int, path string) { c.size(s, float64(n), path) }

func (c *checked) size(s shape, n float64, path string) {
	if s.Min != nil && n < *s.Min || s.Max != nil && n > *s.Max {
		c.wrong(path, "has the size %v, which is out of bounds", n)
	}
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case text:
		f, err := strconv.ParseFloat(string(n), 64)
		return f, err == nil
	case uint64:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// isTime knows the times of the protocols: seconds in JSON, ISO 8601 in XML, a tag in CBOR.
func isTime(s shape, v any) bool {
	switch at := v.(type) {
	case json.Number:
		_, err := at.Float64()
		return err == nil && (s.TimestampFormat == "" || s.TimestampFormat == "unixTimestamp")
	case text:
		_, err := time.Parse(time.RFC3339, string(at))
		return err == nil
	case time.Time:
		return true
	}
	return false
}

func base64Text(v any) bool {
	word, ok := v.(string)
	if t, fromXML := v.(text); fromXML {
		word, ok = string(t), true
	}
	_, err := base64.StdEncoding.DecodeString(word)
	return ok && err == nil
}

// beyondModels are values that AWS answers with and that its model does not know, by path; "" is an empty list.
func beyondModels() map[string][]string {
	return map[string][]string{
		// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
		"InternetGateways[].Attachments[].State": {"available"},
		"InternetGateway.Attachments[].State":    {"available"},
		// A repository may be empty. The shape is that of a request's, too, which wants one at least.
		"imageIds": {""},
	}
}
