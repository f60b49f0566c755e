package page_test

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

func TestPage(t *testing.T) {
	out := classtest.Run(t, page.Format, ".html")["html"]
	requireShape(t, parse(t, out), classtest.Class())
}

func TestNoFixes(t *testing.T) {
	o := classtest.Options()
	require.Contains(t, texts(render(t, classtest.Class(), o), "pre"), "aws iam list-users")
	o.NoFixes = true
	require.Empty(t, all(render(t, classtest.Class(), o), "pre"))
}

// A class of which there is nothing to say still makes a page.
func TestEmptyClass(t *testing.T) {
	empty := &class.Class{Lab: classtest.Class().Lab}
	root := render(t, empty, class.Options{})
	requireShape(t, root, empty)
	require.Equal(t, []string{"What became of everybody", "Students and steps"}, texts(root, "h2"))
}

// ours are the elements of the page, each with the attributes that it may have.
var ours = map[string]string{
	"html": "lang", "head": "", "meta": "charset http-equiv content name", "title": "", "style": "", "script": "",
	"body":   "",
	"header": "", "nav": "aria-label", "main": "", "footer": "", "section": "aria-labelledby", "article": "class",
	"h1": "", "h2": "id", "h3": "", "h4": "", "h5": "", "p": "class role", "br": "", "strong": "", "code": "",
	"div": "id class tabindex role aria-label data-needs hidden", "span": "id class aria-hidden", "a": "class href",
	"ul": "class", "ol": "", "li": "id", "dl": "", "dt": "", "dd": "", "details": "id class", "summary": "",
	"pre": "tabindex role aria-label", "label": "", "input": "id type autocomplete", "select": "id", "option": "value",
	"button": "type title data-print data-needs hidden", "table": "id class aria-labelledby", "caption": "", "thead": "",
	"tbody": "", "tr": "data-outcome data-find data-flagged", "td": "class data-sort",
	"th":  "class scope rowspan colspan aria-sort data-sort",
	"svg": "class width height viewBox role aria-label aria-hidden", "rect": "x y width height",
	"line": "class x1 y1 x2 y2", "text": "x y text-anchor",
}

// plain are the values that a browser gives a meaning to. A stranger's text may be in title, data-find and data-sort.
var plain = map[string]*regexp.Regexp{
	"id": regexp.MustCompile(`^[a-z]+(-\d+)?$`), "class": regexp.MustCompile(`^[a-z]+( [a-z]+)?$`),
	"href": regexp.MustCompile(`^#[a-z]+(-\d+)?$`), "aria-labelledby": regexp.MustCompile(`^[a-z]+$`),
}

// requireShape reads the page with a parser that is not ours. Whatever the names in the class are, the page consists of
// our elements, with its headings in order, its links within itself and its tables complete.
func requireShape(t *testing.T, root *html.Node, c *class.Class) {
	t.Helper()
	ids := map[string]bool{}
	var links []string
	for e := range root.Descendants() {
		if e.Type != html.ElementNode {
			require.NotEqual(t, html.CommentNode, e.Type, "the data made a comment")
			continue
		}
		allowed, known := ours[e.Data]
		require.True(t, known, "the data made a <%s>", e.Data)
		for _, a := range e.Attr {
			require.Contains(t, strings.Fields(allowed), a.Key, "the data made an attribute of <%s>", e.Data)
			if want := plain[a.Key]; want != nil {
				require.Regexp(t, want, a.Val, "<%s %s>", e.Data, a.Key)
			}
			switch a.Key {
			case "id":
				require.False(t, ids[a.Val], "two parts are called %s", a.Val)
				ids[a.Val] = true
			case "href", "aria-labelledby":
				links = append(links, strings.TrimPrefix(a.Val, "#"))
			}
		}
	}
	for _, id := range links {
		require.True(t, ids[id], "nothing has the id %s", id)
	}
	for _, once := range []string{"header", "nav", "main", "footer", "h1", "title", "style", "script"} {
		require.Len(t, all(root, once), 1, once)
	}
	requireHeadings(t, root)
	for _, table := range all(root, "table") {
		requireTable(t, table)
	}
	require.Len(t, all(root, "details"), len(c.Students)+len(all(root, "svg"))-len(bars(root)), "a page for each student")
}

// bars are the drawings that stand beside what they say.
func bars(root *html.Node) []*html.Node {
	return slices.DeleteFunc(all(root, "svg"), func(e *html.Node) bool { return attribute(e, "aria-hidden") != "true" })
}

func requireHeadings(t *testing.T, root *html.Node) {
	t.Helper()
	level := 0
	for _, e := range all(root, "h1", "h2", "h3", "h4", "h5", "h6") {
		next := int(e.Data[1] - '0')
		require.LessOrEqual(t, next, level+1, "a heading is left out before %q", content(e))
		level = next
	}
}

// requireTable says that a table has a name, that each row has a cell for each column and is named by its first, and
// that a table which can be sorted says how it is.
func requireTable(t *testing.T, table *html.Node) {
	t.Helper()
	name := attribute(table, "aria-labelledby")
	if captions := texts(table, "caption"); name == "" {
		require.Len(t, captions, 1)
		require.NotEmpty(t, captions[0])
	}
	columns, sorted := 0, 0
	for _, e := range all(all(table, "thead")[0], "th", "td") {
		if attribute(e, "scope") != "colgroup" {
			columns++
		}
		if attribute(e, "aria-sort") != "" {
			sorted++
		}
		if e.Data == "th" {
			require.Contains(t, []string{"col", "colgroup"}, attribute(e, "scope"))
			require.NotEmpty(t, content(e))
		}
	}
	if attribute(table, "class") == "sortable" {
		require.Equal(t, 1, sorted)
	}
	for _, row := range all(all(table, "tbody")[0], "tr") {
		cells := all(row, "th", "td")
		require.Len(t, cells, columns, "%s: %s", name, content(row))
		require.Equal(t, "row", attribute(cells[0], "scope"))
	}
}

func render(t *testing.T, c *class.Class, o class.Options) *html.Node {
	t.Helper()
	out, err := classtest.Render(t, page.Format, c, o)
	require.NoError(t, err)
	return parse(t, out)
}

func parse(t *testing.T, out []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(out))
	require.NoError(t, err)
	return root
}

// byID is the element with an id, with what is in it.
func byID(t *testing.T, root *html.Node, id string) *html.Node {
	t.Helper()
	for e := range root.Descendants() {
		if attribute(e, "id") == id {
			return e
		}
	}
	require.Fail(t, "nothing has the id "+id)
	return nil
}

// part is the section with a heading.
func part(t *testing.T, root *html.Node, heading string) *html.Node {
	t.Helper()
	return byID(t, root, heading).Parent
}

// all are the elements of these names, in the order of the page.
func all(root *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for e := range root.Descendants() {
		if e.Type == html.ElementNode && slices.Contains(names, e.Data) {
			found = append(found, e)
		}
	}
	return found
}

// content is the text of an element as a reader sees it.
func content(e *html.Node) string {
	var b strings.Builder
	for part := range e.Descendants() {
		if part.Type == html.TextNode {
			b.WriteString(part.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func texts(root *html.Node, names ...string) []string {
	var list []string
	for _, e := range all(root, names...) {
		list = append(list, content(e))
	}
	return list
}

func attribute(e *html.Node, name string) string {
	for _, a := range e.Attr {
		if a.Key == name {
			return cmp.Or(a.Val, "true")
		}
	}
	return ""
}
