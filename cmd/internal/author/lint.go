package author

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
)

// A LabProof is what came of looking at a teacher's lab.
type LabProof struct {
	// Errors are what must be changed, Notes what deserves a look.
	Errors, Notes lab.Problems
	// Costs says what a run asks and needs, in lines for people.
	Costs []string
}

// command is a command line, which belongs to a fix and not to a hint.
var command = regexp.MustCompile(`(?:^|[^a-z-])(?:aws [a-z0-9-]+ [a-z]+(?:-[a-z]+)+|aws s3 [a-z]{2})|(?:^|\s)--[a-z]`)

// Look says of a lab what an author can do better: its hints, its points, and what its fresh and finished accounts
// show. A lab that says in expect.yaml what its accounts must show is proven as well.
func (b *Bench) Look(ctx context.Context) LabProof {
	p := &LabProof{}
	if b.expect != nil {
		p.Errors = append(p.Errors, b.Prove(ctx).Problems...)
	}
	b.lookAtSteps(p)
	if account := b.accounts[lab.Fresh]; account != nil {
		b.lookAtFresh(ctx, p, account)
	}
	if account := b.accounts[lab.Finished]; account != nil {
		b.lookAtFinished(ctx, p, account)
	}
	p.Costs = append(p.Costs, fmt.Sprintf("%d operations, %d IAM actions (labcheck policy prints them)",
		len(b.Plan.Operations()), len(b.Plan.Actions())))
	return *p
}

func (p *LabProof) error(b *Bench, at lab.Pos, format string, args ...any) {
	p.Errors = append(p.Errors, lab.Problem{File: b.Plan.Lab.File, At: at, Text: fmt.Sprintf(format, args...)})
}

func (p *LabProof) note(b *Bench, at lab.Pos, format string, args ...any) {
	p.Notes = append(p.Notes, lab.Problem{File: b.Plan.Lab.File, At: at, Text: fmt.Sprintf(format, args...)})
}

// lookAtSteps looks at what the lab file says by itself.
func (b *Bench) lookAtSteps(p *LabProof) {
	given, total, l := 0, 0, b.Plan.Lab
	same := map[string]string{} // what a step looks at, and the first that does
	for _, s := range b.Plan.Steps {
		total += s.Points
		if s.Given {
			given += s.Points
		}
		switch {
		case s.Points == 0 && !s.Required:
			p.note(b, s.At, "the step %q gives no point and is not required: nobody loses anything by it", s.ID)
		case s.Given && s.Required:
			p.note(b, s.At, "the step %q is given, and it is required: nobody has to do anything for it", s.ID)
		}
		b.lookAtHints(p, s)
		with := fmt.Sprint(s.Check.ID, s.With)
		if first, twice := same[with]; twice {
			p.error(b, s.At, "the step %q looks at the same as %q: one mistake costs both; leave one of them out", s.ID, first)
		}
		same[with] = s.ID
	}
	b.lookAtNeeds(p)
	if near := max(total-100, 100-total); near > 0 && near <= 10 {
		p.note(b, lab.Pos{Line: 1, Column: 1}, "the points add up to %d: most likely 100 is meant", total)
	}
	if l.Region == "" {
		p.note(b, lab.Pos{Line: 1, Column: 1}, "the lab says no region: each student is looked at in the Region of the own "+
			"profile, and what stands in another is not found; say region: us-east-1, or what the lab asks for")
	}
	if total > 0 && 100*given >= l.Pass*total {
		p.error(b, lab.Pos{Line: 1, Column: 1},
			"the given steps are %d of %d points, and %d%% pass: whoever does nothing passes; raise pass", given, total, l.Pass)
	}
}

// lookAtNeeds looks at what the steps need, and at their order.
func (b *Bench) lookAtNeeds(p *LabProof) {
	place := map[string]int{}
	for i, s := range b.Plan.Steps {
		place[s.ID] = i
	}
	for i, s := range b.Plan.Steps {
		for _, id := range s.Needs {
			need := b.Plan.Steps[place[id]]
			switch {
			case s.Required && !need.Required && !need.Given:
				p.note(b, s.At, "the step %q is required, and needs %q, which is not: nobody passes without it; say "+
					"required: true there, too", s.ID, id)
			case s.Given && !need.Given:
				p.error(b, s.At, "the step %q is given, and needs %q, which is not: nobody can have it at the beginning", s.ID, id)
			case place[id] > i:
				p.note(b, s.At, "the step %q needs %q, which comes after it: students go from the first step to the last; "+
					"put %q first", s.ID, id, id)
			}
		}
	}
}

