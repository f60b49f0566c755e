package wire

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A query is a protocol with form-encoded requests and XML answers, in one of its two dialects.
type query struct {
	memberList bool   // lists in requests have a "member" element in their names
	upperFirst bool   // names in requests begin with a capital letter
	item       string // the element that wraps one member of a list in an answer
	answer     func(s *Service, operation string, out Object, requestID string) element
	fault      func(s *Service, e *Error, requestID string) element
	door       FrontDoor
}

// Query is the AWS Query protocol: lists have member elements, and an answer wraps its result.
var Query = &query{
	memberList: true,
	item:       "member",
	answer: func(s *Service, operation string, out Object, requestID string) element {
		metadata := member{name: "ResponseMetadata", value: Object{{name: "RequestId", value: requestID}}}
		content := Object{metadata}
		if len(out) > 0 {
			content = Object{{name: operation + "Result", value: out}, metadata}
		}
		return element{name: operation + "Response", namespace: s.Namespace, content: content}
	},
	fault: func(s *Service, e *Error, requestID string) element {
		return element{name: "ErrorResponse", namespace: s.Namespace, content: Object{
			{name: "Error", value: Object{
				{name: "Type", value: e.blame()},
				{name: "Code", value: s.queryCode(e)},
				{name: "Message", value: e.Message},
			}},
			{name: "RequestId", value: requestID},
		}}
	},
	door: FrontDoor{
		UnknownOperation: Error{
			Code: "InvalidAction", Message: "Could not find the operation in this version of the API",
		},
		Unreadable: Error{Code: "MalformedInput"},
		Unsigned: Error{
			Code:    "MissingAuthenticationToken",
			Message: "Request is missing Authentication Token",
			Status:  http.StatusForbidden,
		},
		Rejected: Error{
			Code:    "InvalidClientTokenId",
			Message: "The security token included in the request is invalid.",
			Status:  http.StatusForbidden,
		},
		Incomplete: Error{Code: "IncompleteSignature", Message: incompleteSignature},
		Mismatch:   Error{Code: "SignatureDoesNotMatch", Message: wrongSignature, Status: http.StatusForbidden},
		Expired: Error{
			Code:    "ExpiredToken",
			Message: "The security token included in the request is expired",
			Status:  http.StatusForbidden,
		},
		Skewed: Error{Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
		NotActive: Error{
			Code:    "OptInRequired",
			Message: "The AWS Access Key Id needs a subscription for the service",
			Status:  http.StatusForbidden,
		},
		Internal: Error{
			Code: "InternalFailure", Message: "An internal error occurred.", Status: http.StatusInternalServerError,
		},
		Codes:           ErrorCodes{Denied: "AccessDenied", Throttled: "Throttling", Invalid: "ValidationError"},
		DeniedStatus:    http.StatusForbidden,
		ThrottledStatus: http.StatusBadRequest,
	},
}

// EC2Query is EC2's own dialect of the Query protocol: lists in requests are flat, and an answer is not wrapped.
var EC2Query = &query{
	upperFirst: true,
	item:       "item",
	answer: func(s *Service, operation string, out Object, requestID string) element {
		content := append(Object{{name: "requestId", value: requestID}}, out...)
		return element{name: operation + "Response", namespace: s.Namespace, content: content}
	},
	fault: func(_ *Service, e *Error, requestID string) element {
		return element{name: "Response", content: Object{
			{name: "Errors", value: Object{
				{name: "Error", value: Object{{name: "Code", value: e.Code}, {name: "Message", value: e.Message}}},
			}},
			{name: "RequestID", value: requestID},
		}}
	},
	door: FrontDoor{
		UnknownOperation: Error{Code: "InvalidAction", Message: "The action is not valid for this web service"},
		Unreadable:       Error{Code: "InvalidParameterValue"},
		Unsigned: Error{
			Code:    "AuthFailure",
			Message: "AWS was not able to validate the provided access credentials",
			Status:  http.StatusUnauthorized,
		},
		Rejected: Error{
			Code:    "AuthFailure",
			Message: "AWS was not able to validate the provided access credentials",
			Status:  http.StatusUnauthorized,
		},
		Incomplete: Error{Code: "IncompleteSignature", Message: incompleteSignature},
		// EC2 does not tell a wrong secret from a wrong key.
		Mismatch: Error{
			Code:    "AuthFailure",
			Message: "AWS was not able to validate the provided access credentials",
			Status:  http.StatusUnauthorized,
		},
		Expired: Error{Code: "RequestExpired", Message: "Request has expired."},
		Skewed:  Error{Code: "RequestExpired"},
		NotActive: Error{
			Code:    "OptInRequired",
			Message: "You are not subscribed to this service. Please go to https://aws.amazon.com to subscribe.",
			Status:  http.StatusUnauthorized,
		},
		Internal: Error{
			Code: "InternalError", Message: "An internal error has occurred", Status: http.StatusInternalServerError,
		},
		Codes: ErrorCodes{
			Denied: "UnauthorizedOperation", Throttled: "RequestLimitExceeded", Invalid: "MissingParameter",
		},
		DeniedStatus:    http.StatusForbidden,
		ThrottledStatus: http.StatusServiceUnavailable,
	},
}

func (p *query) Operation(s *Service, m *Message) (string, bool) {
	form, err := m.form()
	if err != nil || !form.Has("Action") || s.Version != "" && form.Get("Version") != s.Version {
		return "", false
	}
	return form.Get("Action"), true
}

// form is the request's parameters: its body, or the query string of a GET.
func (m *Message) form() (url.Values, error) {
	if len(m.Body) == 0 {
		return url.ParseQuery(m.URL.RawQuery)
	}
	return url.ParseQuery(string(m.Body))
}

func (p *query) Decode(c *Codec, m *Message, in any) error {
	form, err := m.form()
	if err != nil {
		return fmt.Errorf("the body is not a form: %w", err)
	}
	tree, err := formTree(form)
	if err != nil {
		return err
	}
	return c.bind(queryReader{p}, tree, in)
}

func (p *query) Encode(s *Service, operation string, out Object, requestID string) *Answer {
	return NewAnswer(http.StatusOK, "text/xml", p.answer(s, operation, out, requestID).document(p.item))
}

func (p *query) EncodeError(s *Service, e *Error, requestID string) *Answer {
	return NewAnswer(e.HTTPStatus(), "text/xml", p.fault(s, e, requestID).document(p.item))
}

func (p *query) FrontDoor() FrontDoor { return p.door }

// formTree unfolds dotted parameter names: "Filter.1.Name=x" becomes {Filter: {1: {Name: x}}}.
func formTree(form url.Values) (map[string]any, error) {
	tree := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		node := tree
		path := strings.Split(name, ".")
		for _, part := range path[:len(path)-1] {
			if node[part] == nil {
				node[part] = map[string]any{}
			}
			next, ok := node[part].(map[string]any)
			if !ok {
				return nil, fmt.Errorf("the parameter %q contradicts another one", name)
			}
			node = next
		}
		last := path[len(path)-1]
		if node[last] != nil {
			return nil, fmt.Errorf("the parameter %q contradicts another one", name)
		}
		node[last] = form.Get(name)
	}
	return tree, nil
}

