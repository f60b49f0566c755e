package cmd

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
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
	result, err := a.gradeTarget(c.Context(), o, o.targets[0], alone())
	a.code = result.code
	return cmp.Or(err, a.addJobOutputs(o.view.outputs, result))
}

// gradeTarget grades one target, and writes its reports. The result holds the report also where some file of it could
// not be written.
func (a *app) gradeTarget(ctx context.Context, o *runOptions, t target, c *common) (targetResult, error) {
	result := targetResult{name: t.name}
	ctx, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	progress := &console.Progress{}
	if !o.quiet && t.name == "" { // of many, the number that are done says more
		progress = a.Progress(0)
	}
	progress.Say("Asking who you are")
	s, err := a.connect(ctx, o.plan, o.source, t, c)
	progress.Clear()
	if err != nil {
		return result, err
	}
	progress.Count(len(o.plan.Steps), "steps looked at")
	s.Options.Student, s.Options.Done = o.student, func(string) { progress.Done() }
	full := s.Run(o.plan)
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
	if result.report, err = a.handOut(full, s, o); err != nil {
		return result, err
	}
	return result, a.writeReports(result.report, s, o, t)
}

// writeReports writes what the flags ask for of a target. A file that cannot be written does not keep the others from
// being written; the first error is returned.
func (a *app) writeReports(shown *reports.Report, s *session.Session, o *runOptions, t target) error {
	render := o.view.render
	render.Rerun = t.rerun
	err := a.deliver(shown, targetFiles(o.view.outputs, t.name), render)
	if o.gate.creates(shown) {
		err = cmp.Or(err, a.createBaseline(shown, o))
	}
	if o.handIn && shown.Problem == nil {
		a.deliverDefault(shown, render, o.quiet)
	}
	if o.saveFacts != "" {
		err = cmp.Or(err, a.saveFacts(s, targetFile(o.saveFacts, t.name)))
	}
	return err
}

// createBaseline writes the report with which later runs are compared.
func (a *app) createBaseline(r *reports.Report, o *runOptions) error {
	if err := a.deliverOne(r, output{jsonv1.Format, o.gate.baseline}, o.view.render); err != nil {
		return err
	}
	if !o.quiet {
		a.Tell("Baseline: " + o.gate.baseline)
	}
	return nil
}

// deliverDefault writes the Markdown report that a student hands in. It was not asked for, so that a folder which
// cannot be written is a note and no failure.
func (a *app) deliverDefault(r *reports.Report, o reports.Options, quiet bool) {
	format, _ := formats().Lookup("markdown")
	path := targetFile(defaultReport(r), r.Target.Name)
	err := a.deliverOne(r, output{format, path}, o)
	switch {
	case quiet:
	case err != nil:
		a.Tell("note: no report was written: " + err.Error())
	default:
		a.Tell("Report: " + path)
	}
}

// connect opens the doors to a target, and finds out who is calling.
func (a *app) connect(
	ctx context.Context, plan *lab.Plan, from source, t target, c *common,
) (*session.Session, error) {
	o := session.Options{
		Tool: thisTool(), Program: a.env.Program, LabFile: anchorOf(plan.Lab), Now: a.env.Now, Source: reports.AWS,
		Account: account.Options{
			Profile: t.profile, RoleARN: t.role, ExternalID: t.externalID,
			Region: cmp.Or(t.region, plan.Lab.Region), EndpointURL: from.endpointURL, Transport: a.env.Transport,
			Operations: plan.Operations(), Now: a.env.Now, Network: c.network,
		},
		Workstation: workstation.Local(workstation.LocalOptions{
			Environ: a.env.Environ, Folder: ".", Profile: t.profile, RunTerraform: from.runTerraform,
		}),
	}
	builtin := ""
	switch {
	case from.recording != nil:
		return session.Replay(ctx, from.recording, o), nil
	case from.endpointURL != "":
		o.Source = reports.Endpoint // also when it cannot be opened
	case from.practice != "":
		simulated, name, err := a.practiceAccount(plan.Lab, from.practice)
		if err != nil {
			return nil, err
		}
		practice.Enter(simulated, &o)
		builtin = name
	}
	switch {
	case from.noWorkstation:
		o.Workstation = nil
	case from.practice == "":
		o.Machine = c.machine(t.profile, o.Workstation)
	}
	s := session.Open(ctx, o)
	practice.Ended(s.Options.Problem, a.env.getenv, a.env.Program)
	s.Options.Practice = builtin
	return s, nil
}

// practiceAccount makes a practice account on which a lab is graded. builtin is its name where it is one of the lab's.
func (a *app) practiceAccount(l *lab.Lab, name string) (simulated *sandbox.Account, builtin string, err error) {
	accounts, err := practice.AccountsOf(l)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	if accounts.Has(name) {
		builtin = name
	}
	state, err := accounts.Load(name, a.env.Now(), a.env.Services...)
	if err != nil {
		return nil, "", err
	}
	o := a.env.Practice
	o.Now, o.Log = a.env.Now, a.env.Stderr
	simulated = sandbox.New(state, o)
	if a.env.practised != nil {
		a.env.practised(simulated)
	}
	return simulated, builtin, nil
}

// saveFacts writes what the session learned.
func (a *app) saveFacts(s *session.Session, path string) error {
	recording, err := s.Record()
	if err != nil {
		return err
	}
	return a.Write(path, func(w io.Writer) error { return recording.Write(w) })
}

// handOut is the report as it is handed out: with the facts, so that an instructor can grade it again when the lab or a
// check was wrong, and without what its owner did not choose to show. A replay learned nothing.
func (a *app) handOut(full *reports.Report, s *session.Session, o *runOptions) (*reports.Report, error) {
	if o.noFacts || o.source.recording != nil {
		return reports.Redact(full, o.view.maskAccount), nil
	}
	recording, err := s.Record()
	if err != nil {
		return nil, err
	}
	with := *full
	with.Facts = recording
	shown := reports.Redact(&with, o.view.maskAccount)
	data, err := jsonv1.Marshal(shown)
	if err != nil {
		return nil, err
	}
	if err := jsonv1.Fits(data); err != nil {
		shown.Facts = nil
		if !o.quiet {
			a.Tell("note: the report is without its facts, with which it could not be read again: " + err.Error())
		}
	}
	return shown, nil
}

// readRecording reads a file of facts.
func readRecording(path string) (*facts.Recording, error) {
	data, err := files.Read(path, maxReportFile)
	if err != nil {
		return nil, err
	}
	recording, err := facts.ReadRecording(bytes.NewReader(data))
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", path, err))
	}
	return recording, nil
}
