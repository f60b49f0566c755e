package account

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

const (
	jsonType = "application/x-amz-json-1.1"
	xmlType  = "text/xml;charset=utf-8"
	cborType = "application/cbor"
)

// answering is a transport that always gives one answer, and counts.
type answering struct {
	status int
	header http.Header
	body   func() io.Reader
	asked  atomic.Int32
}

func answer(status int, contentType, body string) *answering {
	return &answering{
		status: status, header: http.Header{"Content-Type": {contentType}},
		body: func() io.Reader { return strings.NewReader(body) },
	}
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked.Add(1)
	return &http.Response{
		StatusCode: a.status, Header: a.header.Clone(), Body: io.NopCloser(a.body()), ContentLength: -1, Request: r,
	}, nil
}

// What cannot come from AWS is invalid_response, and is asked for only once.
func TestAnswersOutsideTheProtocolAreRefused(t *testing.T) {
	redirect := answer(http.StatusFound, "text/html", "")
	redirect.header.Set("Location", "https://login.wifi.example/hello?from=aws")
	untyped := answer(200, "", "{}")
	untyped.header = http.Header{}
	huge := answer(200, jsonType, "")
	huge.body = func() io.Reader { return zeros{} }
	for name, c := range map[string]struct {
		protocol string
		answer   *answering
		detail   string
	}{
		"a sign-in page":                {"json", answer(200, "text/html; charset=utf-8", "<html>"), "text/html"},
		"a proxy's error page":          {"query", answer(503, "text/html", "<html>"), "HTTP 503"},
		"an emulator without it":        {"cbor", answer(404, "text/html", "<html>"), "HTTP 404"},
		"plain text":                    {"ec2", answer(200, "text/plain", "hello"), "text/plain"},
		"no type":                       {"json", untyped, `""`},
		"a redirect":                    {"json", redirect, "login.wifi.example"},
		"nothing":                       {"json", answer(200, jsonType, ""), "empty"},
		"nothing in XML":                {"query", answer(200, xmlType, ""), "empty"},
		"a list in place of an object":  {"json", answer(200, jsonType, "[]"), "cannot be read"},
		"null in place of an object":    {"json", answer(200, jsonType, "null"), "cannot be read"},
		"text in place of an object":    {"json", answer(200, jsonType, `"hello"`), "cannot be read"},
		"half of an object":             {"json", answer(200, jsonType, `{"repositories": [`), "cannot be read"},
		"no JSON at all":                {"json", answer(400, jsonType, "<html>"), "cannot be read"},
		"the root of another operation": {"query", answer(200, xmlType, "<html><body/></html>"), "cannot be read"},
		"half of a document": {
			"ec2", answer(200, xmlType, "<DescribeVpcsResponse><vpcSet><item>"),
			"cannot be read",
		},
		"a list in place of a map": {"cbor", answer(200, cborType, "\x80"), "cannot be read"},
		"half of a map":            {"cbor", answer(200, cborType, "\xa1"), "cannot be read"},
		"JSON that is not UTF-8":   {"json", answer(200, jsonType, "{\"nextToken\":\"\xff\"}"), "not in UTF-8"},
		"Latin-1":                  {"json", answer(200, jsonType, "{\"nextToken\":\"M\xfcller\"}"), "not in UTF-8"},
		"half a surrogate pair":    {"json", answer(200, jsonType, "{\"nextToken\":\"\xed\xa0\x80\"}"), "not in UTF-8"},
		"an error not in UTF-8":    {"json", answer(400, jsonType, "{\"message\":\"\xff\"}"), "not in UTF-8"},
		"XML that is not UTF-8":    {"query", answer(200, xmlType, "<ListUsersResponse>\xff"), "not in UTF-8"},
		"EC2's not in UTF-8":       {"ec2", answer(200, xmlType, "<DescribeVpcsResponse>\xff"), "not in UTF-8"},
		"CBOR text not in UTF-8":   {"cbor", answer(200, cborType, "\xa1\x69NextToken\x61\xff"), "not in UTF-8"},
		"a key not in UTF-8":       {"cbor", answer(200, cborType, "\xbf\x61\xff\x60\xff"), "not in UTF-8"},
		"a piece not in UTF-8":     {"cbor", answer(200, cborType, "\xa1\x61a\x7f\x61b\x78\x01\xff\xff"), "not in UTF-8"},
		"an endless answer":        {"json", huge, "larger than 8 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // a busy machine takes seconds for 8 MiB, and they are not to count
				err := ask(t, c.answer, probes()[c.protocol])
				require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%v", err)
				require.Contains(t, facts.AsError(err).Detail, c.detail)
				require.EqualValues(t, 1, c.answer.asked.Load())
			})
		})
	}
}

