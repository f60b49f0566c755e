package junit_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	other "github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/junit"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) {
	for _, n := range reporttest.Set() {
		t.Run(n.Name, func(t *testing.T) {
			requireShape(t, n.Report, reporttest.Render(t, junit.Format, n.Report, reports.Options{}))
		})
	}
}

// requireShape reads the file with types that are not ours, and holds it to what the consumers need.
func requireShape(t *testing.T, r *reports.Report, out []byte) other.Testsuite {
	t.Helper()
	requireDialect(t, out)
	var root other.Testsuites
	require.NoError(t, xml.Unmarshal(out, &root))
	require.Len(t, root.Suites, 1)
	s := root.Suites[0]
	var sum other.Testsuites
	children := other.Testsuite{}
	seen := map[string]bool{}
	about := 0
	for _, c := range s.Testcases {
		children.AddTestcase(c)
		require.NotEmpty(t, c.Classname)
		require.False(t, seen[c.Classname+"\n"+c.Name], "GitLab keeps only the first of two %s %s", c.Classname, c.Name)
		seen[c.Classname+"\n"+c.Name] = true
		if strings.HasSuffix(c.Classname, ".run") {
			about++
		}
	}
	sum.AddSuite(children)
	require.Equal(t, []int{sum.Tests, sum.Failures, sum.Errors, sum.Skipped},
		[]int{s.Tests, s.Failures, s.Errors, s.Skipped})
	require.Equal(t, []int{sum.Tests, sum.Failures, sum.Errors}, []int{root.Tests, root.Failures, root.Errors})
	require.GreaterOrEqual(t, len(s.Testcases), len(r.Steps))
	steps := s.Testcases[about:]
	require.Len(t, steps, len(r.Steps))
	for i, step := range r.Steps {
		require.Equal(t, kind(r, step), kindOf(steps[i]), step.ID)
	}
	return s
}

func kind(r *reports.Report, s reports.Step) string {
	switch {
	case s.Verdict == checks.Pass:
		return ""
	case r.Standing(s) != reports.Deciding:
		return "skipped"
	case s.Verdict == checks.Unknown:
		return "error " + string(s.Reason)
	default:
		return "failure " + strings.ToUpper(s.Verdict.String())
	}
}

// kindOf is the outcome of a test case. More than one outcome is none of those that are expected.
func kindOf(c other.Testcase) string {
	var kinds []string
	for name, result := range map[string]*other.Result{"skipped": c.Skipped, "error": c.Error, "failure": c.Failure} {
		if result != nil {
			kinds = append(kinds, strings.TrimSpace(name+" "+result.Type))
		}
	}
	return strings.Join(kinds, ", ")
}

// requireDialect holds the text itself to the rules that a parser hides.
func requireDialect(t *testing.T, out []byte) {
	t.Helper()
	require.Less(t, len(out), 30_000_000, "GitLab's limit")
	d := xml.NewDecoder(bytes.NewReader(out))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			require.NotContains(t, a.Value, "\n", "a line end in %s %s", start.Name.Local, a.Name.Local)
			if a.Name.Local == "time" {
				require.NotEmpty(t, a.Value)
			}
		}
	}
}

func TestGateAndWaivers(t *testing.T) {
	r := reporttest.Gated()
	s := requireShape(t, r, reporttest.Render(t, junit.Format, r, reports.Options{}))
	kinds := map[string]string{}
	for _, c := range s.Testcases {
		kinds[c.Name] = kindOf(c)
	}
	require.Equal(t, "skipped", kinds["WAIVER [us-east-1]"], "the exit code does not go by it")
	require.Equal(t, "skipped", kinds["WAIVER [us-east-1] (2)"])
	require.Equal(t, "failure gate", kinds["GATE [us-east-1]"])
	require.Equal(t, "skipped", kinds["BASELINE [us-east-1]"])
	require.Equal(t, "failure PARTIAL", kinds["logs-retention [us-east-1]"])
	require.Equal(t, "skipped", kinds["ecr-scan-on-push [us-east-1]"], "waived")

	r.Gate.Outcome = "passed"
	out := reporttest.Render(t, junit.Format, r, reports.Options{})
	require.NotContains(t, string(out), `type="gate"`, "an open gate is a test that passes")
	r.Gate.Outcome = "inconclusive"
	require.Contains(t, string(reporttest.Render(t, junit.Format, r, reports.Options{})), `<error message="Inconclusive.`)
}

func TestTargetsAreToldApart(t *testing.T) {
	r := reporttest.Verdicts()
	r.Target.Name = "lab-a.eu-west-1"
	s := requireShape(t, r, reporttest.Render(t, junit.Format, r, reports.Options{}))
	require.Equal(t, "sample-1.0 lab-a.eu-west-1", s.Name)
	require.Equal(t, "GRADE [lab-a.eu-west-1]", s.Testcases[0].Name)
	require.Equal(t, "iam-root-mfa [lab-a.eu-west-1]", s.Testcases[1].Name)
}

func TestTenThousandSteps(t *testing.T) {
	r := reporttest.Many(10_000, "")
	requireShape(t, r, reporttest.Render(t, junit.Format, r, reports.Options{}))
}

func TestTooMuchIsCutOnATestCase(t *testing.T) {
	r := reporttest.Many(10_000, strings.Repeat("&", 2_000))
	out := reporttest.Render(t, junit.Format, r, reports.Options{})
	requireDialect(t, out)
	cases := bytes.Count(out, []byte("<testcase ")) // reading 27 MB once more would take long
	last := out[bytes.LastIndex(out, []byte("<testcase ")):]
	require.Contains(t, string(last),
		// One case tells of the cut, and one of the grade.
		fmt.Sprintf("%d steps left out: the file would be too large for GitLab.", len(r.Steps)-cases+2))
	require.Contains(t, string(out[:200]), fmt.Sprintf(` tests="%d" `, cases))
}

func TestMebibytesOfText(t *testing.T) {
	r := reporttest.Renamed(strings.Repeat("]]>\x1b<&\"", 1<<17))
	out := reporttest.Render(t, junit.Format, r, reports.Options{All: true})
	requireShape(t, r, out)
	require.Less(t, len(out), 200_000)
}

func FuzzRender(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := reporttest.Renamed(name)
		requireShape(t, r, reporttest.Render(t, junit.Format, r, reports.Options{All: true}))
	})
}
