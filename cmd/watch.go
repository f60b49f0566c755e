package cmd

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/tutor"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/run"
	"github.com/labcheck/labcheck/reports/table"
	"github.com/labcheck/labcheck/reports/terminal"
)

// How often watch asks: it begins with the shortest interval and waits half as long again after each look at which
// nothing has changed. A real account is spared.
const (
	watchShortest    = time.Second
	watchShortestAWS = 5 * time.Second
	watchLongest     = 5 * time.Second
	watchLongestAWS  = 30 * time.Second
	untilPassed      = "passed"
)

// watchFlags are the flags of a watch as they were typed.
type watchFlags struct {
	looks  lookFlags
	source sourceFlags
	until  string
	limit  time.Duration
	plain  bool
}

// watchOptions are what a watch was asked for.
type watchOptions struct {
	*lookOptions
	untilPassed bool          // end when the lab is passed, and not when there is nothing left to do
	limit       time.Duration // how long it may take; 0 is for ever
	plain       bool          // print lines, on a terminal too
}

func (a *app) watchCommand() *cobra.Command {
	var flags watchFlags
	c := &cobra.Command{
		Use:   "watch LAB",
		Short: "Grade a lab again as things change, and coach",
		Long: `Grade a lab, then look again at what is not yet right. On a terminal it shows
the task that you are at, and its keys are: h a hint, s the command, c copy the
command, l the steps, o the pages about it, q quit with the table. Elsewhere,
and with --plain, it prints one line when something changes, and nothing while
nothing changes. It waits for credentials that are not there yet. A real account
is asked at most once in 5 seconds.`,
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
	f.BoolVar(&flags.plain, "plain", false, "print lines, as for a screen reader, and answer no keys")
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
	return &watchOptions{lookOptions: look, untilPassed: f.until != "", limit: f.limit, plain: f.plain}, err
}

// watch looks at a lab again and again, until it is done or the person has seen enough.
func (a *app) watch(ctx context.Context, o *watchOptions) error {
	if o.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.limit, errWatchedEnough)
		defer cancel()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := &watcher{app: a, watchOptions: o}
	if a.env.screen != nil && !o.plain && !a.Dumb {
		screen, err := a.env.screen()
		if err == nil {
			w.coach = tutor.NewCoach(screen, o.render, tutor.Recall(a.env.Files, a.env.getenv, runtime.GOOS), cancel)
			go w.coach.Run()
			defer w.closeCoach()
		}
	}
	return w.run(ctx)
}

// errWatchedEnough ends a watch after its --timeout.
var errWatchedEnough = fmt.Errorf("watched for as long as --timeout says: %w", facts.ErrRunTimeout)

// watcher is one watch of a lab.
type watcher struct {
	*app
	*watchOptions
	coach   *tutor.Coach    // nil: lines are printed
	last    *reports.Report // with what later looks have changed
	trouble string          // why nothing could be asked, as it was said last; "" when it could
}

// run looks until the lab is done, or ctx ends. It ends with the table.
func (w *watcher) run(ctx context.Context) error {
	if err := w.begin(ctx); err != nil {
		return err
	}
	interval := w.shortest()
	for w.last.Problem == nil && !w.done() {
		if !wait(ctx, interval) {
			break
		}
		changed, err := w.lookAgain(ctx)
		if err != nil {
			return err
		}
		interval = min(interval*3/2, w.longest())
		if changed {
			interval = w.shortest()
		}
	}
	return w.finish(ctx)
}

// shortest is the shortest time between two looks.
func (w *watcher) shortest() time.Duration {
	if w.last.Source == reports.AWS {
		return watchShortestAWS
	}
	return watchShortest
}

// longest is the longest time between two looks.
func (w *watcher) longest() time.Duration {
	if w.last.Source == reports.AWS {
		return watchLongestAWS
	}
	return watchLongest
}

