package wire

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"
)

// everyType is an input or output with a field of each type that wire tags know.
type everyType struct {
	Text     string            `wire:"text"`
	Optional *string           `wire:"optional"`
	Yes      bool              `wire:"yes"`
	Small    int32             `wire:"small"`
	Big      *int64            `wire:"big"`
	Real     float64           `wire:"real"`
	Time     time.Time         `wire:"time"`
	Moment   Time              `wire:"moment"`
	Blob     []byte            `wire:"blob"`
	List     []string          `wire:"list"`
	Flat     []int32           `wire:"flat,flat"`
	Items    []inner           `wire:"items"`
	Map      map[string]string `wire:"map"`
	Inner    *inner            `wire:"inner"`
	Zero     string            `wire:"zero,omitempty"`
	Hidden   string
	embedded
}

type inner struct {
	Name string `wire:"name,required"`
}

type embedded struct {
	Inside int32 `wire:"inside,required"`
}

// example has every field set; the codecs must bring it through whole.
func example() everyType {
	optional, big := "x < y & \"z\"", int64(1)<<40
	moment := time.Date(2026, 11, 23, 5, 12, 0, 250e6, time.UTC)
	return everyType{
		Text: "", Optional: &optional, Yes: true, Small: -7, Big: &big, Real: 0.5, Time: moment, Moment: At(moment),
		Blob: []byte{0, 255},
		List: []string{"b", "a"}, Flat: []int32{2, 1}, Items: []inner{{"first"}, {"second"}},
		Map:   map[string]string{"k": "v", "a b": ""},
		Inner: &inner{Name: "in"}, embedded: embedded{Inside: 3},
	}
}

var testService = Service{
	API:   API{ID: "test", Target: "Test", Namespace: "urn:test", Protocols: []Protocol{JSON11, CBOR, Query, EC2Query}},
	Codes: ErrorCodes{Invalid: "Invalid"},
}

func TestEveryTypeThroughTheTypedProtocols(t *testing.T) {
	for name, p := range map[string]Protocol{"JSON": JSON11, "CBOR": CBOR} {
		t.Run(name, func(t *testing.T) {
			want := example()
			answer := p.Encode(&testService, "Op", new(Codec).Outline(&want), "id")
			var got everyType
			require.NoError(t, p.Decode(new(Codec), &Message{Body: answer.Body}, &got))
			require.Equal(t, want, got)
		})
	}
}

func TestJSONOnTheWire(t *testing.T) {
	e := example()
	answer := JSON11.Encode(&testService, "Op", new(Codec).Outline(&e), "id")
	require.JSONEq(t, `{"text":"","optional":"x < y & \"z\"","yes":true,"small":-7,"big":1099511627776,"real":0.5,
		"time":1795410720.25,"moment":1795410720.25,"blob":"AP8=","list":["b","a"],"flat":[2,1],
		"items":[{"name":"first"},{"name":"second"}],
		"map":{"a b":"","k":"v"},"inner":{"name":"in"},"inside":3}`, string(answer.Body))
}

func TestAbsentFieldsAreLeftOut(t *testing.T) {
	answer := JSON11.Encode(&testService, "Op", new(Codec).Outline(&everyType{List: []string{}}), "id")
	require.JSONEq(t, `{"text":"","yes":false,"small":0,"real":0,"list":[],"inside":0}`, string(answer.Body))
}

