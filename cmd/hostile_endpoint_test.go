package cmd

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// liar is a practice account in which a text stands in the place of another wherever it occurs. In requests it is put
// back.
type liar struct {
	practice    *sandbox.Account
	truth, told string
}

func newLiar(t *testing.T, file []byte, truth, told string) *liar {
	t.Helper()
	env, _, _ := inProcess(t.Context())
	state, err := sandbox.Parse(file, env.Now())
	require.NoError(t, err)
	return &liar{sandbox.New(state, sandbox.Options{Now: env.Now, AnySecret: true}), truth, told}
}

// RoundTrip implements http.RoundTripper.
func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(l.putBack(asked)))
	response, err := l.practice.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	answer = bytes.ReplaceAll(answer, []byte(l.truth), l.written(response.Header.Get("Content-Type")))
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	return response, nil
}

// written is the lie as a part of a text in the answer's protocol. In XML nothing stands for a control character.
func (l *liar) written(contentType string) []byte {
	if !strings.Contains(contentType, "json") {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(l.told)) // a buffer takes everything
		return b.Bytes()
	}
	text, _ := json.Marshal(l.told) // a string always has a form
	return text[1 : len(text)-1]
}

// putBack is a request as the practice account understands it, in JSON or as a form.
func (l *liar) putBack(asked []byte) []byte {
	var in any
	if json.Unmarshal(asked, &in) == nil {
		out, _ := json.Marshal(l.inside(in)) // it was JSON before
		return out
	}
	form, err := url.ParseQuery(string(asked))
	if err != nil {
		return asked
	}
	for name, values := range form {
		for i, value := range values {
			form[name][i] = strings.NewReplacer(l.told, l.truth, l.heard(), l.truth).Replace(value)
		}
	}
	return []byte(form.Encode())
}

// heard is what a reader of the XML takes the lie for.
func (l *liar) heard() string {
	var text string
	_ = xml.Unmarshal([]byte("<a>"+string(l.written("xml"))+"</a>"), &text) // it was escaped
	return text
}

func (l *liar) inside(value any) any {
	switch v := value.(type) {
	case string:
		return strings.ReplaceAll(v, l.told, l.truth)
	case []any:
		for i := range v {
			v[i] = l.inside(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = l.inside(v[name])
		}
	}
	return value
}
