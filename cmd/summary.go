package cmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/table"
)

// targetResult is what became of one target.
type targetResult struct {
	name   string
	report *reports.Report // as it is shown; nil for a target that ended with an error
	code   int
}

// worstFirst are the exit codes in the order in which they decide over many targets.
var worstFirst = []int{
	exitInternal, exitInterrupted, exitUsage, exitInvalid, exitNoCredentials, exitUnreachable, exitNotPassed,
	exitInconclusive, exitPassed,
}

// worst is the target that decides over a run of many: that with the worst exit code, and among those that with the
// worst outcome (--exit-zero has one code for all) and then that with the lowest score.
func worst(results []targetResult) targetResult {
	badness := func(r targetResult) [3]int {
		return [3]int{slices.Index(worstFirst, r.code), slices.Index(worstFirst, outcomeCode(r.outcome())), r.percent()}
	}
	return slices.MinFunc(results, func(a, b targetResult) int {
		x, y := badness(a), badness(b)
		return slices.Compare(x[:], y[:])
	})
}

// outcome is what the gate or the grade of a target says.
func (r targetResult) outcome() grade.Outcome {
	if r.report == nil {
		return grade.Inconclusive
	}
	return r.report.Decision()
}

// percent is what is proven of a target; less than any grade where there is none.
func (r targetResult) percent() int {
	if r.report == nil || r.report.Grade.Percent == nil {
		return -1
	}
	return *r.report.Grade.Percent
}

// gradeTargets grades many targets. One that goes wrong does not keep the others from being graded: what is wrong is
// said at once, a summary ends the run, and the worst exit code is that of the run.
func (a *app) gradeTargets(ctx context.Context, o *runOptions) error {
	var results []targetResult
	for _, t := range o.targets {
		if _, err := fmt.Fprintf(a.env.Stdout, "== %s ==\n", t.name); err != nil {
			return fmt.Errorf("write to standard output: %w", err)
		}
		result, err := a.gradeTarget(ctx, o, t)
		if err != nil {
			result.report, result.code = nil, exitCode(err)
			a.Tell(fmt.Sprintf("labcheck: %s: %s", t.name, err.Error()))
		}
		results = append(results, result)
	}
	a.code = worst(results).code
	return cmp.Or(a.summarize(results), a.addOutputs(o.view.outputs, results...))
}

// manyOnStdout refuses a format that many targets would make unreadable: two reports of JSON are not JSON.
func manyOnStdout(outs []output) error {
	for _, out := range outs {
		name := out.format.Name
		if out.path == "" && name != table.Format.Name && name != github.Format.Name {
			return failure.Usagef("--report %s: of many targets each has a report of its own; write them to files: --report %s=FILE", name, name)
		}
	}
	return nil
}

// summarize prints a table of all targets.
func (a *app) summarize(results []targetResult) error {
	w := a.Columns()
	fmt.Fprintln(w, "\nTARGET\tACCOUNT\tREGION\tGRADE\tRESULT")
	passed := 0
	for _, r := range results {
		if r.code == exitPassed {
			passed++
		}
		account, region, points := "", "", ""
		if r.report != nil {
			account, region = console.Clean(r.report.Target.Account), console.Clean(r.report.Target.Region)
			if r.report.Problem == nil {
				points = reports.PointsText(r.report.Grade)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.name, cmp.Or(account, "-"), cmp.Or(region, "-"), cmp.Or(points, "-"), r.text())
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	_, err := fmt.Fprintf(a.env.Stdout, "%d of %d targets passed.\n", passed, len(results))
	return err
}

// text says in words what became of a target.
func (r targetResult) text() string {
	switch {
	case r.report == nil:
		return "error (see above)"
	case r.report.Run.Interrupted:
		return "interrupted"
	case r.report.Problem != nil:
		return "could not be asked: " + strings.ReplaceAll(string(r.report.Problem.Reason), "_", " ")
	}
	return strings.ReplaceAll(string(r.outcome()), "_", " ")
}
