package cmd

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/reports"
)

func (a *app) runCommand() *cobra.Command {
	var flags runFlags
	c := &cobra.Command{
		Use:               "run LAB [flags]",
		Short:             "Grade a lab (the same as labcheck LAB)",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE:              func(c *cobra.Command, args []string) error { return a.run(c, args, &flags) },
	}
	flags.register(c.Flags())
	return c
}

// run is the main command: it grades one lab, in every account and Region that the flags name.
func (a *app) run(c *cobra.Command, args []string, flags *runFlags) error {
	o, err := flags.complete(a, c, args)
	if err != nil {
		return err
	}
	if len(o.targets) > 1 {
		return a.gradeTargets(c.Context(), o)
	}
	result, err := a.gradeTarget(c.Context(), o, o.targets[0])
	a.code = result.code
	return cmp.Or(err, a.addOutputs(o.view.outputs, result))
}

// gradeTarget grades one target, and writes its reports. The result holds the report also where some file of it could
// not be written.
func (a *app) gradeTarget(ctx context.Context, o *runOptions, t target) (targetResult, error) {
	result := targetResult{name: t.name}
	ctx, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	progress := &console.Progress{}
	if !o.quiet {
		progress = a.Progress(0)
	}
	progress.Say("Asking who you are")
	conn, err := a.connect(ctx, o.plan, o.source, t)
	progress.Clear()
	if err != nil {
		return result, err
	}
	progress.Count(len(o.plan.Steps), "steps looked at")
	conn.Options.Student, conn.Options.Done = o.student, func(string) { progress.Done() }
	full := conn.Run(o.plan)
	progress.Clear()
	full.Target.Name = t.name
	if err := o.gate.decide(full); err != nil {
		return result, err
	}
	for _, w := range full.Waivers {
		if text := reports.WaiverProblem(w); text != "" {
			a.tellOnce("labcheck: " + text) // each target has the same
		}
	}
	result.code = codeOf(full)
	if result.report, err = a.handOut(full, conn, o); err != nil {
		return result, err
	}
	return result, a.writeReports(result.report, conn, o, t)
}

// writeReports writes what the flags ask for of a target. A file that cannot be written does not keep the others from
// being written; the first error is returned.
func (a *app) writeReports(shown *reports.Report, conn *session.Session, o *runOptions, t target) error {
	render := o.view.render
	render.Rerun = t.rerun
	err := a.deliver(shown, filesOf(o.view.outputs, t.name), render)
	if o.handIn && shown.Problem == nil {
		a.deliverDefault(shown, render, o.quiet)
	}
	if o.saveFacts != "" {
		err = cmp.Or(err, a.saveFacts(conn, fileOf(o.saveFacts, t.name)))
	}
	return err
}

// deliverDefault writes the Markdown report that a student hands in. It was not asked for, so that a folder which
// cannot be written is a note and no failure.
func (a *app) deliverDefault(r *reports.Report, o reports.Options, quiet bool) {
	format, _ := formats().Lookup("markdown")
	path := fileOf(defaultReport(r), r.Target.Name)
	err := a.deliverOne(r, output{format, path}, o)
	switch {
	case quiet:
	case err != nil:
		a.Tell("note: no report was written: " + err.Error())
	default:
		a.Tell("Report: " + path)
	}
}
