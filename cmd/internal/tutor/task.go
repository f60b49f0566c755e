package tutor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

// Task is the one step that a person works at, and how much of the way is shown.
type Task struct {
	Report *reports.Report
	Step   reports.Step
	Hints  int  // how many rungs are shown
	Fix    bool // whether the command is
}

// columns of the labels beside what is said about a task.
const labelColumns = 11

// Write tells about the task.
func (t Task) Write(p *terminal.Page, o reports.Options) {
	s := t.Step
	p.Paragraph(p.Paint(terminal.Bold, t.heading())+" ", s.Name())
	about := s.PointsText()
	if s.Required {
		about += ", required"
	}
	p.Paragraph(p.Verdict(t.Report, s)+"  ", about+" ("+s.ID+")")
	p.Line("")
	field(p, "", s.Explanation())
	for _, f := range s.ShownFindings(false)[:min(1, len(s.ShownFindings(false)))] {
		field(p, "Found", f.Found)
		field(p, "Expected", f.Expected)
		field(p, "Near miss", f.NearMiss)
		field(p, "Advice", f.Advice)
	}
	field(p, "Why", s.Why)
	for i, hint := range s.Hints[:min(t.Hints, len(s.Hints))] {
		field(p, fmt.Sprintf("Hint %d", i+1), hint)
	}
	if t.Fix {
		t.writeFix(p, o)
	}
}

// heading says where in the lab the task stands.
func (t Task) heading() string {
	i := slices.IndexFunc(t.Report.Steps, func(s reports.Step) bool { return s.ID == t.Step.ID })
	return fmt.Sprintf("Step %d of %d:", i+1, len(t.Report.Steps))
}

func (t Task) writeFix(p *terminal.Page, o reports.Options) {
	commands, instead := t.Report.ShownFix(t.Step, o)
	field(p, "Careful", reports.Careful(t.Step.Fix))
	lead := "Command"
	for _, c := range commands {
		p.Command(label(p, lead), c)
		lead = ""
	}
	field(p, "Command", instead)
	field(p, "Console", t.Step.Fix.Console)
	field(p, "Practice", t.Report.PracticeNote(t.Step.Fix))
	if command, ok := reports.SimulationCommand(t.Step.Fix, o); ok {
		p.Command(label(p, "Practice"), command)
	}
}

// field writes a label and untrusted text beside it, or nothing for no text.
func field(p *terminal.Page, name, untrusted string) {
	if untrusted != "" {
		p.Paragraph(label(p, name), untrusted)
	}
}

func label(p *terminal.Page, name string) string {
	return p.Paint(terminal.Cyan, name) + strings.Repeat(" ", labelColumns-len(name))
}

// Bar draws the points of a report in so many columns: what is earned, what could still be, and where the lab is
// passed. Marks say it, and colours repeat it. It is "" where there are no points.
func Bar(p *terminal.Page, r *reports.Report, columns int) string {
	got := r.Grade
	if got.Percent == nil || columns < 10 {
		return ""
	}
	cell := func(percent int) int { return percent * columns / 100 }
	earned, open := cell(*got.Percent), cell(*got.PercentHigh)
	var b strings.Builder
	for i := range columns {
		mark, ascii, color := "░", ".", terminal.Dim
		switch {
		case i == min(cell(got.PassMark), columns-1):
			mark, ascii, color = "┃", "|", terminal.Bold
		case i < earned:
			mark, ascii, color = "█", "#", terminal.Green
		case i < open:
			mark, ascii, color = "▒", "?", terminal.Yellow
		}
		if p.ASCII {
			mark = ascii
		}
		b.WriteString(p.Paint(color, mark))
	}
	return b.String()
}

// Points says in one line how far a person is.
func Points(r *reports.Report) string {
	done, possible := r.StepsDone()
	return fmt.Sprintf("%s, %d of %s done, %d%% passes", reports.PointsText(r.Grade), done,
		checks.Count(possible, "step"), r.Grade.PassMark)
}
