package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

// indent is how far what is said about a step stands behind its number.
const indent = 4

// actions tells what to do about the steps that are worth it most; about every step with --all.
func (p *page) actions(r *reports.Report) {
	shown := p.detailedSteps(r)
	if len(shown) == 0 {
		return
	}
	p.Heading(p.heading())
	for i, s := range shown {
		p.Line("")
		p.stepDetails(r, i+1, s)
	}
	if more := p.countNotShown(r); more > 0 {
		p.Line("")
		p.Paragraph("", "And "+checks.Count(more, "more step")+" to fix: --all shows every step in detail.")
	}
}

// unknowns says of the steps that could not be looked at why not, unless --all says so of each in detail.
func (p *page) unknowns(r *reports.Report) {
	var open []reports.Step
	for _, s := range r.ShownSteps() {
		if s.Verdict == checks.Unknown && !p.o.All {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return
	}
	p.Heading("What could not be looked at, counted as open: " + reports.PointsText(r.Grade))
	p.Line("")
	denied := false
	for _, s := range open {
		p.Paragraph("- ", s.ID+": "+s.Explanation())
		if p.o.Hints == 0 {
			p.fix(r, s)
		}
		denied = denied || s.Reason == facts.AccessDenied
	}
	if policy, ok := r.PolicyCommand(p.o); denied && ok {
		p.Line("")
		p.Paragraph("", "The permissions that this lab needs:")
		p.Command("  ", policy)
	}
}

func (p *page) heading() string {
	if p.o.All {
		return "All steps in detail"
	}
	return "What to do next"
}

// detailedSteps are the steps whose details are shown: the next ones first, then, with --all, the others in the lab's
// order.
func (p *page) detailedSteps(r *reports.Report) []reports.Step {
	var shown []reports.Step
	for _, id := range r.Next {
		if s, ok := r.Step(id); ok {
			shown = append(shown, *s)
		}
	}
	if !p.o.All {
		return shown
	}
	for _, s := range r.ShownSteps() {
		if !slices.Contains(r.Next, s.ID) {
			shown = append(shown, s)
		}
	}
	return shown
}

// countNotShown counts the steps to fix whose details are not shown. A blocked step is fixed by its cause.
func (p *page) countNotShown(r *reports.Report) int {
	more := 0
	for _, s := range r.ShownSteps() {
		failing := s.Verdict == checks.Fail || s.Verdict == checks.Partial
		if failing && !p.o.All && !slices.Contains(r.Next, s.ID) {
			more++
		}
	}
	return more
}

// stepDetails tells all about one step.
func (p *page) stepDetails(r *reports.Report, number int, s reports.Step) {
	p.Paragraph(fmt.Sprintf("%-*s", indent, fmt.Sprintf("%d.", number)), s.Title)
	p.Line(strings.Repeat(" ", indent) + p.Verdict(r, s) + ", " + s.PointsText())
	p.field("", s.Explanation())
	for i, f := range s.ShownFindings(p.o.All) {
		if i > 0 {
			p.Line("")
		}
		p.finding(f)
	}
	p.field("Why", s.Why)
	if s.Green() {
		return
	}
	if p.o.Hints > 0 {
		p.hints(s.Hints)
	} else {
		p.fix(r, s)
	}
	if again, ok := r.RerunCommand(s, p.o); ok {
		p.commands("Then", again)
	}
}

func (p *page) finding(f checks.Finding) {
	p.field("Subject", f.Subject)
	for _, line := range reports.FindingLines(f) {
		p.field(line.Label, line.Text)
	}
}

func (p *page) hints(hints []string) {
	if len(hints) == 0 {
		p.field("Hint", "there are no hints for this step")
	}
	for i, hint := range hints[:min(p.o.Hints, len(hints))] {
		p.field(fmt.Sprintf("Hint %d", i+1), hint)
	}
}

func (p *page) fix(r *reports.Report, s reports.Step) {
	commands, instead := r.ShownFix(s, p.o)
	p.field("Careful", reports.Careful(s.Fix))
	p.commands("Next", commands...)
	p.field("Next", instead)
	p.field("Console", s.Fix.Console)
	p.field("Practice", r.PracticeNote(s.Fix))
	if command, ok := reports.SimulationCommand(s.Fix, p.o); ok {
		p.commands("Practice", command)
	}
}

// nextCommand ends the page with what to type about the one step that it ends with, so that the last lines on the
// screen are enough.
func (p *page) nextCommand(r *reports.Report) {
	s, ok := r.NextStep()
	if !ok {
		return
	}
	practise, ends := r.PractiseCommand(p.o)
	commands, instead := r.ShownFix(*s, p.o)
	switch {
	case ends:
		p.Paragraph("", "This account ends with the run. To work on it:")
		p.Command("  ", practise)
	case p.o.Hints > 0:
		if next, ok := r.NextCommand(p.o); ok {
			p.Command("  ", next+" --hint")
		}
	case len(commands) > 0:
		for _, command := range commands {
			p.Command("  ", command)
		}
	case instead != "":
		p.Paragraph("  ", instead)
	default:
		p.Paragraph("  ", "Console: "+s.Fix.Console)
		if command, ok := reports.SimulationCommand(s.Fix, p.o); ok {
			p.Command("  ", command)
		}
	}
}

// field writes a label and untrusted text beside it, or nothing for no text.
func (p *page) field(label, untrusted string) {
	if untrusted != "" {
		p.Paragraph(p.label(label), untrusted)
	}
}

func (p *page) label(label string) string {
	const column = 11
	return strings.Repeat(" ", indent) + p.Paint(terminal.Cyan, label) + strings.Repeat(" ", column-len(label))
}

// commands writes commands under a label, each as it is to be pasted.
func (p *page) commands(label string, commands ...string) {
	for _, c := range commands {
		p.Command(p.label(label), c)
		label = ""
	}
}
