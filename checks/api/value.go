package api

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
)

// An input writes itself into a request. Its value was made by Operation.Input.
type input struct {
	shape  *Shape
	schema *smithy.Schema
	value  map[string]any
}

// Serialize implements smithy.Serializable.
func (in *input) Serialize(s smithy.ShapeSerializer) { write(s, in.schema, in.shape, in.value) }

func write(s smithy.ShapeSerializer, schema *smithy.Schema, shape *Shape, value any) {
	switch v := value.(type) {
	case string:
		s.WriteString(schema, v)
	case bool:
		s.WriteBool(schema, v)
	case int64:
		s.WriteInt64(schema, v)
	case float64:
		s.WriteFloat64(schema, v)
	case time.Time:
		s.WriteTime(schema, v)
	case []byte:
		s.WriteBlob(schema, v)
	case []any:
		s.WriteList(schema)
		for _, element := range v {
			write(s, schema.ListMember(), shape.Element.Shape, element)
		}
		s.CloseList()
	case map[string]any:
		if shape.Kind == Map {
			s.WriteMap(schema)
			for _, key := range slices.Sorted(maps.Keys(v)) {
				s.WriteKey(schema.MapKey(), key)
				write(s, schema.MapValue(), shape.Element.Shape, v[key])
			}
			s.CloseMap()
			return
		}
		s.WriteStruct(schema)
		for _, m := range shape.Members {
			if member, ok := v[m.Name]; ok {
				write(s, schema.Member(m.wire), m.Shape, member)
			}
		}
		s.CloseStruct()
	}
}

// maxValues is how many values are taken from one answer, and maxDepth how deep they may lie: an answer that holds more
// than the largest of AWS's pages is somebody else's.
const (
	maxValues = 1_000_000
	maxDepth  = 100
)

// An output reads itself from an answer: what the schema has of it.
type output struct {
	shape    *Shape
	keep     *Selection
	schema   *smithy.Schema
	protocol string
	value    map[string]any
	read     int // values
	size     int // about what they take, in bytes
}

// What is reckoned for a value, in bytes: a structure and a map take more than their members.
const (
	perValue     = 64
	perStructure = 256
)

// Deserialize implements smithy.Deserializable.
func (out *output) Deserialize(d smithy.ShapeDeserializer) error {
	if out.shape == nil {
		return nil
	}
	value, err := out.structure(d, out.schema, out.shape, out.keep, 0)
	out.value, _ = value.(map[string]any)
	return err
}

func (out *output) structure(
	d smithy.ShapeDeserializer, schema *smithy.Schema, shape *Shape, keep *Selection, depth int,
) (any, error) {
	value := map[string]any{}
	err := smithy.ReadStruct(d, schema, func(member *smithy.Schema) error {
		m := shape.byWire(member)
		if m == nil {
			return fmt.Errorf("%s has no member %s", shape.Name, member.MemberName())
		}
		v, err := out.any(d, member, m, keep.member(m.Name), depth+1)
		value[m.Name] = v
		return err
	})
	return value, err
}

// byWire finds the member of a schema that was made of the shape.
func (s *Shape) byWire(schema *smithy.Schema) *Member {
	for _, m := range s.Members {
		if m.wire == schema.MemberName() {
			return m
		}
	}
	return nil
}

// any reads a value. Its errors say what is wrong with the answer.
func (out *output) any(
	d smithy.ShapeDeserializer, schema *smithy.Schema, m *Member, keep *Selection, depth int,
) (any, error) {
	if out.read++; out.read > maxValues || depth > maxDepth {
		return nil, errors.New("it holds more than any answer of AWS")
	}
	out.size += perValue
	if null, err := d.ReadNil(schema); null || err != nil {
		return nil, err
	}
	switch m.Shape.Kind {
	case Structure:
		out.size += perStructure
		return out.structure(d, schema, m.Shape, keep, depth)
	case List:
		return out.list(d, schema, m.Shape, keep, depth)
	case Map:
		out.size += perStructure
		return out.mapping(d, schema, m.Shape, keep, depth)
	default:
		return out.scalar(d, schema, m)
	}
}

