package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
)

// Mark is the sign of a verdict. It always stands beside the verdict's word.
func Mark(v checks.Verdict) string {
	switch v {
	case checks.Pass:
		return "✓"
	case checks.Partial:
		return "◐"
	case checks.Fail:
		return "✗"
	case checks.Blocked:
		return "⊘"
	case checks.Skipped:
		return "–"
	default:
		return "?"
	}
}

// Span is a number that is not known exactly: "75 to 79", or "75" when it is.
func Span(low, high int) string {
	if low == high {
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

// List joins words: "a", "a and b", "a, b and c". An empty one is none.
func List(words []string) string {
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == "" })
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// sentence gives a clause its capital, and its full stop unless it asks something.
func sentence(clause string) string {
	first, size := utf8.DecodeRuneInString(clause)
	text := string(unicode.ToUpper(first)) + clause[size:]
	if strings.HasSuffix(text, "?") {
		return text
	}
	return strings.TrimRight(text, ".") + "."
}

// PointsText is the points of a grade with their range: "75 to 79 of 100 points".
func PointsText(g grade.Grade) string {
	return Span(g.Low, g.High) + " of " + checks.Count(g.Possible, "point")
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
	return withList("Required and not passed", g.Missing)
}

// OpenStep is what is to be said of a step that could not be looked at.
type OpenStep struct {
	ID     string
	Points int
	Reason facts.Reason
}

// OpenText says which points stay open and why, in the same words to a student and to an instructor; "" for none. That
// the workstation was not looked at is what somebody chose with a flag.
func OpenText(steps []OpenStep, workstation bool) string {
	points, left, failed := 0, []string{}, []string{}
	for _, s := range steps {
		points += s.Points
		if s.Reason == facts.NotLooked {
			left = append(left, s.ID)
		} else {
			failed = append(failed, s.ID)
		}
	}
	if points == 0 {
		return ""
	}
	var why []string
	if len(left) > 0 {
		why = append(why, List(left)+wasOrWere(left)+"not looked at")
		if !workstation {
			why[0] += " (--no-workstation)"
		}
	}
	if len(failed) > 0 {
		why = append(why, List(failed)+" could not be looked at")
	}
	verb := " stay open: "
	if points == 1 {
		verb = " stays open: "
	}
	return checks.Count(points, "point") + verb + strings.Join(why, "; ")
}

func wasOrWere(list []string) string {
	if len(list) == 1 {
		return " was "
	}
	return " were "
}

func (r *Report) openSteps() []OpenStep {
	var open []OpenStep
	for _, s := range r.Steps {
		if s.Verdict == checks.Unknown {
			open = append(open, OpenStep{s.ID, s.Points, s.Reason})
		}
	}
	return open
}

// NotCountedText says which steps are left out of the total, so that nobody wonders about the number of points; "" for
// none.
func (r *Report) NotCountedText() string {
	var ids []string
	points := 0
	for _, s := range r.Steps {
		if s.Verdict == checks.Skipped {
			ids, points = append(ids, s.ID), points+s.Points
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return withList("Not counted here ("+checks.Count(points, "point")+")", ids)
}

// withList is a sentence that ends in a list; without one if the list is empty.
func withList(lead string, words []string) string {
	if list := List(words); list != "" {
		lead += ": " + list
	}
	return lead + "."
}

// StepsDone counts the steps that pass, and those that can.
func (r *Report) StepsDone() (done, possible int) {
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

// NextStep is the one step to do next.
func (r *Report) NextStep() (s *Step, ok bool) {
	for _, id := range r.Next {
		if s, ok := r.Step(id); ok {
			return s, true
		}
	}
	return nil, false
}

// Closing is the sentence that a report ends with: the next goal, or that there is none.
func (r *Report) Closing() string {
	done, possible := r.StepsDone()
	tally := fmt.Sprintf("%d of %s done, %s", done, checks.Count(possible, "step"), PointsText(r.Grade))
	if s, ok := r.NextStep(); ok {
		return fmt.Sprintf("Next: “%s” (%s).", s.Name(), tally)
	}
	open := r.count(checks.Unknown)
	switch {
	case possible == 0:
		return "No step was graded."
	case done == possible:
		return "Nothing is left to do: " + tally + "."
	case open > 0:
		return fmt.Sprintf("Nothing to fix, but %s could not be looked at (%s).", checks.Count(open, "step"), tally)
	default:
		return "Nothing to fix: " + tally + "."
	}
}

// Notice is something that every rendering of a report must say before anything else.
type Notice struct {
	// Label is one word in upper case.
	Label string
	Text  string
}

// Notices returns what must be said of this report: that it is not about a real account, that it is not the whole lab,
// that its terms were changed.
func (r *Report) Notices() []Notice {
	var n []Notice
	if label := r.Source.Label(); label != "" {
		n = append(n, Notice{label, sourceText(r.Source)})
	}
	if len(r.Run.Selected) > 0 {
		n = append(n, Notice{"NARROWED", withList("Only a part of the lab was graded", r.Run.Selected)})
	}
	if r.Run.Interrupted {
		n = append(n, Notice{"INTERRUPTED", "The run was stopped. What was not looked at counts as open."})
	}
	if len(r.Run.Set) > 0 {
		n = append(n, Notice{"CHANGED", withList("Set for this run", r.Run.Set)})
	}
	if open := OpenText(r.openSteps(), r.Run.Workstation); open != "" && !r.Run.Workstation {
		n = append(n, Notice{"OPEN", open + "."})
	}
	if own := r.Target.ProfileRegion; own != "" {
		looks := cmp.Or(r.Target.Region, "another Region")
		n = append(n, Notice{"REGION", "The lab looks in " + looks + "; the profile's own Region is " + own + "."})
	}
	return append(n, r.gateNotices()...)
}

func sourceText(s Source) string {
	switch s {
	case Sandbox:
		return "This is the practice account. It says nothing about a real one."
	case Facts:
		return "Recorded facts were graded again. Nothing was asked of AWS."
	default:
		return "Another endpoint than AWS's own was asked. This says nothing about a real account."
	}
}
