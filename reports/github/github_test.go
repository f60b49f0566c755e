package github_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestAnnotations(t *testing.T) {
	reporttest.Run(t, github.Format, ".txt", wellFormed)
}

// command is a workflow command as the runner's documentation writes it, with nothing in it left to interpret.
var command = regexp.MustCompile(`^::(error|warning|notice) ((file|line|title)=[^:,\n]*,?)+::[^\n]*$`)

// wellFormed reads the annotations as the runner does: line by line, with limits.
func wellFormed(t *testing.T, _ reporttest.Named, out []byte) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	require.LessOrEqual(t, len(lines), 11, "GitHub drops more than ten of a level")
	for _, line := range lines {
		require.Regexp(t, command, line)
		require.LessOrEqual(t, len(line), 4096)
		require.Empty(t, regexp.MustCompile(`%(0A|0D)`).FindString(line), "no text brings its own line end")
	}
}

func TestAnnotationsSayWhatIsLeftOut(t *testing.T) {
	out := string(reporttest.Render(t, github.Format, many(12), reports.Options{}))
	require.Equal(t, 9, strings.Count(out, "file=.labcheck/"))
	require.Contains(t, out, "::And 3 more: the job's summary shows all.")
}

// many is a report with this many failing steps.
func many(n int) *reports.Report {
	r := reporttest.Gated()
	r.Waivers, r.Changes, r.Steps = nil, nil, nil
	for i := range n {
		id := fmt.Sprintf("step-%d", i)
		r.Steps = append(r.Steps,
			reports.Step{ID: id, Check: id, Title: "Title " + id, Step: grade.Step{Verdict: checks.Fail, Points: 1}})
	}
	return r
}

func TestSummary(t *testing.T) {
	for _, n := range reporttest.Set() {
		t.Run(n.Name, func(t *testing.T) {
			page := github.Summary(n.Report, 900_000)
			require.LessOrEqual(t, len(page), 900_000)
			require.Equal(t, strings.Count(page, "<details>"), strings.Count(page, "</details>"))
			if !n.Large {
				reporttest.Golden(t, "summary-"+n.Name+".md", []byte(page))
			}
		})
	}
}

func TestOutputs(t *testing.T) {
	gated := reporttest.Gated()
	require.Equal(t, `score<<EOF
60 to 78
EOF
grade<<EOF
F
EOF
status<<EOF
not_passed
EOF
failed<<EOF
1
EOF
unknown<<EOF
2
EOF
report-path<<EOF
out/report.sarif
EOF
`, github.Outputs(gated, []*reports.Report{gated}, "out/report.sarif", "EOF"))

	r := reporttest.Gated()
	letter := "A\nEOF\nstatus<<EOF\npassed"
	r.Grade.Letter = &letter
	require.Contains(t, github.Outputs(r, nil, "", "EOF"), "A EOF status<<EOF passed\n", "a value has one line")
}

func TestOutputsOfManyTargets(t *testing.T) {
	gated, other := reporttest.Gated(), reporttest.Verdicts()
	out := github.Outputs(nil, []*reports.Report{gated, other, gated}, "", "EOF")
	require.Contains(t, out, "status<<EOF\ninconclusive\nEOF\n", "one without a report decides")
	require.Contains(t, out, "failed<<EOF\n6\nEOF\nunknown<<EOF\n6\nEOF\n", "1 + 4 + 1 and 2 + 2 + 2")
}

// FuzzRender: whatever a stranger calls a thing, no command of theirs gets through.
func FuzzRender(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		wellFormed(t, reporttest.Named{}, reporttest.Render(t, github.Format, r, reports.Options{}))
	})
}
