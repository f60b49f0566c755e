package markdown

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// details tells of every step that is not green what was looked at and what to do; of the green ones too on demand.
func (d *document) details() {
	heading := "\n## Details\n"
	for _, s := range d.r.Answered() {
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
	for _, f := range s.Telling(d.o.All) {
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
	d.fix(s.Fix)
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
	for _, line := range reports.Lines(f) {
		d.line("- **%s:** %s", line.Label, text(line.Text))
	}
}

func (d *document) hints(hints []string) {
	for i, hint := range hints {
		d.line("%d. %s", i+1, text(hint))
	}
}

func (d *document) fix(f checks.Fix) {
	commands, withheld := reports.Typeable(f)
	if len(commands) > 0 {
		d.line("\n**Next:**\n\n%s", strings.TrimSuffix(fence("sh", commands), "\n"))
	}
	if withheld {
		d.line("\n%s", reports.WithheldText)
	}
	if f.Console != "" {
		d.line("\n**Console:** %s", text(f.Console))
	}
	if command, ok := reports.Simulation(f, d.o); ok {
		d.line("\n**In the practice account:** %s", code(command))
	}
}

// advice lists what is right but worth changing, of the steps whose details are not shown.
func (d *document) advice() {
	heading := "\n## Advice\n\n"
	for _, s := range d.r.Answered() {
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
	d.fold(fmt.Sprintf("Evidence: %s answered", reports.Count(d.r.Calls.Total, "request")), func() {
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
