package sarif

import (
	"cmp"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/labcheck/labcheck/reports"
)

// rules collects the rules of the results, each once.
type rules struct {
	list []*sarif.ReportingDescriptor
	byID map[string]int
}

func newRules() *rules { return &rules{list: []*sarif.ReportingDescriptor{}, byID: map[string]int{}} }

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

func ruleOf(id string, a reports.Alert) *sarif.ReportingDescriptor {
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
	return sarif.NewRule(id).WithShortDescription(text(short)).WithFullDescription(text(full)).WithHelp(text(full))
}

func text(s string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(s)
}

// message is a text that stands for itself: in SARIF "[words](1)" would be a link to another place of the report.
func message(s string) *sarif.Message {
	return sarif.NewTextMessage(clip(strings.ReplaceAll(s, "](", "] (")))
}

func clip(s string) string { return reports.Clip(s, maxText) }