func (out *output) list(
	d smithy.ShapeDeserializer, schema *smithy.Schema, shape *Shape, keep *Selection, depth int,
) (any, error) {
	if err := d.ReadList(schema); err != nil {
		return nil, err
	}
	value := []any{}
	below := keep.elements()
	onlyCounted := !keep.all && keep.element == nil
	for { // smithy.ReadList takes a list that is cut off for one that ends
		more, err := d.ReadListItem(schema.ListMember())
		if err != nil || !more {
			return value, err
		}
		v, err := out.any(d, schema.ListMember(), shape.Element, below, depth+1)
		if err != nil {
			return nil, err
		}
		if onlyCounted {
			v = nil
		}
		value = append(value, v)
	}
}

func (out *output) mapping(
	d smithy.ShapeDeserializer, schema *smithy.Schema, shape *Shape, keep *Selection, depth int,
) (any, error) {
	if err := d.ReadMap(schema); err != nil {
		return nil, err
	}
	value := map[string]any{}
	below := keep.elements()
	for {
		key, more, err := d.ReadMapKey(schema.MapKey())
		if err != nil || !more {
			return value, err
		}
		v, err := out.any(d, schema.MapValue(), shape.Element, below, depth+1)
		if err != nil {
			return nil, err
		}
		switch {
		case !utf8.ValidString(key):
			return nil, errNotText
		case keep.all || keep.element != nil:
			value[key] = v
		case keep.members[key] != nil:
			value[key] = keep.members[key].prune(v)
		case keep.counted:
			value["#"+strconv.Itoa(len(value))] = nil // a key of which nothing is told
		}
	}
}

var errNotText = errors.New("it holds text that is not UTF-8")

// scalar reads text, a number or the like, and gives it the form that it has in the AWS CLI's JSON.
func (out *output) scalar(d smithy.ShapeDeserializer, schema *smithy.Schema, m *Member) (any, error) {
	isJSON := m.location == 0 && (out.protocol == protocolJSON || out.protocol == protocolRestJSON)
	switch m.Shape.Kind {
	case Boolean:
		var v bool
		err := d.ReadBool(schema, &v)
		return v, err
	case Blob:
		var v []byte
		err := d.ReadBlob(schema, &v)
		return base64.StdEncoding.EncodeToString(v), err
	case Document:
		if !isJSON {
			return nil, errors.New("it holds a document, which only JSON can")
		}
		var v document.Value
		if err := d.ReadDocument(schema, &v); err != nil {
			return nil, err
		}
		opaque, _ := v.(document.Opaque)
		return plain(opaque.Value)
	case Integer, Long:
		if m.location == 'c' {
			var v int32
			err := d.ReadInt32(schema, &v)
			return float64(v), err
		}
		var v int64
		if err := d.ReadInt64(schema, &v); err != nil {
			return nil, err
		}
		if v > exact || v < -exact {
			return nil, fmt.Errorf("it holds the number %d, which other programs would round", v)
		}
		return float64(v), nil
	case Float, Double:
		var v float64
		if err := d.ReadFloat64(schema, &v); err != nil {
			return nil, err
		}
		return number(v)
	case Timestamp:
		return readTime(d, schema, isJSON, out.protocol == protocolCBOR && m.location == 0)
	default:
	}
	var v string
	switch err := d.ReadString(schema, &v); {
	case err != nil:
		return nil, err
	case !utf8.ValidString(v):
		return nil, errNotText
	}
	out.size += len(v)
	if m.Shape.Kind == Policy {
		return policy(v), nil
	}
	return v, nil
}

// exact is the largest number up to which every whole one is kept as it is.
const exact = 1 << 53

