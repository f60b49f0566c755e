package gradebook

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Vocareum is what a grading script of Vocareum leaves in the file that $vocareumGradeFile names.
var Vocareum = class.Format{
	Name:   "vocareum",
	Help:   "$vocareumGradeFile: a criterion a step, by its id; or one for the whole, which --assignment names",
	Each:   true,
	Ext:    ".csv",
	Render: vocareum,
}

// vocareum writes a line for each criterion of the rubric: its name and the points, without quotes. The names must be
// those of the rubric. A criterion without a line gets no points, and so nothing is written where there is no grade.
func vocareum(w io.Writer, c *class.Class, o class.Options) error {
	p, err := onlyStudent(c)
	switch {
	case err != nil:
		return err
	case p == nil:
		return errors.New("nobody is graded, and Vocareum takes points only")
	case !hasGrade(p):
		return fmt.Errorf("there is no grade (%s), and Vocareum takes points only", p.StatusText())
	}
	score, err := scoreOutOf(p, class.Whole(class.TotalPoints(c.Steps)))
	if err != nil {
		return err
	}
	if o.Assignment != "" {
		return criteria(w, []string{o.Assignment}, []class.Points{score})
	}
	a, ok := p.Attempt()
	var names []string
	var points []class.Points
	sum := class.Points(0)
	if ok {
		for _, r := range a.Steps {
			if !leftOut(r) {
				names, points = append(names, r.ID), append(points, class.Whole(r.Earned))
				sum += class.Whole(r.Earned)
			}
		}
	}
	if sum != score {
		return fmt.Errorf("the grade (%s) is not the sum of the steps: name one criterion for the whole with --assignment",
			reports.Clean(p.Worked))
	}
	return criteria(w, names, points)
}

func criteria(w io.Writer, names []string, points []class.Points) error {
	var b strings.Builder
	for i, name := range names {
		if strings.ContainsAny(name, ",\"\r\n") {
			return fmt.Errorf("vocareum takes no comma and no quote in the name of a criterion: %s", reports.Clean(name))
		}
		b.WriteString(name + "," + points[i].String() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
