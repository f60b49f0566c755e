package declared

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
)

// A form is a value of a file that may have names in it: the input of a read, or what an answer is compared with.
type form struct {
	text   *template // of a text
	plain  any       // of anything else that is no list and no object
	items  []*form
	fields map[string]*form
}

// fill makes the value. A parameter that stands alone keeps its type; numbers are float64, as in JSON.
func (f *form) fill(e *environment) (any, error) {
	switch {
	case f.text != nil:
		v, err := e.fill(*f.text)
		switch v := v.(type) {
		case int:
			return float64(v), err
		case []string:
			list := make([]any, len(v))
			for i := range v {
				list[i] = v[i]
			}
			return list, err
		}
		return v, err
	case f.items != nil:
		list := make([]any, len(f.items))
		for i, item := range f.items {
			v, err := item.fill(e)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case f.fields != nil:
		object := make(map[string]any, len(f.fields))
		for name, field := range f.fields {
			v, err := field.fill(e)
			if err != nil {
				return nil, err
			}
			object[name] = v
		}
		return object, nil
	}
	return f.plain, nil
}

// each calls a function for every part of the texts in the form.
func (f *form) each(do func(segment)) {
	if f == nil {
		return
	}
	if f.text != nil {
		for _, s := range f.text.segments {
			do(s)
		}
	}
	for _, item := range f.items {
		item.each(do)
	}
	for _, field := range f.fields {
		field.each(do)
	}
}

// classes are the classes of parameters.
var classes = map[string]api.Class{
	"string": api.Words, "integer": api.Number, "boolean": api.YesNo, "list": api.Many,
}

// classOf is the class of what a segment stands for.
func (l *loader) classOf(s segment) api.Class {
	switch s.kind {
	case isParam:
		return classes[l.param(s.name).Type]
	case isRead, isElement:
		return api.Unclear
	default:
		return api.Words
	}
}

// input reads the input of an operation. What is wrong with it by AWS's models is told at its place.
func (l *loader) input(n strict.Node, o *api.Operation, at strict.Pos, in scope) *form {
	if n.Node == nil {
		n.Node = &yaml.Node{Kind: yaml.MappingNode, Line: at.Line, Column: at.Column}
	}
	if n.Kind != yaml.MappingNode {
		l.Wrong(n.Node, "with is a mapping of the operation's members, not %s", strict.KindOf(n.Node))
		return nil
	}
	places := map[string]*yaml.Node{"": n.Node}
	f, sample := l.inputForm(n.Node, o.Input, in, "", places)
	object, _ := sample.(map[string]any)
	_, problems := o.CheckInput(object)
	for _, p := range problems {
		at := n.Node
		for path := p.Path; path != ""; path = shorten(path) {
			if found, ok := places[path]; ok {
				at = found
				break
			}
		}
		if at.Kind == yaml.ScalarNode && at.Tag != "!!str" && strings.Contains(p.Text, "text is expected") {
			p.Text += `; write "` + at.Value + `", with the quotes`
		}
		l.Wrong(at, "%s: %s", o, p)
	}
	return f
}

// shorten is the path of what holds the value at a path.
func shorten(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// inputForm reads a part of an input, and makes a sample of it in which every name has a value of the right kind.
func (l *loader) inputForm(
	n *yaml.Node, shape *api.Shape, in scope, path string, places map[string]*yaml.Node,
) (*form, any) {
	places[path] = n
	switch n.Kind {
	case yaml.MappingNode:
		f, sample := &form{fields: map[string]*form{}}, map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			field, v := l.inputForm(n.Content[i+1], below(shape, key), in, strings.TrimPrefix(path+"."+key, "."), places)
			f.fields[key], sample[key] = field, v
		}
		return f, sample
	case yaml.SequenceNode:
		f, sample := &form{items: []*form{}}, []any{}
		for i, item := range n.Content {
			field, v := l.inputForm(item, below(shape, ""), in, path+"["+strconv.Itoa(i)+"]", places)
			f.items, sample = append(f.items, field), append(sample, v)
		}
		return f, sample
	default:
	}
	if n.Tag == "!!str" || n.Tag == "!!timestamp" {
		t := l.template(strict.Text{At: strict.Pos{Line: n.Line, Column: n.Column}, Text: n.Value}, in)
		l.likeMember(n, t)
		return &form{text: &t}, l.sample(n, t, shape)
	}
	v := l.scalar(n)
	return &form{plain: v}, v
}

// likeMember notes a parameter that is written like the member of a read of the same name, which is not there yet.
func (l *loader) likeMember(n *yaml.Node, t template) {
	for i, s := range t.segments[:max(len(t.segments)-1, 0)] {
		_, isRead := l.file.Reads[s.name]
		if s.kind == isParam && isRead && aPath.MatchString(t.segments[i+1].name) && t.segments[i+1].kind == isLiteral {
			l.note(strict.Pos{Line: n.Line, Column: n.Column}, "$%s is the parameter here, for this read does not come after "+
				"the read %q: say after: %s, or write ${%s}", s.name, s.name, s.name, s.name)
		}
	}
}

// below is the shape of a member, an element or a value of a map; nil where there is none.
func below(shape *api.Shape, name string) *api.Shape {
	switch {
	case shape == nil:
	case shape.Kind == api.Structure:
		if m := shape.Member(name); m != nil {
			return m.Shape
		}
	case shape.Element != nil:
		return shape.Element.Shape
	}
	return nil
}

// sample is a value of the right kind for a text of an input; where the text has names it may have any value.
func (l *loader) sample(n *yaml.Node, t template, shape *api.Shape) any {
	if t.isPlain() || shape == nil {
		return plainText(t)
	}
	class := api.Words
	if t.isWhole() {
		class = l.classOf(t.segments[0])
	}
	wanted := api.Words
	var v any
	switch shape.Kind {
	case api.Enum:
		v = shape.Values()[0]
	case api.Timestamp:
		v = "2026-01-01T00:00:00Z"
	case api.Blob:
		v = "YQ=="
	case api.Boolean:
		v, wanted = true, api.YesNo
	case api.Integer, api.Long, api.Float, api.Double:
		v, wanted = 1.0, api.Number
	case api.List:
		wanted = api.Many
		v = []any{}
	case api.Structure, api.Map:
		wanted = api.Object
	default:
		v = "x"
	}
	if class != wanted && class != api.Unclear {
		l.Wrong(n, "%s is expected here, and %s is %s", wanted, n.Value, class)
	}
	return v
}

// plainText is the text of a template without names.
func plainText(t template) string {
	var b strings.Builder
	for _, s := range t.segments {
		b.WriteString(s.name)
	}
	return b.String()
}

// scalar is the value of a scalar that is no text, as JSON has it.
func (l *loader) scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		var v bool
		if n.Decode(&v) == nil {
			return v
		}
	case "!!int", "!!float":
		var v float64
		if n.Decode(&v) != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			break
		}
		if math.Abs(v) > 1<<53 {
			l.Wrong(n, "the number is beyond 2^53, where not every whole number can be told from the next")
		}
		return v
	}
	l.Wrong(n, "%s cannot be read as a value", facts.NameOf(n.Value))
	return nil
}

