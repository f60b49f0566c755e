// Package github writes what a job of GitHub Actions shows: annotations beside the lines of the lab file, a summary
// page and the outputs that later steps of the workflow read.
package github

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/markdown"
)

// GitHub drops annotations beyond ten of a level and step without a word, and those beyond about 4 KB.
const (
	maxAlerts = 9 // and one more says how many are left out
	maxText   = 3000
)

// Format is the format of the annotations.
var Format = reports.Format{
	Name:   "github",
	Help:   "annotations of GitHub Actions; in a job also its summary and outputs",
	Render: render,
}

func render(w io.Writer, r *reports.Report, _ reports.Options) error {
	var b strings.Builder
	b.WriteString(command("notice", "", 0, "labcheck "+r.Lab.ID, headline(r)))
	alerts := r.Alerts()
	more := len(alerts) - maxAlerts
	for _, a := range alerts[:min(maxAlerts, len(alerts))] {
		b.WriteString(command(levels[a.Level], a.File, a.Line, a.Title, a.Text))
	}
	if more > 0 {
		b.WriteString(command("warning", "", 0, "labcheck", fmt.Sprintf("And %d more: the job's summary shows all.", more)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// levels are GitHub's words.
var levels = map[reports.AlertLevel]string{
	reports.AlertError: "error", reports.AlertWarning: "warning", reports.AlertNote: "notice",
}

// headline is what every rendering must say, and the grade.
func headline(r *reports.Report) string {
	text := ""
	for _, n := range r.Notices() {
		text += n.Label + ": " + n.Text + " "
	}
	return text + reports.GradeText(r.Grade) + ". " + reports.OutcomeText(r.Grade)
}

// command is one workflow command on a line of its own. Nothing in its texts can end the line or begin a command.
func command(level, file string, line int, title, text string) string {
	properties := []string{}
	if file != "" {
		properties = append(properties, "file="+property(file), "line="+strconv.Itoa(line))
	}
	properties = append(properties, "title="+property(title))
	return "::" + level + " " + strings.Join(properties, ",") + "::" + data(reports.Clip(text, maxText)) + "\n"
}

// data escapes the text of a command. Its line ends are gone already: the escape is for the percent sign, so that
// "%0A" stays what a stranger wrote.
func data(text string) string { return strings.ReplaceAll(text, "%", "%25") }

// property escapes a property of a command, where a colon and a comma have a meaning too.
func property(text string) string {
	const limit = 250
	return strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C").Replace(reports.Clip(text, limit))
}

// Outputs are the outputs of a step of a workflow, in the form of the file that GITHUB_OUTPUT names. A run of many
// targets has one set of them: how many steps fail or are unknown is the sum over all reports, and the rest is told of
// the report that decides, which is nil for a target that has none. The delimiter must be a word that nobody can guess:
// whoever knows it could add outputs through a name.
func Outputs(decides *reports.Report, all []*reports.Report, reportPath, delimiter string) string {
	score, letter, status := gradeOutputs(decides)
	failed, unknown := tally(all)
	var b strings.Builder
	for _, output := range []struct{ name, value string }{
		{"score", score},
		{"grade", letter},
		{"status", string(status)},
		{"failed", strconv.Itoa(failed)},
		{"unknown", strconv.Itoa(unknown)},
		{"report-path", reportPath},
	} {
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", output.name, delimiter, reports.Clean(output.value), delimiter)
	}
	return b.String()
}

// gradeOutputs are what the outputs say of a grade. Without a report nothing is known.
func gradeOutputs(r *reports.Report) (score, letter string, status grade.Outcome) {
	if r == nil {
		return "", "", grade.Inconclusive
	}
	if r.Grade.Percent != nil {
		score = reports.Span(*r.Grade.Percent, *r.Grade.PercentHigh)
	}
	if r.Grade.Letter != nil {
		letter = *r.Grade.Letter
	}
	return score, letter, r.Decision()
}

// tally counts the steps that fail, in part or behind another one, without the waived ones, and those that are unknown.
func tally(all []*reports.Report) (failed, unknown int) {
	for _, r := range all {
		for _, s := range r.Steps {
			switch {
			case s.Verdict == checks.Unknown:
				unknown++
			case !s.Green() && s.Waiver == nil:
				failed++
			}
		}
	}
	return failed, unknown
}

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
	for _, s := range r.ShownSteps() {
		if s.Green() {
			green = append(green, row(s))
		} else {
			open = append(open, row(s))
		}
	}
	p.table(open)
	if len(green) > 0 &&
		p.add(fmt.Sprintf("<details><summary>%s right or not counted</summary>\n\n", checks.Count(len(green), "step"))) {
		p.table(green)
		p.b.WriteString("</details>\n\n")
	}
	if p.leftOut > 0 {
		fmt.Fprintf(&p.b, "%s left out: this page has its limit. The reports have all.\n\n", checks.Count(p.leftOut, "part"))
	}
	return p.b.String()
}

func row(s reports.Step) string {
	line := s.Line()
	if waived := s.WaiverText(); waived != "" {
		line = waived + " · " + line
	}
	return "| " + reports.Mark(s.Verdict) + " " + s.Verdict.String() + " | " + text(s.Title) + " | " +
		text(s.PointsText()) +
		" | " + text(line) + " |\n"
}

// page is a text that does not grow beyond a limit.
type page struct {
	b              strings.Builder
	limit, leftOut int // bytes, parts
}

// add adds a part, or counts it as left out.
func (p *page) add(part string) bool {
	const closing = 256 // what the page still needs to end well
	if p.b.Len()+len(part)+closing > p.limit {
		p.leftOut++
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
			p.leftOut += len(rows) - i - 1
			break
		}
	}
	p.b.WriteString("\n")
}

func text(s string) string { return markdown.Text(reports.Clip(s, maxText)) }
