package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/run"
	"github.com/labcheck/labcheck/reports/table"
)

// How often watch asks: it begins with the shortest interval and waits half as long again after each look at which
// nothing has changed. A real account is spared.
const (
	watchShortest    = time.Second
	watchShortestAWS = 5 * time.Second
	watchLongest     = 30 * time.Second
	untilPassed      = "passed"
)

// watchFlags are the flags of a watch as they were typed.
type watchFlags struct {
	looks  lookFlags
	source sourceFlags
	until  string
	limit  time.Duration
}

// watchOptions are what a watch was asked for.
type watchOptions struct {
	*lookOptions
	untilPassed bool          // end when the lab is passed, and not when there is nothing left to do
	limit       time.Duration // how long it may take; 0 is for ever
}

func (a *app) watchCommand() *cobra.Command {
	var flags watchFlags
	c := &cobra.Command{
		Use:   "watch LAB",
		Short: "Grade a lab again as things change",
		Long: `Grade a lab, then look again at what is not yet right, and print one line when
something changes. Nothing is printed while nothing changes. Ctrl-C ends it with
the table. A real account is asked at most once in 5 seconds.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(a, c, args)
			if err != nil {
				return err
			}
			return a.watch(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.until, "until", "", "end when the lab is `passed`, with its exit code")
	f.DurationVar(&flags.limit, "timeout", 0, "end after this time, such as 10m; 0 is never")
	flags.looks.register(f)
	flags.source.registerEndpoint(f)
	f.SortFlags = false
	return c
}

// complete makes the options of a watch. Each look may take as long as a run does.
func (f *watchFlags) complete(a *app, c *cobra.Command, args []string) (*watchOptions, error) {
	if f.until != "" && f.until != untilPassed {
		return nil, failure.Usagef("--until %s: only --until passed is known", f.until)
	}
	f.source.timeout = defaultTimeout
	look, err := f.looks.complete(a, c, args, &f.source)
	return &watchOptions{lookOptions: look, untilPassed: f.until != "", limit: f.limit}, err
}

// watch looks at a lab again and again, until it is done or the person has seen enough.
func (a *app) watch(ctx context.Context, o *watchOptions) error {
	if o.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.limit, errWatchedEnough)
		defer cancel()
	}
	w := &watcher{app: a, watchOptions: o}
	return w.run(ctx)
}

// errWatchedEnough ends a watch after its --timeout.
var errWatchedEnough = fmt.Errorf("watched for as long as --timeout says: %w", facts.ErrRunTimeout)

// watcher is one watch of a lab.
type watcher struct {
	*app
	*watchOptions
	last    *reports.Report // with what later looks have changed
	trouble string          // why nothing could be asked, as it was said last; "" when it could
}

// run looks until the lab is done, or ctx ends. It ends with the table.
func (w *watcher) run(ctx context.Context) error {
	if err := w.begin(ctx); err != nil {
		return err
	}
	shortest := watchShortest
	if w.last.Source == reports.AWS {
		shortest = watchShortestAWS
	}
	interval := shortest
	for w.last.Problem == nil && !w.done() {
		if !wait(ctx, interval) {
			break
		}
		changed, err := w.lookAgain(ctx)
		if err != nil {
			return err
		}
		interval = min(interval*3/2, watchLongest)
		if changed {
			interval = shortest
		}
	}
	return w.finish(ctx)
}

// begin grades the whole lab and says what is open.
func (w *watcher) begin(ctx context.Context) error {
	report, err := w.grade(ctx, w.plan)
	if err != nil {
		return err
	}
	w.last = report
	if report.Problem != nil || w.done() {
		return nil
	}
	for _, n := range report.Notices() {
		fmt.Fprintf(w.env.Stdout, "%s: %s\n", n.Label, console.Clean(n.Text))
	}
	fmt.Fprintf(w.env.Stdout, "Watching %s: %s, %s open. Ctrl-C ends it.\n", w.plan.Lab.ID,
		reports.PointsText(report.Grade), checks.Count(len(run.Open(report)), "step"))
	if report.Source == reports.AWS {
		fmt.Fprintf(w.env.Stdout, "AWS is asked at most once in %s.\n", watchShortestAWS)
	}
	return nil
}

// lookAgain asks again what is open, and prints a line for each step that has changed.
func (w *watcher) lookAgain(ctx context.Context) (changed bool, err error) {
	open, err := w.plan.Select(run.Open(w.last))
	if err != nil {
		return false, err
	}
	again, err := w.grade(ctx, open)
	if err != nil || ctx.Err() != nil {
		return false, err // what a look that was cut off has not seen has not changed
	}
	if again.Problem != nil {
		w.tellTrouble(again.Problem)
		return false, nil
	}
	w.trouble = ""
	before := w.last
	w.last = run.Update(w.plan, before, again)
	for _, s := range again.Steps {
		old, _ := before.Step(s.ID)
		if old.Verdict == s.Verdict && old.Share == s.Share {
			continue
		}
		changed = true
		fmt.Fprintf(w.env.Stdout, "%s %s: %s (%+d, %s of %d)\n", w.mark(s.Verdict), s.ID, reports.Clean(s.Line()),
			s.Earned-old.Earned, reports.Span(w.last.Grade.Low, w.last.Grade.High), w.last.Grade.Possible)
	}
	return changed, nil
}

// tellTrouble says once why nothing could be asked: it may pass, as a lost network or a session that is renewed does.
func (w *watcher) tellTrouble(p *reports.Problem) {
	if sentence := console.Clean(p.Sentence()); sentence != w.trouble {
		w.trouble = sentence
		fmt.Fprintf(w.env.Stdout, "%s nothing could be asked: %s\n", w.mark(checks.Unknown), sentence)
	}
}

// mark is the sign of a verdict, or its word where only ASCII shows.
func (w *watcher) mark(v checks.Verdict) string {
	if w.env.asciiOnly() {
		return v.String()
	}
	return reports.Mark(v)
}

// grade runs a plan in a session of its own: what the last one learned may have changed.
func (w *watcher) grade(ctx context.Context, plan *lab.Plan) (*reports.Report, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, w.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	s, err := w.connect(ctx, plan, w.source, w.target, alone())
	if err != nil {
		return nil, err
	}
	return s.Run(plan), nil
}

// done says that there is nothing to wait for.
func (w *watcher) done() bool {
	if w.untilPassed {
		return w.last.Grade.Outcome == grade.Passed
	}
	for _, id := range run.Open(w.last) {
		// What this run does not look at, such as a folder that is no git repository, is not waited for.
		if s, _ := w.last.Step(id); s.Reason != facts.NotLooked {
			return false
		}
	}
	return true
}

// finish prints the table of what is known, and settles the exit code. A lab that is done is graded once more as a
// whole: what was right at the beginning may not be so any more.
func (w *watcher) finish(ctx context.Context) error {
	if ctx.Err() == nil && w.last.Problem == nil {
		report, err := w.grade(ctx, w.plan)
		if err != nil {
			return err
		}
		w.last = report
	}
	w.last.Run.Interrupted = w.last.Run.Interrupted || w.env.Context.Err() != nil
	w.last.Run.Complete = !w.last.Run.Interrupted
	if err := w.deliver(reports.Redact(w.last, false), []output{{format: table.Format}}, w.render); err != nil {
		return err
	}
	w.code = codeOf(w.last)
	return nil
}

// wait waits for a while; false means that ctx ended before.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