// An emulator may call its JSON something else; an endpoint of AWS's own may not, and no page passes for JSON.
func TestOnlyAConfiguredEndpointMayMislabelItsJSON(t *testing.T) {
	p := probes()["json"]
	through := func(a *answering, endpoint string) error {
		o := testOptions(a, p)
		o.EndpointURL = endpoint
		_, err := p.Get(viewThrough(t, o, p), probeKey{Region: "us-east-1"})
		return err
	}
	const html, emulator = "text/html; charset=utf-8", "http://127.0.0.1:5000"
	require.NoError(t, through(answer(200, html, `{"repositories": []}`), emulator))
	for _, body := range []string{"<html>", `{"repositories": [`, `"hello"`} {
		err := through(answer(200, html, body), emulator)
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, body)
	}
	err := through(answer(200, html, `{"repositories": []}`), "")
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
}

func viewThrough(t *testing.T, o Options, reads ...facts.Source) *facts.View {
	t.Helper()
	door := openDoor(t, o, standardLimits())
	session := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	return session.View(facts.Site{Region: "us-east-1"}, reads, nil)
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// moto labels the JSON of some services text/html. Only an endpoint that is configured may.
func TestMislabelledJSONOfAnEmulator(t *testing.T) {
	p := probes()["json"]
	for endpoint, want := range map[string]facts.Reason{"http://localhost:5000": "", "": facts.InvalidResponse} {
		o := testOptions(answer(200, "text/html; charset=utf-8", `{"repositories": []}`), p)
		o.EndpointURL = endpoint
		err := askWithin(t, o, p, standardLimits())
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, want, facts.AsError(err).Reason)
	}
}

func TestAnAnswerThatBreaksOffIsAskedForAgain(t *testing.T) {
	a := answer(200, jsonType, "")
	a.body = func() io.Reader {
		if a.asked.Load() < maxAttempts {
			return io.MultiReader(strings.NewReader(`{"rep`), iotest.ErrReader(io.ErrUnexpectedEOF))
		}
		return strings.NewReader("{}")
	}
	require.NoError(t, ask(t, a, probes()["json"]))

	a = answer(200, jsonType, "")
	a.body = func() io.Reader { return iotest.ErrReader(errors.New("the cable is cut")) }
	err := ask(t, a, probes()["json"])
	require.Equal(t, facts.Unreachable, facts.AsError(err).Reason)
	require.EqualValues(t, maxAttempts, a.asked.Load())
}

func TestTextWhereElementsBelongIsFound(t *testing.T) {
	summary := newElements(&iam.GetAccountSummaryOutput{})
	users, groups := newElements(&iam.ListUsersOutput{}), newElements(&iam.ListGroupsOutput{})
	for _, c := range []struct {
		known elements
		body  string
		found bool
	}{
		{users, `<R><Users>none</Users></R>`, true},
		{users, `<R><Users><member><UserName>Users</UserName><Tags>none</Tags></member></Users></R>`, true},
		{
			users, `<R><Users> <member> <UserName>alice</UserName> </member> </Users><IsTruncated>false</IsTruncated></R>`,
			false,
		},
		{
			summary, `<R><SummaryMap><entry><key>a</key><value>1</value></entry><entry><key>b</key></entry></SummaryMap></R>`,
			true,
		},
		{
			summary, `<R><SummaryMap><entry><value>1</value><key>a</key></entry>
				<entry><key>b</key><value>0</value></entry></SummaryMap></R>`, false,
		},
		{users, `<R><SomethingNew>2027</SomethingNew></R>`, false},
		{groups, `<R><Users>a name of another answer</Users></R>`, false},
	} {
		require.Equal(t, c.found, c.known.checkText([]byte(c.body)) != nil, c.body)
	}
}
