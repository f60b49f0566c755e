package gradebook

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/markdown"
)

// Markdown is a page for people.
var Markdown = class.Format{
	Name:   "markdown",
	Help:   "the class as a page of Markdown",
	Render: classPage,
}

func classPage(w io.Writer, c *class.Class, _ class.Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: the class\n\n", markdown.Text(c.Lab.Title))
	if notice := c.Notice(); notice != "" {
		b.WriteString("**" + notice + "**\n\n")
	}
	for _, line := range c.Reconciliation() {
		b.WriteString("- " + markdown.Text(line) + "\n")
	}
	b.WriteString("\n## Grades\n\n| student | status | points | % | letter | outcome | attempts | how |\n")
	b.WriteString("|---|---|--:|--:|---|---|--:|---|\n")
	for i := range c.Students {
		p := &c.Students[i]
		percent := ""
		if p.Percent != nil {
			percent = strconv.Itoa(*p.Percent)
		}
		writeRow(&b, nameAndKey(p), p.StatusText(), p.ScoreText(), percent, p.Letter, p.OutcomeText(),
			strconv.Itoa(len(p.Attempts)), p.Worked)
	}
	b.WriteString("\n## Steps\n\n| step | passed, % | what those who missed it had |\n|---|--:|---|\n")
	for _, s := range c.Steps {
		passed := "-"
		if s.Difficulty != nil {
			passed = strconv.Itoa(*s.Difficulty)
		}
		writeRow(&b, s.ID, passed, s.MissedText())
	}
	again := c.RegradeLines()
	writeList(&b, "Graded again", len(again), func(i int) string { return again[i] })
	writeList(&b, "To look at", len(c.Flags), func(i int) string { return c.Flags[i].FlagText() })
	writeList(&b, "Notes", len(c.Notes), func(i int) string { return c.Notes[i] })
	writeList(&b, "Files without a grade", len(c.Refused),
		func(i int) string { return c.Refused[i].File + ": " + c.Refused[i].Reason })
	_, err := io.WriteString(w, b.String())
	return err
}

// writeRow writes a row of untrusted cells.
func writeRow(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + markdown.Text(cell) + " ")
	}
	b.WriteString("|\n")
}

// writeList writes a list of untrusted sentences with its heading; nothing for an empty one.
func writeList(b *strings.Builder, heading string, n int, sentence func(i int) string) {
	if n == 0 {
		return
	}
	b.WriteString("\n## " + heading + "\n\n")
	for i := range n {
		b.WriteString("- " + markdown.Text(sentence(i)) + "\n")
	}
}
