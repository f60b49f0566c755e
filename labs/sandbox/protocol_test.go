package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"reflect"
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
		Text: "", Optional: &optional, Yes: true, Small: -7, Big: &big, Real: 0.5, Time: moment, Moment: at(moment), Blob: []byte{0, 255},
		List: []string{"b", "a"}, Flat: []int32{2, 1}, Items: []inner{{"first"}, {"second"}}, Map: map[string]string{"k": "v", "a b": ""},
		Inner: &inner{Name: "in"}, embedded: embedded{Inside: 3},
	}
}

var testService = service{
	id: "test", target: "Test", namespace: "urn:test", codes: errorCodes{invalid: "Invalid"},
	protocols: []protocol{awsJSON11, rpcCBOR, awsQuery, ec2Query},
}

func TestEveryTypeThroughTheTypedProtocols(t *testing.T) {
	for name, p := range map[string]protocol{"JSON": awsJSON11, "CBOR": rpcCBOR} {
		t.Run(name, func(t *testing.T) {
			want := example()
			answer := p.encode(&testService, "Op", new(outliner).outline(reflect.ValueOf(&want)).(object), "id")
			var got everyType
			require.NoError(t, p.decode(&message{body: answer.body}, &got))
			require.Equal(t, want, got)
		})
	}
}

func TestJSONOnTheWire(t *testing.T) {
	e := example()
	answer := awsJSON11.encode(&testService, "Op", new(outliner).outline(reflect.ValueOf(&e)).(object), "id")
	require.JSONEq(t, `{"text":"","optional":"x < y & \"z\"","yes":true,"small":-7,"big":1099511627776,"real":0.5,"time":1795410720.25,
		"moment":1795410720.25,"blob":"AP8=","list":["b","a"],"flat":[2,1],"items":[{"name":"first"},{"name":"second"}],
		"map":{"a b":"","k":"v"},"inner":{"name":"in"},"inside":3}`, string(answer.body))
}

func TestAbsentFieldsAreLeftOut(t *testing.T) {
	answer := awsJSON11.encode(&testService, "Op", new(outliner).outline(reflect.ValueOf(&everyType{List: []string{}})).(object), "id")
	require.JSONEq(t, `{"text":"","yes":false,"small":0,"real":0,"list":[],"inside":0}`, string(answer.body))
}

