// Package dom looks at a page as a browser's parser reads it.
package dom

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// Parse is the root of a page.
func Parse(t testing.TB, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	require.NoError(t, err)
	return root
}

// All are the elements of these names, in the order of the page.
func All(root *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for e := range root.Descendants() {
		if e.Type == html.ElementNode && slices.Contains(names, e.Data) {
			found = append(found, e)
		}
	}
	return found
}

// Content is the text in an element.
func Content(e *html.Node) string {
	var b strings.Builder
	for part := range e.Descendants() {
		if part.Type == html.TextNode {
			b.WriteString(part.Data)
		}
	}
	return b.String()
}

// Attribute is the value of an attribute, "true" if it has none, and "" if the attribute is not there.
func Attribute(e *html.Node, name string) string {
	for _, a := range e.Attr {
		if a.Key == name {
			return cmp.Or(a.Val, "true")
		}
	}
	return ""
}

// RequireHeadings fails the test unless no level of headings is left out.
func RequireHeadings(t testing.TB, root *html.Node) {
	t.Helper()
	level := 0
	for _, e := range All(root, "h1", "h2", "h3", "h4", "h5", "h6") {
		next := int(e.Data[1] - '0')
		require.LessOrEqual(t, next, level+1, "a heading is left out before %q", Content(e))
		level = next
	}
}