// number refuses what JSON cannot say.
func number(v float64) (any, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("it holds the number %v", v)
	}
	return v, nil
}

// plain makes the values of a JSON document plain ones.
func plain(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		return v.Float64()
	case string:
		if !utf8.ValidString(v) {
			return nil, errNotText
		}
	case []any:
		for i := range v {
			if v[i], err = plain(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for key := range v {
			if v[key], err = plain(v[key]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// policy is a document that IAM writes in the form of a URL. What is none stays text, as in the AWS CLI.
func policy(text string) any {
	unquoted, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	var v any
	if json.Unmarshal([]byte(unquoted), &v) != nil {
		return text
	}
	return v
}

// readTime reads a time whatever its form: services, and emulators all the more, do not keep to the one of the model.
func readTime(d smithy.ShapeDeserializer, schema *smithy.Schema, isJSON, isCBOR bool) (any, error) {
	switch {
	case isCBOR:
		var v time.Time
		err := d.ReadTime(schema, &v)
		return timeText(v), err
	case isJSON:
		var v document.Value
		if err := d.ReadDocument(schema, &v); err != nil {
			return nil, err
		}
		opaque, _ := v.(document.Opaque)
		switch v := opaque.Value.(type) {
		case json.Number:
			return parseTime(v.String())
		case string:
			return parseTime(v)
		}
		return nil, fmt.Errorf("%v is not a time", opaque.Value)
	}
	var v string
	if err := d.ReadString(schema, &v); err != nil {
		return nil, err
	}
	return parseTime(v)
}

// roundTimes moves the times of an answer in CBOR, which are numbers of seconds with a fraction, to where smithy's
// reader, which cuts off after the millisecond, finds the millisecond that is meant.
func roundTimes(body []byte) {
	const time, seconds, second = 0xc1, 0xfb, 8 // the tag of a time, the head of a double, and its bytes
	for len(body) > 0 {
		major, minor := body[0]>>5, body[0]&31
		if len(body) >= 2+second && body[0] == time && body[1] == seconds {
			bits := body[2 : 2+second]
			at := math.Float64frombits(binary.BigEndian.Uint64(bits))
			if ms := math.Round(at * 1e3); math.Abs(ms) < exact {
				if at = ms / 1e3; at*1e3 < ms {
					at = math.Nextafter(at, math.Inf(1))
				}
				binary.BigEndian.PutUint64(bits, math.Float64bits(at))
			}
			body = body[2+second:]
			continue
		}
		size, argument := 0, uint64(minor)
		if minor >= 24 && minor <= 27 {
			if size = 1 << (minor - 24); len(body) <= size {
				return
			}
			argument = 0
			for _, b := range body[1 : 1+size] {
				argument = argument<<8 | uint64(b)
			}
		}
		body = body[1+size:]
		if (major == 2 || major == 3) && minor != 31 { // bytes and text; of indefinite length their pieces follow
			if argument > uint64(len(body)) {
				return
			}
			body = body[argument:]
		}
	}
}

// timeForms are the forms of times other than seconds.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02",
	time.RFC1123, time.RFC1123Z,
}

func parseTime(text string) (any, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		const latest = 253402300799 // 9999-12-31T23:59:59Z
		if !(math.Abs(seconds) <= latest) {
			return nil, fmt.Errorf("%q is not a time", text)
		}
		whole, part := math.Modf(seconds)
		return timeText(time.Unix(int64(whole), int64(math.RoundToEven(part*1e6))*1000)), nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, strings.TrimSpace(text)); err == nil {
			return timeText(t), nil
		}
	}
	return nil, fmt.Errorf("%q is not a time", text)
}

// timeText writes a time as the AWS CLI does, in UTC.
func timeText(t time.Time) string {
	t = t.UTC()
	if t.Nanosecond()/1000 == 0 {
		return t.Format("2006-01-02T15:04:05+00:00")
	}
	return t.Format("2006-01-02T15:04:05.000000+00:00")
}
