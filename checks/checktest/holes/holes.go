// Package holes finds sentences in which a part is missing: "answered with .", "looks in ; the profile's". A test takes
// one text after the other out of what a message is made of, and asks whether the message has become such a sentence.
package holes

import (
	"encoding/json"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// hole is what a sentence has where a part of it is missing. That something is "" says what was found.
var hole = regexp.MustCompile(`^[.,;:)](\s|$)` + // nothing at its beginning
	`|[ (][.,;:)](\s|$)` + // nothing before a sign
	`|“”|\(\)|\( |\[\]` + // nothing between two
	`|\S  +\S` + // nothing between two blanks
	`|[,;:]\.(\s|$)|,,|;;|: ?[;,]` + // nothing after a sign
	`|\s$|[:,]$`) // nothing at its end

// Find returns the hole of a sentence with what stands around it; "" if it has none.
func Find(sentence string) string {
	at := hole.FindStringIndex(sentence)
	if at == nil {
		return ""
	}
	const around = 20
	return "…" + sentence[max(0, at[0]-around):min(len(sentence), at[1]+around)] + "…"
}

// Emptied returns copies of a value that JSON writes and reads, each with one of its texts empty, by the path of that
// text. What may not be empty for a reader, such as a verdict, stays.
func Emptied[V any](t *testing.T, value V) map[string]V {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(data, &tree))
	all := map[string]V{}
	takeEach(tree, "", func(path string) {
		data, err := json.Marshal(tree)
		require.NoError(t, err)
		var copied V
		if json.Unmarshal(data, &copied) == nil {
			all[path] = copied
		}
	})
	return all
}

// takeEach takes each text below a node away, tells of it, and puts it back.
func takeEach(node any, path string, tell func(path string)) {
	each := func(name string, value any, set func(any)) {
		path := path + "/" + name
		if text, ok := value.(string); ok && text != "" {
			set("")
			tell(path)
			set(text)
			return
		}
		takeEach(value, path, tell)
	}
	switch node := node.(type) {
	case map[string]any:
		for name, value := range node {
			each(name, value, func(v any) { node[name] = v })
		}
	case []any:
		for i, value := range node {
			each(strconv.Itoa(i), value, func(v any) { node[i] = v })
		}
	}
}
