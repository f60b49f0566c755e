package cmd

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// lookFlags are those of the commands that look at one account for the person before the terminal: next and watch.
type lookFlags struct {
	profile, region string
	set             []string
	noWorkstation   bool
	noColor         bool
	shell           string
}

// lookOptions are whom to ask, about which lab, and how it is shown.
type lookOptions struct {
	name   string // the lab as it was typed
	plan   *lab.Plan
	source source
	target target
	render reports.Options
	again  string // the same command line; "" if it must not be shown
}

func (f *lookFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.profile, "profile", "", "the AWS CLI `profile` to use")
	set.StringVar(&f.region, "region", "", "the AWS `Region` to look at instead of the lab's")
	set.StringArrayVar(&f.set, "set", nil, "change a parameter of the lab: `name=value` (repeatable)")
	set.BoolVar(&f.noWorkstation, "no-workstation", false, "do not look at this machine")
	set.BoolVar(&f.noColor, "no-color", false, "no colours")
	registerShell(set, &f.shell)
}

// complete makes the options. What is wrong with them is said before anything is asked of AWS.
func (f *lookFlags) complete(a *app, c *cobra.Command, args []string, from *sourceFlags) (*lookOptions, error) {
	name, err := oneLab(c, args)
	if err != nil {
		return nil, err
	}
	if err := from.check(f.profile); err != nil {
		return nil, err
	}
	if err := checkRegion(f.region); err != nil && from.endpointURL == "" {
		return nil, err
	}
	set, err := parameters(f.set)
	if err != nil {
		return nil, err
	}
	o := &lookOptions{
		name: name, target: target{profile: f.profile, region: f.region}, render: a.env.renderOptions(f.noColor),
	}
	if o.render.Shell, err = a.env.shell(f.shell); err != nil {
		return nil, err
	}
	if o.plan, err = a.findLab(c, name, set); err != nil {
		return nil, err
	}
	if o.source, err = from.complete(f.noWorkstation); err != nil {
		return nil, err
	}
	o.render.Rerun = a.rerun(c, []string{name}, o.target)
	o.again = a.rerun(c, []string{c.Name(), name}, o.target)
	return o, nil
}
