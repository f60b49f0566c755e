// Package github writes what a job of GitHub Actions shows: annotations beside the lines of the lab file, a summary
// page and the outputs that later steps of the workflow read.
package github

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/reports"
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
	b.WriteString(command("notice", "", 0, "labcheck "+r.Lab.ID, about(r)))
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

// about is what every rendering must say, and the grade.
func about(r *reports.Report) string {
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
