package html_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/cmd/conformance/dom"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/html"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestOptions(t *testing.T) {
	for _, o := range []reports.Options{{}, {All: true}, {Hints: 1}} {
		for _, n := range reporttest.Set() {
			t.Run(n.Name, func(t *testing.T) {
				requireShape(t, n.Report, reporttest.Render(t, html.Format, n.Report, o), o)
			})
		}
	}
	r := reporttest.Verdicts()
	s, _ := r.Step("ecr-scan-on-push")
	plain, hinted := page(t, r, reports.Options{}), page(t, r, reports.Options{Hints: 1})
	commands, _ := reports.TypeableCommands(s.Fix, reports.POSIX)
	fix := strings.Join(commands, "\n")
	require.Contains(t, texts(plain, "pre"), fix)
	require.NotContains(t, texts(hinted, "pre"), fix, "hints stand in the place of the fix")
	require.Contains(t, texts(hinted, "li"), s.Hints[0])
	require.NotContains(t, texts(hinted, "li"), s.Hints[1])
	require.NotContains(t, texts(plain, "h3"), "The root user has an MFA device")
	require.Contains(t, texts(page(t, r, reports.Options{All: true}), "h3"), "The root user has an MFA device")
}

// A page opens at its most useful place: notices come before the grade, and the next steps before the others.
func TestOrder(t *testing.T) {
	r := reporttest.Gated()
	r.Source = reports.Sandbox
	root := page(t, r, reports.Options{})
	require.True(t, strings.HasPrefix(texts(root, "title")[0], "SIMULATED: "))
	var seen []string
	for _, e := range dom.All(root, "h2", "p") {
		if e.Data == "h2" || dom.Attribute(e, "class") == "notice" {
			seen = append(seen, strings.Fields(dom.Content(e))[0])
		}
	}
	require.Equal(t, []string{
		"SIMULATED", "WAIVER", "WAIVER", "BASELINE", "GATE", "Grade", "What", "Steps", "Details", "Advice", "Run", "Evidence",
	}, seen)
	waived, _ := r.Step("ecr-scan-on-push")
	require.Contains(t, texts(root, "p"), waived.WaiverText())
	next, _ := r.Step(r.Next[0])
	require.Equal(t, next.Title, texts(dom.All(root, "article")[0], "h3")[0])
}

// A browser fetches nothing, and takes no style and no script but the ones whose hashes the page names.
func TestPolicy(t *testing.T) {
	root := page(t, reporttest.Verdicts(), reports.Options{})
	hash := func(element string) string {
		sum := sha256.Sum256([]byte(texts(root, element)[0]))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	policy := ""
	for _, meta := range dom.All(root, "meta") {
		if dom.Attribute(meta, "http-equiv") == "Content-Security-Policy" {
			policy = dom.Attribute(meta, "content")
		}
	}
	require.Equal(t, "default-src 'none'; style-src "+hash("style")+"; script-src "+hash("script")+
		"; base-uri 'none'; form-action 'none'", policy)
}

// A page grows with its steps and no faster.
func TestManySteps(t *testing.T) {
	const steps, bytesPerStep = 1_000, 2 << 10
	r := reporttest.Verdicts()
	first := r.Steps
	r.Steps = nil
	for i := range steps {
		s := first[i%len(first)]
		s.ID = fmt.Sprintf("step-%d", i)
		s.Section = fmt.Sprintf("Section %d", i/20)
		r.Steps = append(r.Steps, s)
	}
	out := reporttest.Render(t, html.Format, r, reports.Options{})
	require.Less(t, len(out), steps*bytesPerStep)
	requireShape(t, r, out, reports.Options{})
}

func TestLongText(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 1<<20), strings.Repeat("</p><script>", 1<<16)} {
		r := reporttest.Verdicts()
		r.Steps[2].Findings[0].Found = name
		r.Lab.Title = name
		out := reporttest.Render(t, html.Format, r, reports.Options{})
		requireShape(t, r, out, reports.Options{})
		require.Equal(t, []string{name}, texts(dom.Parse(t, out), "h1"), "nothing of it is lost")
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Add("\xff\x00</code></pre>")
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		o := reports.Options{All: true}
		requireShape(t, r, reporttest.Render(t, html.Format, r, o), o)
	})
}

// ours are the elements of the page, each with the attributes that it may have and what they may be.
var ours = elements(map[string]string{
	"html": "lang", "head": "", "meta": "charset http-equiv content name", "title": "",
	"style": "", "script": "", "body": "",
	"header": "", "main": "", "footer": "", "section": "aria-labelledby", "article": "class aria-labelledby",
	"h1": "", "h2": "id", "h3": "id", "p": "class", "div": "class tabindex role aria-label", "span": "class aria-hidden",
	"a": "href", "strong": "", "code": "", "pre": "tabindex role aria-label", "time": "datetime",
	"ul": "", "ol": "", "li": "", "dl": "class", "dt": "", "dd": "", "details": "", "summary": "",
	"table": "class aria-labelledby", "caption": "", "thead": "", "tbody": "", "tr": "class", "th": "scope", "td": "class",
	"svg": "class aria-hidden width height", "rect": "class x width height", "line": "class x1 x2 y1 y2",
})

