package author

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
)

// proveAccounts grades the lab on its own accounts: the fresh one earns exactly the points of the given steps, the
// finished one all of them, and each drill breaks its own step.
func (b *Bench) proveAccounts(ctx context.Context) lab.Problems {
	var found lab.Problems
	for _, name := range []string{lab.Fresh, lab.HalfDone, lab.Finished} {
		if b.accounts[name] == nil {
			found = append(found, b.problem("the lab has no account %s", name))
		}
	}
	if len(found) > 0 {
		return found
	}
	names, err := b.Plan.Lab.Accounts()
	if err != nil {
		return lab.Problems{b.problem("%v", err)}
	}
	found = each(len(names), func(i int) lab.Problems { return b.proveAccount(ctx, names[i]) })
	return append(found, each(len(b.drills.Drills), func(i int) lab.Problems {
		return b.proveDrill(ctx, b.drills.Drills[i])
	})...)
}

func (b *Bench) proveAccount(ctx context.Context, name string) lab.Problems {
	r, err := b.grade(ctx, b.accounts[name], nil, practice.Grading{})
	if err != nil {
		return lab.Problems{b.problem("the account %s: %v", name, err)}
	}
	var found lab.Problems
	wrong := func(format string, args ...any) {
		found = append(found, b.problem("the account %s: %s", name, fmt.Sprintf(format, args...)))
	}
	for _, s := range r.Steps {
		switch right := s.Verdict == checks.Pass; {
		case name == lab.Fresh && right != s.Given:
			wrong("%s is %s, and in the lab given is %v: a fresh account passes exactly what is given", s.ID, described(s),
				s.Given)
		case name == lab.Fresh && s.Earned > 0 != (s.Given && s.Points > 0):
			wrong("%s earns %d points, and in the lab given is %v", s.ID, s.Earned, s.Given)
		case name == lab.Finished && !right:
			wrong("%s is %s, and a finished account passes everything", s.ID, described(s))
		}
	}
	switch g := r.Grade; {
	case name == lab.Fresh && g.Outcome != grade.NotPassed:
		wrong("it is %s: whoever begins has not passed", g.Outcome)
	case name == lab.Finished && (g.Earned != g.Possible || g.Outcome != grade.Passed):
		wrong("it earns %d of %d points and is %s", g.Earned, g.Possible, g.Outcome)
	case name == lab.HalfDone && g.Low >= g.High:
		wrong("nothing in it is unknown, and the demonstration shows a range")
	}
	return append(found, b.proveRun(name, r)...)
}

// proveRun holds one run to what is true of all: the fixes, and what was asked.
func (b *Bench) proveRun(name string, r graded) lab.Problems {
	var found lab.Problems
	wrong := func(format string, args ...any) {
		found = append(found, b.problem("the account %s: %s", name, fmt.Sprintf(format, args...)))
	}
	for _, s := range r.Steps {
		open := s.Verdict == checks.Fail || s.Verdict == checks.Partial
		waits := s.Reason == facts.NotYetConsistent && b.expect != nil && slices.Contains(b.expect.Waits, s.ID)
		lets := s.Reason == facts.NotLooked // what the fix says lets labcheck look there
		none := s.Fix.Console == "" && len(s.Fix.Commands) == 0 && !s.Fix.ConsoleOnly
		switch {
		case (open || waits) && s.Fix.Console == "":
			wrong("%s is %s, and its fix says nothing about the console", s.ID, s.Verdict)
		case !open && !waits && !lets && !none:
			wrong("%s is %s, and has a fix; where one waits for it to work, add %s to waits in expect.yaml", s.ID,
				s.Verdict, s.ID)
		case !none && s.Fix.ConsoleOnly == (len(s.Fix.Commands) > 0):
			wrong("the fix of %s has commands, or says that only the console can do it", s.ID)
		}
		for _, command := range s.Fix.Commands {
			if line := command.String(); strings.Contains(line, "\n") {
				wrong("a command of the fix of %s has more than one line: %q", s.ID, line)
			}
		}
	}
	asked := map[string]bool{}
	declared := append(b.Plan.Operations(), "sts:"+whoAsks) // who asks is always asked
	for _, c := range r.account.Calls() {
		operation := c.Service + ":" + c.Operation
		question := fmt.Sprintf("%s in %s %s", operation, c.Region, c.Input)
		if asked[question] {
			wrong("%s is asked twice", question)
		}
		if asked[question] = true; !slices.Contains(declared, operation) {
			wrong("%s is asked, and no read declares it", operation)
		}
	}
	if calls := len(r.account.Calls()); calls != r.Calls.Total {
		wrong("the report says that %d requests were answered, and %d were", r.Calls.Total, calls)
	}
	if b.expect != nil && name == lab.Finished && b.expect.Calls > 0 && r.Calls.Total > b.expect.Calls {
		wrong("a run takes %d requests, and %d were expected", r.Calls.Total, b.expect.Calls)
	}
	return found
}

// proveDrill holds a drill to what it promises: its step is wrong, and no other but those that need it.
func (b *Bench) proveDrill(ctx context.Context, d lab.Drill) lab.Problems {
	wrong := func(format string, args ...any) lab.Problem {
		return lab.Problem{
			File: b.drills.File, At: d.At, Text: fmt.Sprintf("the drill of %s: ", d.Step) + fmt.Sprintf(format, args...),
		}
	}
	broken, err := d.Break(b.accounts[lab.Finished])
	if err != nil {
		return lab.Problems{wrong("%v", err)}
	}
	r, err := b.grade(ctx, broken, nil, practice.Grading{})
	if err != nil {
		return lab.Problems{wrong("%v", err)}
	}
	var found lab.Problems
	for _, s := range r.Steps {
		failed := s.Verdict == checks.Fail || s.Verdict == checks.Partial
		switch {
		case s.ID == d.Step && !failed:
			found = append(found, wrong("it is %s", described(s)))
		case s.ID != d.Step && s.Verdict != checks.Pass && !b.needs(s.ID, d.Step):
			found = append(found, wrong("%s does not need it and is %s", s.ID, described(s)))
		}
	}
	return found
}

// needs says whether a step needs another one, directly or not.
func (b *Bench) needs(step, other string) bool {
	steps := b.Plan.Lab.Steps
	i := slices.IndexFunc(steps, func(s lab.Step) bool { return s.ID == step })
	return slices.ContainsFunc(steps[i].Needs, func(need string) bool { return need == other || b.needs(need, other) })
}
