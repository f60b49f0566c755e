package api

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// checkXML refuses an answer that has text where the model has a structure, a list or a map, or a value of a map that
// is missing. smithy's reader of XML takes that for an empty one, and an empty list means "there is no such thing": a
// verdict from a broken answer. In JSON and CBOR it refuses it by itself.
func checkXML(out *output, body []byte) error {
	switch out.protocol {
	case protocolQuery, protocolEC2, protocolRestXML:
	default:
		return nil
	}
	if out.shape == nil || len(body) == 0 {
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	c := &xmlChecker{d}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch {
		case out.protocol == protocolQuery && !strings.HasSuffix(start.Name.Local, "Result"):
			continue // the envelope
		case out.protocol == protocolRestXML && out.payload() != nil:
			err = c.check(out.payload().Shape, out.keep.member(out.payload().Name), 0)
		default:
			err = c.check(out.shape, out.keep, 0)
		}
		for err == nil { // what is cut off behind the values is cut off all the same
			_, err = d.Token()
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
}

// payload is the member that is the whole body; nil if the members are in it.
func (out *output) payload() *Member {
	for _, m := range out.shape.Members {
		if m.location == 'p' {
			return m
		}
	}
	return nil
}

type xmlChecker struct{ d *xml.Decoder }

// check reads to the end of the element that holds a value of the shape.
func (c *xmlChecker) check(shape *Shape, keep *Selection, depth int) error {
	if depth > maxDepth {
		return errors.New("it lies deeper than any answer of AWS")
	}
	if keep == nil || shape.Kind != Structure && shape.Kind != List && shape.Kind != Map {
		return c.d.Skip()
	}
	for {
		token, err := c.d.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				return fmt.Errorf("there is text where %s belong", map[Kind]string{
					Structure: "members", List: "elements", Map: "entries",
				}[shape.Kind])
			}
		case xml.StartElement:
			switch shape.Kind {
			case Structure:
				err = c.member(shape, keep, token.Name.Local, depth)
			case List:
				err = c.check(shape.Element.Shape, keep.elements(), depth+1)
			case Map:
				err = c.entry(shape, keep, depth)
			default:
			}
			if err != nil {
				return err
			}
		}
	}
}

func (c *xmlChecker) member(shape *Shape, keep *Selection, name string, depth int) error {
	for _, m := range shape.Members {
		if m.location != 0 || !strings.EqualFold(m.wire, name) {
			continue
		}
		below := keep.member(m.Name)
		switch {
		case below != nil && m.flat && m.Shape.Kind == List:
			return c.check(m.Shape.Element.Shape, below.elements(), depth+1)
		case below != nil && m.flat && m.Shape.Kind == Map:
			return c.entry(m.Shape, below, depth+1)
		}
		return c.check(m.Shape, below, depth+1)
	}
	return c.d.Skip()
}

// entry reads to the end of an entry of a map.
func (c *xmlChecker) entry(shape *Shape, keep *Selection, depth int) error {
	value := shape.Element.wire
	if value == "" {
		value = "value"
	}
	valued := false
	for {
		token, err := c.d.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.EndElement:
			if !valued {
				return errors.New("there is an entry without its value")
			}
			return nil
		case xml.StartElement:
			if strings.EqualFold(token.Name.Local, value) {
				valued = true
				err = c.check(shape.Element.Shape, keep.elements(), depth+1)
			} else {
				err = c.d.Skip()
			}
			if err != nil {
				return err
			}
		}
	}
}
