package gradebook

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// Classroom50 is what an autograder of Classroom 50 leaves in result.json.
var Classroom50 = class.Format{
	Name:   "classroom50",
	Help:   "result.json of a Classroom 50 autograder (classroom50/result/v1)",
	Each:   true,
	Ext:    ".json",
	Render: classroom50,
}

type classroom50Result struct {
	Schema     string            `json:"schema"`
	Classroom  string            `json:"classroom"`
	Assignment string            `json:"assignment"`
	Type       string            `json:"assignment_type"`
	Owner      string            `json:"owner,omitempty"`
	Submission string            `json:"submission"`
	Commit     string            `json:"commit"`
	Release    string            `json:"release"`
	Review     string            `json:"review"`
	Datetime   string            `json:"datetime"`
	GradedAt   string            `json:"graded_at"`
	Score      int               `json:"score"`
	Max        int               `json:"max-score"`
	Tests      []classroom50Test `json:"tests"`
}

type classroom50Test struct {
	Name   string `json:"test-name"`
	Passed bool   `json:"passed"`
	Score  int    `json:"score"`
	Max    int    `json:"max-score"`
}

// A submission is a tag that begins so.
const submitted = "submit/"

// atGitHub is the start of a name that GitHub allows.
var atGitHub = regexp.MustCompile(`^[0-9A-Za-z-]+$`)

// classroom50 writes a result that the collector of Classroom 50 takes. It takes whole numbers only and has no word for
// "no grade", so without a grade nothing is written: a missing result is not a zero.
func classroom50(w io.Writer, c *class.Class, o class.Options) error {
	p, err := onlyStudent(c)
	if err != nil {
		return err
	}
	if p == nil {
		return errors.New("nobody is graded, and Classroom 50 takes a grade only")
	}
	if !hasGrade(p) {
		return fmt.Errorf("there is no grade (%s), and Classroom 50 takes nothing else", p.StatusText())
	}
	score, err := scoreOutOf(p, class.Whole(class.TotalPoints(c.Steps)))
	if err != nil {
		return err
	}
	result, err := classroom50Submission(o)
	if err != nil {
		return err
	}
	if atGitHub.MatchString(p.ID.GitHub) {
		result.Owner = p.ID.GitHub
	}
	result.GradedAt = c.Graded.UTC().Format(time.RFC3339)
	result.Max = class.TotalPoints(c.Steps)
	result.Score = wholePoints(score, result.Max)
	result.Tests = classroom50Tests(p)
	result.Datetime = cmp.Or(reports.Clean(o.Platform["COMMIT_TIME"]), finished(p), result.GradedAt)
	return jsonv1.Write(w, result)
}

func classroom50Tests(p *class.Person) []classroom50Test {
	tests := []classroom50Test{}
	a, ok := p.Attempt()
	if !ok {
		return tests
	}
	for _, r := range a.Steps {
		if !leftOut(r) {
			tests = append(tests, classroom50Test{
				Name: reports.Clean(r.ID), Passed: r.Verdict == checks.Pass, Score: r.Earned, Max: r.Points,
			})
		}
	}
	return tests
}

// finished is when the attempt that counts was made; "" without one.
func finished(p *class.Person) string {
	a, ok := p.Attempt()
	if !ok {
		return ""
	}
	return rfc3339(a.Finished)
}

// classroom50Submission is what only the runner knows. It tells an autograder in its environment.
func classroom50Submission(o class.Options) (classroom50Result, error) {
	var missing []string
	value := func(name string) string {
		v := reports.Clean(o.Platform[name])
		if v == "" {
			missing = append(missing, name)
		}
		return v
	}
	result := classroom50Result{
		Schema: "classroom50/result/v1", Type: "individual",
		Classroom: value("CLASSROOM"), Assignment: value("ASSIGNMENT"), Submission: value("SUBMISSION_TAG"),
		Commit: value("COMMIT_URL"), Release: value("RELEASE_URL"),
		Review: reports.Clean(o.Platform["REVIEW_URL"]),
	}
	if result.Review == "" {
		result.Review = result.Commit
	}
	if len(missing) > 0 {
		return result, fmt.Errorf("the runner of Classroom 50 sets %s, and here they are not set: run labcheck grade in its "+
			"autograder", reports.List(missing))
	}
	if !strings.HasPrefix(result.Submission, submitted) {
		return result, fmt.Errorf("SUBMISSION_TAG is %q, and a submission to Classroom 50 begins with %q", result.Submission,
			submitted)
	}
	return result, nil
}
