package junit

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// casesOf are the test cases of a report: what must be said of the run, then the steps in lab order.
func casesOf(r *reports.Report, o reports.Options) (*cases, error) {
	c := &cases{seen: map[string]bool{}, lab: clip(r.Lab.ID), file: clip(r.Lab.Path()), suffix: suffixOf(r)}
	for _, n := range r.Notices() {
		c.addAboutRun(n.Label, outcomeOfNotice(r, n))
	}
	if p := r.Problem; p != nil {
		text := clip(p.Sentence())
		c.addAboutRun("PROBLEM", outcome{Error: &result{
			Message: text, Type: clip(string(p.Reason)), Text: clipped(append([]string{text}, p.Next...)),
		}})
	}
	for i, s := range r.Steps {
		if c.full() {
			c.addAboutRun("TRUNCATED", outcome{Error: &result{
				Message: checks.Count(len(r.Steps)-i, "step") + " left out: the file would be too large for GitLab.",
				Type:    "truncated",
			}})
			break
		}
		c.add(s.Section, s.ID, outcomeOfStep(s, o))
	}
	return c, c.err
}

// cases collects test cases as XML, and counts them.
type cases struct {
	counts counts
	xml    []byte
	err    error
	// seen holds each class name with its name: GitLab keeps only the first of equals.
	seen      map[string]bool
	lab, file string // of every test case
	// suffix ends the name of every test case.
	suffix string
}

// full says that one more test case, and the one that says so, might not fit.
func (c *cases) full() bool { return len(c.xml) > MaxSize-1_000_000 }

// addAboutRun adds a test case about the run as a whole.
func (c *cases) addAboutRun(label string, o outcome) { c.add("run", label, o) }

func (c *cases) add(section, name string, o outcome) {
	t := testcase{Classname: c.lab + "." + slug(section), Name: clip(name) + c.suffix, File: c.file, outcome: o}
	name = t.Name
	for n := 2; c.seen[t.Classname+"\n"+t.Name]; n++ {
		t.Name = fmt.Sprintf("%s (%d)", name, n)
	}
	c.seen[t.Classname+"\n"+t.Name] = true
	data, err := xml.MarshalIndent(t, "    ", "  ")
	if err != nil {
		c.err = err
		return
	}
	c.counts.count(o)
	c.xml = append(append(c.xml, '\n'), data...)
}

// suffixOf tells the tests of one target from those of another in the same pipeline. It holds nothing that changes from
// run to run: GitLab compares by name.
func suffixOf(r *reports.Report) string {
	name := r.Target.Name
	if name == "" {
		name = r.Target.Region
	}
	if name == "" {
		return ""
	}
	return " [" + clip(name) + "]"
}

// slug makes a part of a class name: "Amazon ECR" is "amazon-ecr". A dot would make two parts of it.
func slug(section string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(clip(section)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
}

// outcomeOfNotice is what a notice makes of its test case. Only the decision of the gate can fail or pass one.
func outcomeOfNotice(r *reports.Report, n reports.Notice) outcome {
	said := &result{Message: clip(n.Text), Type: strings.ToLower(n.Label), Text: clip(n.Text)}
	open := n.Label == "GATE" && r.Gate.Outcome == grade.Passed
	closed := n.Label == "GATE" && r.Gate.Outcome == grade.NotPassed
	switch {
	case open:
		return outcome{}
	case closed:
		return outcome{Failure: said}
	case n.Label == "GATE" || n.Label == "WAIVER" || n.Label == "INTERRUPTED":
		return outcome{Error: said}
	default:
		said.Type = ""
		return outcome{Skipped: said}
	}
}

func outcomeOfStep(s reports.Step, o reports.Options) outcome {
	switch {
	case s.Waiver != nil:
		return outcome{Skipped: &result{Message: clip(s.WaiverText()), Text: body(s, o)}}
	case s.Verdict == checks.Pass:
		return outcome{}
	case s.Verdict == checks.Skipped:
		return outcome{Skipped: &result{Message: clip(s.Line()), Text: body(s, o)}}
	case s.Verdict == checks.Unknown:
		return outcome{Error: &result{Message: message(s), Type: clip(string(s.Reason)), Text: body(s, o)}}
	default:
		return outcome{Failure: &result{Message: message(s), Type: strings.ToUpper(s.Verdict.String()), Text: body(s, o)}}
	}
}

// message is the step in one line: its title and what was found.
func message(s reports.Step) string {
	if line := s.Line(); line != "" {
		return clip(s.Title + ": " + line)
	}
	return clip(s.Title)
}

// The most that a test case tells and the most of one line of it, in bytes.
const (
	maxBody = 8_000
	maxLine = 2_000
)

// body tells of a step what a person needs to fix it.
func body(s reports.Step, o reports.Options) string {
	text := []string{s.Title + " (" + s.Verdict.String() + ", " + s.PointsText() + ")", s.WaiverText(), s.Explanation()}
	for _, f := range s.ShownFindings(o.All) {
		text = append(text, f.Subject)
		for _, line := range reports.FindingLines(f) {
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
	list, withheld := reports.TypeableCommands(f)
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
