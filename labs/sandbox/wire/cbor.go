package wire

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// rpcV2CBOR is the Smithy RPC v2 CBOR protocol, https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html.
type rpcV2CBOR struct{}

// CBOR is the protocol as a service names it.
var CBOR rpcV2CBOR

func (rpcV2CBOR) Operation(s *Service, m *Message) (string, bool) {
	if m.Header.Get("Smithy-Protocol") != "rpc-v2-cbor" {
		return "", false
	}
	return strings.CutPrefix(m.URL.Path, "/service/"+s.Target+"/operation/")
}

func (rpcV2CBOR) Decode(c *Codec, m *Message, in any) error {
	if len(m.Body) == 0 {
		return c.bind(treeReader{}, map[string]any{}, in)
	}
	mode, err := cbor.DecOptions{
		DefaultMapType: reflect.TypeFor[map[string]any](), TimeTag: cbor.DecTagOptional,
	}.DecMode()
	if err != nil {
		return err
	}
	var tree any
	if err := mode.Unmarshal(m.Body, &tree); err != nil {
		return fmt.Errorf("the body is not CBOR: %w", err)
	}
	return c.bind(treeReader{}, tree, in)
}

func (rpcV2CBOR) Encode(_ *Service, _ string, out Object, _ string) *Answer {
	return cborAnswer(http.StatusOK, out)
}

func (rpcV2CBOR) EncodeError(s *Service, e *Error, _ string) *Answer {
	a := cborAnswer(e.HTTPStatus(), errorObject(e))
	setQueryError(a, s, e)
	return a
}

func (rpcV2CBOR) FrontDoor() FrontDoor {
	f := jsonFrontDoor()
	f.UnknownOperation.Status = http.StatusNotFound
	return f
}

func cborAnswer(status int, out Object) *Answer {
	mode, err := cbor.EncOptions{
		Sort: cbor.SortCoreDeterministic, Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired,
	}.EncMode()
	if err != nil { // the options are constant
		panic(err)
	}
	body, err := mode.Marshal(cborTree(out))
	if err != nil { // every scalar of a tree has a CBOR form
		panic(err)
	}
	a := NewAnswer(status, "application/cbor", body)
	a.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	return a
}

// cborTree turns a tree into the maps and slices that the CBOR encoder knows.
func cborTree(node any) any {
	switch x := node.(type) {
	case Object:
		return cborMap(x)
	case dict:
		return cborMap(x)
	case list:
		items := make([]any, len(x))
		for i, item := range x {
			items[i] = cborTree(item)
		}
		return items
	default:
		return node
	}
}

func cborMap(members []member) map[string]any {
	m := make(map[string]any, len(members))
	for _, x := range members {
		m[x.name] = cborTree(x.value)
	}
	return m
}
