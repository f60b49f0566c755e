package markdown

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/labcheck/labcheck/reports"
)

// Format is this format.
var Format = reports.Format{
	Name:   "markdown",
	Help:   "the report to hand in: for people, with the whole report for programs inside",
	Render: render,
}

func render(w io.Writer, r *reports.Report, o reports.Options) error {
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
	part, err := embed(r, d.b.String())
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, d.b.String()+part)
	return err
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
	for i, s := range d.r.Answered() {
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
