package account

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// checkXML refuses an answer that has text where the API has a list, a map or a structure. The SDK's readers of XML take
// that for an empty one, and an empty list means "there is no such thing": a verdict from a broken answer. In JSON and
// CBOR the SDK refuses it by itself.
func checkXML(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	if body := callOf(ctx).xml; err == nil && body != nil && out.Result != nil {
		if err := newElements(out.Result).checkText(body); err != nil {
			return out, metadata, &smithy.DeserializationError{Err: err}
		}
	}
	return out, metadata, err
}

// elements are names of XML elements, in lower case, by what they may hold. A name may be in both.
type elements struct{ nested, text map[string]bool }

// newElements finds the elements in the type of an answer: the SDK names the fields like the elements.
func newElements(answer any) elements {
	e := elements{nested: map[string]bool{}, text: map[string]bool{}}
	e.add(reflect.TypeOf(answer), map[reflect.Type]bool{})
	return e
}

func (e elements) add(t reflect.Type, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		field := t.Field(i)
		if isNested(field.Type) {
			e.nested[strings.ToLower(field.Name)] = true
		} else {
			e.text[strings.ToLower(field.Name)] = true
		}
		e.add(field.Type, seen)
	}
}

// isNested says whether a value of the type is written as elements inside of its own.
func isNested(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8
	case reflect.Map:
		return true
	case reflect.Struct:
		return t != reflect.TypeFor[time.Time]()
	default:
		return false
	}
}

// holdsElements says whether an element can only hold other elements. EC2 names its lists unlike the SDK: "vpcSet".
func (e elements) holdsElements(name string) bool {
	name = strings.ToLower(name)
	return !e.text[name] && (e.nested[name] || strings.HasSuffix(name, "set"))
}

// checkText finds text where only elements may be, and a count without its value: the SDK's reader takes that for zero.
func (e elements) checkText(body []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	element, valued := "", true
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the XML: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			element = token.Name.Local
			valued = element != "entry" && (valued || element == "value")
		case xml.EndElement:
			element = ""
			if token.Name.Local == "entry" && !valued {
				return errors.New("an entry without its value")
			}
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 && e.holdsElements(element) {
				return fmt.Errorf("text in the element %s", element)
			}
		}
	}
}
