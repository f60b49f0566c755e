package reports

import (
	"fmt"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
)

// PointsText is the points of a grade with their range: "75 to 79 of 100 points".
func PointsText(g grade.Grade) string {
	return Span(g.Low, g.High) + " of " + Count(g.Possible, "point")
}

// GradeText is the grade in one line: points, percent, letter.
func GradeText(g grade.Grade) string {
	if g.Percent == nil {
		return "No grade: no points are left in the total"
	}
	text := PointsText(g) + " (" + Span(*g.Percent, *g.PercentHigh) + "%)"
	switch {
	case g.Letter == nil || *g.Letter == "":
	case g.Low == g.High:
		text += ", grade " + *g.Letter
	default:
		text += ", grade " + *g.Letter + " so far"
	}
	return text
}

// OutcomeText says whether the lab is passed and why, in one sentence.
func OutcomeText(g grade.Grade) string {
	mark := strconv.Itoa(g.PassMark) + "%"
	switch {
	case g.Outcome == grade.Passed:
		return "Passed: " + mark + " is needed."
	case g.Percent == nil:
		return "Inconclusive: no step of this lab could earn points here."
	case g.Outcome == grade.Inconclusive:
		return "Inconclusive: what could not be looked at decides. " + mark + " is needed."
	case *g.PercentHigh < g.PassMark:
		return "Not passed: " + mark + " is needed."
	default:
		return "Not passed: a required step is missing."
	}
}

// MissingText names the required steps that are not passed; "" when there are none.
func MissingText(g grade.Grade) string {
	if len(g.Missing) == 0 {
		return ""
	}
	return "Required and not passed: " + List(g.Missing) + "."
}

// Done counts the steps that pass, and those that can.
func (r *Report) Done() (done, of int) {
	return r.count(checks.Pass), len(r.Steps) - r.count(checks.Skipped)
}

func (r *Report) count(v checks.Verdict) int {
	n := 0
	for _, s := range r.Steps {
		if s.Verdict == v {
			n++
		}
	}
	return n
}

// Closing is the sentence that a report ends with: the next goal, or that there is none.
func (r *Report) Closing() string {
	done, of := r.Done()
	tally := fmt.Sprintf("%d of %s done, %s", done, Count(of, "step"), PointsText(r.Grade))
	for _, id := range r.Next {
		if s, ok := r.Step(id); ok {
			return fmt.Sprintf("Next: “%s” (%s).", s.Title, tally)
		}
	}
	open := r.count(checks.Unknown)
	switch {
	case of == 0:
		return "No step was graded."
	case done == of:
		return "Nothing is left to do: " + tally + "."
	case open > 0:
		return fmt.Sprintf("Nothing to mend, but %s could not be looked at (%s).", Count(open, "step"), tally)
	default:
		return "Nothing to mend: " + tally + "."
	}
}
