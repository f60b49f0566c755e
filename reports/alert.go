package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
)

// AlertLevel is how much an alert matters in a pipeline.
type AlertLevel string

// The levels, the worst first. Only an error is shown as red, and there is one in each run that is not passed.
const (
	AlertError   AlertLevel = "error"   // it decides: the run is not passed or inconclusive because of it
	AlertWarning AlertLevel = "warning" // it is open, and the decision does not need it
	AlertNote    AlertLevel = "note"    // nothing to do here: another step comes first, or the step is excused
)

// The rules of the alerts that are not about what a check found. No check has such a name: it has a slash.
const (
	RuleUnevaluated = "labcheck/unevaluated"
	RuleWaiver      = "labcheck/waiver"
	RuleDecision    = "labcheck/decision"
)

// Alert is one thing that a pipeline points out, at a line of a file in the repository.
type Alert struct {
	// Rule is the id of the check, or one of the rules above.
	Rule  string
	Level AlertLevel
	Title string
	Text  string
	// File is a path in the repository, with slashes, and never empty; Line is from 1.
	File string
	Line int
	// Step is the step that it is about; nil for the run as a whole and for a waiver that excuses nothing.
	Step *Step
	// Standing is what the step is to the decision; Deciding for the run as a whole.
	Standing Standing
	// Fingerprint is the same for the same alert of each run, and tells apart those of one run. It holds no time, no
	// count and no account: an account id can be guessed from its hash.
	Fingerprint string
}

// Alerts are what a pipeline points out, the worst first, else in lab order: steps that fail or could not be looked
// at, excused ones too, and waivers that excuse nothing. What a flag left out is none. That nothing could be asked of
// the account is one alert, and so is an outcome that no step has brought about.
func (r *Report) Alerts() []Alert {
	var alerts []Alert
	add := func(a Alert, about string) {
		a.Fingerprint = r.Fingerprint(a.Rule, about)
		alerts = append(alerts, a)
	}
	file := r.Lab.Path()
	for _, s := range r.ShownSteps() {
		if standing := r.Standing(s); standing != Right && standing != LeftOut {
			add(Alert{
				Rule: s.rule(), Level: s.alertLevel(standing), Title: s.Name(), Text: r.alertText(s), File: file,
				Line: max(s.FileLine, 1), Step: &s, Standing: standing,
			}, s.ID)
		}
	}
	decision := r.Decision()
	switch decided := slices.ContainsFunc(alerts, func(a Alert) bool { return a.Level == AlertError }); {
	case r.Problem != nil:
		add(Alert{
			Rule: RuleUnevaluated, Level: AlertError, Title: "Nothing could be asked of AWS", Text: r.Problem.Sentence(),
			File: file, Line: 1, Standing: Deciding,
		}, "")
	case decision == grade.Inconclusive || decision == grade.NotPassed && !decided:
		add(Alert{
			Rule: RuleDecision, Level: AlertError, Title: r.decisionTitle(), Text: r.DecisionText(), File: file, Line: 1,
			Standing: Deciding,
		}, "")
	}
	for _, w := range r.Waivers {
		if text := WaiverProblem(w); text != "" {
			file, line := fileAndLine(w.Position)
			add(Alert{
				Rule: RuleWaiver, Level: AlertWarning, Title: "A waiver excuses nothing", Text: text, File: file, Line: line,
				Standing: Aside,
			}, w.Step+"\x00"+string(w.State))
		}
	}
	slices.SortStableFunc(alerts, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(a.Level.rank(), b.Level.rank()), cmp.Compare(a.rank(), b.rank()))
	})
	return alerts
}

func (r *Report) decisionTitle() string {
	if r.Gate != nil {
		return "The gate"
	}
	return "The grade"
}

// rank puts what is about the run first of its level, and then what is required.
func (a Alert) rank() int {
	switch {
	case a.Step == nil && a.Rule != RuleWaiver:
		return 0
	case a.Step != nil && a.Step.Required:
		return 1
	default:
		return 2
	}
}

// Fingerprint is that of an alert of this rule about one thing. The name of a target may hold the account of its role,
// which is left out.
func (r *Report) Fingerprint(rule, about string) string {
	target := maskAccounts(r.Target.Name, r.Target.Account, placeholder)
	sum := sha256.Sum256([]byte(strings.Join([]string{r.Lab.ID, target, rule, about}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

func (l AlertLevel) rank() int {
	return slices.Index([]AlertLevel{AlertError, AlertWarning, AlertNote}, l)
}

func (s Step) rule() string {
	if s.Verdict == checks.Unknown {
		return RuleUnevaluated
	}
	return s.Check
}

// alertLevel is an error for what decides, but of steps that wait for one another only the first one's.
func (s Step) alertLevel(standing Standing) AlertLevel {
	switch {
	case standing == Excused || s.Verdict == checks.Blocked:
		return AlertNote
	case standing == Deciding:
		return AlertError
	default:
		return AlertWarning
	}
}

// alertText is why it is not red, what was found, what is expected and what helps, one sentence after the other.
func (r *Report) alertText(s Step) string {
	parts := []string{r.StandingText(s), s.Explanation()}
	if s.Verdict == checks.Fail || s.Verdict == checks.Partial {
		parts = append(parts, s.Line())
		if open := s.ShownFindings(false); len(open) > 0 {
			parts = append(parts, labelled("Expected: ", open[0].Expected))
		}
		parts = append(parts, s.Advice(), labelled("In the console: ", s.Fix.Console))
	}
	var text []string
	for _, part := range parts {
		if part = Clean(part); part != "" {
			text = append(text, sentence(part))
		}
	}
	return strings.Join(text, " ")
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}

// fileAndLine splits file:line; line 1 where there is none. The file is never empty.
func fileAndLine(position string) (file string, line int) {
	position = Clean(position)
	i := strings.LastIndexByte(position, ':')
	if i > 0 {
		if line, err := strconv.Atoi(position[i+1:]); err == nil && line > 0 {
			return position[:i], line
		}
	}
	return cmp.Or(position, ".labcheck/waivers.yaml"), 1
}
