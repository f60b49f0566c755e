package cmd

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// defaultTimeout is how long a run may take.
const defaultTimeout = 60 * time.Second

// runFlags are the flags of a run as they were typed. They are completed once, into runOptions, and go no further.
type runFlags struct {
	source        sourceFlags
	targets       targetFlags
	set, only     []string
	noWorkstation bool
	runTerraform  bool
	student       string
	view          viewFlags
	quiet         bool
	gate          gateFlags
	saveFacts     string
	noFacts       bool
}

// runOptions are what a run was asked for: checked, and with the files read by which it goes.
type runOptions struct {
	plan      *lab.Plan
	source    source
	targets   []target // one at least
	gate      *gateOptions
	student   string
	view      view
	handIn    bool // write the Markdown report that a student hands in, which no flag asked for
	quiet     bool
	saveFacts string // the file for what was learned; "" is none
	noFacts   bool   // leave what was learned out of the report
}

func (f *runFlags) register(set *pflag.FlagSet) {
	f.source.registerSandbox(set)
	f.targets.register(set)
	f.source.registerRest(set)
	set.StringArrayVar(&f.set, "set", nil, "change a parameter of the lab: `name=value` (repeatable)")
	set.StringSliceVar(&f.only, "only", nil, "look at this `step` only, or those of a section (repeatable)")
	set.BoolVar(&f.noWorkstation, "no-workstation", false, "do not look at this machine")
	set.BoolVar(&f.runTerraform, "run-terraform", false,
		"run terraform fmt and validate in a copy of the configuration, with the providers that init installed")
	set.StringVar(&f.student, "student", "", "your `handle`, for the instructor's gradebook")
	f.view.register(set, "write a report: `FORMAT[=FILE]` ("+strings.Join(formats().Names(), ", ")+"; repeatable)")
	set.BoolVar(&f.quiet, "quiet", false, "no progress and no notes")
	f.gate.register(set)
	set.StringVar(&f.saveFacts, "save-facts", "", "write what was learned to this `file`, for --facts")
	set.BoolVar(&f.noFacts, "no-facts", false,
		"leave what was learned out of the report, which then cannot be graded again")
	set.SortFlags = false
}

// complete makes the options of a run. Whatever is wrong with them is said before anything is asked of AWS.
func (f *runFlags) complete(a *app, c *cobra.Command, args []string) (*runOptions, error) {
	name, err := oneLab(c, args)
	if err != nil {
		return nil, err
	}
	o := &runOptions{student: f.student, quiet: f.quiet, saveFacts: f.saveFacts, noFacts: f.noFacts}
	o.targets = f.targets.list(f.view.maskAccount)
	if err := f.check(o.targets); err != nil {
		return nil, err
	}
	if o.view, err = f.view.complete(a.env); err != nil {
		return nil, err
	}
	if o.plan, err = f.plan(a, c, name); err != nil {
		return nil, err
	}
	if o.gate, err = f.gate.complete(a, c, o.plan); err != nil {
		return nil, err
	}
	if o.source, err = f.source.complete(f.noWorkstation); err != nil {
		return nil, err
	}
	o.source.runTerraform = f.runTerraform
	if len(o.targets) > 1 {
		if err := manyOnStdout(o.view.outputs); err != nil {
			return nil, err
		}
	}
	if err := a.checkOutputs(o); err != nil {
		return nil, err
	}
	o.handIn = len(f.view.report) == 0 && len(f.only) == 0
	for i, t := range o.targets {
		if t.role == "" || !f.view.maskAccount { // a role's name has the account in it
			o.targets[i].rerun = a.rerun(c, []string{name}, t)
		}
	}
	return o, nil
}

// checkOutputs refuses files that could not be written when the run is over.
func (a *app) checkOutputs(o *runOptions) error {
	for _, t := range o.targets {
		for _, out := range targetFiles(o.view.outputs, t.name) {
			if err := a.CheckWrite(out.path); err != nil {
				return fmt.Errorf("the %s report: %w", out.format.Name, err)
			}
		}
		if err := a.CheckWrite(targetFile(o.saveFacts, t.name)); err != nil {
			return fmt.Errorf("--save-facts: %w", err)
		}
	}
	if o.gate != nil && o.gate.create {
		if err := a.CheckWrite(o.gate.baseline); err != nil {
			return fmt.Errorf("--baseline: %w", err)
		}
	}
	return nil
}

