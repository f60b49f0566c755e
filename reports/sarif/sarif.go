// Package sarif writes reports in SARIF 2.1.0 within the limits of GitHub code scanning. Only what is open is a
// result, since code scanning takes every result for an alert; what is green closes its alert by not being there.
//
// What decides is of the level error, all else that is open a note. What is waived or failed before is suppressed, and
// with a baseline each step's result says whether it is new. What a flag left out is no result.
package sarif

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
)

// The limits of GitHub code scanning: results of a run that are shown, and bytes of a description. A file that is full
// of texts which cannot be packed has 9.8 MB, 4.0 MB as gzip; GitHub takes 10 MB of gzip.
const (
	maxResults = 5000
	maxText    = 1024
)

// schemaURI is the address of the schema that GitHub's documentation names.
const schemaURI = "https://json.schemastore.org/sarif-2.1.0.json"

// Where a reader learns more: of the tool, of each check, and of what a pipeline asks.
const (
	home      = "https://github.com/labcheck/labcheck"
	catalogue = home + "/blob/main/checks/README.md"
	pipelines = home + "#a-pipeline"
)

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
	results := make([]result, len(alerts))
	for i, a := range alerts {
		results[i] = resultOf(r, a, rules.index(a))
	}
	d := driver{Name: "labcheck", InformationURI: home, Version: clip(r.Tool.Version), Rules: rules.list}
	if semantic().MatchString(r.Tool.Version) {
		d.SemanticVersion = r.Tool.Version
	}
	return run{
		AutomationDetails: automation{ID: category(r)},
		Invocations:       []invocation{invocationOf(r, notices)},
		Results:           results,
		Tool:              tool{Driver: d},
	}
}

// semantic is a version as semver.org has it.
var semantic = sync.OnceValue(func() *regexp.Regexp { // counts make a pattern slow to compile, and few runs use it
	return regexp.MustCompile(`^\d{1,9}\.\d{1,9}\.\d{1,9}([-+][0-9A-Za-z.+-]{1,80})?$`)
})

// category keeps apart what was graded: alerts close when the next run of the same category lacks them. The slash at
// the end makes all of it a category.
func category(r *reports.Report) string {
	id := "labcheck/" + clip(r.Lab.ID) + "/"
	if r.Target.Name != "" {
		id += clip(r.Target.Name) + "/"
	}
	return id
}

func resultOf(r *reports.Report, a reports.Alert, rule int) result {
	words := a.Title + ": " + a.Text
	if label := r.Source.Label(); label != "" {
		words = label + ": " + words // code scanning does not show the notifications
	}
	level := "note"
	if a.Level == reports.AlertError {
		level = "error"
	}
	out := result{
		RuleID: ruleID(a), RuleIndex: rule, Level: level, Message: plain(words), Locations: []location{locationOf(a)},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": a.Fingerprint + ":1"},
		BaselineState:       baselineState(r, a),
	}
	if a.Standing == reports.Excused {
		out.Suppressions = []suppression{
			{Kind: "external", Status: "accepted", Justification: clip(r.StandingText(*a.Step))},
		}
	}
	return out
}

// baselineState says whether a step's result is new since the baseline; "" without one.
func baselineState(r *reports.Report, a reports.Alert) string {
	switch {
	case r.Changes == nil || a.Step == nil:
		return ""
	case slices.Contains(r.Changes.New, a.Step.ID) || slices.Contains(r.Changes.Lost, a.Step.ID):
		return "new"
	default:
		return "unchanged"
	}
}

func locationOf(a reports.Alert) location {
	return location{physicalLocation{
		artifactLocation{(&url.URL{Path: reports.Clean(a.File)}).String()},
		region{StartLine: a.Line, StartColumn: 1, EndLine: a.Line, EndColumn: 2},
	}}
}

// invocationOf carries what every rendering must say, and the grade.
func invocationOf(r *reports.Report, notices []reports.Notice) invocation {
	notices = append(notices, reports.Notice{
		Label: "GRADE", Text: reports.GradeText(r.Grade) + ". " + reports.OutcomeText(r.Grade),
	})
	said := make([]notification, len(notices))
	for i, n := range notices {
		said[i] = notification{"note", plain(n.Label + ": " + n.Text)}
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

// ruleOf describes a rule. Its help leads on: to the command that explains a check, and to the catalogue.
func ruleOf(id string, a reports.Alert) rule {
	short, full := "", ""
	helpURI, explain := pipelines, ""
	switch {
	case id == reports.RuleUnevaluated:
		short = "What could not be looked at"
		full = "A step of the lab could not be looked at. This is not known to be right, nor to be wrong."
	case id == reports.RuleWaiver:
		short = "A waiver that excuses nothing"
		full = "A waiver has ended, or its step passes or is not in the lab. Renew it or delete it."
	case id == reports.RuleDecision:
		short = "The decision of the run"
		full = "The run is not passed, or it is inconclusive because something that decides could not be looked at."
	case a.Step != nil:
		short, full = clip(a.Step.Title), clip(a.Step.Why)
		helpURI = catalogue
		if checkID().MatchString(id) {
			helpURI += "#" + id
			explain = "labcheck explain " + id
		}
	}
	short = cmp.Or(short, id)
	full = cmp.Or(full, short)
	help := reports.Clip(full, maxText-300) // there is room for what follows
	more := text{help + " More: " + helpURI, markdown.Text(help) + " [More](" + helpURI + ")"}
	if explain != "" {
		more.Text += " or " + explain
		more.Markdown += " or `" + explain + "`"
	}
	return rule{
		ID: id, ShortDescription: text{Text: short}, FullDescription: text{Text: full}, Help: more, HelpURI: helpURI,
	}
}

// checkID is the id of a check that can be an argument of a command and a part of an address as it is.
var checkID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`) })

// plain is a message that stands for itself: in SARIF "[words](1)" would be a link to another place of the report.
func plain(words string) text { return text{Text: clip(strings.ReplaceAll(words, "](", "] ("))} }

func clip(s string) string { return reports.Clip(s, maxText) }
