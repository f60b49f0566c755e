package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/cmd/internal/sweep"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class/roster"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// sweepFlags are the flags of labcheck sweep as they were typed.
type sweepFlags struct {
	roster, roleName, roleTemplate, out string
	profile, region                     string
	source                              sourceFlags
	set                                 []string
	shard                               string
	shards                              int
	status                              bool
	report                              string
	refresh                             time.Duration
	quiet                               bool
}

// sweepOptions are what a sweep was asked for, with the roster read.
type sweepOptions struct {
	sweep    sweep.Options
	plans    []*lab.Plan // without the students' own parameters
	jobs     []sweep.Job // of this shard, or of all accounts for the status
	problems []sweep.Problem
	out      string
	status   bool
	json     bool
	quiet    bool
}

func (a *app) sweepCommand() *cobra.Command {
	var flags sweepFlags
	c := &cobra.Command{
		Use:   "sweep LAB... --roster FILE --role-name NAME --out FOLDER",
		Short: "Read every account of a class at its source",
		Long: `Take on a role in the account of each student, grade the labs there, and keep a
report of each in a folder, for labcheck grade. What is there is not read again:
the same command goes on where it was stopped. An account that cannot be read is
a file that says why, and is tried again by the next run.

The roster is a CSV file with a column student and a column account, and on
demand external-id, region, iam-user, profile and the parameters of the labs.

With --shard K/N only one part of the accounts is read, K from 0. auto asks the
engine: Slurm, Kubernetes, AWS Batch, Grid Engine, GitLab, or the variables
LABCHECK_SHARD_INDEX and LABCHECK_SHARD_COUNT.

The exit code is 0 if every account is there, and 3 while one is missing or
failed; so it is with --status, which asks AWS nothing.`,
		Example: fmt.Sprintf(`  labcheck sweep %[1]s --roster class.csv --role-name grader --out results
  labcheck sweep %[1]s --roster class.csv --out results --status
  labcheck grade results --roster class.csv`, labs.First()),
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeLabs,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(a, c, args)
			if err != nil {
				return err
			}
			return a.sweep(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.roster, "roster", "", "the list of the class, a CSV `file`")
	f.StringVar(&flags.roleName, "role-name", "", "the `name` of the role in each account")
	f.StringVar(&flags.roleTemplate, "role-arn-template", "",
		"the `ARN` of the role with {account} for the account's number, in place of --role-name")
	f.StringVar(&flags.out, "out", "", "the `folder` of the reports")
	f.StringVar(&flags.profile, "profile", "", "the AWS CLI `profile` to take the roles on with")
	f.StringVar(&flags.region, "region", "", "the AWS `Region` to look at instead of the lab's")
	f.StringArrayVar(&flags.set, "set", nil, "change a parameter of the labs for all: `name=value` (repeatable)")
	f.StringVar(&flags.shard, "shard", "", "read one `part` only: K/N, K from 0, or auto")
	f.IntVar(&flags.shards, "shards", 0, "how many `parts` there are, where the engine does not tell")
	f.BoolVar(&flags.status, "status", false, "say what is done, missing and failed, and ask nothing")
	f.StringVar(&flags.report, "report", "table", "write the status as `format`: table or json")
	f.DurationVar(&flags.refresh, "refresh", 0, "read again what is older than this `time`, such as 6h")
	f.DurationVar(&flags.source.timeout, "timeout", defaultTimeout, "the longest that an account may take")
	flags.source.registerEndpoint(f)
	f.BoolVar(&flags.quiet, "quiet", false, "no progress and no notes")
	f.SortFlags = false
	return c
}

// check refuses flags that cannot be meant.
func (f *sweepFlags) check() error {
	switch {
	case f.roster == "":
		return failure.Usagef("--roster is needed: the CSV file of the class, with columns student and account")
	case f.out == "":
		return failure.Usagef("--out is needed: the folder for the reports, such as --out results")
	case f.roleName != "" && f.roleTemplate != "":
		return failure.Usagef("--role-name and --role-arn-template exclude each other")
	case f.roleTemplate != "" && !strings.Contains(f.roleTemplate, "{account}"):
		return failure.Usagef("--role-arn-template: write {account} in the place of the account's number, " +
			"such as arn:aws:iam::{account}:role/labcheck-grader")
	case f.report != "table" && f.report != "json":
		return failure.Usagef("--report %s: the status is written as table or json", f.report)
	case f.refresh < 0:
		return failure.Usagef("--refresh %s: a time such as 6h is needed", f.refresh)
	case f.shards < 0 || f.shards > 0 && f.shard != "auto":
		return failure.Usagef("--shards is a number from 1 on, and goes with --shard auto")
	}
	return f.source.check("")
}

// role is the ARN of the role in each account; the partition is the grader's and stands for itself until it is known.
func (f *sweepFlags) role() (string, error) {
	if f.roleName == "" && f.roleTemplate == "" {
		return "", nil
	}
	role := cmp.Or(f.roleTemplate, "arn:aws:iam::{account}:role/"+f.roleName)
	if !roleARN.MatchString(strings.ReplaceAll(role, "{account}", "123456789012")) {
		return "", failure.Usagef("%s is no role: --role-name takes its name, such as labcheck-grader, and "+
			"--role-arn-template an ARN such as arn:aws:iam::{account}:role/labcheck-grader", role)
	}
	return role, nil
}

// complete makes the options of a sweep. Whatever is wrong with them is said before anything is asked of AWS.
func (f *sweepFlags) complete(a *app, c *cobra.Command, names []string) (*sweepOptions, error) {
	if len(names) == 0 {
		return nil, failure.Usagef("name a lab: %s sweep %s --roster class.csv --role-name labcheck-grader --out results",
			a.env.Program, labs.First())
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	role, err := f.role()
	if err != nil {
		return nil, err
	}
	shard, err := sweep.ParseShard(f.shard, f.shards, a.env.getenv)
	if err != nil {
		return nil, failure.Usagef("--shard %w", err)
	}
	set, err := parameters(f.set)
	if err != nil {
		return nil, err
	}
	o := &sweepOptions{out: f.out, status: f.status, json: f.report == "json", quiet: f.quiet}
	source := reports.AWS
	if f.source.endpointURL != "" {
		source = reports.Endpoint
	}
	o.sweep = sweep.Options{
		Tool: thisTool(), Program: a.env.Program, Now: a.env.Now, Role: role, Source: source,
		Timeout: f.source.timeout, Refresh: f.refresh, Done: func() {},
		Account: account.Options{
			Profile: f.profile, Region: f.region, EndpointURL: f.source.endpointURL, Transport: a.env.Transport,
		},
	}
	if err := f.readAccounts(a, c, o, names, set, shard); err != nil {
		return nil, err
	}
	if problem := sweep.PolicyProblem(o.plans); role != "" && problem != "" {
		return nil, failure.Usagef("%s", problem)
	}
	return o, nil
}

// readAccounts reads the roster, and makes the jobs of its accounts.
func (f *sweepFlags) readAccounts(
	a *app, c *cobra.Command, o *sweepOptions, names []string, set map[string]string, shard sweep.Shard,
) error {
	loaded := make([]*lab.Lab, len(names))
	var params []string
	for i, name := range names {
		plan, err := a.findLab(c, name, only(set, nil))
		if err != nil {
			return err
		}
		loaded[i] = plan.Lab
		for param := range plan.Lab.Params {
			params = append(params, param)
		}
		o.plans = append(o.plans, plan)
	}
	for name := range set {
		if !slices.Contains(params, name) {
			return failure.Usagef("--set %s: no lab of the sweep has this parameter", name)
		}
	}
	data, err := files.Read(f.roster, maxReportFile)
	if err != nil {
		return err
	}
	r, err := roster.Read(data)
	if err != nil {
		return failure.OfFile(fmt.Errorf("%s: %w", f.roster, err))
	}
	for _, warning := range r.Warnings {
		a.note(o, f.roster+": "+warning)
	}
	slices.Sort(params)
	accounts, problems := sweep.Accounts(r, slices.Compact(params))
	for _, account := range accounts {
		if !f.status && o.sweep.Role == "" && account.Profile == "" {
			return failure.Usagef("--role-name is needed: how else would the account %s be read? "+
				"(or a column profile in the roster)", account.ID)
		}
	}
	jobs, unbound := sweep.Jobs(accounts, func(account *sweep.Account) ([]*lab.Plan, error) {
		plans := make([]*lab.Plan, len(loaded))
		for i, l := range loaded {
			own := only(set, l)
			for name, value := range only(account.Params, l) {
				own[name] = value
			}
			if plans[i], err = lab.Bind(l, a.registry, own); err != nil {
				return nil, err
			}
		}
		return plans, nil
	})
	o.problems = append(problems, unbound...)
	for _, j := range jobs {
		if f.status || shard.Has(j.Account.ID) {
			o.jobs = append(o.jobs, j)
		}
	}
	return nil
}

// only are the parameters that a lab has; no lab has none.
func only(set map[string]string, l *lab.Lab) map[string]string {
	own := map[string]string{}
	if l == nil {
		return own
	}
	for name, value := range set {
		if _, ok := l.Params[name]; ok {
			own[name] = value
		}
	}
	return own
}

func (a *app) note(o *sweepOptions, text string) {
	if !o.quiet {
		a.Tell("note: " + text)
	}
}

// sweep reads the accounts that are not there yet, and says what became of all.
func (a *app) sweep(ctx context.Context, o *sweepOptions) error {
	results, err := sweep.OpenResults(a.env.Files, o.out)
	if err != nil {
		return err
	}
	defer func() { _ = results.Close() }()
	var interrupted error
	if pending := o.sweep.Pending(results, o.jobs); !o.status && pending > 0 {
		if err := a.readAll(ctx, o, results, pending); err != nil {
			if !errors.Is(err, facts.ErrInterrupted) {
				return err
			}
			interrupted = failure.New(failure.Interrupted, errors.New(
				"interrupted: what was read is kept, and the same command goes on from here"))
		}
	}
	status := results.Status(o.jobs, o.problems)
	if !status.Complete() {
		a.code = exitInconclusive
	}
	return cmp.Or(a.writeStatus(o, status), interrupted)
}

// readAll finds out who asks, and reads the accounts.
func (a *app) readAll(ctx context.Context, o *sweepOptions, results *sweep.Results, pending int) error {
	network := account.NewNetwork()
	defer network.Close()
	o.sweep.Account.Network = network
	if o.sweep.Role != "" {
		own := o.sweep.Account
		own.Now, own.Region = a.env.Now, cmp.Or(own.Region, o.plans[0].Lab.Region)
		s := session.Open(ctx, session.Options{
			Tool: thisTool(), Program: a.env.Program, Now: a.env.Now, Source: o.sweep.Source, Account: own,
		})
		if p := s.Options.Problem; p != nil {
			return failure.New(failure.Unreachable, fmt.Errorf("nobody takes the roles on: %s", p.Sentence()))
		}
		o.sweep.Grader, o.sweep.Source = s.Options.Site.Caller.ARN, s.Options.Source
		if partition := s.Options.Site.Partition; strings.HasPrefix(o.sweep.Role, "arn:aws:") {
			o.sweep.Role = "arn:" + partition + strings.TrimPrefix(o.sweep.Role, "arn:aws")
		}
	}
	progress := &console.Progress{}
	if !o.quiet {
		progress = a.Progress(0)
	}
	progress.CountLong(pending, "accounts read")
	o.sweep.Done = progress.Done
	defer progress.Clear()
	return sweep.Run(ctx, o.sweep, results, o.jobs)
}

// writeStatus writes what became of every account, and on stderr what is to be done about those that are not there.
func (a *app) writeStatus(o *sweepOptions, status *sweep.Status) error {
	if o.json {
		return jsonv1.Write(a.env.Stdout, status)
	}
	for _, p := range o.problems {
		a.Tell(fmt.Sprintf("labcheck: %s: %s", p.Student, p.Text))
	}
	w := a.Columns()
	fmt.Fprintln(w, "LAB\tDONE\tFAILED\tMISSING")
	for _, plan := range o.plans {
		count := map[sweep.State]int{}
		for _, j := range status.Jobs {
			if j.Lab == plan.Lab.ID {
				count[j.State]++
			}
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", plan.Lab.ID, count[sweep.Done], count[sweep.Failed], count[sweep.Missing])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the status: %w", err)
	}
	for _, j := range status.Jobs {
		if j.State != sweep.Done {
			if _, err := fmt.Fprintln(a.env.Stdout, "  "+console.Clean(j.Text())); err != nil {
				return fmt.Errorf("write the status: %w", err)
			}
		}
	}
	return nil
}
