package cmd

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/policy"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/table"
)

// targetFlags say which accounts and Regions a run looks at: every profile with every role in every Region.
type targetFlags struct {
	profiles, roles, regions []string
	externalID               string
}

func (f *targetFlags) register(set *pflag.FlagSet) {
	set.StringArrayVar(&f.profiles, "profile", nil, "the AWS CLI `profile` to use (repeatable)")
	set.StringArrayVar(&f.roles, "role-arn", nil, "take on the role of this `ARN` first (repeatable)")
	set.StringVar(&f.externalID, "external-id", "", "the `word` that the role's owner asks for")
	set.StringArrayVar(&f.regions, "region", nil, "the AWS `Region` to look at instead of the lab's (repeatable)")
}

var (
	// roleARN leaves the partition open, as new ones are made.
	roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:[\x21-\x7e]+/)?([A-Za-z0-9_+=,.@-]{1,64})$`)
	// unfitForFile is what does not belong into the name of a file.
	unfitForFile = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
)

// check refuses what cannot be looked at.
func (f *targetFlags) check(source sourceFlags) error {
	for _, role := range f.roles {
		if !roleARN.MatchString(role) {
			return failure.Usagef("--role-arn %s: write it as arn:aws:iam::123456789012:role/NAME", role)
		}
	}
	for _, region := range f.regions {
		if err := checkRegion(region); err != nil && source.endpointURL == "" {
			return err
		}
	}
	switch {
	case f.externalID != "" && !policy.ValidExternalID(f.externalID):
		return failure.Usagef("--external-id: it has 2 to 1224 letters, digits and characters of _+=,.@:/-")
	case f.externalID != "" && len(f.roles) == 0:
		return failure.Usagef("--external-id goes with --role-arn")
	case source.sandbox != "" && (len(f.profiles) > 0 || len(f.roles) > 0):
		return failure.Usagef("--sandbox asks the practice account: leave --profile and --role-arn out")
	case source.facts != "" && (len(f.roles) > 0 || len(f.profiles) > 1 || len(f.regions) > 1):
		return failure.Usagef("--facts grades what one target said: " +
			"leave --role-arn out, and give one --profile and one --region at most")
	}
	for flag, values := range map[string][]string{"profile": f.profiles, "role-arn": f.roles, "region": f.regions} {
		if values = slices.Sorted(slices.Values(values)); len(slices.Compact(slices.Clone(values))) < len(values) {
			return failure.Usagef("--%s: the same one is given twice", flag)
		}
	}
	return nil
}

// target is one account and Region to look at. What is empty is the environment's or the lab's.
type target struct {
	name                              string // what tells it from the others; "" for the only one
	profile, role, externalID, region string
	rerun                             string // the command line of the same run; "" if it must not be shown
}

// list is every target, in the order of the flags. A name tells only what differs. It goes into the names of files, and
// so the account of a role is not in it when it is to be hidden.
func (f *targetFlags) list(hideAccount bool) []target {
	var list []target
	for _, profile := range orEmpty(f.profiles) {
		for _, role := range orEmpty(f.roles) {
			for _, region := range orEmpty(f.regions) {
				list = append(list, target{profile: profile, role: role, externalID: f.externalID, region: region})
			}
		}
	}
	if len(list) == 1 {
		return list
	}
	used := map[string]int{}
	for i, t := range list {
		name := f.nameOf(t, hideAccount)
		used[name]++
		if n := used[name]; n > 1 {
			name += "-" + strconv.Itoa(n)
			used[name]++
		}
		list[i].name = name
	}
	return list
}

// orEmpty is the one empty value where there is none, which stands for the lab's or the environment's.
func orEmpty(values []string) []string {
	if len(values) == 0 {
		return []string{""}
	}
	return values
}

// nameOf tells a target from the others.
func (f *targetFlags) nameOf(t target, hideAccount bool) string {
	var parts []string
	if len(f.profiles) > 1 {
		parts = append(parts, t.profile)
	}
	if m := roleARN.FindStringSubmatch(t.role); m != nil && len(f.roles) > 1 {
		if !hideAccount {
			parts = append(parts, m[1])
		}
		parts = append(parts, m[2])
	}
	if len(f.regions) > 1 {
		parts = append(parts, t.region)
	}
	name := strings.Trim(unfitForFile.ReplaceAllString(strings.Join(parts, "."), "-"), ".-")
	return cmp.Or(name, "target")
}

// flags are the flags that lead to this target alone.
func (t target) flags() []string {
	var line []string
	for _, f := range [][2]string{
		{"profile", t.profile}, {"role-arn", t.role}, {"external-id", t.externalID}, {"region", t.region},
	} {
		if f[1] != "" {
			line = append(line, "--"+f[0]+"="+f[1])
		}
	}
	return line
}

// targetFile is a target's own file: its name stands before the extension. Without a name, or a path, it is the path.
func targetFile(path, name string) string {
	if path == "" || name == "" || strings.HasPrefix(path, "/dev/") {
		return path
	}
	extension := filepath.Ext(path)
	if extension == filepath.Base(path) {
		extension = "" // a hidden file
	}
	return strings.TrimSuffix(path, extension) + "." + name + extension
}

// targetFiles are a target's own files.
func targetFiles(outs []output, name string) []output {
	own := slices.Clone(outs)
	for i := range own {
		own[i].path = targetFile(own[i].path, name)
	}
	return own
}

// targetResult is what became of one target.
type targetResult struct {
	name   string
	report *reports.Report // as it is shown; nil for a target that ended with an error
	code   int
}

// worstFirst are the exit codes in the order in which they decide over many targets.
var worstFirst = []int{
	exitInternal, exitInterrupted, exitUsage, exitInvalid, exitNoCredentials, exitUnreachable, exitNotPassed,
	exitInconclusive, exitPassed,
}

// worstResult is the result of the target that decides over a run of many: that with the worst exit code, and among
// those that with the worst outcome (--exit-zero has one code for all) and then that with the lowest score.
func worstResult(results []targetResult) targetResult {
	badness := func(r targetResult) [3]int {
		return [3]int{slices.Index(worstFirst, r.code), slices.Index(worstFirst, outcomeCode(r.outcome())), r.percent()}
	}
	return slices.MinFunc(results, func(a, b targetResult) int {
		x, y := badness(a), badness(b)
		return slices.Compare(x[:], y[:])
	})
}

// outcome is what the gate or the grade of a target says.
func (r targetResult) outcome() grade.Outcome {
	if r.report == nil {
		return grade.Inconclusive
	}
	return r.report.Decision()
}

// percent is what is proven of a target; less than any grade where there is none.
func (r targetResult) percent() int {
	if r.report == nil || r.report.Grade.Percent == nil {
		return -1
	}
	return *r.report.Grade.Percent
}

// common is what the targets of one run have in common: the way to AWS, and this machine, which is looked at once for
// each profile.
type common struct {
	network *account.Network
	ctx     context.Context // of the looks at this machine
	now     func() time.Time

	mu       sync.Mutex
	machines map[string]*facts.Session
}

// alone is what a single target has in common with others: nothing.
func alone() *common { return &common{network: account.NewNetwork()} }

// machine is the session that looks at this machine for all targets of a profile; nil if there is one target.
func (c *common) machine(profile string, door *workstation.Door) *facts.Session {
	if c.machines == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.machines[profile] == nil {
		c.machines[profile] = facts.NewSession(c.ctx, facts.Options{
			Now: c.now(), Doors: []facts.Door{facts.Open(door)},
		})
	}
	return c.machines[profile]
}

const (
	// targetsAtOnce is how many targets are looked at together: each holds its answers, some megabytes, and a run has
	// about twenty requests under way.
	targetsAtOnce = 16
	// targetsAhead is how many may be done before an earlier one, whose turn it is to be shown.
	targetsAhead = 64
)

// gradeTargets grades many targets, some at once, and shows them in their order. One that goes wrong does not keep the
// others from being graded: what is wrong is said with it, a summary ends the run, and the worst exit code is that of
// the run. An interruption keeps what is done.
func (a *app) gradeTargets(ctx context.Context, o *runOptions) error {
	looks, cancel := context.WithTimeoutCause(ctx, o.source.timeout, facts.ErrRunTimeout)
	defer cancel()
	c := &common{
		network: account.NewNetwork(), ctx: looks, now: a.env.Now, machines: map[string]*facts.Session{},
	}
	defer c.network.Close()
	progress := &console.Progress{}
	if !o.quiet {
		progress = a.Progress(console.Patience)
	}
	progress.CountLong(len(o.targets), "targets graded")
	graded := make([]gradedTarget, len(o.targets))
	for i := range graded {
		graded[i].done = make(chan struct{})
	}
	ahead := make(chan struct{}, targetsAhead)
	go a.startTargets(ctx, o, c, graded, ahead, progress)
	results := make([]targetResult, len(graded))
	for i := range graded {
		g := &graded[i]
		<-g.done
		results[i] = g.result
		progress.Clear()
		if err := a.showTarget(g); err != nil {
			return err
		}
		g.stdout, g.stderr = bytes.Buffer{}, bytes.Buffer{}
		<-ahead
	}
	a.code = worstResult(results).code
	return cmp.Or(a.summarize(results), a.addJobOutputs(o.view.outputs, results...))
}

// gradedTarget is a target that was graded, with what it says.
type gradedTarget struct {
	result         targetResult
	stdout, stderr bytes.Buffer
	done           chan struct{}
}

// startTargets grades the targets, some at once.
func (a *app) startTargets(
	ctx context.Context, o *runOptions, c *common, graded []gradedTarget, ahead chan<- struct{}, p *console.Progress,
) {
	places := make(chan struct{}, targetsAtOnce)
	for i, t := range o.targets {
		places <- struct{}{}
		ahead <- struct{}{}
		g := &graded[i]
		go func() {
			defer func() { <-places; p.Done(); close(g.done) }()
			if ctx.Err() != nil {
				g.result = targetResult{name: t.name, code: exitInterrupted}
				return
			}
			own := *a
			own.Stdout, own.Stderr = &g.stdout, &g.stderr
			var err error
			if g.result, err = own.gradeTarget(ctx, o, t, c); err != nil {
				g.result.report, g.result.code = nil, exitCode(err)
				own.Tell(fmt.Sprintf("labcheck: %s: %s", t.name, err.Error()))
			}
			g.result.report = withoutDetails(g.result.report)
		}()
	}
}

// withoutDetails keeps of a report what the summary of many needs: a thousand of them with their facts are too large.
func withoutDetails(r *reports.Report) *reports.Report {
	if r == nil {
		return nil
	}
	small := *r
	small.Facts, small.Calls, small.Steps = nil, reports.Calls{}, make([]reports.Step, len(r.Steps))
	for i, s := range r.Steps {
		small.Steps[i] = reports.Step{ID: s.ID, Step: s.Step, Waiver: s.Waiver}
	}
	return &small
}

// showTarget shows what a target says, unless it was never looked at.
func (a *app) showTarget(g *gradedTarget) error {
	if g.stdout.Len() > 0 || g.stderr.Len() > 0 || g.result.report != nil {
		if _, err := fmt.Fprintf(a.env.Stdout, "== %s ==\n%s", g.result.name, g.stdout.Bytes()); err != nil {
			return fmt.Errorf("write to standard output: %w", err)
		}
	}
	_, err := a.env.Stderr.Write(g.stderr.Bytes())
	if err != nil {
		return fmt.Errorf("write to standard error: %w", err)
	}
	return nil
}

// manyOnStdout refuses a format that many targets would make unreadable: two reports of JSON are not JSON.
func manyOnStdout(outs []output) error {
	for _, out := range outs {
		name := out.format.Name
		if out.path == "" && name != table.Format.Name && name != github.Format.Name {
			return failure.Usagef("--report %s: of many targets each has a report of its own; "+
				"write them to files: --report %s=FILE", name, name)
		}
	}
	return nil
}

// summarize prints a table of all targets.
func (a *app) summarize(results []targetResult) error {
	w := a.Columns()
	fmt.Fprintln(w, "\nTARGET\tACCOUNT\tREGION\tGRADE\tRESULT")
	passed := 0
	for _, r := range results {
		if r.code == exitPassed {
			passed++
		}
		account, region, points := "", "", ""
		if r.report != nil {
			account, region = console.Clean(r.report.Target.Account), console.Clean(r.report.Target.Region)
			if r.report.Problem == nil {
				points = reports.PointsText(r.report.Grade)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n",
			r.name, cmp.Or(account, "-"), cmp.Or(region, "-"), cmp.Or(points, "-"), r.resultText())
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	_, err := fmt.Fprintf(a.env.Stdout, "%d of %d targets passed.\n", passed, len(results))
	return err
}

// resultText says in words what became of a target.
func (r targetResult) resultText() string {
	switch {
	case r.report == nil && r.code == exitInterrupted:
		return "not looked at: interrupted"
	case r.report == nil:
		return "error (see above)"
	case r.report.Run.Interrupted:
		return "interrupted"
	case r.report.Problem != nil:
		return "could not be asked: " + strings.ReplaceAll(string(r.report.Problem.Reason), "_", " ")
	}
	return strings.ReplaceAll(string(r.outcome()), "_", " ")
}
