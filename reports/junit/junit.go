// Package junit writes reports as JUnit XML, in the dialect that GitLab, Jenkins, Azure DevOps and CodeBuild all read:
// one suite, one test case for each step. It is valid by the schema of Jenkins' xUnit plugin.
//
// What is red follows the decision, because some readers turn a whole pipeline red for any failure or error. In a run
// that is not passed the fail, partial and blocked steps are failures, in one that is inconclusive the unknown steps
// are errors with their reason as the type. Every other step that is not right is skipped, with its message: one that
// the decision does not need, that is waived, that failed before, that a flag left out.
//
// What must be said of the whole run (SIMULATED, NARROWED, an expired waiver) is a test case too, because the readers
// show test cases and little else. One of them is the decision: it fails where the run is not passed, and is an error
// where it is inconclusive.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"github.com/labcheck/labcheck/reports"
)

// Format is this format.
var Format = reports.Format{
	Name:   "junit",
	Help:   "JUnit XML for GitLab, Jenkins, Azure DevOps and CodeBuild",
	Render: render,
}

// MaxSize is the most that is written, in bytes. GitLab reads files of less than 30 MB.
const MaxSize = 28_000_000

func render(w io.Writer, r *reports.Report, o reports.Options) error {
	s, err := suiteOf(r, o)
	if err != nil {
		return fmt.Errorf("write the report as JUnit XML: %w", err)
	}
	data, err := xml.MarshalIndent(suites{Name: "labcheck", totals: s.totals, Suite: s}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the report as JUnit XML: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
	return err
}

func suiteOf(r *reports.Report, o reports.Options) (suite, error) {
	cases, err := casesOf(r, o)
	if err != nil {
		return suite{}, err
	}
	cases.counts.Time = fmt.Sprintf("%.3f", max(r.Finished.Sub(r.Started), 0).Seconds())
	return suite{
		Name: suiteName(r), counts: cases.counts, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), // has no zone
		Properties: propertiesOf(r), Cases: cases.xml,
	}, nil
}

// suiteName is the lab with the target and the word for what is not a real account: readers show it as the heading.
func suiteName(r *reports.Report) string {
	name := clip(r.Lab.ID)
	if r.Target.Name != "" {
		name += " " + clip(r.Target.Name)
	}
	if label := r.Source.Label(); label != "" {
		name += " " + label
	}
	return name
}

func propertiesOf(r *reports.Report) properties {
	g := r.Grade
	list := []property{
		{"labcheck.version", r.Tool.Version},
		{"labcheck.lab", r.Lab.ID},
		{"labcheck.lab.sha256", r.Lab.SHA256},
		{"labcheck.source", string(r.Source)},
		{"labcheck.account", r.Target.Account},
		{"labcheck.region", r.Target.Region},
		{"labcheck.score", percent(g.Percent)},
		{"labcheck.score.high", percent(g.PercentHigh)},
		{"labcheck.points", strconv.Itoa(g.Earned)},
		{"labcheck.points.possible", strconv.Itoa(g.Possible)},
		{"labcheck.outcome", string(g.Outcome)},
	}
	if r.Gate != nil {
		list = append(list, property{"labcheck.gate", string(r.Gate.Outcome)})
	}
	for i := range list {
		list[i].Value = clip(list[i].Value)
	}
	return properties{list}
}

// percent is empty where nothing is left in the total: 0 would be a grade.
func percent(p *int) string {
	if p == nil {
		return ""
	}
	return strconv.Itoa(*p)
}

// clip makes an attribute of a text: one line without control characters, 300 bytes at most.
func clip(text string) string { return reports.Clip(text, 300) }

// The elements, as the consumers know them. The types of jstemmer/go-junit-report would not do: they leave out a count
// that is 0, which consumers then take for unknown. The tests read with them. No element has an attribute that a schema
// of Jenkins does not know: neither skipped on the root nor file on a test case.

type suites struct {
	XMLName struct{} `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	totals
	Suite suite `xml:"testsuite"`
}

type suite struct {
	Name string `xml:"name,attr"`
	counts
	Timestamp  string     `xml:"timestamp,attr"`
	Properties properties `xml:"properties"`
	// Cases are test cases that are XML already: their sizes were measured.
	Cases []byte `xml:",innerxml"`
}

// totals are equal to what the children are, on the suite and on the root.
type totals struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Time     string `xml:"time,attr"` // seconds
}

// counts are those of the suite.
type counts struct {
	totals
	Skipped int `xml:"skipped,attr"`
}

// count adds one test case.
func (c *counts) count(o outcome) {
	c.Tests++
	switch {
	case o.Failure != nil:
		c.Failures++
	case o.Error != nil:
		c.Errors++
	case o.Skipped != nil:
		c.Skipped++
	}
}

type properties struct {
	List []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// testcase has no time: calls are shared between steps.
type testcase struct {
	XMLName   struct{} `xml:"testcase"`
	Classname string   `xml:"classname,attr"`
	Name      string   `xml:"name,attr"`
	outcome
}

// outcome has one element at most; a test case with none passed.
type outcome struct {
	Failure *result `xml:"failure"`
	Error   *result `xml:"error"`
	Skipped *result `xml:"skipped"`
}

// result says the same in its attribute and in its content: GitLab shows the content, others the message.
type result struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}
