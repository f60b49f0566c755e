package junit

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// The most that a test case tells and the most of one line of it, in bytes.
const (
	maxBody = 8_000
	maxLine = 2_000
)

// body tells of a step what a person needs to mend it.
func body(s reports.Step, o reports.Options) string {
	text := []string{s.Title + " (" + s.Verdict.String() + ", " + s.PointsText() + ")", s.WaiverText(), s.Explanation()}
	for _, f := range s.Telling(o.All) {
		text = append(text, f.Subject)
		for _, line := range reports.Lines(f) {
			text = append(text, line.Label+": "+line.Text)
		}
	}
	if s.Why != "" {
		text = append(text, "Why: "+s.Why)
	}
	switch {
	case s.Green():
		return clipped(text)
	case o.Hints > 0:
		return clipped(append(text, s.Hints[:min(o.Hints, len(s.Hints))]...))
	}
	if s.Fix.Console != "" {
		text = append(text, "Console: "+s.Fix.Console)
	}
	return join(clipped(text), commands(s.Fix))
}

// clipped are texts that each become one line.
func clipped(texts []string) string {
	var out string
	for _, text := range texts {
		line := reports.Clip(text, maxLine)
		if len(out)+len(line) > maxBody {
			return join(out, "… (cut)")
		}
		out = join(out, line)
	}
	return out
}

// commands are those of a fix, whole or not at all: a cut or cleaned command is another command.
func commands(f checks.Fix) string {
	list, withheld := reports.Typeable(f)
	text := strings.Join(list, "\n")
	switch {
	case withheld:
		return reports.WithheldText
	case len(text) > maxBody:
		return "The commands are too long to be shown here."
	case text == "":
		return ""
	default:
		return "Fix:\n" + text
	}
}

// join puts one text below another; an empty one takes no line.
func join(above, below string) string {
	if above == "" || below == "" {
		return above + below
	}
	return above + "\n" + below
}
