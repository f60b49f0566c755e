// Package feedback writes what one student gets back: the grade, what to mend first, and hints.
package feedback

import (
	"fmt"
	"io"
	"strings"

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
	fmt.Fprintf(&b, "**%s**, %s\n", p.ScoreText(), p.ResultText())
	if p.Worked != "" {
		fmt.Fprintf(&b, "\n%s\n", code(p.Worked))
	}
	if a, ok := p.Attempt(); ok {
		steps(&b, a, o)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// steps are those to mend.
func steps(b *strings.Builder, a *class.Attempt, o class.Options) {
	open := a.ToMend()
	if len(open) == 0 {
		fmt.Fprint(b, "\nNothing is left to mend.\n")
		return
	}
	fmt.Fprint(b, "\n## What to mend first\n")
	for _, r := range open {
		fmt.Fprintf(b, "\n### %s %s\n\n%s (%d of %s)\n", reports.Mark(r.Verdict), code(r.Title), r.Verdict, r.Earned,
			reports.Count(r.Points, "point"))
		for _, l := range r.Sentences() {
			fmt.Fprintf(b, "\n%s: %s\n", l.Label, code(l.Text))
		}
		list(b, "Hints", r.Hints)
		if !o.NoFixes {
			list(b, "To mend it", r.Commands)
		}
	}
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
