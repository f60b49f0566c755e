package sandbox

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var (
	_ http.RoundTripper = (*Account)(nil)
	_ http.Handler      = (*Account)(nil)
)

// RoundTrip answers a request in this process.
func (a *Account) RoundTrip(req *http.Request) (*http.Response, error) {
	m := messageOf(req)
	if req.Body != nil {
		defer req.Body.Close()
		var err error
		if m.Body, err = wire.ReadBody(req.Body); err != nil {
			return nil, err
		}
	}
	answer, err := a.serve(req.Context(), m)
	if err != nil {
		if ctxErr := req.Context().Err(); ctxErr != nil {
			return nil, ctxErr
		}
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: err}
	}
	if req.Method == http.MethodHead {
		answer.Body = nil
	}
	return &http.Response{
		Status:        strconv.Itoa(answer.Status) + " " + http.StatusText(answer.Status),
		StatusCode:    answer.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        answer.Header,
		Body:          io.NopCloser(bytes.NewReader(answer.Body)),
		ContentLength: int64(len(answer.Body)),
		Request:       req,
	}, nil
}

// ServeHTTP answers a request that came over the network. The age of its signature is not checked: see [Server] for
// that.
func (a *Account) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	sayPractice(w.Header())
	if site := siteOf(a.state.services, req); site != nil {
		site.Serve(door{a, site}, w, req)
		return
	}
	if m, ok := receive(w, req); ok {
		answer, err := a.serve(req.Context(), m)
		send(w, answer, err)
	}
}

// receive reads a request that came over the network; false when it has been refused.
func receive(w http.ResponseWriter, req *http.Request) (*wire.Message, bool) {
	body, err := wire.ReadBody(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return nil, false
	}
	return &wire.Message{Method: req.Method, Host: req.Host, Header: req.Header, URL: req.URL, Body: body}, true
}

// send writes an answer to the network.
func send(w http.ResponseWriter, a *wire.Answer, err error) {
	if err != nil {
		panic(http.ErrAbortHandler) // the server then closes the connection without an answer
	}
	maps.Copy(w.Header(), a.Header)
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // a client that went away cannot be told
}
