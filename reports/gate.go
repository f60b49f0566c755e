package reports

import (
	"strings"

	"github.com/labcheck/labcheck/labs/grade"
)

// Changes are the differences from an earlier report of the same lab and account, as step ids in lab order. A step is
// failing if it is fail, partial or blocked.
type Changes struct {
	// Baseline is when the earlier run started, as RFC 3339.
	Baseline string `json:"baseline"`
	// New are failing now and were not.
	New []string `json:"new"`
	// Fixed were failing and pass now.
	Fixed []string `json:"fixed"`
	// Unchanged are failing as before.
	Unchanged []string `json:"unchanged"`
	// Lost passed or failed before and could not be looked at now.
	Lost []string `json:"lost"`
}

// What beside the grade can decide at the gate.
const (
	FailOnNew = "new" // only new failures count
	FailOnAny = "any" // every failing step closes the gate
)

// gateLabel is the label of what a report says of its gate.
const gateLabel = "GATE"

// Gate is the decision of a pipeline: the terms, and what became of them. The grade itself does not know of it.
type Gate struct {
	Outcome grade.Outcome `json:"outcome"`
	// Because are the reasons of the outcome, one sentence each.
	Because []string `json:"because"`
	// FailUnder is the least percent that goes through; the lab's own pass mark where none was asked for.
	FailUnder int `json:"failUnder"`
	// Require and AllowUnknown are the step ids of the flags of the same names.
	Require      []string `json:"require"`
	AllowUnknown []string `json:"allowUnknown"`
	// FailOn is FailOnNew or FailOnAny; empty where the grade decides.
	FailOn string `json:"failOn"`
	// ReportOnly says that the exit code is 0 whatever the outcome (--exit-zero).
	ReportOnly bool `json:"reportOnly"`
}

// gateNotices are what must be said of the terms of a pipeline: waivers that help nobody, what changed since the
// baseline, and the decision.
func (r *Report) gateNotices() []Notice {
	var n []Notice
	for _, w := range r.Waivers {
		if text := WaiverProblem(w); text != "" {
			n = append(n, Notice{"WAIVER", text})
		}
	}
	if r.Changes != nil {
		n = append(n, Notice{"BASELINE", r.Changes.text()})
	}
	if r.Gate != nil {
		n = append(n, Notice{gateLabel, r.Gate.Text()})
	}
	return n
}

// WaiverProblem says what is wrong with a waiver, from its position on; "" if nothing is.
func WaiverProblem(w grade.Waiver) string {
	problem := ""
	switch {
	case w.State == grade.WaiverExpired:
		problem = "ended" + labelled(" on ", w.Until) + " and excuses nothing. Renew it or delete it."
	case w.State != grade.WaiverUnused:
		return ""
	case w.Account == grade.EveryAccount:
		problem = "excuses nothing in this account. Delete it, unless another account needs it."
	default:
		problem = "excuses nothing here. Delete it."
	}
	text := "the waiver" + labelled(" of ", w.Step) + " " + problem
	if w.Position == "" {
		return sentence(text)
	}
	return w.Position + ": " + text
}

// WaiverText says that a step is waived, by whom, until when and why; "" for a step that is not.
func (s Step) WaiverText() string {
	if s.Waiver == nil {
		return ""
	}
	w := s.Waiver
	return "Waived" + labelled(" by ", w.Who) + labelled(" until ", w.Until) + labelled(": ", w.Reason)
}

func (c *Changes) text() string {
	var parts []string
	for _, kind := range []struct {
		name  string
		steps []string
	}{{"new failures", c.New}, {"fixed", c.Fixed}, {"failing as before", c.Unchanged}, {"no longer looked at", c.Lost}} {
		if list := List(kind.steps); list != "" {
			parts = append(parts, kind.name+": "+list)
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing failed then, and nothing does now"}
	}
	return "Since " + c.run() + ": " + strings.Join(parts, "; ") + "."
}

// run names the earlier run.
func (c *Changes) run() string { return "the run" + labelled(" of ", c.Baseline) }

// Text is the decision with its reasons.
func (g *Gate) Text() string {
	text := "Inconclusive."
	switch g.Outcome {
	case grade.Passed:
		text = "Open."
	case grade.NotPassed:
		text = "Closed."
	default:
	}
	for _, because := range g.Because {
		text += labelled(" ", because)
	}
	if g.ReportOnly && g.Outcome != grade.Passed {
		text += " This run only reports: its exit code is 0."
	}
	return text
}
