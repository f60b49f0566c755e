package class

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// notAlone is why a hand-in does not count by itself where the grader has read the account.
const notAlone = "the grader read the account: of this report only the steps about its caller and machine count"

// join puts together what the grader read of a student's account and what the student handed in: the steps that only
// the student's own run can tell, about who works there and on which machine, are the hand-in's, and stay open without
// one. It says where the two differ in the other steps; "" where they do not.
func (p *Person) join(t Terms) string {
	observed := func(a Attempt) bool { return a.ObservedBy != "" }
	if !slices.ContainsFunc(p.Attempts, func(a Attempt) bool { return observed(a) && a.Excluded == "" }) {
		return ""
	}
	own := p.ownReport(t)
	differs := ""
	for i := range p.Attempts {
		a := &p.Attempts[i]
		switch {
		case !observed(*a) && a.Excluded == "":
			a.Excluded = notAlone
		case observed(*a) && a.Excluded == "" && own != nil:
			differs = a.differences(own)
			a.joinWith(own, t)
		}
	}
	return differs
}

// ownReport is the student's own report that counts beside the grader's, by the rule for attempts; nil for none.
func (p *Person) ownReport(t Terms) *Attempt {
	var own *Attempt
	for i := range p.Attempts {
		a := &p.Attempts[i]
		if a.ObservedBy != "" || a.Excluded != "" {
			continue
		}
		later := own == nil || a.When().After(own.When())
		if own == nil || t.Take == Latest && later || t.Take == First && !later ||
			t.Take == Best && a.Grade.Low > own.Grade.Low {
			own = a
		}
	}
	if own == nil {
		return nil
	}
	kept := *own // it is told later that it does not count alone
	return &kept
}

// joinWith fills in the steps that the grader could not look at, and counts anew.
func (a *Attempt) joinWith(own *Attempt, t Terms) {
	when := own.When()
	a.JoinedWith, a.Submitted, a.MarkedLate, a.Workstation = own.File, &when, own.MarkedLate, own.Workstation
	a.Steps = slices.Clone(a.Steps)
	for i, row := range a.Steps {
		if row.Verdict != checks.Unknown || row.Reason != facts.NotLooked {
			continue
		}
		if theirs, ok := own.step(row.ID); ok {
			a.Steps[i] = theirs
		}
	}
	a.Grade = grade.Of(func(yield func(string, grade.Step) bool) {
		for _, row := range a.Steps {
			if !yield(row.ID, row.graded()) {
				return
			}
		}
	}, a.Grade.PassMark, t.Lab.Scale)
}

func (a *Attempt) step(id string) (Row, bool) {
	i := slices.IndexFunc(a.Steps, func(r Row) bool { return r.ID == id })
	if i < 0 {
		return Row{}, false
	}
	return a.Steps[i], true
}

// graded is a row as the grade counts it. The share is the least that earns what the row earned.
func (r *Row) graded() grade.Step {
	s := grade.Step{Verdict: r.Verdict, Points: r.Points, Required: r.Required}
	if r.Verdict == checks.Partial && r.Points > 0 {
		const percent = 100
		s.Share = (percent*r.Earned + r.Points - 1) / r.Points
	}
	return s
}

// differences are the steps of which the grader's reading and the hand-in say something else.
func (a *Attempt) differences(own *Attempt) string {
	var all []string
	for _, row := range a.Steps {
		theirs, ok := own.step(row.ID)
		if !ok || row.Verdict == checks.Unknown || theirs.Verdict == checks.Unknown || theirs.Verdict == row.Verdict {
			continue
		}
		all = append(all, fmt.Sprintf("%s (%s, handed in as %s)", row.ID, row.Verdict, theirs.Verdict))
	}
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("%s, which the grader read, differs from %s in %s; perhaps the account was changed in between",
		a.File, reports.Clean(own.File), strings.Join(all, ", "))
}
