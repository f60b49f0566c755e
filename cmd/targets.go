package cmd

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

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

// gradeTargets grades many targets. One that goes wrong does not keep the others from being graded: what is wrong is
// said at once, a summary ends the run, and the worst exit code is that of the run.
func (a *app) gradeTargets(ctx context.Context, o *runOptions) error {
	var results []targetResult
	for _, t := range o.targets {
		if _, err := fmt.Fprintf(a.env.Stdout, "== %s ==\n", t.name); err != nil {
			return fmt.Errorf("write to standard output: %w", err)
		}
		result, err := a.gradeTarget(ctx, o, t)
		if err != nil {
			result.report, result.code = nil, exitCode(err)
			a.Tell(fmt.Sprintf("labcheck: %s: %s", t.name, err.Error()))
		}
		results = append(results, result)
	}
	a.code = worstResult(results).code
	return cmp.Or(a.summarize(results), a.addJobOutputs(o.view.outputs, results...))
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
	case r.report == nil:
		return "error (see above)"
	case r.report.Run.Interrupted:
		return "interrupted"
	case r.report.Problem != nil:
		return "could not be asked: " + strings.ReplaceAll(string(r.report.Problem.Reason), "_", " ")
	}
	return strings.ReplaceAll(string(r.outcome()), "_", " ")
}
