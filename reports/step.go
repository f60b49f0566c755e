package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// Name is what a step is called: its title, or its id where there is none.
func (s Step) Name() string { return cmp.Or(s.Title, s.ID, "a step without a name") }

// Green says that nothing is left to do about a step.
func (s Step) Green() bool { return s.Verdict == checks.Pass || s.Verdict == checks.Skipped }

// Settleable says that the step is unknown, and that a person can end that: what is to be done stands in its fix.
func (s Step) Settleable() bool {
	waits := s.Reason == facts.NotYetConsistent || s.Reason == facts.NotLooked
	return s.Verdict == checks.Unknown && waits && (len(s.Fix.Commands) > 0 || s.Fix.Console != "")
}

// ShownSteps are the steps that have something to tell. Where nothing could be asked of the account, those that wait
// for it have nothing that the problem does not tell.
func (r *Report) ShownSteps() []Step {
	return slices.DeleteFunc(slices.Clone(r.Steps), func(s Step) bool {
		return r.Problem != nil && s.Verdict == checks.Unknown && s.Reason == r.Problem.Reason
	})
}

// PointsText is what a step earned: "2 of 4 points".
func (s Step) PointsText() string {
	if s.Verdict == checks.Skipped {
		return "not counted"
	}
	return fmt.Sprintf("%d of %s", s.Earned, checks.Count(s.Points, "point"))
}

// PointsCell is PointsText for the cell of a table: "2/4", and "–" for a step that is not counted.
func (s Step) PointsCell() string {
	if s.Verdict == checks.Skipped {
		return "–"
	}
	return fmt.Sprintf("%d/%d", s.Earned, s.Points)
}

// Line is the one line about a step that stands beside its title.
func (s Step) Line() string {
	if because := s.whyNotLooked(); because != "" {
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

// ShownFindings are the findings to show in detail: all of them, or only those to fix. A blocked step has none to
// fix: its cause comes first.
func (s Step) ShownFindings(all bool) []checks.Finding {
	switch {
	case all || s.Green():
		return s.Findings
	case s.Verdict == checks.Blocked:
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f checks.Finding) bool { return f.Verdict == checks.Pass })
}

// FindingLine is one labelled line about a finding.
type FindingLine struct{ Label, Text string }

// FindingLines are the lines about a finding that say something, without its subject.
func FindingLines(f checks.Finding) []FindingLine {
	lines := []FindingLine{
		{"Looked at", f.LookedAt},
		{"Found", f.Found},
		{"Expected", f.Expected},
		{"Near miss", f.NearMiss},
		{"Advice", f.Advice},
	}
	return slices.DeleteFunc(lines, func(l FindingLine) bool { return l.Text == "" })
}

// whyNotLooked says in one clause why a step was not looked at; "" for a step that was.
func (s Step) whyNotLooked() string {
	switch {
	case s.Verdict == checks.Blocked && List(s.BlockedBy) == "":
		return "waits for another step"
	case s.Verdict == checks.Blocked:
		return "fix " + List(s.BlockedBy) + " first, then this is looked at"
	case s.Verdict != checks.Unknown:
		return ""
	case s.MissingAction != "":
		return "could not look: " + s.MissingAction + " was denied"
	case s.Reason == facts.NotLooked || s.Reason == facts.NotYetConsistent || s.Reason == facts.Unsupported:
		return s.whyUnknown() // the detail is what there is to say
	default:
		return "could not look: " + wordsOf(s.Reason).clause
	}
}

// Explanation says in full why a step was not looked at, and what that means; "" for a step that was.
func (s Step) Explanation() string {
	switch s.Verdict {
	case checks.Blocked:
		return sentence(s.whyNotLooked())
	case checks.Unknown:
		return sentence(s.whyUnknown()) + " " + wordsOf(s.Reason).consequence
	default:
		return ""
	}
}

// whyUnknown is the clause about an unknown step with all that is known.
func (s Step) whyUnknown() string {
	clause := clauseOf(s.Detail, s.Reason)
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
func (p Problem) Sentence() string { return sentence(clauseOf(p.Detail, p.Reason)) }

// NextLead stands before what to type about a problem; "" if there is nothing.
func (p Problem) NextLead() string {
	switch len(p.Next) {
	case 0:
		return ""
	case 1:
		return "Try this:"
	default:
		return "Try this, the most likely first:"
	}
}

// clauseOf is the detail, which says most, or what is known from the reason alone.
func clauseOf(detail string, reason facts.Reason) string {
	if detail != "" {
		return detail
	}
	return wordsOf(reason).clause
}

// reasonWords are what a person reads about a reason.
type reasonWords struct {
	clause      string
	consequence string // a sentence: what follows from it
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
	facts.NotYetConsistent:    {"AWS has not caught up", "This is not a mistake. Run it again after that."},
	facts.NotLooked:           {"not looked at", "It stays open until it is looked at."},
	facts.Unsupported:         {"labcheck cannot read this kind of thing", notAMistake},
	facts.InvalidResponse:     {"the answer could not be understood", notAMistake},
	facts.Interrupted:         {"the run was interrupted", "It stays open until it is looked at."},
	facts.InternalError:       {"labcheck made a mistake", "This is a fault of labcheck. Please report it."},
}

func wordsOf(reason facts.Reason) reasonWords {
	if w, ok := wordsOfReason[reason]; ok {
		return w
	}
	return reasonWords{"the reason is not known", notAMistake}
}
