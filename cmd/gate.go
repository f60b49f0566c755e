package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/gate"
)

// defaultWaivers is the waiver file that is read where it exists.
const defaultWaivers = ".labcheck/waivers.yaml"

// maxWaiversRead is how much of a waiver file is read, in bytes: more than the loader accepts.
const maxWaiversRead = 2 << 20

// gateFlags are the flags about the terms on which a pipeline goes on.
type gateFlags struct {
	failUnder             percent
	require, allowUnknown []string
	exitZero              bool
	waivers               string
	baseline, failOn      string
	baselineCreate        bool
}

func (g *gateFlags) register(f *pflag.FlagSet) {
	f.Var(&g.failUnder, "fail-under", "gate: the least `percent` that goes through, in place of the lab's pass mark")
	f.StringSliceVar(&g.require, "require", nil, "gate: nothing goes through without this `step` (repeatable)")
	f.StringSliceVar(&g.allowUnknown, "allow-unknown", nil,
		"gate: leave this `step` out if it could not be looked at (repeatable)")
	f.BoolVar(&g.exitZero, "exit-zero", false, "gate: only report; exit 0 in place of 1 and 3")
	f.StringVar(&g.waivers, "waivers", "", "gate: the `file` of what is excused, and until when (default "+defaultWaivers+
		" where it exists)")
	f.StringVar(&g.baseline, "baseline", "", "say what has changed since the report in this `file`")
	f.BoolVar(&g.baselineCreate, "baseline-create", false,
		"make this run the baseline where the file of --baseline is not there yet")
	f.StringVar(&g.failOn, "fail-on", "",
		"gate: `any` failing step closes it, or only new ones do (new; needs --baseline)")
}

// check refuses flags that contradict each other.
func (g *gateFlags) check() error {
	switch {
	case g.baselineCreate && g.baseline == "":
		return failure.Usagef("--baseline-create needs the file: add --baseline report.json")
	case g.failOn == "", g.failOn == reports.FailOnAny:
	case g.failOn != reports.FailOnNew:
		return failure.Usagef("--fail-on %s: there are --fail-on any and --fail-on new", g.failOn)
	case g.baseline == "":
		return failure.Usagef("--fail-on new needs an earlier report: add --baseline report.json")
	case g.failUnder.value != nil || len(g.require) > 0:
		return failure.Usagef("--fail-on new looks at new failures only: leave --fail-under and --require out")
	}
	for _, id := range g.require {
		if slices.Contains(g.allowUnknown, id) {
			return failure.Usagef("--require and --allow-unknown both name %s: leave one of them out", id)
		}
	}
	return nil
}

// asked says whether some flag asks for a gate.
func (g *gateFlags) asked() bool {
	return g.failUnder.value != nil || len(g.require) > 0 || len(g.allowUnknown) > 0 || g.exitZero ||
		g.baseline != "" || g.failOn != ""
}

// gateOptions are the terms on which a pipeline goes on; nil where the grade alone decides.
type gateOptions struct {
	terms    gate.Terms
	baseline string // the file of the earlier report; "" is none
	create   bool   // the file is not there: the run itself is the baseline, and becomes the file
}

// complete reads the files by which the gate goes. It is nil if the grade alone decides.
func (g *gateFlags) complete(a *app, c *cobra.Command, plan *lab.Plan) (*gateOptions, error) {
	for _, id := range g.require {
		if plan.Selected != nil && !slices.Contains(plan.Selected, id) {
			return nil, failure.Usagef("--require %s: --only leaves this step out; add --only %s", id, id)
		}
	}
	waivers, found, err := g.readWaivers(a.env)
	if err != nil || !found && !g.asked() {
		return nil, err
	}
	o := &gateOptions{baseline: g.baseline, terms: gate.Terms{
		FailUnder: g.failUnder.value, Require: g.require, AllowUnknown: g.allowUnknown,
		FailOn: g.failOn, ReportOnly: g.exitZero, Waivers: waivers,
	}}
	if g.baseline == "" {
		return o, nil
	}
	if _, err := os.Lstat(g.baseline); g.baselineCreate && errors.Is(err, fs.ErrNotExist) {
		o.create = true
		return o, nil
	}
	if o.terms.Baseline, err = a.readReport(c, g.baseline); err != nil {
		return nil, err
	}
	return o, o.baselineError(gate.CheckBaseline(o.terms.Baseline))
}

// readWaivers reads the waiver file. found is false if none was named and there is no default one.
func (g *gateFlags) readWaivers(env Env) (waivers []grade.Waiver, found bool, err error) {
	path := g.waivers
	if path == "" {
		path = defaultWaivers
	}
	data, err := paths.Read(path, maxWaiversRead)
	switch {
	case g.waivers == "" && errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, files.ReadProblem(path, err)
	}
	waivers, err = lab.LoadWaivers(filepath.ToSlash(path), data, env.Now())
	return waivers, true, err
}

// decide notes in the report what becomes of it under the gate.
func (o *gateOptions) decide(r *reports.Report) error {
	if o == nil {
		return nil
	}
	terms := o.terms
	if o.creates(r) {
		terms.Baseline = r
	}
	return o.baselineError(gate.Decide(r, terms))
}

// creates says whether a run becomes the baseline. One with which nothing can be compared later does not.
func (o *gateOptions) creates(r *reports.Report) bool {
	return o != nil && o.create && gate.CheckBaseline(r) == nil
}

// baselineError is the error of a report that nothing can be compared with.
func (o *gateOptions) baselineError(err error) error {
	if err == nil {
		return nil
	}
	return failure.OfFile(fmt.Errorf("--baseline %s: %w", o.baseline, err))
}

// percent is a flag from 0 to 100 that may be left out.
type percent struct{ value *int }

// String implements pflag.Value.
func (p *percent) String() string {
	if p.value == nil {
		return ""
	}
	return strconv.Itoa(*p.value)
}

// Type implements pflag.Value.
func (p *percent) Type() string { return "percent" }

// Set implements pflag.Value.
func (p *percent) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 100 {
		return errors.New("a whole number from 0 to 100 is needed")
	}
	p.value = &n
	return nil
}
