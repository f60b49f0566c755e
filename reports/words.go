package reports

import (
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

// Count says how many there are of something: "1 step", "2 steps".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// Span is a number that is not known exactly: "75 to 79", or "75" when it is.
func Span(low, high int) string {
	if low == high {
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

// List joins words: "a", "a and b", "a, b and c".
func List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

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

// Line is the one line about a step that stands beside its title.
func (s Step) Line() string {
	if because := s.Because(); because != "" {
		return because
	}
	shown, more := "", 0
	for _, f := range s.Findings {
		switch {
		case f.Verdict != s.Verdict || f.Found == "":
		case shown == "":
			shown = f.Found
		default:
			more++
		}
	}
	if more > 0 {
		shown += fmt.Sprintf(" (and %d more)", more)
	}
	return shown
}

// Advice is the first advice of a step's findings.
func (s Step) Advice() string {
	for _, f := range s.Findings {
		if f.Advice != "" {
			return f.Advice
		}
	}
	return ""
}

// Telling are the findings to show in detail: all of them, or only those that are not a pass where there are such.
func (s Step) Telling(all bool) []Finding {
	if all || s.Green() {
		return s.Findings
	}
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f Finding) bool { return f.Verdict == checks.Pass })
}

// FindingLine is one labelled line about a finding.
type FindingLine struct{ Label, Text string }

// Lines are the lines about a finding that say something, without its subject.
func (f Finding) Lines() []FindingLine {
	lines := []FindingLine{
		{"Looked at", f.LookedAt}, {"Found", f.Found}, {"Expected", f.Expected}, {"Near miss", f.NearMiss},
		{"Advice", f.Advice},
	}
	return slices.DeleteFunc(lines, func(l FindingLine) bool { return l.Text == "" })
}

// Because says in one clause why a step was not looked at; "" for a step that was.
func (s Step) Because() string {
	switch {
	case s.Verdict == checks.Blocked && len(s.BlockedBy) == 0:
		return "waits for another step"
	case s.Verdict == checks.Blocked:
		return "mend " + List(s.BlockedBy) + " first, then this is looked at"
	case s.Verdict != checks.Unknown:
		return ""
	case s.MissingAction != "":
		return "could not look: " + s.MissingAction + " was denied"
	case s.Reason == facts.NotLooked || s.Reason == facts.NotYetConsistent:
		return s.openBecause()
	default:
		return "could not look: " + wordsOf(s.Reason).what
	}
}

// Explanation says in full why a step was not looked at, and what that means; "" for a step that was.
func (s Step) Explanation() string {
	switch s.Verdict {
	case checks.Blocked:
		return sentence(s.Because())
	case checks.Unknown:
		return sentence(s.openBecause()) + " " + wordsOf(s.Reason).limit
	default:
		return ""
	}
}

// openBecause is the clause about an unknown step with all that is known.
func (s Step) openBecause() string {
	clause := told(s.Detail, s.Reason)
	switch {
	case s.Reason == facts.NotYetConsistent:
		return "not there yet: " + clause
	case s.Reason == facts.NotLooked && s.Detail == "":
		return clause
	case s.Reason == facts.NotLooked:
		return "not looked at: " + clause
	case !strings.Contains(clause, s.MissingAction):
		clause += " (" + s.MissingAction + ")"
	}
	return "could not look: " + clause
}

// Sentence says why nothing could be asked of the account.
func (p Problem) Sentence() string { return sentence(told(p.Detail, p.Reason)) }

// told is the detail, which says most, or what is known from the reason alone.
func told(detail string, reason facts.Reason) string {
	if detail != "" {
		return detail
	}
	return wordsOf(reason).what
}

// sentence gives a clause its capital and its full stop.
func sentence(clause string) string {
	first, size := utf8.DecodeRuneInString(clause)
	return string(unicode.ToUpper(first)) + strings.TrimRight(clause[size:], ".") + "."
}

// reasonWords are what a person reads about a reason.
type reasonWords struct {
	what  string // one clause
	limit string // what follows from it
}

const (
	credentialsLimit = "This is a limit of the credentials, not a mistake."
	passingLimit     = "This is not a mistake, and it will pass. Run it again in a minute."
	notAMistake      = "This says nothing about the work."
)

var wordsOfReason = map[facts.Reason]reasonWords{
	facts.AccessDenied:        {"these credentials may not look", credentialsLimit},
	facts.NoCredentials:       {"no AWS credentials were found", credentialsLimit},
	facts.ExpiredCredentials:  {"the AWS credentials have expired", credentialsLimit},
	facts.RejectedCredentials: {"AWS does not accept these credentials", credentialsLimit},
	facts.ClockWrong:          {"the clock of this machine is wrong, and AWS refuses what it signs", notAMistake},
	facts.AccountNotActive:    {"the AWS account is not active", notAMistake},
	facts.NoRegion:            {"no Region is set", "Name one with --region."},
	facts.RegionDisabled:      {"the Region is not turned on in this account", notAMistake},
	facts.Throttled:           {"AWS asked for a slower pace, several times", passingLimit},
	facts.Timeout:             {"no answer in time", passingLimit},
	facts.Unreachable:         {"AWS could not be reached", "This is about the network, not about the work."},
	facts.NotYetConsistent:    {"AWS has not caught up", "This is not a mistake. Run it again in a few minutes."},
	facts.NotLooked:           {"not looked at", "It stays open until it is looked at."},
	facts.Unsupported:         {"labcheck cannot read this kind of thing", notAMistake},
	facts.InvalidResponse:     {"the answer could not be understood", notAMistake},
	facts.Interrupted:         {"the run was interrupted", "It stays open until it is looked at."},
	facts.InternalError:       {"labcheck made a mistake", "This is a fault of labcheck, not of the work. Please report it."},
}

func wordsOf(reason facts.Reason) reasonWords {
	if w, ok := wordsOfReason[reason]; ok {
		return w
	}
	return reasonWords{"the reason is not known", notAMistake}
}

// PointsText is what a step earned: "2 of 4 points".
func (s Step) PointsText() string {
	if s.Verdict == checks.Skipped {
		return "not counted"
	}
	return fmt.Sprintf("%d of %s", s.Earned, Count(s.Points, "point"))
}

// Answered are the steps that have something to tell. Where nothing could be asked of the account, those that wait for
// it have nothing that the problem does not tell.
func (r *Report) Answered() []Step {
	return slices.DeleteFunc(slices.Clone(r.Steps), func(s Step) bool {
		return r.Problem != nil && s.Verdict == checks.Unknown && s.Reason == r.Problem.Reason
	})
}

// Green says that nothing is left to do about a step.
func (s Step) Green() bool { return s.Verdict == checks.Pass || s.Verdict == checks.Skipped }