// check refuses flags that contradict each other.
func (f *runFlags) check(targets []target) error {
	switch {
	case f.gate.baselineCreate && (len(f.only) > 0 || f.view.maskAccount):
		return failure.Usagef("--baseline-create writes what later runs are compared with: " +
			"leave --only and --mask-account out")
	case f.gate.baseline != "" && len(targets) > 1:
		return failure.Usagef("--baseline is a report of one account and Region: look at one target at a time")
	case f.source.facts != "" && f.saveFacts != "":
		return failure.Usagef("--facts and --save-facts exclude each other: nothing new is learned")
	case f.runTerraform && (f.noWorkstation || f.source.sandbox != "" || f.source.facts != ""):
		return failure.Usagef("--run-terraform runs it on this machine: leave --no-workstation, --sandbox and --facts out")
	}
	return cmp.Or(f.source.check(""), f.targets.check(f.source), f.gate.check())
}

// plan is what the flags leave of a lab.
func (f *runFlags) plan(a *app, c *cobra.Command, name string) (*lab.Plan, error) {
	set, err := parameters(f.set)
	if err != nil {
		return nil, err
	}
	plan, err := a.findLab(c, name, set)
	if err != nil {
		return nil, err
	}
	if _, err := plan.Select(slices.Concat(f.gate.require, f.gate.allowUnknown)); err != nil {
		return nil, err // a misspelt step would never fail a gate
	}
	if len(f.only) == 0 {
		return plan, nil
	}
	var only []string
	for _, word := range f.only {
		steps := plan.Named(word)
		only = append(only, steps...)
		if len(steps) > 1 && !f.quiet {
			a.Tell(fmt.Sprintf("--only %s: %s", word, reports.List(steps)))
		}
	}
	return plan.Select(only)
}

// parameters reads the values of --set.
func parameters(pairs []string) (map[string]string, error) {
	set := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, failure.Usagef("--set %s: write it as name=value, such as --set repository=my-api", pair)
		}
		set[name] = value
	}
	return set, nil
}

// sourceFlags say whom a run asks in the place of AWS, and how long.
type sourceFlags struct {
	sandbox     string
	endpointURL string
	timeout     time.Duration
	facts       string
}

// source is whom a run asks, and how long. Without any of the first three it is AWS.
type source struct {
	practice      string           // the practice account: one of its states, or a file
	endpointURL   string           // another endpoint than AWS's own
	recording     *facts.Recording // what was learned before: nobody is asked
	timeout       time.Duration
	noWorkstation bool
	runTerraform  bool
}

func (f *sourceFlags) registerSandbox(set *pflag.FlagSet) {
	set.StringVar(&f.sandbox, "sandbox", "",
		"grade the practice account: fresh, half-done, finished or the file of a `state`")
	set.Lookup("sandbox").NoOptDefVal = "half-done"
}

func (f *sourceFlags) registerEndpoint(set *pflag.FlagSet) {
	set.StringVar(&f.endpointURL, "endpoint-url", "", "ask this `URL` instead of AWS (an emulator)")
}

func (f *sourceFlags) registerRest(set *pflag.FlagSet) {
	f.registerEndpoint(set)
	set.DurationVar(&f.timeout, "timeout", defaultTimeout, "the longest that a run may take")
	set.StringVar(&f.facts, "facts", "", "grade the facts of this `file` again, and ask nothing")
}

// check refuses flags that contradict each other. The profile is that of a command which takes one only.
func (f *sourceFlags) check(profile string) error {
	switch {
	case f.sandbox != "" && f.facts != "":
		return failure.Usagef("--sandbox and --facts exclude each other: " +
			"the first asks the practice account, the second asks nothing")
	case f.sandbox != "" && (profile != "" || f.endpointURL != ""):
		return failure.Usagef("--sandbox asks the practice account: leave --profile and --endpoint-url out")
	case f.endpointURL != "" && !isWebAddress(f.endpointURL):
		return failure.Usagef("--endpoint-url: begin it with http:// or https://, and name a host and nothing more, " +
			"such as http://localhost:4566")
	case f.timeout <= 0:
		return failure.Usagef("--timeout %s: a time such as 30s is needed", f.timeout)
	}
	return nil
}

// isWebAddress says whether an endpoint can be asked under an address. The address may hold a password.
func isWebAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	_, err = strconv.ParseUint(cmp.Or(u.Port(), "443"), 10, 16)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

// complete reads the file of facts, if one is named.
func (f *sourceFlags) complete(noWorkstation bool) (source, error) {
	s := source{practice: f.sandbox, endpointURL: f.endpointURL, timeout: f.timeout, noWorkstation: noWorkstation}
	if f.facts == "" {
		return s, nil
	}
	var err error
	s.recording, err = readRecording(f.facts)
	return s, err
}

// rerun is the command line of these words with the flags of this run that say what is graded, to be typed again; empty
// if it holds something that is not to be repeated.
func (a *app) rerun(c *cobra.Command, words []string, t target) string {
	line, secret := slices.Concat([]string{a.env.Program}, words, t.flags()), false
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

// sameRun are the flags that say what is graded, beside those that lead to the target; the others say what is shown.
var sameRun = []string{
	"sandbox", "endpoint-url", "timeout", "labs", "set", "no-workstation", "run-terraform",
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
