package wire

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// A Paging says how one operation cuts its answer into pages.
type Paging struct {
	Size     int    // items on a page when the caller does not say
	Max      int    // the most that a caller may ask for
	BadSize  string // error code for a size outside 1 to Max
	BadToken string // error code for a token that this operation did not hand out
}

const tokenPrefix = "sandbox-page:"

// Page returns the part of items that the token points at (the first when it is nil or empty) and the token of the next
// part, which is nil on the last page. want is the caller's MaxResults, Limit or MaxItems.
func Page[T any](p Paging, items []T, want *int32, token *string) ([]T, *string, error) {
	size := p.Size
	if want != nil {
		if *want < 1 || int(*want) > p.Max {
			return nil, nil, Failf(p.BadSize, "the page size %d is not between 1 and %d", *want, p.Max)
		}
		size = int(*want)
	}
	start := 0
	if token != nil && *token != "" {
		var ok bool
		if start, ok = parseToken(*token); !ok || start > len(items) {
			return nil, nil, Failf(p.BadToken, "the pagination token is not valid")
		}
	}
	end := min(start+size, len(items))
	if end == len(items) {
		return items[start:end], nil, nil
	}
	next := base64.StdEncoding.EncodeToString([]byte(tokenPrefix + strconv.Itoa(end)))
	return items[start:end], &next, nil
}

// parseToken reads the offset out of a token made by Page.
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

// Outputs shows each item as the API does. It is never nil: AWS sends an empty list, not none.
func Outputs[T, O any](r *Request, items []T, output func(T, *Request) O) []O {
	list := make([]O, 0, len(items))
	for _, item := range items {
		list = append(list, output(item, r))
	}
	return list
}