func elements(list map[string]string) map[string]map[string]*regexp.Regexp {
	special := map[string]string{
		"id": `[a-z]+(-\d+)?`, "aria-labelledby": `[a-z]+(-\d+)?`, "class": `[a-z]+( [a-z]+)?`,
		"href": `#step-\d+|https://(docs\.aws|console\.aws)\.amazon\.com/[\w./?=#:-]+`,
	}
	found := map[string]map[string]*regexp.Regexp{}
	for name, attributes := range list {
		found[name] = map[string]*regexp.Regexp{}
		for _, key := range strings.Fields(attributes) {
			found[name][key] = regexp.MustCompile(`^(` + cmp.Or(special[key], `[\w ,:;='%+/-]*`) + `)$`)
		}
	}
	return found
}

// requireShape reads the page with a parser that is not ours, as a browser does. Whatever the names in the report are,
// the page consists of our elements, with its parts named, its headings in order and its links within itself.
func requireShape(t *testing.T, r *reports.Report, out []byte, o reports.Options) {
	t.Helper()
	require.True(t, utf8.Valid(out), "the page is UTF-8")
	require.True(t, bytes.HasPrefix(out, []byte("<!doctype html><html lang=\"en\">")))
	root := dom.Parse(t, out)
	ids := map[string]bool{}
	var links []string
	for e := range root.Descendants() {
		require.NotEqual(t, nethtml.CommentNode, e.Type, "the data made a comment")
		if e.Type != nethtml.ElementNode {
			continue
		}
		allowed, known := ours[e.Data]
		if !known {
			require.Fail(t, "the data made a <"+e.Data+">")
		}
		for _, a := range e.Attr {
			value, known := allowed[a.Key]
			if !known || !value.MatchString(a.Val) {
				require.Fail(t, "the data made an attribute", "<%s %s=%q>", e.Data, a.Key, a.Val)
			}
			switch a.Key {
			case "id":
				if ids[a.Val] {
					require.Fail(t, "an id is there twice: "+a.Val)
				}
				ids[a.Val] = true
			case "href", "aria-labelledby":
				if !strings.HasPrefix(a.Val, "https://") {
					links = append(links, strings.TrimPrefix(a.Val, "#"))
				}
			}
		}
	}
	for _, id := range links {
		if !ids[id] {
			require.Fail(t, "nothing has the id "+id)
		}
	}
	dom.RequireHeadings(t, root)
	for _, once := range []string{"header", "main", "footer", "h1", "title", "style", "script"} {
		require.Len(t, dom.All(root, once), 1, once)
	}
	require.Equal(t, []string{reports.Clean(r.Lab.Title)}, texts(root, "h1"))
	requireNotices(t, r, root)
	requireRows(t, r, root)
	requireCards(t, r, root, o)
}

func requireNotices(t *testing.T, r *reports.Report, root *nethtml.Node) {
	t.Helper()
	var want, got []string
	for _, n := range r.Notices() {
		want = append(want, reports.Clean(n.Label)+" "+reports.Clean(n.Text))
	}
	for _, e := range dom.All(root, "p") {
		if dom.Attribute(e, "class") == "notice" {
			got = append(got, dom.Content(e))
		}
	}
	require.Equal(t, want, got)
}

// requireRows holds the tables of steps against the steps of the report.
func requireRows(t *testing.T, r *reports.Report, root *nethtml.Node) {
	t.Helper()
	var rows [][]string
	for _, table := range dom.All(root, "table") {
		header := dom.All(table, "thead")[0]
		for _, cell := range dom.All(header, "th") {
			require.Equal(t, "col", dom.Attribute(cell, "scope"))
		}
		columns := len(dom.All(header, "th"))
		for _, row := range dom.All(dom.All(table, "tbody")[0], "tr") {
			if cells := dom.All(row, "th", "td"); len(cells) != columns || dom.Attribute(cells[0], "scope") != "row" {
				require.Fail(t, "a row has other cells than its table", dom.Content(row))
			}
			if dom.Attribute(table, "class") == "steps" {
				rows = append(rows, texts(row, "th", "td"))
			}
		}
	}
	steps := r.ShownSteps()
	require.Len(t, rows, len(steps))
	for i, s := range steps {
		name := reports.Clean(s.Title) + " " + reports.Clean(s.ID)
		if s.Required {
			name += " required"
		}
		result := []string{reports.Mark(s.Verdict) + " " + s.Verdict.String()}
		for _, part := range []string{s.Line(), s.WaiverText()} {
			if part != "" {
				result = append(result, reports.Clean(part))
			}
		}
		require.Equal(t, []string{name, strings.Join(result, " ")}, rows[i][:2])
	}
}

// requireCards says that each step is told in detail exactly once, or not at all where it is green.
func requireCards(t *testing.T, r *reports.Report, root *nethtml.Node, o reports.Options) {
	t.Helper()
	var want, got []string
	for _, s := range r.ShownSteps() {
		if o.All || s.Verdict != checks.Pass && s.Verdict != checks.Skipped || slices.Contains(r.Next, s.ID) {
			want = append(want, reports.Clean(s.Title))
		}
	}
	for _, card := range dom.All(root, "article") {
		got = append(got, texts(card, "h3")...)
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(t, want, got)
}

func page(t *testing.T, r *reports.Report, o reports.Options) *nethtml.Node {
	t.Helper()
	return dom.Parse(t, reporttest.Render(t, html.Format, r, o))
}

func texts(root *nethtml.Node, names ...string) []string {
	var list []string
	for _, e := range dom.All(root, names...) {
		list = append(list, dom.Content(e))
	}
	return list
}
