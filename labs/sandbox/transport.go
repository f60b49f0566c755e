package sandbox

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
)

// maxBody is the largest request that the account reads, in bytes. The largest that AWS takes in these services is an image manifest of
// 4 MiB.
const maxBody = 8 << 20

var (
	_ http.RoundTripper = (*Account)(nil)
	_ http.Handler      = (*Account)(nil)
)

// RoundTrip answers a request in this process.
func (a *Account) RoundTrip(req *http.Request) (*http.Response, error) {
	m := &message{method: req.Method, host: cmp.Or(req.Host, req.URL.Host), header: req.Header, url: req.URL}
	if req.Body != nil {
		defer req.Body.Close()
		var err error
		if m.body, err = readBody(req.Body); err != nil {
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
	return &http.Response{
		Status:        strconv.Itoa(answer.status) + " " + http.StatusText(answer.status),
		StatusCode:    answer.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        answer.header,
		Body:          io.NopCloser(bytes.NewReader(answer.body)),
		ContentLength: int64(len(answer.body)),
		Request:       req,
	}, nil
}

// ServeHTTP answers a request that came over the network. The age of its signature is not checked: see [Server] for that.
func (a *Account) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	sayPractice(w.Header())
	if isRegistryPath(req.URL.Path) {
		a.serveRegistry(w, req)
		return
	}
	if m, ok := receive(w, req); ok {
		answer, err := a.serve(req.Context(), m)
		send(w, answer, err)
	}
}

// receive reads a request that came over the network; false when it has been refused.
func receive(w http.ResponseWriter, req *http.Request) (*message, bool) {
	body, err := readBody(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return nil, false
	}
	return &message{method: req.Method, host: req.Host, header: req.Header, url: req.URL, body: body}, true
}

// send writes an answer to the network.
func send(w http.ResponseWriter, a *answer, err error) {
	if err != nil {
		panic(http.ErrAbortHandler) // the server then closes the connection without an answer
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away cannot be told
}

var errTooLarge = errors.New("the request body is too large")

// readBody reads a whole body of at most maxBody bytes.
func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the request body: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	return body, nil
}