// A queryReader reads the tree of a form.
type queryReader struct{ *query }

func (r queryReader) textual() bool { return true }

func (r queryReader) fieldName(tag string) string {
	if !r.upperFirst || tag == "" {
		return tag
	}
	first, rest := rune(tag[0]), tag[1:]
	return string(unicode.ToUpper(first)) + rest
}

func (r queryReader) list(node any, f wireField) ([]any, bool) {
	if node == "" { // an empty list
		return []any{}, true
	}
	if r.memberList && !f.flat {
		return numbered(node, cmp.Or(f.item, "member"))
	}
	return inOrder(node)
}

func (r queryReader) dict(node any) (map[string]any, bool) {
	items, ok := numbered(node, "entry")
	if !ok {
		return nil, false
	}
	entries := make(map[string]any, len(items))
	for _, item := range items {
		pair, ok := item.(map[string]any)
		if !ok {
			return nil, false
		}
		key, ok := pair["key"].(string)
		if !ok {
			return nil, false
		}
		entries[key] = pair["value"]
	}
	return entries, true
}

// numbered returns the elements of a wrapped list.
func numbered(node any, wrapper string) ([]any, bool) {
	m, ok := node.(map[string]any)
	if !ok {
		return nil, false
	}
	return inOrder(m[wrapper])
}

// inOrder returns the values of a map whose keys are numbers, by number.
func inOrder(node any) ([]any, bool) {
	m, ok := node.(map[string]any)
	if !ok {
		return nil, false
	}
	var numbers []int
	for key := range m {
		n, err := strconv.Atoi(key)
		if err != nil || strconv.Itoa(n) != key {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	items := make([]any, len(numbers))
	for i, n := range numbers {
		items[i] = m[strconv.Itoa(n)]
	}
	return items, true
}