// begin grades the whole lab and says what is open. It waits until the account answers: somebody may be about to sign
// in.
func (w *watcher) begin(ctx context.Context) error {
	for {
		report, err := w.grade(ctx, w.plan)
		if err != nil {
			return err
		}
		w.last = report
		if report.Problem == nil || !waitsFor(report.Problem.Reason) {
			break
		}
		w.tellTrouble(report.Problem)
		if !wait(ctx, w.shortest()) {
			return nil
		}
	}
	if w.last.Problem != nil || w.done() {
		return nil
	}
	w.trouble = ""
	if w.coach != nil {
		w.coach.Show(w.last, nil)
		return nil
	}
	for _, n := range w.last.Notices() {
		fmt.Fprintf(w.env.Stdout, "%s: %s\n", n.Label, console.Clean(n.Text))
	}
	fmt.Fprintf(w.env.Stdout, "Watching %s: %s, %s open. Ctrl-C ends it.\n", w.plan.Lab.ID,
		reports.PointsText(w.last.Grade), checks.Count(len(run.Open(w.last)), "step"))
	if left := w.last.NotCountedText(); left != "" {
		fmt.Fprintln(w.env.Stdout, console.Clean(left))
	}
	if w.last.Source == reports.AWS {
		fmt.Fprintf(w.env.Stdout, "AWS is asked at most once in %s.\n", watchShortestAWS)
	}
	return nil
}

// waitsFor says whether a problem may end while one watches.
func waitsFor(reason facts.Reason) bool {
	return reason != facts.Interrupted && reason != facts.InternalError && reason != facts.Unsupported
}

// lookAgain asks again what is open, and tells what has changed.
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
	before, hadTrouble := w.last, w.trouble != ""
	w.trouble, w.last = "", run.Update(w.plan, before, again)
	changes := tutor.Changes(before, w.last)
	switch {
	case w.coach != nil && (len(changes) > 0 || hadTrouble):
		w.coach.Show(w.last, changes)
	case w.coach == nil:
		w.print(w.lines(changes))
	}
	return len(changes) > 0, nil
}

// lines are changes as lines.
func (w *watcher) lines(changes []tutor.Change) []string {
	p := terminal.New(terminal.Options{Color: w.render.Color, ASCII: w.render.ASCII}, console.DefaultWidth)
	var lines []string
	for _, change := range changes {
		lines = append(lines, change.Line(p))
	}
	return lines
}

func (w *watcher) print(lines []string) {
	for _, line := range lines {
		if w.env.Width > 0 {
			line = console.Fold(line, "", w.env.Width)
		}
		fmt.Fprintln(w.env.Stdout, line)
	}
}

// tellTrouble says once why nothing could be asked: it may pass, as a lost network or a session that is renewed does.
func (w *watcher) tellTrouble(p *reports.Problem) {
	sentence := console.Clean(p.Sentence())
	if sentence == w.trouble {
		return
	}
	w.trouble = sentence
	if len(p.Next) > 0 {
		sentence += " Try: " + console.Clean(strings.Join(p.Next, ", or "))
	}
	if w.coach != nil {
		w.coach.Wait(sentence)
		return
	}
	mark := reports.Mark(checks.Unknown)
	if w.env.asciiOnly() {
		mark = checks.Unknown.String()
	}
	w.print([]string{mark + " nothing could be asked, waiting: " + sentence})
}

// closeCoach gives the terminal back, once, and prints what has changed meanwhile.
func (w *watcher) closeCoach() {
	if w.coach != nil {
		width, lines := w.coach.Close()
		w.coach, w.env.Width, w.render.Width = nil, width, width
		w.print(lines)
	}
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
	w.closeCoach()
	if ctx.Err() == nil && w.last.Problem == nil {
		report, err := w.grade(ctx, w.plan)
		if err != nil {
			return err
		}
		w.last = report
	}
	stopped := w.env.Context.Err() != nil || errors.Is(context.Cause(ctx), facts.ErrInterrupted)
	w.last.Run.Interrupted = w.last.Run.Interrupted || stopped
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