func TestXMLOnTheWire(t *testing.T) {
	e := example()
	tree := new(Codec).Outline(&e)
	const rest = `<text></text><optional>x &lt; y &amp; &#34;z&#34;</optional><yes>true</yes><small>-7</small>` +
		`<big>1099511627776</big><real>0.5</real>` +
		`<time>2026-11-23T05:12:00.250Z</time><moment>2026-11-23T05:12:00.250Z</moment><blob>AP8=</blob>`
	const tail = `<map><entry><key>a b</key><value></value></entry><entry><key>k</key><value>v</value></entry></map>` +
		`<inner><name>in</name></inner><inside>3</inside>`
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<OpResponse xmlns="urn:test"><OpResult>`+rest+
		`<list><member>b</member><member>a</member></list><flat>2</flat><flat>1</flat>`+
		`<items><member><name>first</name></member><member><name>second</name></member></items>`+tail+
		`</OpResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></OpResponse>`,
		string(Query.Encode(&testService, "Op", tree, "id").Body))
	require.Equal(t,
		`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<OpResponse xmlns="urn:test"><requestId>id</requestId>`+rest+
			`<list><item>b</item><item>a</item></list><flat>2</flat><flat>1</flat>`+
			`<items><item><name>first</name></item><item><name>second</name></item></items>`+tail+`</OpResponse>`,
		string(EC2Query.Encode(&testService, "Op", tree, "id").Body))
	require.Equal(t,
		`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<OpResponse xmlns="urn:test"><ResponseMetadata>`+
			`<RequestId>id</RequestId></ResponseMetadata></OpResponse>`,
		string(Query.Encode(&testService, "Op", Object{}, "id").Body), "no result, no result element")
}

func TestFormsOfBothDialects(t *testing.T) {
	tests := map[string]struct {
		protocol *query
		form     string
	}{
		"Query": {
			Query,
			"Action=Op&text=&optional=x+%3C+y+%26+%22z%22&yes=true&small=-7&big=1099511627776&real=0.5" +
				"&time=2026-11-23T05:12:00.25Z&moment=2026-11-23T05:12:00.25Z&blob=AP8%3D&list.member.1=b&list.member.2=a" +
				"&flat.1=2&flat.10=1&items.member.1.name=first&items.member.2.name=second&map.entry.1.key=k&map.entry.1.value=v" +
				"&map.entry.2.key=a+b&map.entry.2.value=&inner.name=in&inside=3",
		},
		"EC2": {
			EC2Query,
			"Action=Op&Text=&Optional=x+%3C+y+%26+%22z%22&Yes=true&Small=-7&Big=1099511627776&Real=0.5" +
				"&Time=2026-11-23T05:12:00.25Z&Moment=2026-11-23T05:12:00.25Z&Blob=AP8%3D&List.1=b&List.2=a&Flat.1=2&Flat.10=1" +
				"&Items.1.Name=first&Items.2.Name=second&Map.entry.1.key=k&Map.entry.1.value=v&Map.entry.2.key=a+b" +
				"&Map.entry.2.value=&Inner.Name=in&Inside=3",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got everyType
			require.NoError(t, test.protocol.Decode(new(Codec), &Message{Body: []byte(test.form)}, &got))
			require.Equal(t, example(), got)
		})
	}

	var empty everyType
	require.NoError(t, Query.Decode(new(Codec), &Message{URL: &url.URL{RawQuery: "inside=1&list="}}, &empty))
	require.Equal(t, everyType{List: []string{}, embedded: embedded{Inside: 1}}, empty)
}

func TestRequestsThatCannotBeRead(t *testing.T) {
	tests := map[string]struct {
		protocol Protocol
		body     string
		want     string
	}{
		"JSON syntax":    {JSON11, `{`, "the body is not JSON: unexpected EOF"},
		"JSON no object": {JSON11, `[]`, ": a structure is expected"},
		"JSON required": {
			JSON11, `{}`,
			"1 validation error detected: Value null at 'inside' failed to satisfy constraint: Member must not be null",
		},
		"JSON nested required": {
			JSON11, `{"items":[{}]}`,
			"1 validation error detected: Value null at 'items.1.name' failed to satisfy constraint: Member must not be null",
		},
		"JSON null in a list": {
			JSON11, `{"list":[null]}`,
			"1 validation error detected: Value null at 'list.1' failed to satisfy constraint: Member must not be null",
		},
		"JSON null in a map": {
			JSON11, `{"map":{"a":null}}`,
			"1 validation error detected: Value null at 'map.a' failed to satisfy constraint: Member must not be null",
		},
		"JSON text for a list":    {JSON11, `{"list":"a"}`, "list: a list is expected"},
		"JSON text for a map":     {JSON11, `{"map":"a"}`, "map: a map is expected"},
		"JSON text for a number":  {JSON11, `{"small":"1"}`, "small: a int32 is expected"},
		"JSON text for a truth":   {JSON11, `{"yes":"true"}`, "yes: a bool is expected"},
		"JSON number for text":    {JSON11, `{"text":1}`, "text: a string is expected"},
		"JSON too large a number": {JSON11, `{"small":4294967296}`, "small: a int32 is expected"},
		"JSON a fraction":         {JSON11, `{"small":0.5}`, "small: a int32 is expected"},
		"JSON beyond floats":      {JSON11, `{"real":1e999}`, "real: a float64 is expected"},
		"JSON text for a time":    {JSON11, `{"time":"2026-11-23T05:12:00Z"}`, "time: a timestamp is expected"},
		"JSON a distant time":     {JSON11, `{"time":1e300}`, "time: a timestamp is expected"},
		"JSON a bad blob":         {JSON11, `{"blob":"?"}`, "blob: a base64 blob is expected"},
		"JSON a number for bytes": {JSON11, `{"blob":1}`, "blob: a base64 blob is expected"},
		"CBOR syntax":             {CBOR, "\xff", "the body is not CBOR: cbor: unexpected \"break\" code"},
		"Query escape":            {Query, "a=%zz", `the body is not a form: invalid URL escape "%zz"`},
		"Query leaf and branch":   {Query, "a=1&a.b=2", `the parameter "a.b" contradicts another one`},
		"Query not a number":      {Query, "list.member.x=1", "list: a list is expected"},
		"Query zero padded":       {Query, "list.member.01=1", "list: a list is expected"},
		"Query text for entries":  {Query, "map.entry.1=x", "map: a map is expected"},
		"Query a keyless entry":   {Query, "map.entry.1.value=x", "map: a map is expected"},
		"Query not a truth":       {Query, "yes=maybe", "yes: a bool is expected"},
		"Query not finite":        {Query, "real=NaN", "real: a float64 is expected"},
		"EC2 required": {
			EC2Query, "Items.1.Nome=x",
			"1 validation error detected: Value null at 'Items.1.Name' failed to satisfy constraint: Member must not be null",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := test.protocol.Decode(new(Codec), &Message{Body: []byte(test.body), URL: &url.URL{}}, &everyType{})
			require.EqualError(t, err, test.want)
		})
	}
}

// CBOR's own times are tagged; a number stands for one, too.
func TestTimesInCBOR(t *testing.T) {
	moment := time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)
	for _, form := range []any{cbor.Tag{Number: 1, Content: moment.Unix()}, moment.Unix(), float64(moment.Unix())} {
		body, err := cbor.Marshal(map[string]any{"inside": 1, "time": form})
		require.NoError(t, err)
		var got everyType
		require.NoError(t, CBOR.Decode(new(Codec), &Message{Body: body}, &got))
		require.True(t, moment.Equal(got.Time))
	}
}

// A time that no state file could hold does not get in.
func TestTimesHaveFourDigitYears(t *testing.T) {
	for node, want := range map[any]bool{
		json.Number("0"):            true,
		json.Number("253402300799"): true,
		json.Number("253402300800"): false,
		json.Number("-1e11"):        false,
		json.Number("1e300"):        false,
		time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC): true,
		time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC):  false,
	} {
		_, ok := readTime(node, false)
		require.Equal(t, want, ok, node)
	}
}

func TestWildcard(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a\nb", true},
		{"?", "", false},
		{"?", "a", true},
		{"a", "a", true},
		{"a", "b", false},
		{"a*c", "abbc", true},
		{"a*c", "abcb", false},
		{"*a*b*", "xaxbx", true},
		{"*a*b*", "xbxax", false},
		{"a?c*", "abc", true},
		{"**", "x", true},
		{"ab", "abc", false},
		{"*.", "a.b.", true},
		{"a.c", "abc", false},
		{"*ab", "aab", true},
		{"a*b?d", "abbbcd", true},
	} {
		require.Equal(t, test.want, Wildcard(test.pattern, test.text), "%q %q", test.pattern, test.text)
	}
}

// Lists whose elements have a name of their own in the XML protocols.
func TestNamedItems(t *testing.T) {
	type list struct {
		Parts []inner `wire:"parts,item=Part"`
		Next  []inner `wire:"next"`
	}
	want := list{Parts: []inner{{"a"}, {"b"}}, Next: []inner{{"c"}}}
	answer := string(Query.Encode(&testService, "Op", new(Codec).Outline(&want), "id").Body)
	require.Contains(t, answer, `<OpResult><parts><Part><name>a</name></Part><Part><name>b</name></Part></parts>`+
		`<next><member><name>c</name></member></next></OpResult>`)
	var got list
	form := "parts.Part.1.name=a&parts.Part.2.name=b&next.member.1.name=c"
	require.NoError(t, Query.Decode(new(Codec), &Message{Body: []byte(form)}, &got))
	require.Equal(t, want, got)
}
