package page_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/labcheck/labcheck/cmd/conformance/dom"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

func TestPage(t *testing.T) {
	requireShape(t, render(t, classtest.Class(), classtest.Options()), classtest.Class())
}

func TestNoFixes(t *testing.T) {
	o := classtest.Options()
	data := func() string { return dom.Content(byID(t, render(t, classtest.Class(), o), "data")) }
	require.Contains(t, data(), "aws iam list-users")
	o.NoFixes = true
	require.NotContains(t, data(), "aws iam list-users")
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
	"html": "lang", "head": "", "meta": "charset http-equiv content name", "title": "", "style": "",
	"script": "type id", "noscript": "", "small": "",
	"body":   "",
	"header": "", "nav": "aria-label", "main": "", "footer": "", "section": "aria-labelledby", "article": "class",
	"h1": "", "h2": "id", "h3": "", "h4": "", "h5": "", "p": "class role", "br": "", "strong": "", "code": "",
	"div":  "id class tabindex role aria-label aria-live data-needs hidden",
	"span": "id class aria-hidden", "a": "class href",
	"ul": "class", "ol": "class", "li": "id class", "dl": "", "dt": "", "dd": "", "details": "id class", "summary": "",
	"pre": "tabindex role aria-label", "label": "", "input": "id type autocomplete", "select": "id", "option": "value",
	"button": "type title data-print data-needs hidden", "table": "id class aria-labelledby", "caption": "", "thead": "",
	"tbody": "", "tr": "id class data-outcome data-find data-section data-flags", "td": "class data-sort",
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
		want := 1
		if once == "script" {
			want = 2 // the program and the data
		}
		require.Len(t, dom.All(root, once), want, once)
	}
	dom.RequireHeadings(t, root)
	for _, table := range dom.All(root, "table") {
		requireTable(t, table)
	}
	require.Len(t, dom.All(root, "details"), len(dom.All(root, "svg"))-len(bars(root)), "the numbers of each chart")
	var data studentPages
	require.NoError(t, json.Unmarshal([]byte(dom.Content(byID(t, root, "data"))), &data))
	require.Len(t, data.Students, len(c.Students), "a page for each student")
}

// studentPages is what the script draws the students' pages from.
type studentPages struct {
	Texts []string
	Steps []struct{ ID, Title int }
	Flags []int

	Students []struct {
		Name, Standing int
		Said, Waits    []int
		Flags          []int
		Tries          [][]int
		Fix            []struct {
			Step, Earned, Points, Console int
			Verdict                       string
			Required                      bool
			Sentences, Hints, Commands    []int
		}
		Done bool
	}
}

// said are the texts of these indexes.
func (d *studentPages) said(indexes ...int) []string {
	var list []string
	for _, i := range indexes {
		list = append(list, d.Texts[i])
	}
	return list
}

// pagesOf reads the students' pages of a class.
func pagesOf(t *testing.T, c *class.Class) *studentPages {
	t.Helper()
	var data studentPages
	text := dom.Content(byID(t, render(t, c, classtest.Options()), "data"))
	require.NotContains(t, text, "<", "nothing in it ends the script")
	require.NoError(t, json.Unmarshal([]byte(text), &data))
	return &data
}

// bars are the drawings that stand beside what they say.
func bars(root *html.Node) []*html.Node {
	return slices.DeleteFunc(dom.All(root, "svg"),
		func(e *html.Node) bool { return dom.Attribute(e, "aria-hidden") != "true" })
}

// requireTable says that a table has a name, that each row has a cell for each column and is named by its first, and
// that a table which can be sorted says how it is.
func requireTable(t *testing.T, table *html.Node) {
	t.Helper()
	name := dom.Attribute(table, "aria-labelledby")
	if captions := texts(table, "caption"); name == "" {
		require.Len(t, captions, 1)
		require.NotEmpty(t, captions[0])
	}
	columns, sorted := 0, 0
	for _, e := range dom.All(dom.All(table, "thead")[0], "th", "td") {
		if dom.Attribute(e, "scope") != "colgroup" {
			columns++
		}
		if dom.Attribute(e, "aria-sort") != "" {
			sorted++
		}
		if e.Data == "th" {
			require.Contains(t, []string{"col", "colgroup"}, dom.Attribute(e, "scope"))
			require.NotEmpty(t, content(e))
		}
	}
	if dom.Attribute(table, "class") == "sortable" {
		require.Equal(t, 1, sorted)
	}
	for _, row := range dom.All(dom.All(table, "tbody")[0], "tr") {
		cells := dom.All(row, "th", "td")
		require.Len(t, cells, columns, "%s: %s", name, content(row))
		require.Equal(t, "row", dom.Attribute(cells[0], "scope"))
	}
}

func render(t *testing.T, c *class.Class, o class.Options) *html.Node {
	t.Helper()
	out, err := classtest.Render(t, page.Format, c, o)
	require.NoError(t, err)
	return dom.Parse(t, out)
}

// byID is the element with an id, with what is in it.
func byID(t *testing.T, root *html.Node, id string) *html.Node {
	t.Helper()
	for e := range root.Descendants() {
		if dom.Attribute(e, "id") == id {
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

// content is the text of an element, with one blank where the page has any white space.
func content(e *html.Node) string { return strings.Join(strings.Fields(dom.Content(e)), " ") }

func texts(root *html.Node, names ...string) []string {
	var list []string
	for _, e := range dom.All(root, names...) {
		list = append(list, content(e))
	}
	return list
}
