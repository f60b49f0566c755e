//go:build conformance

package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
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
	return !strings.HasPrefix(r.URL.Path, "/v2") && !strings.HasPrefix(r.URL.Path, "/labcheck") && !strings.HasPrefix(r.URL.Path, "/moto-api")
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
	x.kept = append(x.kept, &exchange{request: response.Request, asked: asked, response: response, answered: answered})
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

// wire counts what was held against the models. It is safe for concurrent use.
type wire struct {
	mu      sync.Mutex
	answers int
	fields  map[string]map[string]string // by operation and path: the type
	errors  map[string]bool              // operation and code
}

// holds adds an answer that is as its model says.
func (w *wire) holds(j *judged) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers++
	operation := j.service + ":" + j.operation
	if j.code != "" {
		w.errors[operation+" "+j.code] = true
		return
	}
	if w.fields[operation] == nil {
		w.fields[operation] = map[string]string{}
	}
	maps.Copy(w.fields[operation], j.fields)
}

func newWire() *wire {
	return &wire{fields: map[string]map[string]string{}, errors: map[string]bool{}}
}

// operations lists the operations of which a good answer was seen.
func (w *wire) operations() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.fields))
}

func (w *wire) summary() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	fields := 0
	for _, known := range w.fields {
		fields += len(known)
	}
	return fmt.Sprintf("%d answers of %d operations with %d fields, and %d kinds of errors", w.answers, len(w.fields), fields, len(w.errors))
}

// upholds holds every answer that a tap kept against AWS's models. What the models say is wrong fails the test.
func (w *wire) upholds(t *testing.T, models *library, x *tap) {
	t.Helper()
	var list []string
	for _, e := range x.takes() {
		j := models.judges(t, e)
		for _, problem := range j.problems {
			list = append(list, fmt.Sprintf("%s:%s (%d): %s", j.service, j.operation, e.response.StatusCode, problem))
		}
		w.holds(j)
	}
	slices.Sort(list)
	none(t, slices.Compact(list))
}
