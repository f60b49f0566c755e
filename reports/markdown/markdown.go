// Package markdown writes the report that a student hands in and an instructor reads on a code host, and reads it back.
//
// It is readable by people and ends in one comment that holds the whole report for programs. Names in a report are
// chosen by strangers: text.go turns them into text that cannot become a table cell, a tag, a link, a heading, a
// mention or a formula on any host.
package markdown

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
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

// visible is the part of a report that people read: how far it is, what to do next, the steps, and then the details in
// the order in which they are to be read.
func visible(r *reports.Report, o reports.Options) string {
	d := &document{r: r, o: o}
	d.head()
	if r.Problem != nil {
		d.problem()
	} else {
		d.grade()
	}
	d.next()
	d.steps()
	d.details()
	d.advice()
	d.about()
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
	if r.Student != "" {
		d.line("\n**Student:** %s", code(r.Student))
	}
}

// about says what was graded, where and by whom it was asked.
func (d *document) about() {
	r := d.r
	d.line("\n## Run\n")
	d.row("Run", "")
	d.row("---", "---")
	d.field("Lab", code(r.Lab.ID)+" (file "+code(r.Lab.ShortHash())+")")
	d.field("Account", code(r.Target.Account))
	d.field("Caller", code(r.Target.Caller))
	d.field("Region", code(r.Target.Region))
	d.field("Time", r.Started.Format(time.DateTime)+" UTC")
	d.field("Source", code(string(r.Source)))
	d.field("Tool", text(r.Tool.Name+" "+r.Tool.Version))
}

// field writes a row about the run unless its value is empty.
func (d *document) field(name, value string) {
	if value != "" {
		d.row(name, value)
	}
}

// markOfOutcome jumps out of a page. It always stands beside the words.
var markOfOutcome = map[grade.Outcome]string{grade.Passed: "✅", grade.NotPassed: "❌", grade.Inconclusive: "❔"}

func (d *document) grade() {
	g := d.r.Grade
	d.line("\n## %s\n", text(reports.GradeText(g)))
	if bar := bar(g); bar != "" {
		d.line("`%s`\n", bar)
	}
	if done, possible := d.r.StepsDone(); done == possible && possible > 0 {
		d.line("🏆 **Everything is done: %d of %s.**\n", done, checks.Count(possible, "step"))
	}
	d.line("%s %s", markOfOutcome[g.Outcome], text(reports.OutcomeText(g)))
	for _, sentence := range []string{reports.MissingText(g), d.r.NotCountedText(), d.r.CostText()} {
		if sentence != "" {
			d.line("\n%s", text(sentence))
		}
	}
}

