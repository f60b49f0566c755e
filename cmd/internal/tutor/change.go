package tutor

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

// Change is a step that is no longer as it was.
type Change struct {
	Before, Now reports.Step
	// Points is what the lab has earned by now, such as "39 to 42 of 95".
	Points string
}

// Changes are the steps of a second look that are not as they were.
func Changes(before, now *reports.Report) []Change {
	var list []Change
	points := fmt.Sprintf("%s of %d", reports.Span(now.Grade.Low, now.Grade.High), now.Grade.Possible)
	for _, s := range now.Steps {
		old, ok := before.Step(s.ID)
		if ok && (old.Verdict != s.Verdict || old.Share != s.Share) {
			list = append(list, Change{*old, s, points})
		}
	}
	return list
}

// opened says that the step could not be done before, and now can.
func (c Change) opened() bool {
	return c.Before.Verdict == checks.Blocked && !c.Now.Green() && c.Now.Verdict != checks.Blocked
}

// Line says what has changed in one line: a success with what it earned, and what a success made possible.
func (c Change) Line(p *terminal.Page) string {
	if c.opened() {
		return arrow(p) + p.Text(c.Now.ID) + ": can be done now (" + p.Text(c.Now.Line()) + ")"
	}
	return c.mark(p) + p.Text(c.text())
}

// arrow leads to what can be done now.
func arrow(p *terminal.Page) string {
	if p.ASCII {
		return p.Paint(terminal.Cyan, "->") + " "
	}
	return p.Paint(terminal.Cyan, "→") + " "
}

// mark is that of the verdict by now.
func (c Change) mark(p *terminal.Page) string {
	color, mark := terminal.Yellow, reports.Mark(c.Now.Verdict)
	if c.Now.Verdict == checks.Pass {
		color = terminal.Green
	}
	if p.ASCII {
		mark = c.Now.Verdict.String()
	}
	return p.Paint(color, mark) + " "
}

// text is what is found by now, and what it earned.
func (c Change) text() string {
	text := c.Now.ID + ": " + c.Now.Line()
	if earned := c.Now.Earned - c.Before.Earned; earned != 0 {
		return text + fmt.Sprintf(" (%+d, %s)", earned, c.Points)
	}
	return text + " (" + c.Points + ")"
}
