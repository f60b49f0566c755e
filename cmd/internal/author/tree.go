package author

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// node is a part of an answer, in any of AWS's protocols: a field, an item of a list, or a whole answer.
type node struct {
	name  string // of a field or an XML element; "" of an item
	kind  kind
	kids  []*node
	value any // of a scalar
	attrs []xml.Attr
}

type kind int

const (
	scalar kind = iota
	object
	list
	document // a text that is JSON
)

// path is where a node is, without the positions of items. An entry of a map in XML has its key with it.
func (n *node) path(in string) string {
	name := n.name
	if key, ok := n.key(); ok {
		name += "(" + key + ")"
	}
	switch {
	case name == "":
		return in + "[]"
	case in == "":
		return name
	}
	return in + "." + name
}

// key is that of an entry of a map in XML.
func (n *node) key() (string, bool) {
	if n.name != "entry" || len(n.kids) == 0 || n.kids[0].name != "key" {
		return "", false
	}
	return n.kids[0].value.(string), true
}

// isLike says whether an item of a list is only one more of its kind.
func (n *node) isLike(other *node) bool {
	_, hasKey := n.key()
	return n.name == other.name && !hasKey
}

// ofValue makes a node of what a JSON or CBOR decoder gave.
func ofValue(name string, value any) *node {
	n := &node{name: name, value: value}
	switch value := value.(type) {
	case map[string]any:
		n.kind = object
		for _, field := range slices.Sorted(maps.Keys(value)) {
			n.kids = append(n.kids, ofValue(field, value[field]))
		}
	case []any:
		n.kind = list
		for _, item := range value {
			n.kids = append(n.kids, ofValue("", item))
		}
	case string:
		if inner, err := jsonTree([]byte(value)); err == nil && inner.kind == object {
			n.kind, n.kids = document, inner.kids
		}
	}
	return n
}

// toValue is what a JSON or CBOR encoder takes.
func (n *node) toValue() any {
	switch n.kind {
	case object, document:
		fields := map[string]any{}
		for _, kid := range n.kids {
			fields[kid.name] = kid.toValue()
		}
		if n.kind == object {
			return fields
		}
		text, err := json.Marshal(fields)
		if err != nil { // it came from JSON
			panic(err)
		}
		return string(text)
	case list:
		items := make([]any, len(n.kids))
		for i, kid := range n.kids {
			items[i] = kid.toValue()
		}
		return items
	default:
	}
	return n.value
}

func jsonTree(body []byte) (*node, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	return ofValue("", value), nil
}

func cborTree(body []byte) (*node, error) {
	mode, err := cbor.DecOptions{DefaultMapType: reflect.TypeFor[map[string]any]()}.DecMode()
	if err != nil {
		return nil, err
	}
	var value any
	if err := mode.Unmarshal(body, &value); err != nil {
		return nil, err
	}
	return ofValue("", value), nil
}

func xmlTree(body []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	open := []*node{{}}
	for {
		token, err := d.Token()
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, attrs: token.Attr, value: ""}
			top.kids, top.kind = append(top.kids, n), object
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				top.value = text
			}
		}
		if errors.Is(err, io.EOF) {
			return open[0].kids[0], nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (n *node) writeXML(b *bytes.Buffer) {
	b.WriteString("<" + n.name)
	for _, a := range n.attrs {
		fmt.Fprintf(b, " %s=%q", a.Name.Local, a.Value)
	}
	b.WriteString(">")
	for _, kid := range n.kids {
		kid.writeXML(b)
	}
	if n.kind == scalar && n.value != nil {
		_ = xml.EscapeText(b, []byte(n.value.(string))) // a buffer takes everything
	}
	b.WriteString("</" + n.name + ">")
}

// format is the protocol of an answer, by its media type.
type format string

// tree takes an answer apart.
func (f format) tree(body []byte) (*node, error) {
	decode := jsonTree
	switch {
	case strings.Contains(string(f), "xml"):
		decode = xmlTree
	case strings.Contains(string(f), "cbor"):
		decode = cborTree
	}
	n, err := decode(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", f, err, body)
	}
	return n, nil
}

// bytes puts an answer together again.
func (f format) bytes(n *node) ([]byte, error) {
	switch {
	case strings.Contains(string(f), "xml"):
		var b bytes.Buffer
		n.writeXML(&b)
		return b.Bytes(), nil
	case strings.Contains(string(f), "cbor"):
		mode, err := cbor.EncOptions{
			Sort: cbor.SortCoreDeterministic, Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired,
		}.EncMode()
		if err != nil {
			return nil, err
		}
		return mode.Marshal(n.toValue())
	default:
		return json.Marshal(n.toValue())
	}
}
