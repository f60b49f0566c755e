package sarif_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
	ours "github.com/labcheck/labcheck/reports/sarif"
)

func TestReports(t *testing.T) {
	for _, n := range reporttest.Set() {
		t.Run(n.Name, func(t *testing.T) {
			out := reporttest.Render(t, ours.Format, n.Report, reports.Options{})
			log := read(t, out)
			require.Len(t, log.Runs, 1)
			for _, result := range log.Runs[0].Results {
				acceptable(t, log.Runs[0], result)
			}
			if n.Name == "finished" {
				require.Empty(t, log.Runs[0].Results, "what passes is no alert")
				require.Contains(t, string(out), `"results": []`, "an empty list closes what was open; none at all does not")
			}
		})
	}
}

// acceptable holds a result against what code scanning refuses a whole file for and the schema does not know.
func acceptable(t *testing.T, run *sarif.Run, result *sarif.Result) {
	t.Helper()
	require.NotEmpty(t, *result.Message.Text)
	require.Len(t, result.Locations, 1)
	place := result.Locations[0].PhysicalLocation
	require.NotEmpty(t, *place.ArtifactLocation.URI)
	require.NotContains(t, *place.ArtifactLocation.URI, " ")
	require.Positive(t, *place.Region.StartLine)
	require.Regexp(t, `^[0-9a-f]{16}:1$`, result.PartialFingerprints["primaryLocationLineHash"])
	rule := run.Tool.Driver.Rules[result.RuleIndex]
	require.Equal(t, *result.RuleID, *rule.ID)
	for _, text := range []*string{
		rule.ID, rule.ShortDescription.Text, rule.FullDescription.Text, rule.Help.Text, result.Message.Text,
	} {
		require.NotEmpty(t, *text)
		require.LessOrEqual(t, len(*text), 1024)
	}
}

// read validates with the SARIF 2.1.0 schema, by a validator that is not ours, and decodes. The library writes the file
// anew before it validates it, with members that were left out as empty ones; of these, the languages and line ends may
// not be empty, and get their defaults.
func read(t *testing.T, out []byte) *sarif.Report {
	t.Helper()
	log, err := sarif.FromBytes(out)
	require.NoError(t, err)
	for _, run := range log.Runs {
		run.Language, run.Tool.Driver.Language, run.NewlineSequences = "en-US", "en-US", []string{"\r\n", "\n"}
	}
	require.NoError(t, log.Validate())
	return log
}

// TestNoSentinels: what has its default is left out, but for the lists that must be there though they are empty.
func TestNoSentinels(t *testing.T) {
	for _, n := range reporttest.Set() {
		out := string(reporttest.Render(t, ours.Format, n.Report, reports.Options{}))
		require.NotRegexp(t, `: -1\b`, out, n.Name)
		require.NotContains(t, strings.NewReplacer(`"rules": []`, "", `"results": []`, "").Replace(out), `: []`, n.Name)
	}
}

// TestTheSchemaIsHeeded: the validator that the other tests trust does refuse.
func TestTheSchemaIsHeeded(t *testing.T) {
	out := reporttest.Render(t, ours.Format, reporttest.Gated(), reports.Options{})
	log := read(t, out)
	log.Runs[0].Results[0].Level = "terrible"
	require.Error(t, log.Validate())
}

func TestWaivedStepsAreSuppressed(t *testing.T) {
	log := read(t, reporttest.Render(t, ours.Format, reporttest.Gated(), reports.Options{}))
	suppressed := 0
	for _, result := range log.Runs[0].Results {
		for _, s := range result.Suppressions {
			suppressed++
			require.Equal(t, "ecr-scan-on-push", *result.RuleID)
			require.Equal(t, "external", *s.Kind)
			require.Contains(t, *s.Justification, "scanning is done by another team")
		}
	}
	require.Equal(t, 1, suppressed)
}

// What failed before is suppressed too where only new failures count, and each step says whether it is new.
func TestBaseline(t *testing.T) {
	r := reporttest.Gated()
	r.Steps[3].Waiver = nil
	states := map[string]string{}
	for _, result := range read(t, reporttest.Render(t, ours.Format, r, reports.Options{})).Runs[0].Results {
		state := ""
		if result.BaselineState != nil {
			state = *result.BaselineState
		}
		for _, s := range result.Suppressions {
			state += ", suppressed: " + *s.Justification
		}
		states[*result.RuleID] = state
	}
	require.Equal(t, map[string]string{
		"logs-retention":       "new",
		"ecr-scan-on-push":     "unchanged, suppressed: Failed before too, in the run of 2026-11-20T05:12:00Z.",
		"labcheck/unevaluated": "unchanged", "labcheck/waiver": "",
	}, states)
	r.Gate.FailOn = ""
	for _, result := range read(t, reporttest.Render(t, ours.Format, r, reports.Options{})).Runs[0].Results {
		require.Empty(t, result.Suppressions, "all failures count")
	}
}

func TestCategoryNamesTheTarget(t *testing.T) {
	r := reporttest.Gated()
	r.Target.Name = "lab-a.eu-west-1"
	log := read(t, reporttest.Render(t, ours.Format, r, reports.Options{}))
	require.Equal(t, "labcheck/sample-1.0/lab-a.eu-west-1/", *log.Runs[0].AutomationDetails.ID)
}

// TestLimits: ten thousand failing steps are cut to what is shown, the worst kept, and this is said.
func TestLimits(t *testing.T) {
	r := reporttest.Gated()
	r.Steps = nil
	for i := range 5_100 {
		id := fmt.Sprintf("step-%d", i)
		r.Steps = append(r.Steps, reports.Step{
			ID: id, Check: id, Title: strings.Repeat("long ", 250),
			Step:     grade.Step{Verdict: checks.Fail, Required: i >= 5_000},
			Findings: []checks.Finding{{Found: strings.Repeat("x", 1<<10)}},
		})
	}
	var out bytes.Buffer
	require.NoError(t, ours.Format.Render(&out, r, reports.Options{}))
	var log sarif.Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	results := log.Runs[0].Results
	require.Len(t, results, 5000)
	require.Equal(t, "step-5000", *results[0].RuleID, "the required ones first")
	require.Contains(t, out.String(), "TRUNCATED: Only the 5000 worst of 5102 alerts are in this file.")
	for _, result := range results {
		acceptable(t, log.Runs[0], result)
	}
	t.Logf("%d bytes", out.Len())
}

// FuzzRender: whatever a stranger calls a thing, the file is accepted.
func FuzzRender(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		var out bytes.Buffer
		require.NoError(t, ours.Format.Render(&out, reporttest.Renamed(name), reports.Options{}))
		log, err := sarif.FromBytes(out.Bytes())
		require.NoError(t, err)
		for _, result := range log.Runs[0].Results {
			acceptable(t, log.Runs[0], result)
		}
	})
}
