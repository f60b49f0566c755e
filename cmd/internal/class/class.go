// Package class grades a class: it reads what was handed in, makes grades of it, writes them, and says what became of
// everybody.
package class

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
)

// Grader grades classes.
type Grader struct {
	console.Console
	Registry *checks.Registry // the checks with which a report is graded again
}

// Options are what the grading of a class was asked for.
type Options struct {
	// Paths are files, folders and archives that were handed in.
	Paths []string
	// Terms are those of the class, without the lab.
	Terms class.Terms
	// Plans are the labs that the reports may be of.
	Plans []*lab.Plan
	// Named says that the first of the plans is the lab, and that the reports of its other versions are graded again
	// with it. Otherwise the lab is that of most reports.
	Named bool
	// Regrade says that every report is graded again from its facts.
	Regrade bool
	// RequireFacts refuses reports that do not follow from the facts of an account.
	RequireFacts bool
	// SpotCheck is how many students to look at first are told of.
	SpotCheck int
	// Zone is that of the times which platforms write into the names of files; nil where nobody said it.
	Zone    *time.Location
	Outputs []Output
	// Warnings are about the instructor's own files, and are told.
	Warnings []string
	Render   class.Options
}

// Grade grades a class. It is settled if everything could be read and every grade is decided.
func (g Grader) Grade(ctx context.Context, o Options) (settled bool, err error) {
	reader := g.reader(ctx, o)
	in, err := g.read(ctx, &reader, o.Paths)
	var missing *fs.PathError
	switch {
	case ctx.Err() != nil:
		return false, failure.New(failure.Interrupted, errors.New("interrupted; nothing was graded"))
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &missing):
		return false, failure.Usagef("there is no file or folder %s: check the name and the current folder", missing.Path)
	case err != nil:
		return false, failure.OfFile(err)
	}
	o.Terms.Lab = mostHandedIn(reader.Labs, in)
	if o.Named {
		o.Terms.Lab = reader.Labs[0]
	}
	// The class and what is written of it are most of the memory: as much again should not wait to be cleared away.
	defer debug.SetGCPercent(debug.SetGCPercent(lateGC))
	graded, err := class.Collect(in, o.Terms)
	if err != nil {
		return false, failure.OfFile(err)
	}
	if len(in.Submissions) == 0 {
		g.Tell("No report was found in " + strings.Join(o.Paths, " and ") +
			": it looks for .md and .json files, also in folders and zip archives.")
	}
	s := graded.Summary
	settled = s.Open == 0 || graded.Policy.Open == class.OpenExclude
	return settled && s.Refused == 0 && len(in.Submissions) > 0, g.finish(graded, o)
}

// reader reads reports, and grades each again as far as it is asked for.
func (g Grader) reader(ctx context.Context, o Options) submissions.Reader {
	r := submissions.Reader{
		Labs: labsOf(o.Plans), Replay: g.replay(ctx, o.Plans), Version: o.Terms.Tool.Version, RequireFacts: o.RequireFacts,
		Practised: practised(ctx, o.Plans), Zone: o.Zone,
	}
	if o.Named || o.Regrade {
		r.Regrade, r.RegradeAll = r.Replay, o.Regrade
	}
	return r
}

// read reads what was handed in, with progress on a terminal.
func (g Grader) read(ctx context.Context, reader *submissions.Reader, paths []string) (class.HandedIn, error) {
	if g.StderrTerminal {
		progress := g.Progress(console.Patience)
		progress.Count(submissions.Count(ctx, paths...), "files read")
		reader.Seen = func(int) { progress.Done() }
		defer progress.Clear()
	}
	return reader.Read(ctx, paths...)
}

// lateGC is by how many percent the memory may grow between two collections once everything was read.
const lateGC = 30

// finish writes a graded class, and says what became of everybody.
func (g Grader) finish(graded *class.Class, o Options) error {
	err := g.deliver(graded, o.Outputs, o.Render)
	for _, warning := range o.Warnings {
		g.Tell(warning)
	}
	g.reconcile(graded)
	g.spotCheck(graded, o)
	return err
}

