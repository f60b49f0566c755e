// Package table writes a report for a person at a terminal: what is right, what is not, and what to type next.
//
// It keeps to the width that it is given, so that no line is broken by the terminal, except for a command that has one
// argument longer than the line: a command must stay as it is, to be pasted. Marks and words say everything; colour
// only repeats it.
package table

import (
	"fmt"
	"io"
	"regexp"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

// Format is this format.
var Format = reports.Format{
	Name:   "table",
	Help:   "what is shown on the terminal",
	Render: render,
}

func render(w io.Writer, r *reports.Report, o reports.Options) error {
	p := &page{terminal.New(terminal.Options{
		Width: o.Width, Color: o.Color, ASCII: o.ASCII, Shell: o.Shell,
	}, leastWidth), o}
	p.head(r)
	if r.Problem != nil {
		p.problem(r)
	}
	if err := p.steps(r); err != nil {
		return err
	}
	if r.Problem == nil {
		p.grade(r)
	}
	p.actions(r)
	p.unknowns(r)
	p.Line("")
	if r.Problem == nil {
		p.Paragraph("", r.Closing())
		p.nextCommand(r)
	} else { // the last lines on the screen are enough
		p.Paragraph("", "Next, so that AWS can be asked:")
		p.problemNext(r.Problem)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// page is a report's page as it is written.
type page struct {
	*terminal.Page
	o reports.Options
}

// leastWidth is the narrowest terminal that the table is drawn for, in columns.
const leastWidth = 40

// head says what was graded, where, as whom, and what must be said before anything else.
func (p *page) head(r *reports.Report) {
	p.Line(p.Paint(terminal.Bold, p.Shorten(p.Text(r.Lab.Title+" ("+r.Lab.ID+")"), p.Width)))
	p.fact("Student", r.Student)
	p.fact("Account", r.Target.Account)
	p.fact("Caller", r.Target.Caller)
	p.fact("Region", r.Target.Region)
	p.fact("Profile", r.Target.Profile)
	for _, n := range r.Notices() {
		p.Line("")
		p.Paragraph(p.Paint(terminal.Yellow, n.Label)+"  ", n.Text)
	}
}

// fact writes one fact of the head on one line, or nothing for no text.
func (p *page) fact(label, untrusted string) {
	const column = 9
	if untrusted != "" {
		p.Line(fmt.Sprintf("%-*s", column, label) + p.Shorten(p.Text(untrusted), p.Width-column))
	}
}

func (p *page) grade(r *reports.Report) {
	p.Line("")
	p.Paragraph("", reports.GradeText(r.Grade)+". "+reports.OutcomeText(r.Grade))
	for _, sentence := range []string{reports.MissingText(r.Grade), r.NotCountedText(), r.CostText()} {
		if sentence != "" {
			p.Paragraph("", sentence)
		}
	}
}

// ofEnvironment is what each shell says with words of its own.
var ofEnvironment = regexp.MustCompile(`^(export|unset) `)

// problem stands before everything else when nothing could be asked of the account.
func (p *page) problem(r *reports.Report) {
	p.Line("")
	p.Line(p.Paint(terminal.Red, "Nothing could be asked of AWS"))
	p.Paragraph("", r.Problem.Sentence())
	if lead := r.Problem.NextLead(); lead != "" {
		p.Line("\n" + lead)
	}
	p.problemNext(r.Problem)
	if practise, ok := r.PracticeCommand(p.o); ok {
		p.Line("")
		p.Paragraph("", "To practise without an account:")
		p.Command("  ", practise)
	}
}

// problemNext says what to type so that the account can be asked.
func (p *page) problemNext(problem *reports.Problem) {
	for _, next := range problem.Next {
		if line, ok := p.o.Shell.Command(checks.ReadCommand(next)); ok && ofEnvironment.MatchString(next) {
			next = line
		}
		p.Paragraph("  ", next)
	}
}
