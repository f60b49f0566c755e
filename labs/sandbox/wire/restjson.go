package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// restJSON is a protocol in which the method, the path and the query of a request say what is asked for, and bodies are
// JSON.
type restJSON struct{}

// RESTJSON is the REST JSON protocol. Its inputs have members in the path, in the query and in the body.
var RESTJSON restJSON

// Operation finds the first route that fits, and keeps what its path names.
func (restJSON) Operation(s *Service, m *Message) (string, bool) {
	query := m.URL.Query()
	for _, route := range s.Routes {
		if labels, ok := route.fits(m, m.URL.Path, query); ok {
			m.labels = labels
			return route.Operation, true
		}
	}
	return "", false
}

func (restJSON) Decode(c *Codec, m *Message, in any) error {
	tree, query := map[string]any{}, m.URL.Query()
	if len(m.Body) > 0 {
		d := json.NewDecoder(bytes.NewReader(m.Body))
		d.UseNumber()
		if err := d.Decode(&tree); err != nil {
			return fmt.Errorf("the body is not JSON: %w", err)
		}
	}
	for _, f := range c.inputFields(in) {
		switch {
		case f.in == inURI && m.labels[f.name] != "":
			tree[f.name] = m.labels[f.name]
		case f.in == inQuery && query.Has(f.name):
			tree[f.name] = query.Get(f.name)
		}
	}
	return c.bind(treeReader{}, tree, in)
}

func (restJSON) Encode(s *Service, operation string, out Object, _ string) *Answer {
	status := http.StatusOK
	if i := slices.IndexFunc(s.Routes, func(r Route) bool { return r.Operation == operation }); i >= 0 {
		status = cmp.Or(s.Routes[i].Status, status)
	}
	if status == http.StatusNoContent {
		return NewAnswer(status, jsonType, nil)
	}
	return NewAnswer(status, jsonType, appendJSON(nil, out))
}

const jsonType = "application/json"

func (restJSON) EncodeError(_ *Service, e *Error, _ string) *Answer {
	a := NewAnswer(e.HTTPStatus(), jsonType, appendJSON(nil, Object{{name: "message", value: e.Message}}))
	a.Header.Set("X-Amzn-Errortype", e.Code)
	for _, name := range slices.Sorted(maps.Keys(e.Header)) {
		a.Header.Set(name, e.Header[name])
	}
	return a
}

func (restJSON) FrontDoor() FrontDoor {
	door := jsonFrontDoor()
	door.DeniedStatus, door.ThrottledStatus = http.StatusForbidden, http.StatusTooManyRequests
	return door
}
