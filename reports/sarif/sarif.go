// Package sarif writes reports in SARIF 2.1.0 within the limits of GitHub code scanning. Only what is open is a
// result, since code scanning takes every result for an alert; what is green closes its alert by not being there.
package sarif

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/labcheck/labcheck/reports"
)

// The limits of GitHub code scanning: results of a run that are shown, and bytes of a description. A file that is full of
// texts which cannot be packed has 9.8 MB, 4.0 MB as gzip; GitHub takes 10 MB of gzip.
const (
	maxResults = 5000
	maxText    = 1024
)

// schemaURI is the address of the schema that GitHub's documentation names.
const schemaURI = "https://json.schemastore.org/sarif-2.1.0.json"

// file is the whole file. It stands in the place of sarif.Report, whose method Validate would bring the validator, its
// templates and with them every method of every type into the program.
type file struct {
	Schema  string       `json:"$schema"`
	Version string       `json:"version"`
	Runs    []*sarif.Run `json:"runs"`
}

// Format is this format.
var Format = reports.Format{
	Name:   "sarif",
	Help:   "SARIF 2.1.0 for code scanning (GitHub, Azure DevOps)",
	Render: render,
}

func render(w io.Writer, r *reports.Report, _ reports.Options) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(file{schemaURI, "2.1.0", []*sarif.Run{runOf(r)}}); err != nil {
		return fmt.Errorf("write the report as SARIF: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func runOf(r *reports.Report) *sarif.Run {
	alerts := r.Alerts()
	notices := r.Notices()
	if len(alerts) > maxResults {
		notices = append(notices, reports.Notice{Label: "TRUNCATED", Text: fmt.Sprintf(
			"Only the %d worst of %d alerts are in this file.", maxResults, len(alerts))})
		alerts = alerts[:maxResults]
	}
	rules := newRules()
	run := sarif.NewRun().WithAutomationDetails(sarif.NewRunAutomationDetails().WithID(category(r)))
	for _, a := range alerts {
		run.AddResult(resultOf(a, rules.index(a), r.Source.Label()))
	}
	driver := sarif.NewToolComponent().WithName("labcheck").WithVersion(clip(r.Tool.Version)).
		WithSemanticVersion(clip(r.Tool.Version)).WithRules(rules.list)
	run.Tool = sarif.NewTool().WithDriver(driver)
	return run.AddInvocation(invocationOf(r, notices))
}

// category keeps apart what was graded: alerts close when the next run of the same category lacks them. The slash at
// the end makes all of it a category.
func category(r *reports.Report) string {
	id := "labcheck/" + clip(r.Lab.ID) + "/"
	if r.Target.Name != "" {
		id += clip(r.Target.Name) + "/"
	}
	return id
}

func resultOf(a reports.Alert, rule int, label string) *sarif.Result {
	text := a.Title + ": " + a.Text
	if label != "" {
		text = label + ": " + text // code scanning does not show the notifications
	}
	result := sarif.NewRuleResult(ruleID(a)).WithRuleIndex(rule).WithLevel(string(a.Level)).WithMessage(message(text)).
		AddLocation(locationOf(a)).
		WithPartialFingerprints(map[string]string{"primaryLocationLineHash": a.Fingerprint + ":1"})
	if a.Step != nil && a.Step.Waiver != nil {
		result.AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").
			WithJustification(clip(a.Step.WaiverText())))
	}
	return result
}

func locationOf(a reports.Alert) *sarif.Location {
	uri := (&url.URL{Path: reports.Clean(a.File)}).String()
	return sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewArtifactLocation().WithURI(uri)).
		WithRegion(sarif.NewRegion().WithStartLine(a.Line).WithStartColumn(1).WithEndLine(a.Line).WithEndColumn(2)))
}

// invocationOf carries what every rendering must say, and the grade.
func invocationOf(r *reports.Report, notices []reports.Notice) *sarif.Invocation {
	invocation := sarif.NewInvocation().WithExecutionSuccessful(r.Problem == nil && !r.Run.Interrupted)
	notices = append(notices, reports.Notice{
		Label: "GRADE", Text: reports.GradeText(r.Grade) + ". " + reports.OutcomeText(r.Grade),
	})
	for _, n := range notices {
		invocation.AddToolExecutionNotification(
			sarif.NewNotification().WithLevel("note").WithMessage(message(n.Label + ": " + n.Text)))
	}
	return invocation
}
