package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/feedback"
	"github.com/labcheck/labcheck/reports/class/roster"
	"github.com/labcheck/labcheck/reports/class/submissions"
)

// classFlags are the flags of the gradebook.
type classFlags struct {
	roster, overrides, pairs string
	take, due, late, since   string
	lab, assignment          string
	feedback                 string
	report                   []string
	allowSimulated, demo     bool
	regrade                  bool
	noFixes, noColor         bool
}

func (a *app) gradeCommand() *cobra.Command {
	var flags classFlags
	c := &cobra.Command{
		Use:   "grade PATH... [flags]",
		Short: "Turn the reports of a class into grades",
		Long: `labcheck grade reads what a class handed in: report files (.md, .json), folders,
and the zip archives of Canvas, Moodle and Gradescope. It gives each report to a
student, chooses the one that counts, and lists whatever it could not grade.

The exit code is 0 if every file could be read and every grade is settled, 1 if
a file was refused or a grade is open, 64 for wrong usage, and 65 for a roster,
a decision or a lab that is not valid.`,
		Example: `  labcheck grade --demo --report html=class.html
  labcheck grade submissions/ --roster roster.csv --report csv=grades.csv
  labcheck grade submissions.zip --lab my-version.yaml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return a.gradeClass(c, args, flags) },
	}
	f := c.Flags()
	f.StringVar(&flags.roster, "roster", "", "the list of the class, a CSV `file`")
	f.StringVar(&flags.take, "take", string(class.Best), "the `attempt` that counts: best, latest or first")
	f.StringVar(&flags.due, "due", "", "the `time` when the work was due, such as 2026-11-30T23:59:00+01:00, or a date "+
		"(its end in UTC)")
	f.StringVar(&flags.late, "late", "", "the `rule` for late work, such as \"10%/day, at most 50%\" (with --due)")
	f.StringVar(&flags.since, "since", "", "the `time` or date when the course began; older reports are flagged")
	f.StringVar(&flags.overrides, "overrides", "", "your decisions, a CSV `file`: student,score,reason")
	f.StringVar(&flags.pairs, "pairs", "", "who may work together, a CSV `file`: student,partner")
	f.BoolVar(&flags.allowSimulated, "allow-simulated", false, "count practice runs and replays too")
	f.StringVar(&flags.lab, "lab", "", "the `lab`, by id or path (without it, the one of most reports); reports of another version "+
		"of it are graded again from the facts that they carry")
	f.BoolVar(&flags.regrade, "regrade", false, "grade every report again from its facts, such as after a check was mended")
	f.StringArrayVar(&flags.report, "report", nil, "write the class: `FORMAT[=FILE]` ("+strings.Join(classNames(), ", ")+
		"; repeatable)")
	f.StringVar(&flags.assignment, "assignment", "", "the `title` of the gradebook's column, such as \"Lab 1.2 (123456)\"")
	f.StringVar(&flags.feedback, "feedback", "", "write a Markdown page for each student into this `folder`")
	f.BoolVar(&flags.noFixes, "no-fixes", false, "hints only, never the solution")
	f.BoolVar(&flags.noColor, "no-color", false, "no colours")
	f.BoolVar(&flags.demo, "demo", false, "grade a class of made-up students, to see what comes out")
	f.SortFlags = false
	return c
}

// gradeClass grades a class. The exit code is 0 only if everything could be read and decided.
func (a *app) gradeClass(c *cobra.Command, paths []string, flags classFlags) error {
	if flags.demo {
		return a.gradeDemo(c, paths, flags)
	}
	if len(paths) == 0 {
		return failure.Usagef("name what was handed in: %s grade submissions/", a.env.Program)
	}
	outs, err := flags.outputs()
	if err != nil {
		return err
	}
	terms, header, err := a.terms(flags)
	if err != nil {
		return err
	}
	plans, err := a.classPlans(c, flags.lab)
	if err != nil {
		return err
	}
	reader := submissions.Reader{Labs: classLabs(plans)}
	if flags.lab != "" || flags.regrade {
		reader.Regrade, reader.RegradeAll = a.regrader(c.Context(), plans), flags.regrade
	}
	in, err := a.readClass(c.Context(), &reader, paths)
	var missing *fs.PathError
	switch {
	case c.Context().Err() != nil:
		return failure.New(failure.Interrupted, errors.New("interrupted; nothing was graded"))
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &missing):
		return failure.Usagef("there is no file or folder %s: check the name and the current folder", missing.Path)
	case err != nil:
		return failure.OfFile(err)
	}
	terms.Lab = mostHandedIn(reader.Labs, in)
	if flags.lab != "" {
		terms.Lab = reader.Labs[0]
	}
	graded, err := class.Collect(in, terms)
	if err != nil {
		return failure.OfFile(err)
	}
	if s := graded.Summary; s.Refused > 0 || s.Open > 0 {
		a.code = exitNotPassed
	}
	if len(in.Submissions) == 0 {
		a.code = exitNotPassed
		a.Tell("No report was found in " + strings.Join(paths, " and ") +
			": it looks for .md and .json files, also in folders and zip archives.")
	}
	return a.finishClass(graded, outs, header, flags)
}

// readClass reads what was handed in, with progress on a terminal.
func (a *app) readClass(ctx context.Context, reader *submissions.Reader, paths []string) (class.HandedIn, error) {
	if a.env.StderrTerminal {
		progress := a.Progress(console.Patience)
		progress.Count(submissions.Count(ctx, paths...), "files read")
		reader.Seen = func(int) { progress.Done() }
		defer progress.Clear()
	}
	return reader.Read(ctx, paths...)
}

// outputs are the places that the class goes to.
func (flags *classFlags) outputs() ([]classOutput, error) {
	outs, err := classOutputs(flags.report)
	if flags.feedback != "" {
		outs = append(outs, classOutput{format: feedback.Format, path: flags.feedback, folder: true})
	}
	return outs, err
}

// finishClass writes a graded class, and says what became of everybody. The header is the roster's.
func (a *app) finishClass(graded *class.Class, outs []classOutput, header []string, flags classFlags) error {
	o := a.env.renderOptions(flags.noColor)
	err := a.deliverClass(graded, outs, class.Options{
		Width: o.Width, Color: o.Color, ASCII: o.ASCII, NoFixes: flags.noFixes, Command: a.env.Program,
		Assignment: flags.assignment, Header: header, Platform: a.platform(),
	})
	a.reconcile(graded)
	return err
}

// reconcile ends every run: what was refused, and what became of everybody. It goes to standard error, so that it is
// seen whatever standard output carries.
func (a *app) reconcile(c *class.Class) {
	for _, r := range c.Refused {
		a.Tell("refused: " + reports.Clean(r.File) + ": " + reports.Clean(r.Reason))
	}
	if again := c.RegradeLines(); len(again) > 0 {
		a.Tell(again[0])
	}
	for _, line := range c.Reconciliation() {
		a.Tell(line)
	}
}

// terms reads the flags, and the files that they name. The header is the roster's.
func (a *app) terms(flags classFlags) (t class.Terms, header []string, err error) {
	t = class.Terms{
		Tool: thisTool(), Now: a.env.Now(), Take: class.Take(flags.take),
		AllowSimulated: flags.allowSimulated,
	}
	switch {
	case t.Take != class.Best && t.Take != class.Latest && t.Take != class.First:
		return t, nil, failure.Usagef("--take %s: it is best, latest or first", flags.take)
	case flags.late != "" && flags.due == "":
		return t, nil, failure.Usagef("--late needs --due: without it nothing is late")
	}
	if flags.due != "" {
		due, err := moment(flags.due, 24*time.Hour-time.Nanosecond)
		if err != nil {
			return t, nil, failure.Usagef("--due %w", err)
		}
		t.Due = &due
	}
	if flags.since != "" {
		if t.Since, err = moment(flags.since, 0); err != nil {
			return t, nil, failure.Usagef("--since %w", err)
		}
	}
	if flags.late != "" {
		if t.Late, err = class.ParseLate(flags.late); err != nil {
			return t, nil, failure.Usagef("--late: %w", err)
		}
	}
	err = errors.Join(
		readInto(flags.roster, func(data []byte) error {
			list, err := roster.Read(data)
			if err == nil {
				t.Roster, header = list.Students, list.Header
			}
			return err
		}),
		readInto(flags.overrides, func(data []byte) (err error) {
			t.Overrides, err = roster.ReadOverrides(flags.overrides, data)
			return err
		}),
		readInto(flags.pairs, func(data []byte) (err error) {
			t.Pairs, err = roster.ReadPairs(flags.pairs, data)
			return err
		}),
	)
	return t, header, err
}

// moment reads a time, or a date to which the rest of the day is added.
func moment(text string, rest time.Duration) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Add(rest), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%s: write a time as 2026-11-30T23:59:00+01:00, or a date as 2026-11-30", text)
	}
	return at.UTC(), nil
}

// readInto reads a file of the instructor's, unless none is named.
func readInto(path string, read func([]byte) error) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return files.ReadProblem(path, err)
	}
	if err := read(data); err != nil {
		return failure.OfFile(fmt.Errorf("%s: %w", path, err))
	}
	return nil
}
