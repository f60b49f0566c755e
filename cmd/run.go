package cmd

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync/atomic"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports/run"
	"github.com/labcheck/labcheck/reports"
)

func (a *app) runCommand() *cobra.Command {
	var flags runFlags
	c := &cobra.Command{
		Use:               "run LAB [flags]",
		Short:             "Grade a lab (the same as labcheck LAB)",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE:              func(c *cobra.Command, args []string) error { return a.run(c, args, flags) },
	}
	flags.register(c.Flags())
	return c
}

// run is the main command: it grades one lab.
func (a *app) run(c *cobra.Command, args []string, flags runFlags) error {
	name, err := oneLab(c, args)
	if err != nil {
		return err
	}
	if err := flags.check(); err != nil {
		return err
	}
	outs, err := outputs(flags.report)
	if err != nil {
		return err
	}
	plan, err := a.plan(c, name, flags)
	if err != nil {
		return err
	}
	terms, err := flags.gate.terms(a.env, plan)
	if err != nil {
		return err
	}
	return a.eachTarget(flags, outs, func(at target) (*reports.Report, error) {
		flags := flags
		flags.connection = flags.at(at, flags.targets.externalID)
		ctx, cancel := context.WithTimeoutCause(c.Context(), flags.timeout, facts.ErrRunTimeout)
		defer cancel()
		a.doing("Asking who you are", flags.quiet)
		conn, err := a.connect(ctx, plan, flags.connection, flags.noWorkstation)
		a.doing("", flags.quiet)
		if err != nil {
			return nil, err
		}
		report := a.look(plan, conn, flags)
		report.Target.Name = at.name
		if err := flags.gate.decide(a, terms, report); err != nil {
			return nil, err
		}
		return a.finish(report, conn, outs, flags, a.rerun(c, name, flags.connection))
	})
}

// rerun is the command line of this run without what it writes, to be typed again for one step; empty if it holds
// something that is not to be repeated.
func (a *app) rerun(c *cobra.Command, name string, at connection) string {
	line, secret := slices.Concat([]string{a.env.Program, name}, at.flags()), false
	c.Flags().Visit(func(f *pflag.Flag) {
		secret = secret || holdsSecret(f.Name, f.Value.String())
		switch values, many := f.Value.(pflag.SliceValue); {
		case !slices.Contains(sameRun, f.Name):
		case many:
			for _, value := range values.GetSlice() {
				line = append(line, "--"+f.Name, value)
			}
		case f.Value.String() == f.NoOptDefVal:
			line = append(line, "--"+f.Name)
		default:
			line = append(line, "--"+f.Name+"="+f.Value.String())
		}
	})
	if secret {
		return ""
	}
	return shellescape.QuoteCommand(line)
}

// holdsSecret says whether a flag's value is or holds what nobody should read: a key that was pasted, a password.
func holdsSecret(flag, value string) bool {
	switch flag {
	case "profile", "role-arn", "external-id", "region":
		return facts.HideSecrets(value) != value
	case "endpoint-url":
		address, err := url.Parse(value)
		return err != nil || address.User != nil
	}
	return false
}

// sameRun are the flags that say what is graded, beside those that lead to the target; the others say what is shown.
var sameRun = []string{
	"sandbox", "endpoint-url", "timeout", "labs", "set", "no-workstation",
}

// plan is what the flags leave of a lab.
func (a *app) plan(c *cobra.Command, name string, flags runFlags) (*lab.Plan, error) {
	set, err := flags.parameters()
	if err != nil {
		return nil, err
	}
	plan, err := a.findLab(c, name, set)
	if err != nil {
		return nil, err
	}
	if _, err := plan.Select(slices.Concat(flags.gate.require, flags.gate.allowUnknown)); err != nil {
		return nil, err // a misspelt step would never fail a gate
	}
	if len(flags.only) == 0 {
		return plan, nil
	}
	return plan.Select(flags.only)
}

// look runs the plan, with progress on a terminal.
func (a *app) look(plan *lab.Plan, conn *connected, flags runFlags) *reports.Report {
	o := conn.options
	o.Student, o.LabFile = flags.student, anchorOf(plan.Lab)
	o.Clock = a.env.Now
	if conn.replayed {
		o.Clock = conn.session.Now // a replay takes no time: the same facts give the same report
	}
	var done atomic.Int32
	o.Done = func(string) {
		a.doing(fmt.Sprintf("%d of %d steps looked at", done.Add(1), len(plan.Steps)), flags.quiet)
	}
	report := run.Run(plan, conn.session, o)
	a.doing("", flags.quiet)
	return report
}

// doing shows in one line of a terminal what a run does, in the place of what was shown before; "" shows nothing.
func (a *app) doing(what string, quiet bool) {
	if a.env.StderrTerminal && !quiet && a.env.getenv("TERM") != "dumb" {
		fmt.Fprint(a.env.Stderr, "\r\x1b[K"+what)
	}
}

// finish writes the outputs and settles the exit code.
// It returns the report as it is handed out, also where some file of it could not be written.
func (a *app) finish(
	full *reports.Report, conn *connected, outs []output, flags runFlags, rerun string,
) (*reports.Report, error) {
	shown, err := a.shown(full, conn, flags)
	if err != nil {
		return nil, err
	}
	o := a.renderOptions(flags.all, flags.noColor, flags.hints)
	o.Rerun = rerun
	name := full.Target.Name
	err = a.deliver(shown, filesOf(outs, name), o)
	if len(flags.report) == 0 && len(flags.only) == 0 && full.Problem == nil {
		a.deliverDefault(shown, o, flags.quiet)
	}
	if flags.saveFacts != "" {
		err = cmp.Or(err, a.saveFacts(conn, fileOf(flags.saveFacts, name)))
	}
	if err != nil {
		return shown, err
	}
	a.code = codeOf(full)
	return shown, nil
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
		a.env.tell("note: no report was written: " + err.Error())
	default:
		a.env.tell("Report: " + path)
	}
}
