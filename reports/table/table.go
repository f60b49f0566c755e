package table

import (
	"fmt"
	"io"

	"github.com/labcheck/labcheck/reports"
)

// Format is this format.
var Format = reports.Format{
	Name:   "table",
	Help:   "what is shown on the terminal",
	Render: render,
}

func render(w io.Writer, r *reports.Report, o reports.Options) error {
	p := newPage(o)
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
	p.line("")
	p.paragraph("", r.Closing())
	_, err := io.WriteString(w, p.b.String())
	return err
}

// head says what was graded, where, as whom, and what must be said before anything else.
func (p *page) head(r *reports.Report) {
	p.line(p.paint(bold, p.shorten(p.text(r.Lab.Title+" ("+r.Lab.ID+")"), p.width)))
	p.about("Student", r.Student)
	p.about("Account", r.Target.Account)
	p.about("Caller", r.Target.Caller)
	p.about("Region", r.Target.Region)
	p.about("Profile", r.Target.Profile)
	for _, n := range r.Notices() {
		p.line("")
		p.paragraph(p.paint(yellow, n.Label)+"  ", n.Text)
	}
}

// about writes one fact of the head on one line, or nothing for no text.
func (p *page) about(label, untrusted string) {
	const column = 9
	if untrusted != "" {
		p.line(fmt.Sprintf("%-*s", column, label) + p.shorten(p.text(untrusted), p.width-column))
	}
}

func (p *page) grade(r *reports.Report) {
	p.line("")
	p.paragraph("", reports.GradeText(r.Grade)+". "+reports.OutcomeText(r.Grade))
	if missing := reports.MissingText(r.Grade); missing != "" {
		p.paragraph("", missing)
	}
}

// problem stands before everything else when nothing could be asked of the account.
func (p *page) problem(r *reports.Report) {
	p.line("")
	p.line(p.paint(red, "Nothing could be asked of AWS"))
	p.paragraph("", r.Problem.Sentence())
	if lead := r.Problem.NextLead(); lead != "" {
		p.line("\n" + lead)
	}
	for _, next := range r.Problem.Next {
		p.paragraph("  ", next)
	}
	if practise, ok := r.Practise(p.o); ok {
		p.line("")
		p.paragraph("", "To practise without an account:")
		p.command("  ", practise)
	}
}
