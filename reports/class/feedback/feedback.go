// Package feedback writes what one student gets back: the grade, what to fix first, and hints.
package feedback

import (
	"fmt"
	"io"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/markdown"
)

// Format is this format.
var Format = class.Format{
	Name: "feedback", Help: "a Markdown page for each student: the grade, what to fix first, hints",
	Each: true, Ext: ".md", Render: render,
}

func render(w io.Writer, c *class.Class, o class.Options) error {
	if len(c.Students) != 1 {
		return fmt.Errorf("feedback is for one student, and the class has %d", len(c.Students))
	}
	p := &c.Students[0]
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", markdown.Text(c.Lab.Title), markdown.Text(p.Who()))
	if notice := c.Notice(); notice != "" {
		fmt.Fprintf(&b, "%s\n\n", notice)
	}
	if p.Status == class.Graded || p.Status == class.Open {
		fmt.Fprintf(&b, "**%s**, %s\n", p.ScoreText(), p.ResultText())
	}
	if how := aboutGrade(p); how != "" {
		fmt.Fprintf(&b, "\n%s\n", markdown.Text(how))
	}
	if a, ok := p.Attempt(); ok {
		steps(&b, a, o)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// aboutGrade is why there is no grade, or how it came about where that is not plain; "" for a plain one.
func aboutGrade(p *class.Person) string {
	switch p.Status {
	case class.NoReport:
		return "No report was handed in."
	case class.NotCounted:
		return "No report counts: " + p.HowText() + "."
	case class.Open:
		text := "There is no grade yet, because some steps could not be looked at. Each is marked " +
			reports.Mark(checks.Unknown) + " below, with the reason."
		if how := p.HowText(); how != "" {
			text += " " + how + "."
		}
		return text
	default:
		return p.HowText()
	}
}

// steps are those to fix.
func steps(b *strings.Builder, a *class.Attempt, o class.Options) {
	open := a.StepsToFix()
	if len(open) == 0 {
		fmt.Fprint(b, "\nNothing is left to fix.\n")
		return
	}
	fmt.Fprint(b, "\n## What to fix first\n")
	for _, r := range open {
		fmt.Fprintf(b, "\n### %s %s\n\n%s (%d of %s)\n", reports.Mark(r.Verdict), markdown.Text(r.Title), r.Verdict, r.Earned,
			checks.Count(r.Points, "point"))
		for _, l := range r.Sentences() {
			fmt.Fprintf(b, "\n%s: %s\n", l.Label, markdown.Text(l.Text))
		}
		list(b, "Hints", r.Hints, markdown.Text)
		if !o.NoFixes {
			list(b, "To fix it", r.Commands, code)
		}
	}
}

func list(b *strings.Builder, title string, lines []string, safe func(string) string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n\n", title)
	for _, line := range lines {
		fmt.Fprintf(b, "- %s\n", safe(line))
	}
}

// code is a command as it is typed. A student may have chosen names in it: nothing in it is obeyed.
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
