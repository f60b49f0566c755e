package github

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
)

// Summary is a Markdown page for the summary of a job, of at most limit bytes: what is open in one table, what is right
// in a second one that opens on demand. Rows that do not fit are left out, which is said.
func Summary(r *reports.Report, limit int) string {
	p := page{limit: limit}
	p.add("## " + text(r.Lab.Title) + " (" + text(r.Lab.ID) + ")\n\n")
	if r.Target.Name != "" {
		p.add("Target: " + text(r.Target.Name) + "\n\n")
	}
	for _, n := range r.Notices() {
		p.add("> **" + n.Label + "** " + text(n.Text) + "\n\n")
	}
	if r.Problem != nil {
		p.add("**Nothing could be asked of AWS.** " + text(r.Problem.Sentence()) + "\n\n")
	}
	p.add("**" + text(reports.GradeText(r.Grade)) + ".** " + text(reports.OutcomeText(r.Grade)) + "\n\n")
	var open, green []string
	for _, s := range r.Answered() {
		if s.Green() {
			green = append(green, row(s))
		} else {
			open = append(open, row(s))
		}
	}
	p.table(open)
	if len(green) > 0 &&
		p.add(fmt.Sprintf("<details><summary>%s right or not counted</summary>\n\n", reports.Count(len(green), "step"))) {
		p.table(green)
		p.b.WriteString("</details>\n\n")
	}
	if p.left > 0 {
		fmt.Fprintf(&p.b, "%s left out: this page has its limit. The reports have all.\n\n", reports.Count(p.left, "part"))
	}
	return p.b.String()
}

func row(s reports.Step) string {
	line := s.Line()
	if waived := s.WaiverText(); waived != "" {
		line = waived + " · " + line
	}
	return "| " + reports.Mark(s.Verdict) + " " + s.Verdict.String() + " | " + text(s.Title) + " | " + text(s.PointsText()) +
		" | " + text(line) + " |\n"
}

// page is a text that does not grow beyond a limit.
type page struct {
	b           strings.Builder
	limit, left int
}

// add adds a part, or counts it as left out.
func (p *page) add(part string) bool {
	const closing = 256 // what the page still needs to end well
	if p.b.Len()+len(part)+closing > p.limit {
		p.left++
		return false
	}
	p.b.WriteString(part)
	return true
}

func (p *page) table(rows []string) {
	if len(rows) == 0 || !p.add("| Verdict | Step | Points | |\n| --- | --- | --- | --- |\n") {
		return
	}
	for i, row := range rows {
		if !p.add(row) {
			p.left += len(rows) - i - 1
			break
		}
	}
	p.b.WriteString("\n")
}

func text(s string) string { return markdown.Text(reports.Clip(s, maxText)) }
