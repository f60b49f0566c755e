package table

import (
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
	p.line("")
	p.paragraph("", r.Closing())
	_, err := io.WriteString(w, p.b.String())
	return err
}

// head says what was graded, where, as whom, and what must be said before anything else.
func (p *page) head(r *reports.Report) {
	p.line(p.paint(bold, p.shorten(p.text(r.Lab.Title+" ("+r.Lab.ID+")"), p.width)))
	p.paragraph("", place(r.Target, r.Student))
	for _, n := range r.Notices() {
		p.line("")
		p.paragraph(p.paint(yellow, n.Label)+"  ", n.Text)
	}
}

func place(t reports.Target, student string) string {
	text := "Region " + t.Region
	if t.Account != "" {
		text = "Account " + t.Account + ", Region " + t.Region + ", as " + t.Caller
	}
	if t.Profile != "" {
		text += ", profile " + t.Profile
	}
	if student != "" {
		text += ", student " + student
	}
	return text
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
	p.paragraph(p.paint(red, "Nothing could be asked of AWS: "), r.Problem.Sentence())
	for _, next := range r.Problem.Next {
		p.command("  ", next)
	}
	p.line("")
	p.paragraph("", "To practise without an account:")
	p.command("  ", p.program()+" "+r.Lab.ID+" --sandbox")
}
