package reports

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/labs/grade"
)

// gateNotices are what must be said of the terms of a pipeline: waivers that help nobody, what changed since the
// baseline, and the decision.
func (r *Report) gateNotices() []Notice {
	var n []Notice
	for _, w := range r.Waivers {
		if text := w.Problem(); text != "" {
			n = append(n, Notice{"WAIVER", text})
		}
	}
	if r.Changes != nil {
		n = append(n, Notice{"BASELINE", r.Changes.text()})
	}
	if r.Gate != nil {
		n = append(n, Notice{"GATE", r.Gate.Text()})
	}
	return n
}

// Problem says what is wrong with a waiver, from its place on; "" if nothing is.
func (w Waiver) Problem() string {
	switch w.State {
	case WaiverExpired:
		return fmt.Sprintf("%s: the waiver of %s ended on %s and excuses nothing. Renew it or delete it.", w.At, w.Step, w.Until)
	case WaiverUnused:
		if w.Account == EveryAccount {
			return fmt.Sprintf("%s: the waiver of %s excuses nothing in this account. Delete it, unless another account needs it.", w.At, w.Step)
		}
		return fmt.Sprintf("%s: the waiver of %s excuses nothing here. Delete it.", w.At, w.Step)
	default:
		return ""
	}
}

// WaiverText says that a step is waived, by whom, until when and why; "" for a step that is not.
func (s Step) WaiverText() string {
	if s.Waiver == nil {
		return ""
	}
	return fmt.Sprintf("Waived by %s until %s: %s", s.Waiver.Who, s.Waiver.Until, s.Waiver.Reason)
}

func (c *Changes) text() string {
	var parts []string
	for _, kind := range []struct {
		name  string
		steps []string
	}{{"new failures", c.New}, {"fixed", c.Fixed}, {"failing as before", c.Unchanged}, {"no longer looked at", c.Lost}} {
		if len(kind.steps) > 0 {
			parts = append(parts, kind.name+": "+List(kind.steps))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing failed then, and nothing does now"}
	}
	return "Since the run of " + c.Baseline + ": " + strings.Join(parts, "; ") + "."
}

// Text is the decision with its reasons.
func (g *Gate) Text() string {
	text := map[grade.Outcome]string{
		grade.Passed: "Open.", grade.NotPassed: "Closed.", grade.Inconclusive: "Inconclusive.",
	}[g.Outcome]
	for _, because := range g.Because {
		text += " " + because
	}
	if g.ReportOnly && g.Outcome != grade.Passed {
		text += " This run only reports: its exit code is 0."
	}
	return text
}
