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
	c := &cases{seen: map[string]bool{}, lab: clip(r.Lab.ID), suffix: suffixOf(r)}
	decision := r.DecisionLabel()
	for _, n := range r.Notices() {
		if n.Label != decision {
			c.addAboutRun(n.Label, outcome{Skipped: &result{Message: clip(n.Text), Text: clip(n.Text)}})
		}
	}
	c.addAboutRun(decision, outcomeOfRun(r))
	if p := r.Problem; p != nil {
		text := clip(p.Sentence())
		c.addAboutRun("PROBLEM", outcome{Error: &result{
			Message: text, Type: clip(string(p.Reason)), Text: clipped(append([]string{text}, p.Next...)),
		}})
	}
	for i, s := range r.Steps {
		if c.full() {
			left := checks.Count(len(r.Steps)-i, "step") + " left out: the file would be too large for GitLab."
			c.addAboutRun("TRUNCATED", outcome{Skipped: &result{Message: left, Text: left}})
			break
		}
		c.add(s.Section, s.ID, outcomeOfStep(r, s, o))
	}
	return c, c.err
}

// cases collects test cases as XML, and counts them.
type cases struct {
	counts counts
	xml    []byte
	err    error
	// seen holds each class name with its name: GitLab keeps only the first of equals.
	seen map[string]bool
	lab  string // of every test case
	// suffix ends the name of every test case.
	suffix string
}

// full says that one more test case, and the one that says so, might not fit.
func (c *cases) full() bool { return len(c.xml) > MaxSize-1_000_000 }

// addAboutRun adds a test case about the run as a whole.
func (c *cases) addAboutRun(label string, o outcome) { c.add("run", label, o) }

func (c *cases) add(section, name string, o outcome) {
	t := testcase{Classname: c.lab + "." + slug(section), Name: clip(name) + c.suffix, outcome: o}
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

// outcomeOfRun is the run's own test case: it passes, fails or is an error as the run is passed, not passed or
// inconclusive.
func outcomeOfRun(r *reports.Report) outcome {
	text := clip(r.DecisionText())
	said := &result{Message: text, Type: strings.ToLower(r.DecisionLabel()), Text: text}
	switch r.Decision() {
	case grade.Passed:
		return outcome{}
	case grade.NotPassed:
		return outcome{Failure: said}
	default:
		return outcome{Error: said}
	}
}

// outcomeOfStep is red only for a step that decides. Any other that is not right is skipped, with its message.
func outcomeOfStep(r *reports.Report, s reports.Step, o reports.Options) outcome {
	said := &result{Message: message(r, s), Text: body(r, s, o)}
	switch {
	case s.Verdict == checks.Pass:
		return outcome{}
	case s.Verdict == checks.Skipped:
		said.Message = clip(s.Line())
		return outcome{Skipped: said}
	case r.Standing(s) != reports.Deciding:
		return outcome{Skipped: said}
	case s.Verdict == checks.Unknown:
		said.Type = clip(string(s.Reason))
		return outcome{Error: said}
	default:
		said.Type = strings.ToUpper(s.Verdict.String())
		return outcome{Failure: said}
	}
}

// message is the step in one line: why it is not red, its title and what was found.
func message(r *reports.Report, s reports.Step) string {
	text := strings.TrimSpace(r.StandingText(s) + " " + s.Name())
	if line := s.Line(); line != "" {
		text += ": " + line
	}
	return clip(text)
}

// The most that a test case tells and the most of one line of it, in bytes.
const (
	maxBody = 8_000
	maxLine = 2_000
)

// body tells of a step what a person needs to fix it.
func body(r *reports.Report, s reports.Step, o reports.Options) string {
	text := []string{
		s.Name() + " (" + s.Verdict.String() + ", " + s.PointsText() + ")", r.StandingText(s), s.Explanation(),
		fmt.Sprintf("Lab file: %s:%d", r.Lab.Path(), max(s.FileLine, 1)),
	}
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
	list, withheld := reports.TypeableCommands(f, reports.POSIX)
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