// spotCheck says at whose accounts to look first, and how to read them at their source.
func (g Grader) spotCheck(c *class.Class, o Options) {
	spots := c.SpotChecks(o.SpotCheck)
	if len(spots) == 0 {
		return
	}
	const file = "spot-check.csv"
	rows := [][]string{{"student", "account"}}
	for _, s := range spots {
		account := "account unknown"
		if facts.IsAccountID(s.Account) {
			account = "account " + s.Account
			rows = append(rows, []string{reports.Cell(s.Key), s.Account})
		}
		g.Tell("look first at " + reports.Clean(s.Key) + " (" + account + "): " + strings.Join(s.Why, ", "))
	}
	if len(rows) == 1 {
		return
	}
	var list strings.Builder
	_ = csv.NewWriter(&list).WriteAll(rows) // a strings.Builder takes everything
	g.Tell("To read these accounts at their source, put these lines into " + file + ":\n" + list.String() +
		o.Render.Command + " sweep " + c.Lab.ID + " --roster " + file + " --role-name NAME --out spot-check")
}

// reconcile ends every run: what was refused, and what became of everybody. It goes to standard error, so that it is
// seen whatever standard output carries.
func (g Grader) reconcile(c *class.Class) {
	for _, r := range c.Refused {
		g.Tell("refused: " + reports.Clean(r.File) + ": " + reports.Clean(r.Reason))
	}
	if again := c.RegradeLines(); len(again) > 0 {
		g.Tell(again[0])
	}
	for _, note := range c.Notes {
		g.Tell("note: " + reports.Clean(note))
	}
	for _, line := range c.Reconciliation() {
		g.Tell(line)
	}
}

// labsOf are the labs as the grading of a class knows them.
func labsOf(plans []*lab.Plan) []class.Lab {
	labs := make([]class.Lab, len(plans))
	for i, plan := range plans {
		labs[i] = LabOf(plan)
	}
	return labs
}

// LabOf is a lab as the grading of a class knows it.
func LabOf(plan *lab.Plan) class.Lab {
	l := class.Lab{
		Lab:      reports.Lab{ID: plan.Lab.ID, Title: plan.Lab.Title, SHA256: plan.Lab.SHA256},
		PassMark: plan.Lab.Pass, Scale: plan.Lab.Scale, Params: plan.Params,
	}
	for _, s := range plan.Steps {
		step := class.Step{
			ID: s.ID, Section: s.Section, Title: s.Check.Title, Points: s.Points, Required: s.Required, Why: s.Check.Why,
		}
		if len(s.Hints) > 0 {
			step.Ask = s.Hints[0]
		}
		l.Steps = append(l.Steps, step)
	}
	return l
}

// mostHandedIn is the lab that most reports are of; the first one where none is of any.
func mostHandedIn(labs []class.Lab, in class.HandedIn) class.Lab {
	count := map[string]int{}
	for _, s := range in.Submissions {
		count[s.ForLab()]++
	}
	var most class.Lab
	for i, l := range labs {
		if i == 0 || count[l.SHA256] > count[most.SHA256] {
			most = l
		}
	}
	return most
}

// replay returns what grades a report again, from its facts, with one of these labs.
func (g Grader) replay(
	ctx context.Context, plans []*lab.Plan,
) func(*reports.Report, *class.Lab) (*reports.Report, error) {
	return func(r *reports.Report, with *class.Lab) (*reports.Report, error) {
		i := slices.IndexFunc(plans, func(p *lab.Plan) bool { return p.Lab.SHA256 == with.SHA256 })
		if len(r.Run.Set) == 0 {
			return session.Again(ctx, plans[i], r), nil // nearly all, and they need no plan of their own
		}
		return session.Regrade(ctx, g.Registry, plans[i].Lab, r)
	}
}
