// Package sarif writes reports in SARIF 2.1.0 within the limits of GitHub code scanning. Only what is open is a
// result, since code scanning takes every result for an alert; what is green closes its alert by not being there.
package sarif

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/labcheck/labcheck/reports"
)

// The limits of GitHub code scanning: results of a run that are shown, and bytes of a description. A file that is full
// of texts which cannot be packed has 9.8 MB, 4.0 MB as gzip; GitHub takes 10 MB of gzip.
const (
	maxResults = 5000
	maxText    = 1024
)

// schemaURI is the address of the schema that GitHub's documentation names.
const schemaURI = "https://json.schemastore.org/sarif-2.1.0.json"

const language = "en-US"

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
	if err := e.Encode(file{schemaURI, "2.1.0", []run{runOf(r)}}); err != nil {
		return fmt.Errorf("write the report as SARIF: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func runOf(r *reports.Report) run {
	alerts := r.Alerts()
	notices := r.Notices()
	if len(alerts) > maxResults {
		notices = append(notices, reports.Notice{Label: "TRUNCATED", Text: fmt.Sprintf(
			"Only the %d worst of %d alerts are in this file.", maxResults, len(alerts))})
		alerts = alerts[:maxResults]
	}
	rules := rules{list: []rule{}, byID: map[string]int{}}
	results := make([]result, len(alerts)) // never null: an empty list closes what was open
	for i, a := range alerts {
		results[i] = resultOf(a, rules.index(a), r.Source.Label())
	}
	version := clip(r.Tool.Version)
	return run{
		AutomationDetails: automation{ID: category(r)},
		Invocations:       []invocation{invocationOf(r, notices)},
		Language:          language,
		NewlineSequences:  []string{"\r\n", "\n"},
		Results:           results,
		Tool: tool{Driver: driver{
			Contents: []string{"localizedData", "nonLocalizedData"}, Language: language,
			Name: "labcheck", Rules: rules.list, SemanticVersion: version, Version: version,
		}},
	}
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

func resultOf(a reports.Alert, rule int, label string) result {
	words := a.Title + ": " + a.Text
	if label != "" {
		words = label + ": " + words // code scanning does not show the notifications
	}
	r := result{
		PartialFingerprints: map[string]string{"primaryLocationLineHash": a.Fingerprint + ":1"},
		Kind:                "fail",
		Level:               string(a.Level),
		Locations:           []location{locationOf(a)},
		Message:             plain(words),
		Rank:                -1,
		RuleID:              ruleID(a),
		RuleIndex:           rule,
	}
	if a.Step != nil && a.Step.Waiver != nil {
		r.Suppressions = []suppression{{Justification: clip(a.Step.WaiverText()), Kind: "external", Status: "accepted"}}
	}
	return r
}

func locationOf(a reports.Alert) location {
	return location{ID: -1, PhysicalLocation: physicalLocation{
		ArtifactLocation: artifactLocation{Index: -1, URI: (&url.URL{Path: reports.Clean(a.File)}).String()},
		Region: region{
			ByteOffset: -1, CharOffset: -1, StartLine: a.Line, StartColumn: 1, EndLine: a.Line, EndColumn: 2,
		},
	}}
}

// invocationOf carries what every rendering must say, and the grade.
func invocationOf(r *reports.Report, notices []reports.Notice) invocation {
	notices = append(notices, reports.Notice{
		Label: "GRADE", Text: reports.GradeText(r.Grade) + ". " + reports.OutcomeText(r.Grade),
	})
	said := make([]notification, len(notices))
	for i, n := range notices {
		said[i] = notification{Level: "note", Message: plain(n.Label + ": " + n.Text)}
	}
	return invocation{ExecutionSuccessful: r.Problem == nil && !r.Run.Interrupted, ToolExecutionNotifications: said}
}

// rules collects the rules of the results, each once.
type rules struct {
	list []rule
	byID map[string]int
}

// index is the place of an alert's rule in the list.
func (r *rules) index(a reports.Alert) int {
	id := ruleID(a)
	i, ok := r.byID[id]
	if !ok {
		i = len(r.list)
		r.byID[id] = i
		r.list = append(r.list, ruleOf(id, a))
	}
	return i
}

// ruleID is never empty: code scanning refuses the whole file for one rule without an id.
func ruleID(a reports.Alert) string { return cmp.Or(clip(a.Rule), "labcheck/unnamed") }

func ruleOf(id string, a reports.Alert) rule {
	short, full := "", ""
	switch {
	case id == reports.RuleUnevaluated:
		short = "What could not be looked at"
		full = "A step of the lab could not be looked at. This is not known to be right, nor to be wrong."
	case id == reports.RuleWaiver:
		short = "A waiver that excuses nothing"
		full = "A waiver has ended, or its step passes or is not in the lab. Renew it or delete it."
	case a.Step != nil:
		short, full = clip(a.Step.Title), clip(a.Step.Why)
	}
	short = cmp.Or(short, id)
	full = cmp.Or(full, short)
	return rule{FullDescription: text{full}, Help: text{full}, ID: id, ShortDescription: text{short}}
}

// plain is a message that stands for itself: in SARIF "[words](1)" would be a link to another place of the report.
func plain(words string) message { return message{Text: clip(strings.ReplaceAll(words, "](", "] ("))} }

func clip(s string) string { return reports.Clip(s, maxText) }
