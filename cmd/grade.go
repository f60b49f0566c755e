package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no time zones of its own

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/checks"
	classroom "github.com/labcheck/labcheck/cmd/internal/class"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/feedback"
	"github.com/labcheck/labcheck/reports/class/gradebook"
	"github.com/labcheck/labcheck/reports/class/page"
	"github.com/labcheck/labcheck/reports/class/roster"
	"github.com/labcheck/labcheck/reports/class/table"
	"github.com/labcheck/labcheck/reports/class/xlsx"
)

// gradeFlags are the flags of the gradebook as they were typed.
type gradeFlags struct {
	roster, overrides      string
	pairs, groups          string
	take, due, late, since string
	open                   string
	zone                   string
	columns                string
	lab, assignment        string
	feedback               string
	report                 []string
	allowSimulated, demo   bool
	regrade, requireFacts  bool
	spotCheck              int
	noFixes, noColor       bool
}

func (a *app) gradeCommand() *cobra.Command {
	var flags gradeFlags
	c := &cobra.Command{
		Use:   "grade PATH... [flags]",
		Short: "Turn the reports of a class into grades",
		Long: `labcheck grade reads what a class handed in: report files (.md, .json), folders,
and the zip archives of Canvas, Moodle, Gradescope, Brightspace and Blackboard.
It gives each report to a student, chooses the one that counts, and lists
whatever it could not grade.

The exit code is 0 if every file could be read and every grade is settled, 1 if
a file was refused or a grade is open (but see --open), 64 for wrong usage, and
65 for a roster, a decision or a lab that is not valid.`,
		Example: `  labcheck grade --demo --report html=class.html
  labcheck grade submissions/ --roster roster.csv --report csv=grades.csv
  labcheck grade submissions.zip --lab my-version.yaml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := flags.complete(a, c, args)
			if err != nil {
				return err
			}
			return a.gradeClass(c.Context(), o, flags.demo)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.roster, "roster", "", "the list of the class, a CSV `file`")
	f.StringVar(&flags.take, "take", string(class.Best), "the `attempt` that counts: best, latest or first")
	f.StringVar(&flags.due, "due", "", "the `time` when the work was due, such as 2026-11-30T23:59:00+01:00, or a date "+
		"(its end in --zone)")
	f.StringVar(&flags.zone, "zone", "",
		"the time `zone` of dates and of times in the names of files, such as Europe/Berlin (without it that of TZ, "+
			"else UTC)")
	f.StringVar(&flags.late, "late", "", "the `rule` for late work, such as \"10%/day, at most 50%\" (with --due)")
	f.StringVar(&flags.open, "open", string(class.OpenError),
		"what an open `grade` counts: low (what is certain), exclude (no number) or error (no number, and exit code 1)")
	f.StringVar(&flags.since, "since", "", "the `time` or date when the course began; older reports are flagged")
	f.StringVar(&flags.overrides, "overrides", "", "your decisions, a CSV `file`: student,score,reason")
	f.StringVar(&flags.pairs, "pairs", "", "who may work together, a CSV `file`: student,partner")
	f.StringVar(&flags.groups, "groups", "",
		"who hands in together, a CSV `file`: student,group; all of a group get its grade")
	f.BoolVar(&flags.allowSimulated, "allow-simulated", false, "count practice runs and replays too")
	f.StringVar(&flags.lab, "lab", "",
		"the `lab`, by id or path (without it, the one of most reports); reports of another version of it are "+
			"graded again from the facts that they carry")
	f.BoolVar(&flags.regrade, "regrade", false,
		"grade every report again from its facts, such as after a check was fixed")
	f.BoolVar(&flags.requireFacts, "require-facts", false,
		"refuse reports that carry no facts, mask their account or do not follow from their facts")
	f.IntVar(&flags.spotCheck, "spot-check", 0,
		"say at whose accounts to look first, and why: this `number` of them")
	f.StringArrayVar(&flags.report, "report", nil, "write the class: `FORMAT[=FILE]` ("+strings.Join(classNames(), ", ")+
		"; repeatable)")
	f.StringVar(&flags.assignment, "assignment", "", "the `title` of the gradebook's column, such as \"Lab 1.2 (123456)\"")
	f.StringVar(&flags.columns, "columns", "", "the `columns` of the csv for an importer of your own, such as "+
		"\"Username,Lab 1.2=score/10,Remarks=comment\"; fields are those of the csv and of the roster")
	f.StringVar(&flags.feedback, "feedback", "", "write a Markdown page for each student into this `folder`")
	f.BoolVar(&flags.noFixes, "no-fixes", false, "hints only, never the solution")
	f.BoolVar(&flags.noColor, "no-color", false, "no colours")
	f.BoolVar(&flags.demo, "demo", false, "grade a class of made-up students, to see what comes out")
	f.SortFlags = false
	return c
}

// complete makes the options of the grading of a class: the files of the instructor are read.
func (f *gradeFlags) complete(a *app, c *cobra.Command, paths []string) (o classroom.Options, err error) {
	if f.demo {
		return f.completeDemo(a, c, paths)
	}
	if f.spotCheck < 0 {
		return o, failure.Usagef("--spot-check %d: it is how many students to look at", f.spotCheck)
	}
	if len(paths) == 0 {
		return o, failure.Usagef("name what was handed in: %s grade submissions/", a.env.Program)
	}
	o = classroom.Options{
		Paths: paths, Named: f.lab != "", Regrade: f.regrade, RequireFacts: f.requireFacts,
		SpotCheck: f.spotCheck, Render: f.render(a),
	}
	if o.Outputs, err = f.outputs(); err != nil {
		return o, err
	}
	if o.Terms, err = f.terms(a.env, &o); err != nil {
		return o, err
	}
	o.Plans, err = a.classPlans(c, f.lab)
	return o, err
}

// completeDemo makes the options of the sample class, which has terms of its own.
func (f *gradeFlags) completeDemo(a *app, c *cobra.Command, paths []string) (o classroom.Options, err error) {
	if len(paths) > 0 {
		return o, failure.Usagef("--demo grades its own class: leave %s out", paths[0])
	}
	for _, name := range []string{
		"roster", "take", "due", "zone", "late", "open", "since", "overrides", "pairs", "groups", "allow-simulated",
		"lab", "regrade", "require-facts",
	} {
		if c.Flags().Changed(name) {
			return o, failure.Usagef("--demo has its own class and terms: leave --%s out", name)
		}
	}
	o = classroom.Options{Terms: class.Terms{Tool: thisTool()}, SpotCheck: f.spotCheck, Render: f.render(a)}
	if o.Outputs, err = f.outputs(); err != nil {
		return o, err
	}
	plan, err := a.findLab(c, labs.First(), nil)
	o.Plans = []*lab.Plan{plan}
	return o, err
}

// gradeClass grades a class. The exit code is 0 only if everything could be read and decided.
func (a *app) gradeClass(ctx context.Context, o classroom.Options, demo bool) error {
	grader := classroom.Grader{Console: a.Console, Registry: a.registry}
	if demo {
		return grader.Demo(ctx, o.Plans[0], o)
	}
	settled, err := grader.Grade(ctx, o)
	if !settled {
		a.code = exitNotPassed
	}
	return err
}

// render is how a class looks on this system.
func (f *gradeFlags) render(a *app) class.Options {
	o := a.env.renderOptions(f.noColor)
	return class.Options{
		Width: o.Width, Color: o.Color, ASCII: o.ASCII, NoFixes: f.noFixes, Command: a.env.Program,
		Assignment: f.assignment, Columns: f.columns, Platform: a.env.platform(),
	}
}

// platform is what the runner of a learning platform says of the submission that it grades.
func (e Env) platform() map[string]string {
	set := map[string]string{}
	for _, name := range []string{
		"CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "COMMIT_TIME", "RELEASE_URL", "REVIEW_URL",
	} {
		set[name] = e.getenv(name)
	}
	return set
}

// outputs are the streams, files and folders that the class goes to.
func (f *gradeFlags) outputs() ([]classroom.Output, error) {
	outs, err := classOutputs(f.report)
	if err == nil && f.columns != "" && !slices.ContainsFunc(outs, func(o classroom.Output) bool {
		return o.Format.Name == gradebook.CSV.Name
	}) {
		return nil, failure.Usagef("--columns are those of --report csv=FILE")
	}
	if f.feedback != "" {
		outs = append(outs, classroom.Output{Format: feedback.Format, Path: f.feedback, Folder: true})
	}
	return outs, err
}

// classFormats lists every format of a class; the first one is that of the terminal. Help texts and errors are derived
// from it.
func classFormats() []class.Format {
	return []class.Format{
		table.Format, gradebook.CSV, xlsx.Format, gradebook.Canvas, gradebook.Moodle, gradebook.MoodleWorksheet,
		gradebook.Brightspace, gradebook.Blackboard, gradebook.Gradescope, gradebook.Classroom50, gradebook.Vocareum,
		gradebook.OneRoster, gradebook.JSON, gradebook.Markdown, page.Format,
	}
}

func classNames() []string {
	var names []string
	for _, f := range classFormats() {
		names = append(names, f.Name)
	}
	return names
}

// retired is the name of a format whose platform is gone.
const retired = "github-classroom"

// classOutputs reads the values of --report.
func classOutputs(flag []string) ([]classroom.Output, error) {
	for _, value := range flag {
		if name, _, _ := strings.Cut(value, "="); name == retired {
			return nil, failure.Usagef("--report %s: GitHub Classroom has been retired since August 2026; its successor is "+
				"Classroom 50: --report classroom50=result.json in the autograder", retired)
		}
	}
	values, err := readReportFlag(flag, classNames(), " of a class")
	outs := make([]classroom.Output, len(values))
	for i, w := range values {
		outs[i] = classroom.Output{Format: classFormats()[w.format], Path: w.path}
	}
	return outs, err
}

// classPlans are the labs that the reports may be of: all that can be used. One that is named comes first, and of the
// others only its own versions are left.
func (a *app) classPlans(c *cobra.Command, name string) ([]*lab.Plan, error) {
	var plans []*lab.Plan
	if name != "" {
		plan, err := a.findLab(c, name, nil)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	entries, err := a.catalogue(c).List()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Err != nil || name != "" && (e.Lab.ID != plans[0].Lab.ID || e.Lab.SHA256 == plans[0].Lab.SHA256) {
			continue
		}
		if plan, err := lab.Bind(e.Lab, a.registry, nil); err == nil {
			plans = append(plans, plan)
		}
	}
	return plans, nil
}

// terms reads the flags about the terms, and the files that they name. What the roster says besides goes to the
// options.
func (f *gradeFlags) terms(env Env, o *classroom.Options) (t class.Terms, err error) {
	t = class.Terms{Tool: thisTool(), Now: env.Now(), Take: class.Take(f.take), AllowSimulated: f.allowSimulated}
	t.Open = class.OpenEnd(f.open)
	switch {
	case t.Open != class.OpenError && t.Open != class.OpenExclude && t.Open != class.OpenLow:
		return t, failure.Usagef("--open %s: it is low, exclude or error", f.open)
	case t.Take != class.Best && t.Take != class.Latest && t.Take != class.First:
		return t, failure.Usagef("--take %s: it is best, latest or first", f.take)
	case f.late != "" && f.due == "":
		return t, failure.Usagef("--late needs --due: without it nothing is late")
	}
	zone, err := zoneOf(f.zone, env.getenv("TZ"))
	if err != nil {
		return t, err
	}
	if f.zone != "" || env.getenv("TZ") != "" {
		o.Zone = zone
	}
	if f.due != "" {
		due, err := parseTime(f.due, zone, true)
		if err != nil {
			return t, failure.Usagef("--due %w", err)
		}
		t.Due = &due
	}
	if f.since != "" {
		if t.Since, err = parseTime(f.since, zone, false); err != nil {
			return t, failure.Usagef("--since %w", err)
		}
	}
	if f.late != "" {
		if t.Late, err = class.ParseLate(f.late); err != nil {
			return t, failure.Usagef("--late: %w", err)
		}
	}
	err = errors.Join(
		readListed(f.roster, func(data []byte) error {
			list, err := roster.Read(data)
			if err == nil {
				t.Roster, o.Render.Header, o.Render.Possible = list.Students, list.Header, list.Possible
				o.Warnings = warnings(f.roster, list.Warnings)
			}
			return err
		}),
		readListed(f.overrides, func(data []byte) (err error) {
			t.Overrides, err = roster.ReadOverrides(f.overrides, data)
			return err
		}),
		readListed(f.groups, func(data []byte) (err error) {
			t.Groups, err = roster.ReadGroups(f.groups, data)
			return err
		}),
		readListed(f.pairs, func(data []byte) (err error) {
			t.Pairs, err = roster.ReadPairs(f.pairs, data)
			return err
		}),
	)
	return t, err
}

// warnings are what is wrong with a file, as many as somebody reads.
func warnings(path string, list []string) []string {
	const most = 20
	if n := len(list) - most; n > 0 {
		list = append(list[:most:most], checks.Count(n, "more line")+" like these")
	}
	for i := range list {
		list[i] = path + ": " + list[i]
	}
	return list
}

// zoneOf is the time zone of the instructor: the one that is named, else that of the environment, else UTC.
func zoneOf(named, env string) (*time.Location, error) {
	if named == "" {
		if zone, err := time.LoadLocation(strings.TrimPrefix(env, ":")); err == nil {
			return zone, nil
		}
		return time.UTC, nil // TZ may be a rule or a file
	}
	zone, err := time.LoadLocation(named)
	if err != nil {
		return nil, failure.Usagef("--zone %s: it is no time zone such as Europe/Berlin or America/New_York", named)
	}
	return zone, nil
}

// parseTime reads a time, or a date in a zone: the beginning of that day, or its end.
func parseTime(text string, zone *time.Location, end bool) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		if end {
			day = day.AddDate(0, 0, 1).Add(-time.Nanosecond) // a day may have 23 hours
		}
		return day, nil
	}
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return when, fmt.Errorf("%s: write a time as 2026-11-30T23:59:00+01:00, or a date as 2026-11-30", text)
	}
	return when.In(zone), nil
}

// maxListed is the largest file of the instructor's that is read, in bytes: a hundred times that of a university.
const maxListed = 64 << 20

// readListed reads a file of the instructor's, unless none is named.
func readListed(path string, read func([]byte) error) error {
	if path == "" {
		return nil
	}
	data, err := files.Read(path, maxListed)
	if err != nil {
		return err
	}
	if err := read(data); err != nil {
		return failure.OfFile(fmt.Errorf("%s: %w", path, err))
	}
	return nil
}
