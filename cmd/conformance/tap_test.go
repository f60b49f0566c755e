//go:build conformance

package conformance

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// tap stands between clients and a practice account or the emulator, and keeps every answer as it was on the wire. It
// changes nothing: not even the name that the client called, which is signed.
type tap struct {
	url string

	mu   sync.Mutex
	kept []*exchange
}

// taps opens a tap, which ends with the test.
func taps(t *testing.T, upstream string) *tap {
	t.Helper()
	to, err := url.Parse(upstream)
	require.NoError(t, err)
	x := &tap{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: x.keeps,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAWS(r) {
			asked, err := io.ReadAll(r.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			r = r.WithContext(context.WithValue(r.Context(), askedKey{}, asked))
			r.Body = io.NopCloser(bytes.NewReader(asked))
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

// askedKey is where the context of a request has its body.
type askedKey struct{}

// isAWS tells the services from the registry and from what a practice account has for itself.
func isAWS(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/v2") && !strings.HasPrefix(r.URL.Path, "/labcheck") &&
		!strings.HasPrefix(r.URL.Path, "/moto-api")
}

func (x *tap) keeps(response *http.Response) error {
	asked, ok := response.Request.Context().Value(askedKey{}).([]byte)
	if !ok {
		return nil
	}
	answered, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(answered))
	x.mu.Lock()
	defer x.mu.Unlock()
	x.kept = append(x.kept, &exchange{request: response.Request, asked: asked, response: response, content: answered})
	return nil
}

// takes returns the answers since the last time.
func (x *tap) takes() []*exchange {
	x.mu.Lock()
	defer x.mu.Unlock()
	kept := x.kept
	x.kept = nil
	return kept
}
