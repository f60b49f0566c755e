package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strconv"
	"time"
)

// An element is the root of an XML answer.
type element struct {
	name      string
	namespace string
	content   Object
}

// document writes the element as a whole document. item is the element that wraps one member of a list.
func (e element) document(item string) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString("<" + e.name)
	if e.namespace != "" {
		b.WriteString(` xmlns="` + e.namespace + `"`)
	}
	b.WriteString(">")
	writeXML(&b, e.content, item)
	b.WriteString("</" + e.name + ">")
	return b.Bytes()
}

// writeXML writes the content of an element: its children or its text.
func writeXML(b *bytes.Buffer, node any, item string) {
	switch x := node.(type) {
	case Object:
		for _, m := range x {
			items, isList := m.value.(list)
			switch {
			case isList && m.flat:
				writeItems(b, m.name, items, item)
			case isList && m.item != "":
				b.WriteString("<" + m.name + ">")
				writeItems(b, m.item, items, item)
				b.WriteString("</" + m.name + ">")
			default:
				writeElement(b, m.name, m.value, item)
			}
		}
	case dict:
		for _, m := range x {
			writeElement(b, "entry", Object{{name: "key", value: m.name}, {name: "value", value: m.value}}, item)
		}
	case list:
		writeItems(b, item, x, item)
	default:
		// Writing to a bytes.Buffer never fails.
		_ = xml.EscapeText(b, []byte(xmlText(node)))
	}
}

// writeItems writes each element of a list under a name.
func writeItems(b *bytes.Buffer, name string, items list, item string) {
	for _, value := range items {
		writeElement(b, name, value, item)
	}
}

func writeElement(b *bytes.Buffer, name string, node any, item string) {
	b.WriteString("<" + name + ">")
	writeXML(b, node, item)
	b.WriteString("</" + name + ">")
}

// xmlText is a scalar as text.
func xmlText(node any) string {
	switch x := node.(type) {
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case time.Time:
		return x.UTC().Format("2006-01-02T15:04:05.000Z")
	case []byte:
		return base64.StdEncoding.EncodeToString(x)
	default:
		panic(fmt.Sprintf("sandbox: no XML form for %T", node))
	}
}
