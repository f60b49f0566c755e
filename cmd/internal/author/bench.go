// Package author proves a lab: it grades the lab on its own practice accounts, and on many that differ from the
// finished one in one thing each, and holds what comes of it to what the lab's folder says. What is wrong is a list of
// problems with their places, for a person who writes a lab as for a test.
package author

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// A Bench is a lab with all that its folder says, ready to be graded.
type Bench struct {
	Plan   *lab.Plan
	drills *lab.Drills
	expect *lab.Expect
	// accounts are the lab's own by name, as JSON.
	accounts map[string][]byte
	now      time.Time // the clock of all runs
	// fewer is the plan with which whatever is tried many times is graded.
	fewer *lab.Plan
}

// Open reads the folder of a lab. The error is of type lab.Problems where a file of it is wrong.
func Open(l *lab.Lab, registry *checks.Registry) (*Bench, error) {
	b := &Bench{accounts: map[string][]byte{}, now: time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)}
	var err error
	if b.Plan, err = lab.Bind(l, registry, nil); err != nil {
		return nil, err
	}
	names, err := l.Accounts()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if b.accounts[name], _, err = l.Account(name); err != nil {
			return nil, err
		}
	}
	if b.drills, err = l.Drills(); err != nil {
		return nil, err
	}
	if b.expect, err = l.Expect(); err != nil {
		return b, err
	}
	b.fewer = b.Plan
	if b.expect != nil && len(b.expect.Fewer) > 0 {
		set := map[string]string{}
		for _, s := range b.expect.Fewer {
			name, value, _ := strings.Cut(s, "=")
			set[name] = value
		}
		b.fewer, err = lab.Bind(l, registry, set)
	}
	return b, err
}

// onFewer is the bench for what is tried many times.
func (b *Bench) onFewer() *Bench {
	few := *b
	few.Plan = b.fewer
	return &few
}

// Fewer are values of --set, as name=value, with which whatever is tried many times is graded.
func (b *Bench) Fewer() []string { return b.expect.Fewer }

// Starts are the accounts with which somebody can begin, as JSON by name: the lab's own, and those that its drills
// break.
func (b *Bench) Starts() (map[string][]byte, error) {
	all := maps.Clone(b.accounts)
	for _, d := range b.drills.Drills {
		broken, err := d.Break(b.accounts[lab.Finished])
		if err != nil {
			return nil, err
		}
		all[lab.Finished+" without "+d.Step] = broken
	}
	return all, nil
}

// A Proof is what came of proving a lab.
type Proof struct {
	Problems lab.Problems
	// Killed are the spoiled accounts on which some step lost its verdict, Survived those that are explained, and Right
	// those that are as right as the finished one.
	Killed, Survived, Right int
	// Answers are the answers of AWS that lost a part, and Noticed those of them that changed a step.
	Answers, Noticed int
}

// Prove proves the lab.
func (b *Bench) Prove(ctx context.Context) Proof {
	var p Proof
	p.Problems = append(p.Problems, b.proveAccounts(ctx)...)
	if b.expect != nil && len(p.Problems) == 0 { // what follows begins with the finished account
		b.onFewer().proveSpoiled(ctx, &p)
		b.onFewer().proveAnswers(ctx, &p)
	}
	return p
}

// graded is what came of grading the lab on one account.
type graded struct {
	*reports.Report
	session *session.Session
	account *sandbox.Account
}

// grade grades steps of the lab on an account; no steps are all of them.
func (b *Bench) grade(ctx context.Context, account []byte, steps []string, g practice.Grading) (graded, error) {
	state, err := sandbox.Parse(account, b.now)
	if err != nil {
		return graded{}, err
	}
	plan := b.Plan
	if len(steps) > 0 {
		if plan, err = plan.Select(steps); err != nil {
			return graded{}, err
		}
	}
	if g.Now == nil {
		g.Now = func() time.Time { return b.now }
		g.Backoff = func(int) time.Duration { return 0 }
	}
	var r graded
	r.session, r.account = g.Open(ctx, plan, state)
	r.Report = r.session.Run(plan)
	if r.Problem != nil {
		err = fmt.Errorf("nobody knows who asks: %s", r.Problem.Detail)
	}
	return r, err
}

// problem is one about the lab as a whole.
func (b *Bench) problem(format string, args ...any) lab.Problem {
	return lab.Problem{File: b.Plan.Lab.File, Text: fmt.Sprintf(format, args...)}
}

// expected is one about a place of what the lab expects.
func (b *Bench) expected(at lab.Pos, format string, args ...any) lab.Problem {
	return lab.Problem{File: b.expect.File, At: at, Text: fmt.Sprintf(format, args...)}
}

// verdicts are the verdicts of a report by step, in the words of an expectation.
func verdicts(r *reports.Report) map[string]string {
	all := map[string]string{}
	for _, s := range r.Steps {
		all[s.ID] = verdictOf(s)
	}
	return all
}

// verdictOf is a step's verdict with all that goes with it.
func verdictOf(s reports.Step) string {
	switch s.Verdict {
	case checks.Unknown:
		return fmt.Sprintf("unknown %s", s.Reason)
	case checks.Partial:
		return fmt.Sprintf("partial %d", s.Share)
	case checks.Blocked:
		return "blocked by " + strings.Join(s.BlockedBy, " ")
	default:
		return s.Verdict.String()
	}
}

// changed are the verdicts that are not the same as before.
func changed(before, after map[string]string) map[string]string {
	all := maps.Clone(after)
	maps.DeleteFunc(all, func(step, verdict string) bool { return before[step] == verdict })
	return all
}

// differences are the steps that changed otherwise than expected, in the order of the lab.
func (b *Bench) differences(want map[string]string, r *reports.Report, before map[string]string) []string {
	got := changed(before, verdicts(r))
	var all []string
	for _, s := range r.Steps {
		should := want[s.ID]
		if got[s.ID] == should {
			continue
		}
		line := fmt.Sprintf("%s should be %s and is %s", s.ID, orAsBefore(should), described(s))
		all = append(all, line)
	}
	return all
}

// described is a step's verdict with what was found.
func described(s reports.Step) string { return fmt.Sprintf("%s (%s)", verdictOf(s), s.Line()) }

func orAsBefore(verdict string) string {
	if verdict == "" {
		return "as before"
	}
	return verdict
}

// each does something with every one of so many things, some at a time, and returns their problems in order.
func each(n int, do func(i int) lab.Problems) lab.Problems {
	found := make([]lab.Problems, n)
	var all sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			found[i] = do(i)
		})
	}
	all.Wait()
	return slices.Concat(found...)
}
