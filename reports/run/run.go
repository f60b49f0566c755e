// Package run runs a plan against a session and returns the graded report.
//
// All checks run at once: a run takes its longest chain of dependent reads. Blocking is applied afterwards, in the
// order of needs, so that one root cause is one fail and order never costs time.
package run

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// Options say what a report needs to know beside the plan and the session.
type Options struct {
	Tool        reports.Tool
	Source      reports.Source
	Site        facts.Site
	Profile     string
	Workstation bool   // whether the session has a door to the workstation
	Student     string // --student
	Practice    string // see reports.Run
	// ObservedBy is that of reports.Run: then whoever asks is not whom the lab is about, nor is this machine theirs.
	ObservedBy string
	// ProfileRegion is the Region of the profile where it differs from the site's.
	ProfileRegion string
	// LabFile is the path of the lab file in its repository, with slashes; empty where it is not known.
	LabFile string
	// Problem says why the account answered nothing, if so.
	Problem *reports.Problem
	// Clock tells when the run is finished.
	Clock func() time.Time
	// Done is called after each step, from several goroutines; nil for none.
	Done func(step string)
}

// outcome is what running one step gave, before blocking.
type outcome struct {
	result   checks.Result
	evidence []facts.Call
}

// Run looks at every step of the plan at once and grades what was found. It never fails: what could not be looked at
// is unknown in the report, also when the session ends in between.
func Run(plan *lab.Plan, session *facts.Session, o Options) *reports.Report {
	outcomes := make([]outcome, len(plan.Steps))
	views := make([]*facts.View, len(plan.Steps))
	for i, step := range plan.Steps {
		views[i] = session.View(o.Site, step.Check.Reads, step.Check.Extra)
	}
	var all sync.WaitGroup
	for i, step := range plan.Steps {
		all.Go(func() {
			if o.leavesOut(step.Check) {
				outcomes[i] = outcome{result: checks.Of(checks.Finding{}.Unknown(notObserved(step.Check)))}
			} else {
				outcomes[i] = look(step, views[i])
			}
			if o.Done != nil {
				o.Done(step.ID)
			}
		})
	}
	all.Wait()
	return assemble(plan, session, o, outcomes)
}

// leavesOut says whether a check is about somebody or something that is not here. Where the account's own user is
// named, it is looked at in the place of whoever asks; but who works there only that person's own run can tell.
func (o Options) leavesOut(c *checks.Check) bool {
	switch {
	case o.ObservedBy == "":
		return false
	case c.About == checks.AboutCaller && o.Site.Caller.Kind == facts.IAMUser:
		return !slices.ContainsFunc(c.Reads, func(r facts.Source) bool { return r.Describe().Name != callerRead })
	}
	return c.About != checks.AboutAccount
}

// callerRead is the read that tells who asks.
const callerRead = "sts.caller-identity"

func notObserved(c *checks.Check) error {
	if c.About == checks.AboutWorkstation {
		return facts.Errorf(facts.NotLooked, "the account was read by the grader, who does not have the student's machine")
	}
	return facts.Errorf(facts.NotLooked, "the account was read by the grader, who is not the one that the lab is about")
}

// look runs one step. A panic in a check is a fault of the tool, never of the student.
func look(step lab.PlannedStep, view *facts.View) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			err := facts.Errorf(facts.InternalError,
				"the check %s panicked: %v (%s)", step.Check.ID, p, facts.PanicPlace())
			o = outcome{result: checks.Of(checks.Finding{}.Unknown(err)), evidence: view.Evidence()}
		}
	}()
	bound, err := step.In(view.Site())
	if err != nil {
		return outcome{result: checks.Of(checks.Finding{}.Unknown(err))}
	}
	o.result = bound.Run(view)
	if view.Site().Practice == "" {
		o.result.Fix.Simulate = "" // nothing can be simulated in a real account
	}
	o.evidence = view.Evidence()
	return o
}

// assemble makes the report of the outcomes: blocked, graded and with what to do next.
func assemble(plan *lab.Plan, session *facts.Session, o Options, outcomes []outcome) *reports.Report {
	r := &reports.Report{
		Schema:  reports.Schema,
		Tool:    o.Tool,
		Lab:     reports.Lab{ID: plan.Lab.ID, Title: plan.Lab.Title, SHA256: plan.Lab.SHA256, File: o.LabFile},
		Plan:    reports.Plan{SHA256: plan.SHA256},
		Params:  plan.ParamsAt(o.Site),
		Source:  o.Source,
		Student: o.Student,
		Started: session.Now().UTC(),
		Problem: o.Problem,
		Run: reports.Run{
			Selected: slices.Clone(plan.Selected), Interrupted: session.Interrupted(), Workstation: o.Workstation,
			Set: slices.Clone(plan.Set), Practice: o.Practice, ObservedBy: o.ObservedBy,
		},
		Target: reports.Target{
			Account: o.Site.Account, Caller: o.Site.Caller.ARN, Region: o.Site.Region,
			Profile: o.Profile, ProfileRegion: o.ProfileRegion,
		},
	}
	r.Run.Complete = plan.Selected == nil && !r.Run.Interrupted
	for i, planned := range plan.Steps {
		r.Steps = append(r.Steps, stepOf(planned, outcomes[i]))
	}
	block(plan, r.Steps)
	r.Grade = gradeOf(plan, r.Steps)
	r.Next = next(plan, r.Steps, o.Site.Caller.Kind)
	r.Cost = reports.CostOf(r.Steps, pricesOf(outcomes))
	r.Calls = count(session.Calls())
	r.Finished = o.Clock().UTC()
	return r
}