func (b *Bench) lookAtHints(p *LabProof, s lab.PlannedStep) {
	if len(s.Hints) == 0 {
		if !s.Given {
			p.error(b, s.At, "the step %q has no hint: add at least one, and begin with a question", s.ID)
		}
		return
	}
	if !strings.Contains(s.Hints[0], "?") {
		p.error(b, s.At, "the first hint of %q is no question: ask about the idea before you name the place", s.ID)
	}
	for i, hint := range s.Hints {
		if command.MatchString(hint) {
			p.error(b, s.At, "hint %d of %q holds a command: a command belongs to the fix of the check", i+1, s.ID)
		}
	}
}

// lookAtFresh grades the lab as it begins.
func (b *Bench) lookAtFresh(ctx context.Context, p *LabProof, account []byte) {
	r, err := b.grade(ctx, account, nil, practice.Grading{})
	if err != nil {
		p.error(b, lab.Pos{Line: 1, Column: 1}, "the account %s: %v", lab.Fresh, err)
		return
	}
	first := map[string]string{} // what was found missing, and the step that says so
	for _, s := range r.Steps {
		step := b.step(s.ID)
		switch {
		case b.unserved(p, s.Reason, step):
		case s.Given && s.Verdict != checks.Pass:
			p.error(b, step.At, "the step %q is given, and on the account %s it is %s", s.ID, lab.Fresh, described(s))
		case !s.Given && s.Earned > 0:
			p.error(b, step.At, "the step %q earns %d points on the account %s: say given: true, or it is a pass from nothing",
				s.ID, s.Earned, lab.Fresh)
		}
		for _, f := range s.Findings {
			if f.Verdict != checks.Fail || s.Verdict == checks.Blocked {
				continue
			}
			what := f.Subject + ": " + f.Found
			if other, twice := first[what]; twice && other != s.ID {
				p.error(b, step.At, "one mistake costs %q and %q: both say of %s; add needs: [%s] to %q",
					other, s.ID, what, other, s.ID)
			} else {
				first[what] = s.ID
			}
		}
	}
	if r.Grade.Outcome == grade.Passed {
		p.error(b, lab.Pos{Line: 1, Column: 1}, "the account %s passes: whoever begins has not passed", lab.Fresh)
	}
}

// lookAtFinished grades the lab as it ends.
func (b *Bench) lookAtFinished(ctx context.Context, p *LabProof, account []byte) {
	chain := &rounds{quiet: 20 * time.Millisecond}
	r, err := b.grade(ctx, account, nil, practice.Grading{Between: chain.between})
	if err != nil {
		p.error(b, lab.Pos{Line: 1, Column: 1}, "the account %s: %v", lab.Finished, err)
		return
	}
	open := false
	for _, s := range r.Steps {
		step := b.step(s.ID)
		if b.unserved(p, s.Reason, step) {
			open = true
			continue
		}
		if s.Verdict != checks.Pass {
			p.error(b, step.At, "the step %q is %s on the account %s, which passes everything", s.ID, described(s), lab.Finished)
		}
	}
	if !open && r.Grade.Outcome != grade.Passed {
		p.error(b, lab.Pos{Line: 1, Column: 1}, "the pass mark cannot be reached: the account %s earns %d of %d points",
			lab.Finished, r.Grade.Earned, r.Grade.Possible)
	}
	p.Costs = append(p.Costs, fmt.Sprintf("%d requests on the account %s, the longest chain of them %d", r.Calls.Total,
		lab.Finished, chain.count))
}

// unserved says whether a step is open because the practice account lacks an operation that AWS has.
func (b *Bench) unserved(p *LabProof, reason facts.Reason, s lab.PlannedStep) bool {
	if reason != facts.Unsupported && reason != facts.InvalidResponse && reason != facts.Unreachable {
		return false
	}
	var operations []string
	for _, source := range s.Check.Sources() {
		operations = append(operations, source.Describe().Operations...)
	}
	slices.Sort(operations)
	text := fmt.Sprintf("the practice account does not serve all that the step %q asks (%s). Prove it with recorded "+
		"answers: labcheck dev record CHECK.yaml makes a test of what a real account says", s.ID,
		strings.Join(slices.Compact(operations), ", "))
	if !slices.ContainsFunc(p.Notes, func(n lab.Problem) bool { return n.Text == text }) {
		p.note(b, s.At, "%s", text)
	}
	return true
}

// step is a step of the plan.
func (b *Bench) step(id string) lab.PlannedStep {
	i := slices.IndexFunc(b.Plan.Steps, func(s lab.PlannedStep) bool { return s.ID == id })
	return b.Plan.Steps[i]
}