// bar draws the points as a page shows code: what is earned, what could still be, and where the lab is passed. It fits
// a phone.
func bar(g grade.Grade) string {
	const columns = 30
	if g.Percent == nil {
		return ""
	}
	cell := func(percent int) int { return percent * columns / 100 }
	var b strings.Builder
	for i := range columns {
		switch {
		case i == min(cell(g.PassMark), columns-1):
			b.WriteString("┃")
		case i < cell(*g.Percent):
			b.WriteString("█")
		case i < cell(*g.PercentHigh):
			b.WriteString("▒")
		default:
			b.WriteString("░")
		}
	}
	return b.String() + " " + reports.Span(*g.Percent, *g.PercentHigh) + "%"
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

// next names the steps to do first, each leading to its details.
func (d *document) next() {
	heading := "\n## What to do next\n\n"
	number := 0
	for _, id := range d.r.Next {
		if s, ok := d.r.Step(id); ok {
			d.b.WriteString(heading)
			heading = ""
			number++
			d.line("%d. %s: %s%s", number, d.link(*s), text(s.PointsText()), required(*s))
		}
	}
}

// link is the title of a step that leads to its details, where it has any.
func (d *document) link(s reports.Step) string {
	if !d.detailed(s) {
		return text(s.Name())
	}
	return fmt.Sprintf("[%s](#step-%d)", text(s.Name()), d.number(s))
}

// number is the number of a step in the lab, from 1.
func (d *document) number(s reports.Step) int {
	return 1 + slices.IndexFunc(d.r.Steps, func(other reports.Step) bool { return other.ID == s.ID })
}

// detailed says whether the details of a step are told: those that are not green, and on demand the others too.
func (d *document) detailed(s reports.Step) bool { return !s.Green() || d.o.All }

// steps lists every step in one table, with a row above each section.
func (d *document) steps() {
	steps := d.r.ShownSteps()
	d.line("\n## Steps\n")
	d.row("Verdict", "Step", "Points")
	d.row("---", "---", "---:")
	for i, s := range steps {
		if i == 0 || s.Section != steps[i-1].Section {
			d.row("", "**"+text(cmp.Or(reports.Clean(s.Section), "Steps"))+"**", sectionPoints(steps[i:]))
		}
		about := d.link(s) + required(s) + "<br>" + code(s.ID) + ": " + text(s.Line()) // narrow enough for a phone
		d.row(verdict(s), about, s.PointsCell())
	}
}

// sectionPoints is what the first section of these steps has earned.
func sectionPoints(steps []reports.Step) string {
	earned, possible := 0, 0
	for _, s := range steps {
		if s.Section != steps[0].Section {
			break
		}
		if s.Verdict != checks.Skipped {
			earned, possible = earned+s.Earned, possible+s.Points
		}
	}
	return fmt.Sprintf("**%d/%d**", earned, possible)
}

// markOf jumps out of a table. It always stands beside the verdict's word.
var markOf = map[checks.Verdict]string{
	checks.Pass:    "✅",
	checks.Partial: "🟡",
	checks.Fail:    "❌",
	checks.Blocked: "⛔",
	checks.Unknown: "🔍",
	checks.Skipped: "➖",
}

func verdict(s reports.Step) string { return markOf[s.Verdict] + " " + s.Verdict.String() }

func required(s reports.Step) string {
	if !s.Required {
		return ""
	}
	return " **required**"
}

// details tells of every step that is not green what was looked at and what to do: first of those to do next, then of
// the others as the lab has them.
func (d *document) details() {
	var first, others []reports.Step
	for _, s := range d.r.ShownSteps() {
		if d.detailed(s) && !slices.Contains(d.r.Next, s.ID) {
			others = append(others, s)
		}
	}
	for _, id := range d.r.Next {
		if s, ok := d.r.Step(id); ok && d.detailed(*s) {
			first = append(first, *s)
		}
	}
	heading := "\n## Details\n"
	for _, s := range slices.Concat(first, others) {
		d.b.WriteString(heading)
		heading = ""
		d.step(s)
	}
}

// step tells all about one step. Its heading is our own words, so that every code host makes the same anchor of it.
func (d *document) step(s reports.Step) {
	d.line("\n### Step %d\n", d.number(s))
	d.line("%s **%s**  ", markOf[s.Verdict], text(s.Name()))
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
	var pages []string
	for _, page := range d.r.Links(s) {
		pages = append(pages, "["+page.Label+"]("+page.URL+")")
	}
	if len(pages) > 0 {
		d.line("\n%s", strings.Join(pages, ", "))
	}
	if s.Green() {
		return
	}
	if d.o.Hints > 0 {
		d.line("")
		d.hints(s.Hints[:min(d.o.Hints, len(s.Hints))])
		return
	}
	if len(s.Hints) > 0 {
		d.fold("Hints", func() { d.hints(s.Hints) })
	}
	if fix := d.fix(s); fix != "" {
		d.fold("Solution", func() { d.b.WriteString(fix) })
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

// fix is what puts a step right; "" for nothing.
func (d *document) fix(s reports.Step) string {
	var parts []string
	commands, instead := d.r.ShownFix(s, d.o)
	if careful := reports.Careful(s.Fix); careful != "" {
		parts = append(parts, "❗ "+text(careful)+"\n")
	}
	if len(commands) > 0 {
		parts = append(parts, fence("sh", commands))
	}
	if instead != "" {
		parts = append(parts, instead+"\n")
	}
	if s.Fix.Console != "" {
		parts = append(parts, "**Console:** "+text(s.Fix.Console)+"\n")
	}
	if note := d.r.PracticeNote(s.Fix); note != "" {
		parts = append(parts, "**Practice:** "+text(note)+"\n")
	}
	if command, ok := reports.SimulationCommand(s.Fix, d.o); ok {
		parts = append(parts, "**In the practice account:** "+code(command)+"\n")
	}
	return strings.Join(parts, "\n")
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
