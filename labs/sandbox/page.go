package sandbox

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// A paging says how one operation cuts its answer into pages.
type paging struct {
	size     int    // items on a page when the caller does not say
	max      int    // the most that a caller may ask for
	badSize  string // error code for a size outside 1 to max
	badToken string // error code for a token that this operation did not hand out
}

// A pageInput is what callers say about pages in the services that name it so.
type pageInput struct {
	MaxResults *int32  `wire:"maxResults"`
	NextToken  *string `wire:"nextToken"`
}

const tokenPrefix = "sandbox-page:"

// page returns the part of items that the token points at (the first when it is nil or empty) and the token of the next part, which is
// nil on the last page. want is the caller's MaxResults, Limit or MaxItems.
func page[T any](p paging, items []T, want *int32, token *string) ([]T, *string, error) {
	size := p.size
	if want != nil {
		if *want < 1 || int(*want) > p.max {
			return nil, nil, failf(p.badSize, "the page size %d is not between 1 and %d", *want, p.max)
		}
		size = int(*want)
	}
	start := 0
	if token != nil && *token != "" {
		var ok bool
		if start, ok = parseToken(*token); !ok || start > len(items) {
			return nil, nil, failf(p.badToken, "the pagination token is not valid")
		}
	}
	end := min(start+size, len(items))
	if end == len(items) {
		return items[start:end], nil, nil
	}
	next := base64.StdEncoding.EncodeToString([]byte(tokenPrefix + strconv.Itoa(end)))
	return items[start:end], &next, nil
}

// parseToken reads the offset out of a token made by page.
func parseToken(token string) (int, bool) {
	raw, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return 0, false
	}
	digits, ok := strings.CutPrefix(string(raw), tokenPrefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0
}

// outputs shows each item as the API does. It is never nil: AWS sends an empty list, not none.
func outputs[T, O any](r *request, items []T, output func(T, *request) O) []O {
	list := make([]O, 0, len(items))
	for _, item := range items {
		list = append(list, output(item, r))
	}
	return list
}
