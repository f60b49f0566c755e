package gradebook

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// GitHubClassroom is the output of a grading step in a workflow of GitHub Classroom.
var GitHubClassroom = class.Format{
	Name:   "github-classroom",
	Help:   "the line result=... for $GITHUB_OUTPUT, which GitHub Classroom's reporter reads",
	Each:   true,
	Ext:    ".txt",
	Append: true,
	Render: github,
}

// The words of the reporter.
const (
	githubPass  = "pass"
	githubFail  = "fail"
	githubError = "error"
)

type githubResult struct {
	Version int          `json:"version"`
	Status  string       `json:"status"`
	Max     int          `json:"max_score"`
	Tests   []githubTest `json:"tests"`
}

type githubTest struct {
	Name     string `json:"name"`
	Status   string `json:"status"`
	Score    int    `json:"score"` // without one the reporter counts "NaN"
	Message  string `json:"message"`
	Code     string `json:"test_code"`
	File     string `json:"filename"`
	Line     int    `json:"line_no"` // anything but 0 is shown
	Duration int    `json:"duration"`
}

// github writes whole points, the only ones that GitHub Classroom keeps. A test passes only with its full score: the
// console of the reporter counts passed tests, Classroom adds up scores. Without a grade the greatest score is 0, and
// the reporter then tells Classroom nothing.
func github(w io.Writer, c *class.Class, o class.Options) error {
	p, err := onlyStudent(c)
	if err != nil {
		return err
	}
	result := githubResult{Version: 1, Status: githubError, Tests: []githubTest{{
		Name: reports.Clean(c.Lab.Title), Status: githubError, Message: gradeText(c, p),
	}}}
	if p != nil && hasGrade(p) {
		if result, err = githubGrade(c, p, o); err != nil {
			return err
		}
	}
	data, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("write the result for GitHub Classroom: %w", err)
	}
	_, err = io.WriteString(w, "result="+base64.StdEncoding.EncodeToString(data)+"\n")
	return err
}

// githubGrade has a test for each step; one test for the whole where the grade is not the sum of the steps, because it
// was late or an instructor set it.
func githubGrade(c *class.Class, p *class.Person, o class.Options) (githubResult, error) {
	score, err := scoreOutOf(p, class.Whole(class.TotalPoints(c.Steps)))
	if err != nil {
		return githubResult{}, err
	}
	tests, sum, most := githubTests(p, o)
	if most != class.TotalPoints(c.Steps) || class.Whole(sum) != score {
		most = class.TotalPoints(c.Steps)
		tests = []githubTest{{
			Name: reports.Clean(c.Lab.Title), Status: githubStatus(score == class.Whole(most)), Score: wholePoints(score, most),
			Message: reports.Clean(gradeFeedback(p)),
		}}
	}
	return githubResult{Version: 1, Status: githubStatus(score == class.Whole(most)), Max: most, Tests: tests}, nil
}

// githubTests are the steps as tests, with the sum of their points and of those that they could have had.
func githubTests(p *class.Person, o class.Options) (tests []githubTest, sum, most int) {
	a, ok := p.Attempt()
	if !ok {
		return nil, 0, 0
	}
	for _, r := range a.Steps {
		if leftOut(r) {
			continue
		}
		tests = append(tests, githubTest{
			Name: reports.Clean(r.Title), Status: githubStatus(r.Verdict == checks.Pass), Score: r.Earned,
			Message: stepText(r, o),
		})
		sum += r.Earned
		most += r.Points
	}
	return tests, sum, most
}

func githubStatus(passed bool) string {
	if passed {
		return githubPass
	}
	return githubFail
}
