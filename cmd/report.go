package cmd

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/cmd/internal/class"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class/submissions"
	"github.com/labcheck/labcheck/reports/codequality"
	csvfile "github.com/labcheck/labcheck/reports/csv"
	"github.com/labcheck/labcheck/reports/gate"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/html"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/junit"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/sarif"
	"github.com/labcheck/labcheck/reports/table"
)

// maxReportFile is the largest report file that is read, in bytes.
const maxReportFile = 64 << 20

func (a *app) reportCommand() *cobra.Command {
	var flags viewFlags
	c := &cobra.Command{
		Use:   "report FILE",
		Short: "Show a report (Markdown or JSON) again, in any format",
		Args:  cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return failure.Usagef("name one report file: %s report labcheck-%s.md", a.env.Program, labs.First())
			}
			v, err := flags.complete(a.env)
			if err != nil {
				return err
			}
			r, err := a.readReport(c, args[0])
			if err != nil {
				return err
			}
			shown := reports.Redact(r, v.maskAccount)
			err = a.deliver(shown, v.outputs, v.render)
			return cmp.Or(err, a.addJobOutputs(v.outputs, targetResult{report: shown}))
		},
	}
	flags.register(c.Flags(), "write a report: `FORMAT[=FILE]` (repeatable)")
	return c
}

// readReport reads a report of either format, and refuses one that was edited: one that does not agree with itself,
// with its lab where that is known, or with its facts. Another version of labcheck may have graded the same facts
// otherwise; that is only said.
func (a *app) readReport(c *cobra.Command, path string) (*reports.Report, error) {
	data, err := files.Read(path, maxReportFile)
	if err != nil {
		return nil, err
	}
	r, changed, err := markdown.ReadEither(data)
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", path, err))
	}
	if changed != "" {
		a.tellOnce(fmt.Sprintf("note: the text of %s is not that of its data, which alone counts: %s", path, changed))
	}
	if err := cmp.Or(r.Verify(), gate.Verify(r)); err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s was edited: %w", path, err))
	}
	plan, ok := a.planOf(c, r)
	if !ok {
		return r, nil
	}
	known := class.LabOf(plan)
	if err := submissions.Agrees(r, &known); err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s was edited: %w", path, err))
	}
	err = session.CheckFacts(c.Context(), a.registry, plan.Lab, r)
	switch {
	case err == nil:
		return r, nil
	case r.Tool != thisTool():
		a.tellOnce(fmt.Sprintf("note: labcheck %s wrote %s, and this is %s: %s", r.Tool.Version, path, version, err))
		return r, nil
	case errors.Is(err, session.ErrOtherPlan):
		a.tellOnce(fmt.Sprintf("note: %s: %s", path, err))
		return r, nil
	}
	return nil, failure.OfFile(fmt.Errorf("%s was edited: %w", path, err))
}

// planOf finds the very lab of a report, if it is here.
func (a *app) planOf(c *cobra.Command, r *reports.Report) (*lab.Plan, bool) {
	entries, err := a.catalogue(c).List()
	if err != nil {
		return nil, false
	}
	for _, e := range entries {
		if e.Lab != nil && e.Lab.ID == r.Lab.ID && e.Lab.SHA256 == r.Lab.SHA256 {
			plan, err := lab.Bind(e.Lab, a.registry, nil)
			return plan, err == nil
		}
	}
	return nil, false
}

// formats lists every format of a report; the first one is that of the terminal. Help texts and errors are derived from
// it.
func formats() reports.Formats {
	return reports.Formats{
		table.Format, markdown.Format, jsonv1.Format, html.Format, sarif.Format, github.Format,
		junit.Format, codequality.Format, csvfile.Format,
	}
}

// mostHints is how many rungs a ladder of hints has at most.
const mostHints = 4

// viewFlags say how a report is shown, and where.
type viewFlags struct {
	report      []string
	hints       int
	all         bool
	maskAccount bool
	noColor     bool
	shell       string
}

// view is how a report is shown, and where.
type view struct {
	outputs     []output
	render      reports.Options
	maskAccount bool
}

// register adds the flags; the help of --report is the command's own.
func (f *viewFlags) register(set *pflag.FlagSet, reportHelp string) {
	set.StringArrayVar(&f.report, "report", nil, reportHelp)
	set.IntVar(&f.hints, "hints", 0, "show this `number` of hints in place of the fixes")
	set.BoolVar(&f.all, "all", false, "show the details of every step")
	set.BoolVar(&f.maskAccount, "mask-account", false, "hide the account's id")
	set.BoolVar(&f.noColor, "no-color", false, "no colours")
	registerShell(set, &f.shell)
}

// registerShell adds the flag that says for which shell commands are printed.
func registerShell(set *pflag.FlagSet, shell *string) {
	set.StringVar(shell, "shell", "", "print commands for this `shell`: posix, fish or powershell (default yours)")
}

func (f *viewFlags) complete(env Env) (view, error) {
	if f.hints < 0 || f.hints > mostHints {
		return view{}, failure.Usagef("--hints %d: a number from 0 to %d is needed", f.hints, mostHints)
	}
	v := view{render: env.renderOptions(f.noColor), maskAccount: f.maskAccount}
	v.render.All, v.render.Hints = f.all, f.hints
	var err error
	if v.render.Shell, err = env.shell(f.shell); err != nil {
		return view{}, err
	}
	v.outputs, err = readOutputs(f.report)
	return v, err
}

