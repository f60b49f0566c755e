package gradebook

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// Gradescope is what an autograder of Gradescope leaves in results.json.
var Gradescope = class.Format{
	Name:   "gradescope",
	Help:   "results.json of a Gradescope autograder, one for each student",
	Each:   true,
	Ext:    ".json",
	Render: gradescope,
}

type gradescopeResults struct {
	Score  json.Number      `json:"score,omitempty"`
	Output string           `json:"output"`
	Format string           `json:"output_format"`
	Tests  []gradescopeTest `json:"tests"`
}

type gradescopeTest struct {
	Score  json.Number `json:"score,omitempty"`
	Max    json.Number `json:"max_score,omitempty"`
	Status string      `json:"status"` // passed or failed; there is no other
	Name   string      `json:"name"`
	Number string      `json:"number"` // for the order
	Output string      `json:"output"`
	Tags   []string    `json:"tags,omitempty"`
}

// gradescope writes the steps, and the grade, which overrides their sum. Without a grade no number stands in the file,
// neither for the whole nor for a step, or Gradescope would add them up.
func gradescope(w io.Writer, c *class.Class, o class.Options) error {
	p, err := onlyStudent(c)
	if err != nil {
		return err
	}
	results := gradescopeResults{Output: gradeText(c, p), Format: "text", Tests: []gradescopeTest{}}
	if p != nil {
		if hasGrade(p) {
			score, err := scoreOutOf(p, class.Whole(class.TotalPoints(c.Steps)))
			if err != nil {
				return err
			}
			results.Score = json.Number(score.String())
		}
		results.Tests = gradescopeTests(p, o)
	}
	return jsonv1.Write(w, results)
}

func gradescopeTests(p *class.Person, o class.Options) []gradescopeTest {
	tests := []gradescopeTest{}
	a, ok := p.Attempt()
	if !ok {
		return tests
	}
	for i, r := range a.Steps {
		if leftOut(r) {
			continue
		}
		test := gradescopeTest{
			Status: "failed", Name: reports.Clean(r.Title), Number: strconv.Itoa(i + 1), Output: stepText(r, o),
		}
		if r.Verdict == checks.Pass {
			test.Status = "passed"
		}
		if r.Verdict == checks.Blocked {
			test.Tags = []string{"blocked"}
		}
		if hasGrade(p) {
			test.Score, test.Max = json.Number(strconv.Itoa(r.Earned)), json.Number(strconv.Itoa(r.Points))
		}
		tests = append(tests, test)
	}
	return tests
}