func TestXMLOnTheWire(t *testing.T) {
	e := example()
	tree := new(outliner).outline(reflect.ValueOf(&e)).(object)
	const rest = `<text></text><optional>x &lt; y &amp; &#34;z&#34;</optional><yes>true</yes><small>-7</small><big>1099511627776</big><real>0.5</real>` +
		`<time>2026-11-23T05:12:00.250Z</time><moment>2026-11-23T05:12:00.250Z</moment><blob>AP8=</blob>`
	const tail = `<map><entry><key>a b</key><value></value></entry><entry><key>k</key><value>v</value></entry></map><inner><name>in</name></inner><inside>3</inside>`
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<OpResponse xmlns="urn:test"><OpResult>`+rest+
		`<list><member>b</member><member>a</member></list><flat>2</flat><flat>1</flat>`+
		`<items><member><name>first</name></member><member><name>second</name></member></items>`+tail+
		`</OpResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></OpResponse>`,
		string(awsQuery.encode(&testService, "Op", tree, "id").body))
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<OpResponse xmlns="urn:test"><requestId>id</requestId>`+rest+
		`<list><item>b</item><item>a</item></list><flat>2</flat><flat>1</flat>`+
		`<items><item><name>first</name></item><item><name>second</name></item></items>`+tail+`</OpResponse>`,
		string(ec2Query.encode(&testService, "Op", tree, "id").body))
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<OpResponse xmlns="urn:test"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></OpResponse>`,
		string(awsQuery.encode(&testService, "Op", object{}, "id").body), "no result, no result element")
}

func TestFormsOfBothDialects(t *testing.T) {
	tests := map[string]struct {
		protocol *query
		form     string
	}{
		"Query": {awsQuery, "Action=Op&text=&optional=x+%3C+y+%26+%22z%22&yes=true&small=-7&big=1099511627776&real=0.5&time=2026-11-23T05:12:00.25Z&" +
			"moment=2026-11-23T05:12:00.25Z&blob=AP8%3D&list.member.1=b&list.member.2=a&flat.1=2&flat.10=1&items.member.1.name=first&" +
			"items.member.2.name=second&map.entry.1.key=k&map.entry.1.value=v&map.entry.2.key=a+b&map.entry.2.value=&inner.name=in&inside=3"},
		"EC2": {ec2Query, "Action=Op&Text=&Optional=x+%3C+y+%26+%22z%22&Yes=true&Small=-7&Big=1099511627776&Real=0.5&Time=2026-11-23T05:12:00.25Z&" +
			"Moment=2026-11-23T05:12:00.25Z&Blob=AP8%3D&List.1=b&List.2=a&Flat.1=2&Flat.10=1&Items.1.Name=first&Items.2.Name=second&" +
			"Map.entry.1.key=k&Map.entry.1.value=v&Map.entry.2.key=a+b&Map.entry.2.value=&Inner.Name=in&Inside=3"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got everyType
			require.NoError(t, test.protocol.decode(&message{body: []byte(test.form)}, &got))
			require.Equal(t, example(), got)
		})
	}

	var empty everyType
	require.NoError(t, awsQuery.decode(&message{url: &url.URL{RawQuery: "inside=1&list="}}, &empty))
	require.Equal(t, everyType{List: []string{}, embedded: embedded{Inside: 1}}, empty)
}

func TestRequestsThatCannotBeRead(t *testing.T) {
	tests := map[string]struct {
		protocol protocol
		body     string
		want     string
	}{
		"JSON syntax":             {awsJSON11, `{`, "the body is not JSON: unexpected EOF"},
		"JSON no object":          {awsJSON11, `[]`, ": a structure is expected"},
		"JSON required":           {awsJSON11, `{}`, "1 validation error detected: Value null at 'inside' failed to satisfy constraint: Member must not be null"},
		"JSON nested required":    {awsJSON11, `{"items":[{}]}`, "1 validation error detected: Value null at 'items.1.name' failed to satisfy constraint: Member must not be null"},
		"JSON null in a list":     {awsJSON11, `{"list":[null]}`, "1 validation error detected: Value null at 'list.1' failed to satisfy constraint: Member must not be null"},
		"JSON null in a map":      {awsJSON11, `{"map":{"a":null}}`, "1 validation error detected: Value null at 'map.a' failed to satisfy constraint: Member must not be null"},
		"JSON text for a list":    {awsJSON11, `{"list":"a"}`, "list: a list is expected"},
		"JSON text for a map":     {awsJSON11, `{"map":"a"}`, "map: a map is expected"},
		"JSON text for a number":  {awsJSON11, `{"small":"1"}`, "small: a int32 is expected"},
		"JSON text for a truth":   {awsJSON11, `{"yes":"true"}`, "yes: a bool is expected"},
		"JSON number for text":    {awsJSON11, `{"text":1}`, "text: a string is expected"},
		"JSON too large a number": {awsJSON11, `{"small":4294967296}`, "small: a int32 is expected"},
		"JSON a fraction":         {awsJSON11, `{"small":0.5}`, "small: a int32 is expected"},
		"JSON beyond floats":      {awsJSON11, `{"real":1e999}`, "real: a float64 is expected"},
		"JSON text for a time":    {awsJSON11, `{"time":"2026-11-23T05:12:00Z"}`, "time: a timestamp is expected"},
		"JSON a distant time":     {awsJSON11, `{"time":1e300}`, "time: a timestamp is expected"},
		"JSON a bad blob":         {awsJSON11, `{"blob":"?"}`, "blob: a base64 blob is expected"},
		"JSON a number for bytes": {awsJSON11, `{"blob":1}`, "blob: a base64 blob is expected"},
		"CBOR syntax":             {rpcCBOR, "\xff", "the body is not CBOR: cbor: unexpected \"break\" code"},
		"Query escape":            {awsQuery, "a=%zz", `the body is not a form: invalid URL escape "%zz"`},
		"Query leaf and branch":   {awsQuery, "a=1&a.b=2", `the parameter "a.b" contradicts another one`},
		"Query not a number":      {awsQuery, "list.member.x=1", "list: a list is expected"},
		"Query zero padded":       {awsQuery, "list.member.01=1", "list: a list is expected"},
		"Query text for entries":  {awsQuery, "map.entry.1=x", "map: a map is expected"},
		"Query a keyless entry":   {awsQuery, "map.entry.1.value=x", "map: a map is expected"},
		"Query not a truth":       {awsQuery, "yes=maybe", "yes: a bool is expected"},
		"Query not finite":        {awsQuery, "real=NaN", "real: a float64 is expected"},
		"EC2 required":            {ec2Query, "Items.1.Nome=x", "1 validation error detected: Value null at 'Items.1.Name' failed to satisfy constraint: Member must not be null"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := test.protocol.decode(&message{body: []byte(test.body), url: &url.URL{}}, &everyType{})
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
		require.NoError(t, rpcCBOR.decode(&message{body: body}, &got))
		require.True(t, moment.Equal(got.Time))
	}
}

// Whatever arrives, an account answers it.
func FuzzRequests(f *testing.F) {
	f.Add("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeImages", "/", "", `{"repositoryName":"a","imageIds":[{}],"filter":{}}`)
	f.Add("iam", "", "/", "", "Action=CreateUser&UserName=a&Tags.member.1.Key=k")
	f.Add("ec2", "", "/", "", "Action=DescribeVpcs&Filter.1.Name=is-default&Filter.1.Value.1=true&MaxResults=5&NextToken=x")
	f.Add("monitoring", "", "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm", "rpc-v2-cbor", "\xa1iAlarmName`")
	f.Add("sns", "", "/?Action=Subscribe", "", "")
	f.Add("budgets", "AWSBudgetServiceGateway.CreateBudget", "/", "", `{"AccountId":"123456789012","Budget":{"BudgetName":"a"},"x":[[[]]]}`)
	f.Fuzz(func(t *testing.T, service, target, path, smithy, body string) {
		where, err := url.Parse(path)
		if err != nil {
			t.Skip()
		}
		account, err := os.ReadFile("sandboxtest/half-done.json")
		require.NoError(t, err)
		state, err := Parse(account, time.Unix(1795410720, 0))
		require.NoError(t, err)
		header := http.Header{}
		header.Set("X-Amz-Target", target)
		header.Set("Smithy-Protocol", smithy)
		header.Set("X-Amz-Date", "20261123T051200Z")
		m := &message{method: http.MethodPost, host: "localhost", header: header, url: where, body: []byte(body)}
		signed := signature{date: "20261123", region: "us-east-1", service: service, headers: []string{"host", "x-amz-date"}}
		header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/"+service+
			"/aws4_request, SignedHeaders=host;x-amz-date, Signature="+signed.by(state.Caller.SecretAccessKey, m))
		answer, err := New(state, Options{}).serve(t.Context(), m)
		require.NoError(t, err)
		require.NotZero(t, answer.status)
	})
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
