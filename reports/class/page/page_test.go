package page_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

func TestPage(t *testing.T) {
	out := classtest.Run(t, page.Format, ".html")["html"]
	doc, err := html.Parse(strings.NewReader(string(out)))
	require.NoError(t, err)
	scripts, rows, ids := 0, 0, map[string]bool{}
	for n := range doc.Descendants() {
		switch n.Data {
		case "script":
			scripts++
		case "img", "link", "iframe", "object":
			require.NotEqual(t, html.ElementNode, n.Type, "the page loads nothing")
		}
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on"), "no handler is in the page's text")
			if a.Key == "data-status" {
				rows++
			}
			if a.Key == "id" {
				require.False(t, ids[a.Val], "two parts are called %s", a.Val)
				ids[a.Val] = true
			}
		}
	}
	require.Equal(t, 1, scripts, "only ours")
	require.Equal(t, len(classtest.Class().Students), rows)
}

func TestNoFixes(t *testing.T) {
	o := classtest.Options()
	with, err := classtest.Render(t, page.Format, classtest.Class(), o)
	require.NoError(t, err)
	require.Contains(t, string(with), "aws iam list-users")
	o.NoFixes = true
	without, err := classtest.Render(t, page.Format, classtest.Class(), o)
	require.NoError(t, err)
	require.NotContains(t, string(without), "aws iam list-users")
}