// literal reads what an answer is compared with, as the type that the expression has.
func (l *loader) literal(n *yaml.Node, t api.Type, in scope) *form {
	class := t.Class()
	switch n.Kind {
	case yaml.SequenceNode:
		if class != api.Many && class != api.Unclear {
			l.Wrong(n, "%s is expected here, not a list", class)
		}
		f := &form{items: []*form{}}
		element := api.Type{}
		if t.Element != nil {
			element = *t.Element
		}
		for _, item := range n.Content {
			f.items = append(f.items, l.literal(item, element, in))
		}
		return f
	case yaml.MappingNode:
		if class != api.Object && class != api.Unclear {
			l.Wrong(n, "%s is expected here, not a mapping", class)
		}
		f := &form{fields: map[string]*form{}}
		for i := 0; i+1 < len(n.Content); i += 2 {
			f.fields[n.Content[i].Value] = l.literal(n.Content[i+1], api.Type{}, in)
		}
		return f
	default:
	}
	if n.Tag == "!!str" || n.Tag == "!!timestamp" {
		tpl := l.template(strict.Text{At: strict.Pos{Line: n.Line, Column: n.Column}, Text: n.Value}, in)
		is := api.Words
		if tpl.isWhole() {
			is = l.classOf(tpl.segments[0])
		}
		switch {
		case class == api.Unclear || is == api.Unclear || class == is:
		case class == api.Words:
			l.Wrong(n, "text is expected here, and %s is %s", n.Value, is)
		default:
			l.Wrong(n, "%s is expected here, and this is %s: write it without quotes", class, is)
		}
		if tpl.isPlain() {
			l.doubt(n, t, plainText(tpl))
		}
		return &form{text: &tpl}
	}
	v := l.scalar(n)
	var is api.Class
	switch v.(type) {
	case bool:
		is = api.YesNo
	case float64:
		is = api.Number
	case nil:
		l.Wrong(n, "null is compared by is: null and not: null alone")
		return &form{}
	}
	switch class {
	case api.Unclear, is:
	case api.Words:
		l.Wrong(n, "text is expected here, and YAML takes %s for %s; write %q, with the quotes", n.Value, is, n.Value)
	default:
		l.Wrong(n, "%s is expected here, not %s", class, is)
	}
	return &form{plain: v}
}

// doubt notes a literal that is none of an enumeration's values.
func (l *loader) doubt(n *yaml.Node, t api.Type, text string) {
	if u, ok := t.Unknown(text); ok {
		l.doubtful(strict.Pos{Line: n.Line, Column: n.Column}, u)
	}
}

func (l *loader) doubtful(at strict.Pos, u api.UnknownValue) {
	for _, known := range l.file.New {
		if known.Text == u.Value {
			return
		}
	}
	l.doubts = append(l.doubts, strict.Problem{File: l.File, At: at, Text: u.String() +
		`; if AWS has added it since, name it under "new"`})
}

// jsonOf is a value as JSON; nil cannot be written.
func jsonOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(data)
}
