package wire

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
	JSON10 awsJSON = "application/x-amz-json-1.0"
	JSON11 awsJSON = "application/x-amz-json-1.1"
)

func (p awsJSON) Operation(s *Service, m *Message) (string, bool) {
	return strings.CutPrefix(m.Header.Get("X-Amz-Target"), s.Target+".")
}

func (p awsJSON) Decode(c *Codec, m *Message, in any) error {
	if len(m.Body) == 0 {
		return c.bind(treeReader{}, map[string]any{}, in)
	}
	var tree any
	d := json.NewDecoder(bytes.NewReader(m.Body))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return c.bind(treeReader{}, tree, in)
}

func (p awsJSON) Encode(_ *Service, _ string, out Object, _ string) *Answer {
	return NewAnswer(http.StatusOK, string(p), appendJSON(nil, out))
}

func (p awsJSON) EncodeError(s *Service, e *Error, _ string) *Answer {
	a := NewAnswer(e.HTTPStatus(), string(p), appendJSON(nil, errorObject(e)))
	a.Header.Set("X-Amzn-Errortype", e.Code)
	setQueryError(a, s, e)
	return a
}

func (p awsJSON) FrontDoor() FrontDoor { return jsonFrontDoor() }

// jsonFrontDoor is the front door of the protocols that write JSON-like trees.
func jsonFrontDoor() FrontDoor {
	return FrontDoor{
		UnknownOperation: Error{Code: "UnknownOperationException", Message: "Unknown operation"},
		Unreadable:       Error{Code: "SerializationException"},
		Unsigned:         Error{Code: "MissingAuthenticationTokenException", Message: "Missing Authentication Token"},
		Incomplete:       Error{Code: "IncompleteSignatureException", Message: incompleteSignature},
		Mismatch:         Error{Code: "InvalidSignatureException", Message: wrongSignature},
		Rejected: Error{
			Code: "UnrecognizedClientException", Message: "The security token included in the request is invalid.",
		},
		Expired: Error{
			Code: "ExpiredTokenException", Message: "The security token included in the request is expired",
		},
		Skewed: Error{Code: "InvalidSignatureException"},
		NotActive: Error{
			Code:    "SubscriptionRequiredException",
			Message: "The AWS Access Key Id needs a subscription for the service",
		},
		Internal: Error{
			Code: "InternalFailure", Message: "An internal error occurred.", Status: http.StatusInternalServerError,
		},
		Codes: ErrorCodes{
			Denied: "AccessDeniedException", Throttled: "ThrottlingException", Invalid: "ValidationException",
		},
		DeniedStatus:    http.StatusBadRequest,
		ThrottledStatus: http.StatusBadRequest,
	}
}

// errorObject is the body of an error in the JSON and CBOR protocols.
func errorObject(e *Error) Object {
	return Object{{name: "__type", value: e.Code}, {name: "message", value: e.Message}}
}

// setQueryError tells clients of a service that also speaks Query which code they know the error by there.
func setQueryError(a *Answer, s *Service, e *Error) {
	if slices.Contains(s.Protocols, Protocol(Query)) {
		a.Header.Set("X-Amzn-Query-Error", s.queryCode(e)+";"+e.blame())
	}
}

// A treeReader reads requests of the protocols whose parsers make typed trees: JSON and CBOR.
type treeReader struct{}

func (treeReader) fieldName(tag string) string { return tag }
func (treeReader) textual() bool               { return false }

func (treeReader) list(node any, _ wireField) ([]any, bool) {
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
	case Object:
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