// output is one stream or file that a report goes to, in a format.
type output struct {
	format reports.Format
	path   string // empty: standard output
}

// readOutputs reads the values of --report.
func readOutputs(flag []string) ([]output, error) {
	values, err := readReportFlag(flag, formats().Names(), "")
	list := make([]output, len(values))
	for i, w := range values {
		list[i] = output{formats()[w.format], w.path}
	}
	return list, err
}

// reportValue is one value of --report: the index of a format, and the file that it goes to.
type reportValue struct {
	format int
	path   string // empty: standard output
}

// readReportFlag reads the values of --report for formats of these names. Their kind, such as " of a class", stands in
// the error of an unknown one. Without a value that goes to standard output, the first format does.
func readReportFlag(flag, names []string, kind string) ([]reportValue, error) {
	var list []reportValue
	onStdout := ""
	for _, value := range flag {
		name, path, hasPath := strings.Cut(value, "=")
		format := slices.Index(names, name)
		switch {
		case format < 0:
			return nil, failure.Usagef("--report %s: there is no format %q%s%s (there are: %s)", value, name, kind,
				nearest.DidYouMean(name, names), strings.Join(names, ", "))
		case hasPath && path == "":
			return nil, failure.Usagef("--report %s: a file name is missing after the equals sign", value)
		case !hasPath && onStdout != "":
			return nil, failure.Usagef("--report %s and --report %s cannot both go to standard output; write one to a file: "+
				"--report %s=FILE", onStdout, name, name)
		case !hasPath:
			onStdout = name
		}
		list = append(list, reportValue{format, path})
	}
	if onStdout == "" {
		list = append(list, reportValue{})
	}
	return list, nil
}

// defaultReport is the name of the Markdown report that is written when no other is asked for. A practice run or a
// replay never takes the place of the report of a real account.
func defaultReport(r *reports.Report) string {
	switch r.Source {
	case reports.Sandbox:
		return "labcheck-" + r.Lab.ID + ".sandbox.md"
	case reports.Facts:
		return "labcheck-" + r.Lab.ID + ".facts.md"
	default:
		return "labcheck-" + r.Lab.ID + ".md"
	}
}

// deliver writes every output, files first. A file that cannot be written does not keep the others from being written;
// the first error is returned.
func (a *app) deliver(r *reports.Report, list []output, o reports.Options) error {
	var first error
	for _, out := range list {
		err := a.deliverOne(r, out, o)
		if first == nil {
			first = err
		}
	}
	return cmp.Or(first, a.addJobSummary(r, list))
}

func (a *app) deliverOne(r *reports.Report, out output, o reports.Options) error {
	if out.path != "" || out.format.Name != table.Format.Name {
		o.Shell = reports.POSIX // who reads it may have another one
	}
	if out.path != "" {
		o.Color, o.Width = false, 0
	}
	if err := a.Write(out.path, func(w io.Writer) error { return out.format.Render(w, r, o) }); err != nil {
		return fmt.Errorf("the %s report: %w", out.format.Name, err)
	}
	return nil
}

// renderOptions are how a report looks on this system.
func (e Env) renderOptions(noColor bool) reports.Options {
	o := reports.Options{Width: e.Width, ASCII: e.asciiOnly(), Command: e.Program}
	if e.Width == 0 {
		o.Width = console.DefaultWidth
		return o
	}
	o.Color = !noColor && e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb"
	return o
}

// asciiOnly says whether the locale names a character set that is not UTF-8. Without a locale most terminals of
// today show UTF-8.
func (e Env) asciiOnly() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(e.getenv(name)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}

// maxJobSummary is how long the summary of one step of a job may be, in bytes: GitHub refuses all of it beyond 1 MiB.
const maxJobSummary = 900_000

// isGitHubJob says whether the github report was asked for: then a job of GitHub Actions is told of the run, if this is
// one.
func isGitHubJob(outs []output) bool {
	return slices.ContainsFunc(outs, func(o output) bool { return o.format.Name == github.Format.Name })
}

// addJobSummary adds the summary of a report to the file that GitHub Actions names.
func (a *app) addJobSummary(r *reports.Report, outs []output) error {
	if !isGitHubJob(outs) {
		return nil
	}
	if err := files.Append(a.env.getenv("GITHUB_STEP_SUMMARY"), func(size int64) string {
		return github.Summary(r, max(maxJobSummary-int(size), 0))
	}); err != nil {
		return fmt.Errorf("the summary of the job: %w", err)
	}
	return nil
}

// addJobOutputs adds the outputs of a run to the file that GitHub Actions names. The report's path among them is that
// of the first report that goes to a file, as the target that decides has it.
func (a *app) addJobOutputs(outs []output, results ...targetResult) error {
	if !isGitHubJob(outs) {
		return nil
	}
	decides, path := worstResult(results), ""
	if i := slices.IndexFunc(outs, func(o output) bool { return o.path != "" }); i >= 0 && decides.report != nil {
		path = targetFile(outs[i].path, decides.name)
	}
	var all []*reports.Report
	for _, r := range results {
		if r.report != nil {
			all = append(all, r.report)
		}
	}
	if err := files.Append(a.env.getenv("GITHUB_OUTPUT"), func(int64) string {
		return github.Outputs(decides.report, all, path, "labcheck-"+rand.Text())
	}); err != nil {
		return fmt.Errorf("the outputs of the job: %w", err)
	}
	return nil
}
