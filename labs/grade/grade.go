// Package grade turns verdicts and points into a grade. It is pure: integers in, integers out.
package grade

import (
	"iter"

	"github.com/labcheck/labcheck/checks"
)

// Step is what the grade needs to know of a step. A step of a report is one, and more.
type Step struct {
	Verdict checks.Verdict `json:"verdict"`
	// Share is how much of a partial step is verified, in percent (1 to 99).
	Share int `json:"share"`
	// Earned are the points that a report gives for the step; see Worth.
	Earned int `json:"earned"`
	// Points are what the step is worth when it passes.
	Points int `json:"points"`
	// Required says that nobody passes without it.
	Required bool `json:"required"`
}

// Worth is what the step's verdict earns: all of its points for a pass, its share rounded down for a partial, else
// none.
func (s Step) Worth() int {
	switch s.Verdict {
	case checks.Pass:
		return s.Points
	case checks.Partial:
		return s.Points * s.Share / 100
	default:
		return 0
	}
}

// Outcome is what a grade amounts to.
type Outcome string

// The outcomes.
const (
	Passed       Outcome = "passed"
	NotPassed    Outcome = "not_passed"
	Inconclusive Outcome = "inconclusive"
)

// Band is a letter and the least percent that earns it.
type Band struct {
	Letter  string
	Percent int
}

// Grade is the grade of a run. Points are whole numbers; percents are rounded down.
type Grade struct {
	Earned   int `json:"earned"`
	Possible int `json:"possible"`
	// Low is Earned; High is what would be earned if every unknown step were a pass.
	Low  int `json:"low"`
	High int `json:"high"`
	// Percent, PercentHigh and Letter are null when nothing is left in the total.
	Percent     *int    `json:"percent"`
	PercentHigh *int    `json:"percentHigh"`
	Letter      *string `json:"letter"`
	Outcome     Outcome `json:"outcome"`
	// PassMark is the least percent that passes.
	PassMark int `json:"passMark"`
	// Missing lists the required steps that are not passed, in lab order.
	Missing []string `json:"missing"`
}

// Of grades steps, by their ids and in lab order, against a pass mark in percent and bands from the highest to the
// lowest. A step that could not be looked at keeps its weight: losing a permission never raises a grade.
func Of(steps iter.Seq2[string, Step], passMark int, scale []Band) Grade {
	g := Grade{PassMark: passMark, Missing: []string{}, Outcome: Inconclusive}
	lost := false // a required step is proven not to pass
	for id, s := range steps {
		if s.Verdict == checks.Skipped {
			continue
		}
		g.Possible += s.Points
		g.Earned += s.Worth()
		g.High += s.Worth()
		if s.Verdict == checks.Unknown {
			g.High += s.Points
		}
		if s.Required && s.Verdict != checks.Pass {
			g.Missing = append(g.Missing, id)
			lost = lost || s.Verdict != checks.Unknown
		}
	}
	g.Low = g.Earned
	if g.Possible == 0 {
		return g
	}
	percent, high := 100*g.Low/g.Possible, 100*g.High/g.Possible
	letter := Letter(percent, scale)
	g.Percent, g.PercentHigh, g.Letter = &percent, &high, &letter
	switch {
	case 100*g.Low >= passMark*g.Possible && len(g.Missing) == 0:
		g.Outcome = Passed
	case 100*g.High < passMark*g.Possible || lost:
		g.Outcome = NotPassed
	}
	return g
}

// Letter is the letter of the first band that the percent reaches, of bands from the highest to the lowest; "F" below
// all of them, "" without a scale.
func Letter(percent int, scale []Band) string {
	if len(scale) == 0 {
		return ""
	}
	for _, b := range scale {
		if percent >= b.Percent {
			return b.Letter
		}
	}
	return "F"
}
