// Package feedback writes what one student gets back: the grade, what to mend first, and hints.
package feedback

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Format is this format.
var Format = class.Format{
	Name: "feedback", Help: "a Markdown page for each student: the grade, what to mend first, hints",
	Each: true, Ext: ".md", Render: render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	if len(c.Students) != 1 {
		return fmt.Errorf("feedback is for one student, and the class has %d", len(c.Students))
	}
	p := &c.Students[0]
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", code(c.Lab.Title), code(p.Who()))
	if notice := c.Notice(); notice != "" {
		fmt.Fprintf(&b, "%s\n\n", notice)
	}
	fmt.Fprintf(&b, "**%s**, %s\n", p.ScoreText(), outcome(p))
	if p.Worked != "" {
		fmt.Fprintf(&b, "\n%s\n", code(p.Worked))
	}
	if a, ok := p.Attempt(); ok {
		steps(&b, a, o)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func outcome(p *class.Person) string {
	if p.Status != class.Graded {
		return p.StatusText()
	}
	return p.OutcomeText()
}

// steps are those to mend: required ones first, then in the order of the lab. What only waits for another step is not
// named: its cause is.
func steps(b *strings.Builder, a *class.Attempt, o class.Options) {
	open := slices.DeleteFunc(slices.Clone(a.Steps), func(r class.Row) bool {
		return r.Verdict == checks.Pass || r.Verdict == checks.Skipped || r.Verdict == checks.Blocked
	})
	if len(open) == 0 {
		fmt.Fprint(b, "\nNothing is left to mend.\n")
		return
	}
	slices.SortStableFunc(open, func(x, y class.Row) int { return rank(x) - rank(y) })
	fmt.Fprint(b, "\n## What to mend first\n")
	for _, r := range open {
		fmt.Fprintf(b, "\n### %s %s\n\n%s (%d of %s)\n", reports.Mark(r.Verdict), code(r.Title), r.Verdict, r.Earned,
			reports.Count(r.Points, "point"))
		for _, l := range []struct{ label, text string }{
			{"Found", r.Line}, {"Expected", r.Expected}, {"Why it matters", r.Why},
		} {
			if l.text != "" {
				fmt.Fprintf(b, "\n%s: %s\n", l.label, code(l.text))
			}
		}
		list(b, "Hints", r.Hints)
		if !o.NoFixes {
			list(b, "To mend it", r.Commands)
		}
	}
}

func rank(r class.Row) int {
	if r.Required {
		return 0
	}
	return 1
}

func list(b *strings.Builder, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n\n", title)
	for _, line := range lines {
		fmt.Fprintf(b, "- %s\n", code(line))
	}
}

// code is a text that a student may have chosen, as code: nothing in it is obeyed.
func code(text string) string {
	text = reports.Clean(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}
