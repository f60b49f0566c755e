package cmd

import (
	"cmp"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// defaultTimeout is how long a run may take.
const defaultTimeout = 60 * time.Second

// runFlags are the flags of a run.
type runFlags struct {
	connection
	targets       targetFlags
	gate          gateFlags
	set, only     []string
	student       string
	report        []string
	hints         int
	all           bool
	maskAccount   bool
	noColor       bool
	quiet         bool
	noWorkstation bool
	saveFacts     string
	noFacts       bool
}

// connection are the flags that say whom to ask, and how long.
type connection struct {
	sandbox     string
	profile     string
	role        string // the ARN of a role to take on
	externalID  string
	region      string
	endpointURL string
	facts       string
	timeout     time.Duration
}

func (c *connection) register(f *pflag.FlagSet) {
	c.registerSandbox(f)
	f.StringVar(&c.profile, "profile", "", "the AWS CLI `profile` to use")
	f.StringVar(&c.region, "region", "", "the AWS `Region` to look at instead of the lab's")
	c.registerHow(f)
}

func (c *connection) registerSandbox(f *pflag.FlagSet) {
	f.StringVar(&c.sandbox, "sandbox", "", "grade the practice account: fresh, half-done, finished or the file of a `state`")
	f.Lookup("sandbox").NoOptDefVal = "half-done"
}

func (c *connection) registerHow(f *pflag.FlagSet) {
	f.StringVar(&c.endpointURL, "endpoint-url", "", "ask this `URL` instead of AWS (an emulator)")
	f.DurationVar(&c.timeout, "timeout", defaultTimeout, "the longest that a run may take")
	f.StringVar(&c.facts, "facts", "", "grade the facts of this `file` again, and ask nothing")
}

func (r *runFlags) register(f *pflag.FlagSet) {
	r.registerSandbox(f)
	r.targets.register(f)
	r.registerHow(f)
	f.StringArrayVar(&r.set, "set", nil, "change a parameter of the lab: `name=value` (repeatable)")
	f.StringSliceVar(&r.only, "only", nil, "look at this `step` only (repeatable)")
	f.BoolVar(&r.noWorkstation, "no-workstation", false, "do not look at this machine")
	f.StringVar(&r.student, "student", "", "your `handle`, for the instructor's gradebook")
	f.StringArrayVar(&r.report, "report", nil, "write a report: `FORMAT[=FILE]` ("+strings.Join(formats().Names(), ", ")+
		"; repeatable)")
	f.IntVar(&r.hints, "hints", 0, "show this `number` of hints in place of the fixes")
	f.BoolVar(&r.all, "all", false, "show the details of every step")
	f.BoolVar(&r.maskAccount, "mask-account", false, "hide the account's id")
	f.BoolVar(&r.noColor, "no-color", false, "no colours")
	f.BoolVar(&r.quiet, "quiet", false, "no progress and no notes")
	r.gate.register(f)
	f.StringVar(&r.saveFacts, "save-facts", "", "write what was learned to this `file`, for --facts")
	f.BoolVar(&r.noFacts, "no-facts", false, "leave what was learned out of the report, which then cannot be graded again")
	f.SortFlags = false
}

// parameters reads the values of --set.
func (r *runFlags) parameters() (map[string]string, error) {
	set := make(map[string]string, len(r.set))
	for _, pair := range r.set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, usagef("--set %s: write it as name=value, such as --set repository=my-api", pair)
		}
		set[name] = value
	}
	return set, nil
}

// check refuses flags that contradict each other.
func (r *runFlags) check() error {
	switch {
	case r.sandbox != "" && r.facts != "":
		return usagef("--sandbox and --facts exclude each other: the first asks the practice account, the second asks nothing")
	case r.sandbox != "" && (r.profile != "" || r.endpointURL != ""):
		return usagef("--sandbox asks the practice account: leave --profile and --endpoint-url out")
	case r.gate.baseline != "" && len(r.targets.list(false)) > 1:
		return usagef("--baseline is a report of one account and Region: look at one target at a time")
	case r.facts != "" && r.saveFacts != "":
		return usagef("--facts and --save-facts exclude each other: nothing new is learned")
	case r.endpointURL != "" && !strings.HasPrefix(r.endpointURL, "http://") && !strings.HasPrefix(r.endpointURL, "https://"):
		return usagef("--endpoint-url: begin it with http:// or https://, such as http://localhost:4566")
	case r.hints < 0:
		return usagef("--hints %d: a number from 0 on is needed", r.hints)
	case r.timeout <= 0:
		return usagef("--timeout %s: a time such as 30s is needed", r.timeout)
	}
	return cmp.Or(r.targets.check(r.connection), r.gate.check())
}