// stepOf makes the step of the report of what running it gave. The lowest share is the step's, and the first unknown
// finding says why.
func stepOf(p lab.PlannedStep, o outcome) reports.Step {
	verdict := o.result.Verdict()
	s := reports.Step{
		ID: p.ID, Section: p.Section, Check: p.Check.ID, Title: p.Check.Title, Given: p.Given,
		Pages: p.Check.Pages,
		Step:  grade.Step{Verdict: verdict, Points: p.Points, Required: p.Required},
		Why:   p.Check.Why, Hints: slices.Clone(p.Hints), Evidence: o.evidence, BlockedBy: []string{},
		Findings: o.result.Findings, Fix: withhold(o.result.Fix), Charges: o.result.Cost.Charges, FileLine: p.At.Line,
	}
	for _, f := range o.result.Findings {
		switch {
		case f.Verdict == checks.Partial && verdict == checks.Partial && (s.Share == 0 || f.Share < s.Share):
			s.Share = f.Share
		case f.Verdict == checks.Unknown && verdict == checks.Unknown && s.Reason == "":
			s.Reason, s.Detail, s.MissingAction = f.Reason, f.Detail, f.MissingAction
		}
	}
	if verdict == checks.Unknown && s.Reason == "" {
		s.Reason, s.Detail = facts.InternalError, fmt.Sprintf("the check %s reported nothing", p.Check.ID)
	}
	return s
}

// pricesOf is the day of the prices with which the checks reckoned; "" if none did.
func pricesOf(outcomes []outcome) string {
	asOf := ""
	for _, o := range outcomes {
		asOf = max(asOf, o.result.Cost.AsOf)
	}
	return asOf
}

func gradeOf(plan *lab.Plan, steps []reports.Step) grade.Grade {
	for i := range steps {
		steps[i].Earned = steps[i].Worth()
	}
	return grade.Of(reports.Graded(steps), plan.Lab.Pass, plan.Lab.Scale)
}

func count(calls []facts.Call) reports.Calls {
	c := reports.Calls{ByOperation: map[string]int{}}
	for _, call := range calls {
		if call.Unanswered {
			c.Unanswered++
			continue
		}
		c.Total++
		c.ByOperation[call.Operation]++
	}
	return c
}

// withhold leaves the commands out of a fix if a name in one of them cannot be typed or read safely: what is left of a
// sequence might do harm. The path in the console is still there.
func withhold(f checks.Fix) checks.Fix {
	for _, c := range f.Commands {
		piped := slices.DeleteFunc(slices.Clone(c.PipedTo), func(arg string) bool { return arg == checks.PipedInput })
		if !readable(c.Args) || !readable(piped) {
			return checks.Fix{Console: f.Console, Withheld: true}
		}
	}
	return f
}

// readable says whether arguments show on a screen as they are: no control characters, no marks that turn the
// direction of writing or show nothing, and none that the AWS CLI would read as the name of a file to load.
func readable(args []string) bool {
	for _, arg := range args {
		if !utf8.ValidString(arg) || strings.ContainsFunc(arg, unprintable) ||
			strings.HasPrefix(arg, "file://") || strings.HasPrefix(arg, "fileb://") {
			return false
		}
	}
	return true
}

// unprintable says whether a person cannot see a character.
func unprintable(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }

// Open returns the ids of the steps that are neither right nor excused, in lab order: what is worth asking again.
func Open(r *reports.Report) []string {
	var open []string
	for _, s := range r.Steps {
		if s.Verdict != checks.Pass && s.Verdict != checks.Skipped {
			open = append(open, s.ID)
		}
	}
	return open
}

// Update returns the report of the whole plan in which some steps were looked at again: again holds only these. What
// needs them was among them or is right, so that blocking is settled already; the grade is counted anew.
func Update(plan *lab.Plan, before, again *reports.Report) *reports.Report {
	r := *before
	r.Steps = slices.Clone(before.Steps)
	for i := range r.Steps {
		if s, ok := again.Step(r.Steps[i].ID); ok {
			r.Steps[i] = *s
		}
	}
	if asOf := cmp.Or(again.Cost, before.Cost); asOf != nil {
		r.Cost = reports.CostOf(r.Steps, asOf.AsOf)
	}
	r.Problem, r.Finished, r.Target = again.Problem, again.Finished, again.Target
	r.Run.Interrupted = again.Run.Interrupted
	r.Run.Complete = plan.Selected == nil && !r.Run.Interrupted
	r.Grade = gradeOf(plan, r.Steps)
	caller := facts.ParseSite(r.Target.Account, r.Target.Caller, "", r.Target.Region).Caller
	r.Next = next(plan, r.Steps, caller.Kind)
	return &r
}
