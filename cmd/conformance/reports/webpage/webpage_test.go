package webpage_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	g "maragu.dev/gomponents"

	"github.com/labcheck/labcheck/reports/webpage"
)

// The policy allows the style sheet and the script as they stand in the page, and nothing else.
func TestPolicy(t *testing.T) {
	for script, scripts := range map[string]string{"": "", "\"use strict\";\n": "; script-src "} {
		p := webpage.Page{Title: "</title><script>", Style: "p { margin: 0; }\n", Script: script}
		found := read(t, p, g.El("p", g.Text("text")))
		require.Equal(t, "</title><script>", found["title"])
		require.Equal(t, script, found["script"])
		if script != "" {
			scripts += hash(script)
		}
		require.Equal(t,
			"default-src 'none'; style-src "+hash(found["style"])+scripts+"; base-uri 'none'; form-action 'none'",
			found["policy"])
		require.True(t, strings.HasSuffix(found["style"], p.Style), "the page's own style has the last word")
	}
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// read are the texts of a page's elements by their names, and its policy.
func read(t *testing.T, page webpage.Page, body g.Node) map[string]string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, page.Write(&b, body))
	root, err := html.Parse(strings.NewReader(b.String()))
	require.NoError(t, err)
	found := map[string]string{}
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			found[n.Parent.Data] += n.Data
		}
		for _, a := range n.Attr {
			if n.Data == "meta" && a.Key == "content" && strings.HasPrefix(a.Val, "default-src") {
				found["policy"] = a.Val
			}
		}
	}
	return found
}
