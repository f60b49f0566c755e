package markdown_test

import (
	"bytes"
	"cmp"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	unescaped "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) {
	for _, o := range []reports.Options{{}, {All: true}, {Hints: 1}} {
		for _, n := range reporttest.Set() {
			t.Run(n.Name, func(t *testing.T) {
				requireShape(t, n.Report, reporttest.Render(t, markdown.Format, n.Report, o), o)
			})
		}
	}
}

// requireShape reads the document with a parser that is not ours, as a code host does. Whatever the names in the report
// are, the document has the tables, rows and headings of its steps, and no link, image or tag that is not ours.
func requireShape(t *testing.T, r *reports.Report, out []byte, o reports.Options) {
	t.Helper()
	parser := goldmark.New(goldmark.WithExtensions(extension.GFM))
	document := parser.Parser().Parse(text.NewReader(out))
	seen := count(t, document, out)

	steps := r.ShownSteps()
	sections, details, folded, commands, items, links := 0, 0, 0, 0, 0, 0
	for _, id := range r.Next {
		if s, ok := r.Step(id); ok {
			items++
			if !s.Green() || o.All {
				links++
			}
		}
	}
	if r.Problem != nil {
		items += len(r.Problem.Next)
	}
	for i, s := range steps {
		if i == 0 || s.Section != steps[i-1].Section {
			sections++
		}
		if s.Green() && !o.All {
			if s.Advice() != "" {
				items++
			}
			continue
		}
		details++
		links += 1 + len(r.Links(s))
		for _, f := range s.ShownFindings(o.All) {
			items += len(reports.FindingLines(f))
		}
		if s.Green() {
			continue
		}
		if o.Hints > 0 {
			items += min(o.Hints, len(s.Hints))
			continue
		}
		items += len(s.Hints)
		if len(s.Hints) > 0 {
			folded++
		}
		list, instead := r.ShownFix(s, o)
		if len(list) > 0 {
			commands++
		}
		if len(list) > 0 || instead != "" || s.Fix.Console != "" || s.Fix.Simulate != "" {
			folded++
		}
	}
	evidence := 0
	if r.Calls.Total > 0 {
		folded++
		evidence = 2
	}
	require.Equal(t, 2+evidence, seen.tables, "tables")
	require.Equal(t, details, seen.headings[3], "headings of details")
	require.Equal(t, links, seen.links, "links")
	require.Equal(t, 1, seen.headings[1], "titles")
	require.Equal(t, commands, seen.fences, "blocks of commands")
	require.Equal(t, items, seen.items, "items of lists")
	require.Equal(t, folded, seen.folded, "parts that open")
	require.Equal(t, len(steps), seen.breaks, "line breaks")
	require.Len(t, seen.rows, sections+len(steps), "rows of sections and of steps")
	rows := seen.rows
	for i, s := range steps {
		if i == 0 || s.Section != steps[i-1].Section {
			require.Equal(t, cmp.Or(strings.TrimSpace(reports.Clean(s.Section)), "Steps"), rows[0][1])
			rows = rows[1:]
		}
		row := rows[0]
		rows = rows[1:]
		require.Len(t, row, 3, "cells")
		title := strings.TrimSpace(reports.Clean(s.Name()))
		if s.Required {
			title = strings.TrimSpace(title + " required")
		}
		about, found, twoLines := strings.Cut(row[1], lineBreak)
		require.True(t, twoLines, "the finding stands below the step")
		require.Equal(t, title, strings.TrimSpace(about))
		require.Equal(t, strings.TrimSpace(reports.Clean(s.ID)+": "+reports.Clean(s.Line())), strings.TrimSpace(found))
	}
}

// shape is what a document consists of.
type shape struct {
	tables, fences, folded, items int
	breaks                        int // of lines in cells
	links                         int // to a step of the page, or to a page of AWS
	headings                      map[int]int
	rows                          [][]string // the rows of the tables of steps, as a reader sees them
}

var ours = regexp.MustCompile(
	`^(<details>\n<summary>[\w :]+</summary>\n|</details>\n|<!-- labcheck\.report/v1\n[\n\w+/=]+-->\n)$`)

func count(t *testing.T, document ast.Node, source []byte) shape {
	t.Helper()
	s := shape{headings: map[int]int{}}
	ofSteps := false
	err := ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Link:
			require.Regexp(t, `^(#step-\d+|https://(docs\.aws|console\.aws)\.amazon\.com/[\w./?=#:-]+)$`, string(n.Destination))
			require.Empty(t, n.Title)
			s.links++
		case *ast.RawHTML:
			require.Equal(t, "<br>", string(n.Segments.Value(source)), "a tag that is not ours")
			s.breaks++
		case *ast.AutoLink, *ast.Image, *ast.CodeBlock, *ast.ThematicBreak, *extast.Strikethrough:
			require.Fail(t, "the data made a "+n.Kind().String())
		case *ast.HTMLBlock:
			block := n.Lines().Value(source)
			if n.HasClosure() {
				block = append(bytes.Clone(block), n.ClosureLine.Value(source)...)
			}
			require.Regexp(t, ours, string(block), "a tag that is not ours")
			if bytes.HasPrefix(block, []byte("<details>")) {
				s.folded++
			}
		case *ast.Heading:
			s.headings[n.Level]++
		case *ast.FencedCodeBlock:
			s.fences++
		case *ast.ListItem:
			s.items++
		case *extast.Table:
			s.tables++
			header := cells(n.FirstChild(), source)
			ofSteps = header[0] == "Verdict"
		case *extast.TableRow:
			if ofSteps {
				s.rows = append(s.rows, cells(n, source))
			}
		}
		return ast.WalkContinue, nil
	})
	require.NoError(t, err)
	return s
}

var tag = regexp.MustCompile(`</?(code|strong|td|th|a)( [^>]*)?>`)

// lineBreak stands for the break of a line in a cell. No text of a report holds it.
const lineBreak = "\x00"

// cells are the cells of a row as a reader sees them.
func cells(row ast.Node, source []byte) []string {
	var texts []string
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		var out bytes.Buffer
		reader := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(unescaped.WithUnsafe()))
		if err := reader.Renderer().Render(&out, source, cell); err != nil {
			return nil
		}
		lines := strings.ReplaceAll(tag.ReplaceAllString(out.String(), ""), "<br>", lineBreak)
		texts = append(texts, strings.TrimSpace(html.UnescapeString(lines)))
	}
	return texts
}

func FuzzNames(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		out := reporttest.Render(t, markdown.Format, r, reports.Options{All: true})
		requireShape(t, r, out, reports.Options{All: true})
		got, changed, err := markdown.Read(out)
		require.NoError(t, err)
		require.Empty(t, changed)
		require.Equal(t, r, got)
	})
}
