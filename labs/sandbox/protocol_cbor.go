package sandbox

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// rpcV2CBOR is the Smithy RPC v2 CBOR protocol, https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html.
type rpcV2CBOR struct{}

// rpcCBOR is the protocol as a service names it.
var rpcCBOR rpcV2CBOR

func (rpcV2CBOR) operation(s *service, m *message) (string, bool) {
	if m.header.Get("Smithy-Protocol") != "rpc-v2-cbor" {
		return "", false
	}
	return strings.CutPrefix(m.url.Path, "/service/"+s.target+"/operation/")
}

func (rpcV2CBOR) decode(m *message, in any) error {
	if len(m.body) == 0 {
		return bind(treeReader{}, map[string]any{}, in)
	}
	mode, err := cbor.DecOptions{DefaultMapType: reflect.TypeFor[map[string]any](), TimeTag: cbor.DecTagOptional}.DecMode()
	if err != nil {
		return err
	}
	var tree any
	if err := mode.Unmarshal(m.body, &tree); err != nil {
		return fmt.Errorf("the body is not CBOR: %w", err)
	}
	return bind(treeReader{}, tree, in)
}

func (rpcV2CBOR) encode(_ *service, _ string, out object, _ string) *answer {
	return cborAnswer(http.StatusOK, out)
}

func (rpcV2CBOR) encodeError(s *service, e *apiError, _ string) *answer {
	a := cborAnswer(e.status(), errorObject(e))
	setQueryError(a, s, e)
	return a
}

func (rpcV2CBOR) frontDoor() frontDoor {
	f := jsonFrontDoor()
	f.unknownOperation.Status = http.StatusNotFound
	return f
}

func cborAnswer(status int, out object) *answer {
	mode, err := cbor.EncOptions{Sort: cbor.SortCoreDeterministic, Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired}.EncMode()
	if err != nil { // the options are constant
		panic(err)
	}
	body, err := mode.Marshal(cborTree(out))
	if err != nil { // every scalar of a tree has a CBOR form
		panic(err)
	}
	a := newAnswer(status, "application/cbor", body)
	a.header.Set("Smithy-Protocol", "rpc-v2-cbor")
	return a
}

// cborTree turns a tree into the maps and slices that the CBOR encoder knows.
func cborTree(node any) any {
	switch x := node.(type) {
	case object:
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
