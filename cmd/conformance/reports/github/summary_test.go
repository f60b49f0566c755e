package github_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestSummary(t *testing.T) {
	for _, n := range reporttest.Set() {
		t.Run(n.Name, func(t *testing.T) {
			page := github.Summary(n.Report, 900_000)
			if left := regexp.MustCompile(`parts? left out`).FindString(page); left == "" {
				require.Equal(t, len(n.Report.ShownSteps()), rows(page), "a row for each step, whatever its name")
			}
		})
	}
}

// rows counts the rows of all tables with a Markdown parser that is not ours.
func rows(page string) int {
	n := 0
	document := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader([]byte(page)))
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if _, ok := node.(*gast.TableRow); ok && entering {
			n++
		}
		return ast.WalkContinue, nil
	})
	return n
}

// TestSummaryIsCutOnARow: the page keeps its limit, ends well and says how much is missing.
func TestSummaryIsCutOnARow(t *testing.T) {
	const limit = 4000
	page := github.Summary(many(10_000), limit)
	require.LessOrEqual(t, len(page), limit)
	shown := rows(page)
	require.Greater(t, shown, 10)
	require.Contains(t, page, fmt.Sprintf("%d parts left out", 10_000-shown))
	require.Empty(t,
		github.Summary(many(1), 0)[len("5 parts left out: this page has its limit. The reports have all.\n\n"):])
}

// many is a report with this many failing steps.
func many(n int) *reports.Report {
	r := reporttest.Gated()
	r.Waivers, r.Changes, r.Steps = nil, nil, nil
	for i := range n {
		id := fmt.Sprintf("step-%d", i)
		r.Steps = append(r.Steps, reports.Step{
			ID: id, Check: id, Title: "Title " + id, Step: grade.Step{Verdict: checks.Fail, Points: 1},
		})
	}
	return r
}

func FuzzSummary(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		require.Equal(t, len(r.ShownSteps()), rows(github.Summary(r, 900_000)))
	})
}
