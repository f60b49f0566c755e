package sandbox

import (
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
	answer     func(s *service, operation string, out object, requestID string) element
	fault      func(s *service, e *apiError, requestID string) element
	door       frontDoor
}

func (p *query) operation(_ *service, m *message) (string, bool) {
	form, err := m.form()
	if err != nil || !form.Has("Action") {
		return "", false
	}
	return form.Get("Action"), true
}

// form is the request's parameters: its body, or the query string of a GET.
func (m *message) form() (url.Values, error) {
	if len(m.body) == 0 {
		return url.ParseQuery(m.url.RawQuery)
	}
	return url.ParseQuery(string(m.body))
}

func (p *query) decode(m *message, in any) error {
	form, err := m.form()
	if err != nil {
		return fmt.Errorf("the body is not a form: %w", err)
	}
	tree, err := formTree(form)
	if err != nil {
		return err
	}
	return bind(queryReader{p}, tree, in)
}

func (p *query) encode(s *service, operation string, out object, requestID string) *answer {
	return newAnswer(http.StatusOK, "text/xml", p.answer(s, operation, out, requestID).document(p.item))
}

func (p *query) encodeError(s *service, e *apiError, requestID string) *answer {
	return newAnswer(e.status(), "text/xml", p.fault(s, e, requestID).document(p.item))
}

func (p *query) frontDoor() frontDoor { return p.door }

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

func (r queryReader) list(node any, flat bool) ([]any, bool) {
	if node == "" { // an empty list
		return []any{}, true
	}
	if r.memberList && !flat {
		return numbered(node, "member")
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
