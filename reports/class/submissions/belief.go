package submissions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// AccountTrace begins the trace of the account itself, which only [Reader.Practised] is asked about.
const AccountTrace = "account "

// clockSlack is how far two clocks may be apart before anybody is told.
const clockSlack = 10 * time.Minute

// weigh says how far a report can be believed, and what in it an instructor should look at. It returns the report that
// counts: the one that follows from the facts, where the same labcheck wrote another one.
func (r *Reader) weigh(s *class.Submission, report *reports.Report, known *class.Lab) *reports.Report {
	s.Level = class.SelfReported
	doubt := func(kind class.FlagKind, format string, args ...any) {
		s.Doubts = append(s.Doubts, class.Doubt{Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	if marks := r.marks(s, report); len(marks) > 0 {
		s.Practised = true
		doubt(
			class.Simulated,
			"says that it is of a real account, and has %s of the practice account",
			reports.List(marks),
		)
	}
	if s.Excluded != "" {
		return report
	}
	made := madeTimes(report)
	s.Pushed, s.KeyMade, s.Issuer = made.pushed, made.accessKey, issuer(report)
	if behind := clockBehind(report); behind.Abs() > clockSlack {
		doubt(class.ClockOff, "was made by a clock that is %s off from that of AWS's own answers; perhaps it was set",
			behind.Abs().Round(time.Minute))
	}
	if made.newest.Sub(report.Finished) > clockSlack {
		doubt(class.ClockOff, "names what was made on %s, after the report itself; perhaps a clock was set",
			class.Moment(made.newest))
	}
	if made.before != "" {
		doubt(class.OddTimes, "names %s: in no account of AWS it is so", made.before)
	}
	if other := keyOfAnother(s.Traces, report.Target.Account); other != "" {
		doubt(
			class.OtherKey,
			"says that it is of the account %s, and was made with an access key of the account %s, by what "+
				"the key's id tells; perhaps a number was replaced in it",
			report.Target.Account,
			other,
		)
	}
	if report.Masked() {
		doubt(class.Masked, "masks its account (--mask-account): nothing says whose it is")
	}
	if report.Facts == nil {
		doubt(class.NoFacts, "carries no facts (--no-facts): nothing but its own word makes its verdicts")
	}
	if report.Facts == nil || r.Replay == nil || known == nil {
		return report
	}
	again, err := r.Replay(report, known)
	if err != nil {
		doubt(class.FactsDisagree, "cannot be graded again from its facts: %s", reports.Clean(err.Error()))
		return report
	}
	s.OtherPlan = report.Tool.Version == r.Version && report.OtherPlan(again)
	differs := report.Differs(again)
	switch {
	case differs == "" && s.ObservedBy != "":
		s.Level = class.Observed
	case differs == "":
		s.Level = class.Consistent
	case report.Tool.Version != r.Version, s.OtherPlan:
		s.OtherVerdicts = differs
	default:
		doubt(class.FactsDisagree, "is not what its facts make of it, and what they make counts: %s", differs)
		return again
	}
	return report
}

// marks are what the practice account leaves in a report that says it is of a real one, at most a few of them.
func (r *Reader) marks(s *class.Submission, report *reports.Report) []string {
	const most = 3
	if report.Source != reports.AWS || r.Practised == nil {
		return nil
	}
	traces := append([]string{AccountTrace + report.Target.Account}, s.Traces...)
	marks := slices.DeleteFunc(traces, func(trace string) bool { return !r.Practised(trace, report.Target.Account) })
	for i := range marks {
		marks[i] = "the " + strings.TrimPrefix(marks[i], class.ResourceTrace)
	}
	return marks[:min(len(marks), most)]
}

// keyOfAnother is the account of an access key in a report that is not the account of the report; "" for none, and
// where the account is masked.
func keyOfAnother(traces []string, own string) string {
	for _, trace := range traces {
		if of, ok := strings.CutPrefix(trace, class.KeyTrace); ok && of != own && facts.IsAccountID(own) {
			return of
		}
	}
	return ""
}

// unproven says why --require-facts refuses a report; "" for one that follows from the facts of an account, and for one
// that is graded again from them, whoever graded it before.
func unproven(s *class.Submission, again bool) string {
	if s.OtherVerdicts != "" && !again {
		return "its facts make another report of it here (" + s.OtherVerdicts + "); --require-facts takes no such report, " +
			"and --regrade grades it again"
	}
	i := slices.IndexFunc(s.Doubts, func(d class.Doubt) bool {
		return slices.Contains([]class.FlagKind{
			class.NoFacts, class.Masked, class.FactsDisagree, class.OddTimes, class.OtherKey,
		}, d.Kind)
	})
	if i < 0 {
		return ""
	}
	return "it " + s.Doubts[i].Text + "; --require-facts takes no such report"
}
