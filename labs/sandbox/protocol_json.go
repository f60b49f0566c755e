package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// awsJSON is the AWS JSON protocol in one of its versions.
type awsJSON string

// The versions of AWS JSON. They differ only in the content type.
const (
	awsJSON10 awsJSON = "application/x-amz-json-1.0"
	awsJSON11 awsJSON = "application/x-amz-json-1.1"
)

func (p awsJSON) operation(s *service, m *message) (string, bool) {
	return strings.CutPrefix(m.header.Get("X-Amz-Target"), s.target+".")
}

func (p awsJSON) decode(m *message, in any) error {
	if len(m.body) == 0 {
		return bind(treeReader{}, map[string]any{}, in)
	}
	var tree any
	d := json.NewDecoder(bytes.NewReader(m.body))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return bind(treeReader{}, tree, in)
}

func (p awsJSON) encode(_ *service, _ string, out object, _ string) *answer {
	return newAnswer(http.StatusOK, string(p), appendJSON(nil, out))
}

func (p awsJSON) encodeError(s *service, e *apiError, _ string) *answer {
	a := newAnswer(e.status(), string(p), appendJSON(nil, errorObject(e)))
	a.header.Set("X-Amzn-Errortype", e.Code)
	setQueryError(a, s, e)
	return a
}

func (p awsJSON) frontDoor() frontDoor { return jsonFrontDoor() }

// jsonFrontDoor is the front door of the protocols that write JSON-like trees.
func jsonFrontDoor() frontDoor {
	return frontDoor{
		unknownOperation: apiError{Code: "UnknownOperationException", Message: "Unknown operation"},
		unreadable:       apiError{Code: "SerializationException"},
		unsigned:         apiError{Code: "MissingAuthenticationTokenException", Message: "Missing Authentication Token"},
		incomplete:       apiError{Code: "IncompleteSignatureException", Message: incompleteSignature},
		mismatch:         apiError{Code: "InvalidSignatureException", Message: wrongSignature},
		rejected:         apiError{Code: "UnrecognizedClientException", Message: "The security token included in the request is invalid."},
		expired:          apiError{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"},
		skewed:           apiError{Code: "InvalidSignatureException"},
		notActive: apiError{
			Code:    "SubscriptionRequiredException",
			Message: "The AWS Access Key Id needs a subscription for the service",
		},
		internal:        apiError{Code: "InternalFailure", Message: "An internal error occurred.", Status: http.StatusInternalServerError},
		deniedStatus:    http.StatusBadRequest,
		throttledStatus: http.StatusBadRequest,
	}
}

// errorObject is the body of an error in the JSON and CBOR protocols.
func errorObject(e *apiError) object {
	return object{{name: "__type", value: e.Code}, {name: "message", value: e.Message}}
}

// setQueryError tells clients of a service that also speaks Query which code they know the error by there.
func setQueryError(a *answer, s *service, e *apiError) {
	if slices.Contains(s.protocols, protocol(awsQuery)) {
		a.header.Set("X-Amzn-Query-Error", s.queryCode(e)+";"+e.blame())
	}
}

// A treeReader reads requests of the protocols whose parsers make typed trees: JSON and CBOR.
type treeReader struct{}

func (treeReader) fieldName(tag string) string { return tag }
func (treeReader) textual() bool               { return false }

func (treeReader) list(node any, _ bool) ([]any, bool) {
	items, ok := node.([]any)
	return items, ok
}

func (treeReader) dict(node any) (map[string]any, bool) {
	entries, ok := node.(map[string]any)
	return entries, ok
}

// appendJSON writes a tree as JSON: times in seconds since 1970, bytes in base64.
func appendJSON(b []byte, node any) []byte {
	switch x := node.(type) {
	case object:
		return appendMembers(b, x)
	case dict:
		return appendMembers(b, x)
	case list:
		b = append(b, '[')
		for i, item := range x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item)
		}
		return append(b, ']')
	case string:
		return appendJSONString(b, x)
	case bool:
		return strconv.AppendBool(b, x)
	case int64:
		return strconv.AppendInt(b, x, 10)
	case float64:
		return strconv.AppendFloat(b, x, 'f', -1, 64)
	case time.Time:
		return strconv.AppendFloat(b, float64(x.UnixMilli())/1000, 'f', -1, 64)
	case []byte:
		return appendJSONString(b, base64.StdEncoding.EncodeToString(x))
	default:
		panic(fmt.Sprintf("sandbox: no JSON form for %T", node))
	}
}

func appendMembers(b []byte, members []member) []byte {
	b = append(b, '{')
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, m.name), ':')
		b = appendJSON(b, m.value)
	}
	return append(b, '}')
}

func appendJSONString(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic(err)
	}
	return append(b, text...)
}
