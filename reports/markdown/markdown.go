// Package markdown writes the report that a student hands in and an instructor reads on a code host, and reads it back.
//
// It is readable by people and ends in one comment that holds the whole report for programs. Names in a report are
// chosen by strangers: text.go turns them into text that cannot become a table cell, a tag, a link, a heading, a
// mention or a formula on any host.
package markdown

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// Format is this format.
var Format = reports.Format{
	Name:   "markdown",
	Help:   "the report to hand in: for people, with the whole report for programs inside",
	Render: render,
}

func render(w io.Writer, r *reports.Report, o reports.Options) error {
	shown := visible(r, o)
	part, err := embed(r, shown)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, shown+part)
	return err
}

// visible is the part of a report that people read.
func visible(r *reports.Report, o reports.Options) string {
	d := &document{r: r, o: o}
	d.head()
	if r.Problem != nil {
		d.problem()
	} else {
		d.grade()
	}
	d.steps()
	d.details()
	d.advice()
	d.evidence()
	d.line("")
	d.line("%s", text(r.Closing()))
	d.line("")
	return d.b.String()
}

// document is a Markdown document as it is written. What line is given must be safe already: see text.go.
type document struct {
	r *reports.Report
	o reports.Options
	b strings.Builder
}

func (d *document) line(format string, safe ...any) {
	fmt.Fprintf(&d.b, format+"\n", safe...)
}

// row writes a row of a table.
func (d *document) row(cells ...string) {
	d.line("| %s |", strings.Join(cells, " | "))
}

// fold writes something that is shown when the reader opens it.
func (d *document) fold(summary string, write func()) {
	d.line("\n<details>\n<summary>%s</summary>\n", summary)
	write()
	d.line("\n</details>")
}

func (d *document) head() {
	r := d.r
	d.line("# %s", text(r.Lab.Title))
	for _, n := range r.Notices() {
		d.line("\n> **%s** %s", n.Label, text(n.Text))
	}
	d.line("")
	d.row("Run", "")
	d.row("---", "---")
	d.field("Student", code(r.Student))
	d.field("Lab", code(r.Lab.ID)+" (file "+code(r.Lab.ShortHash())+")")
	d.field("Account", code(r.Target.Account))
	d.field("Caller", code(r.Target.Caller))
	d.field("Region", code(r.Target.Region))
	d.field("Time", r.Started.Format(time.DateTime)+" UTC")
	d.field("Source", code(string(r.Source)))
	d.field("Tool", text(r.Tool.Name+" "+r.Tool.Version))
}

// field writes a row of the head unless its value is empty.
func (d *document) field(name, value string) {
	if value != "" {
		d.row(name, value)
	}
}

func (d *document) grade() {
	g := d.r.Grade
	d.line("\n## Grade\n")
	d.line("**%s**  ", text(reports.GradeText(g)))
	d.line("%s", text(reports.OutcomeText(g)))
	if missing := reports.MissingText(g); missing != "" {
		d.line("\n%s", text(missing))
	}
}

// problem stands in the place of the grade when nothing could be asked of the account.
func (d *document) problem() {
	p := d.r.Problem
	d.line("\n## Nothing could be asked of AWS\n")
	d.line("%s", text(p.Sentence()))
	d.line("")
	for _, next := range p.Next {
		d.line("- %s", code(next))
	}
}

func (d *document) steps() {
	d.line("\n## Steps")
	section := ""
	for i, s := range d.r.ShownSteps() {
		if i == 0 || s.Section != section {
			section = s.Section
			d.line("\n### %s\n", text(section))
			d.row("Verdict", "Step", "Points", "Finding")
			d.row("---", "---", "---:", "---")
		}
		d.row(verdict(s), text(s.Title)+" ("+code(s.ID)+")"+required(s), s.PointsCell(), text(s.Line()))
	}
}

func verdict(s reports.Step) string { return reports.Mark(s.Verdict) + " " + s.Verdict.String() }

func required(s reports.Step) string {
	if !s.Required {
		return ""
	}
	return " **required**"
}

// details tells of every step that is not green what was looked at and what to do; of the green ones too on demand.
func (d *document) details() {
	heading := "\n## Details\n"
	for _, s := range d.r.ShownSteps() {
		if s.Green() && !d.o.All {
			continue
		}
		d.b.WriteString(heading)
		heading = ""
		d.step(s)
	}
}

func (d *document) step(s reports.Step) {
	d.line("\n### %s %s\n", reports.Mark(s.Verdict), text(s.Title))
	d.line("%s, %s, %s%s", code(s.ID), s.Verdict, text(s.PointsText()), strings.ReplaceAll(required(s), " **", ", **"))
	if sentence := s.Explanation(); sentence != "" {
		d.line("\n%s", text(sentence))
	}
	if waiver := s.WaiverText(); waiver != "" {
		d.line("\n%s", text(waiver))
	}
	for _, f := range s.ShownFindings(d.o.All) {
		d.finding(f)
	}
	if s.Why != "" {
		d.line("\n**Why:** %s", text(s.Why))
	}
	if s.Green() {
		return
	}
	if d.o.Hints > 0 {
		d.line("")
		d.hints(s.Hints[:min(d.o.Hints, len(s.Hints))])
		return
	}
	d.fix(s)
	if len(s.Hints) > 0 {
		d.fold("Hints", func() { d.hints(s.Hints) })
	}
}

// finding writes a finding as its subject and a list.
func (d *document) finding(f checks.Finding) {
	if subject := text(f.Subject); subject != "" {
		d.line("\n**%s**", subject)
	}
	d.line("")
	for _, line := range reports.FindingLines(f) {
		d.line("- **%s:** %s", line.Label, text(line.Text))
	}
}

func (d *document) hints(hints []string) {
	for i, hint := range hints {
		d.line("%d. %s", i+1, text(hint))
	}
}

func (d *document) fix(s reports.Step) {
	commands, instead := d.r.ShownFix(s, d.o)
	if len(commands) > 0 {
		d.line("\n**Next:**\n\n%s", strings.TrimSuffix(fence("sh", commands), "\n"))
	}
	if instead != "" {
		d.line("\n%s", instead)
	}
	if s.Fix.Console != "" {
		d.line("\n**Console:** %s", text(s.Fix.Console))
	}
	if command, ok := reports.SimulationCommand(s.Fix, d.o); ok {
		d.line("\n**In the practice account:** %s", code(command))
	}
}

// advice lists what is right but worth changing, of the steps whose details are not shown.
func (d *document) advice() {
	heading := "\n## Advice\n\n"
	for _, s := range d.r.ShownSteps() {
		if !s.Green() || d.o.All {
			continue
		}
		if advice := s.Advice(); advice != "" {
			d.b.WriteString(heading)
			heading = ""
			d.line("- %s: %s", text(s.Title), text(advice))
		}
	}
}

func (d *document) evidence() {
	if d.r.Calls.Total == 0 {
		return
	}
	d.fold("Evidence: "+d.r.Calls.String(), func() {
		d.row("Operation", "Requests")
		d.row("---", "---:")
		for _, operation := range slices.Sorted(maps.Keys(d.r.Calls.ByOperation)) {
			d.row(code(operation), strconv.Itoa(d.r.Calls.ByOperation[operation]))
		}
		d.line("")
		d.row("Step", "Operation", "Region", "Request", "Time (UTC)")
		d.row("---", "---", "---", "---", "---")
		for _, s := range d.r.Steps {
			for _, c := range s.Evidence {
				d.row(code(s.ID), code(c.Operation), code(c.Region), code(c.RequestID), c.At.Format(time.TimeOnly))
			}
		}
	})
}
