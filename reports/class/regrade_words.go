package class

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// RegradeLines say what grading again changed: how much of it there was, what the lab asks for now, who lost or gained
// what, whose grade stayed for want of facts. There are none where nothing was graded again.
func (c *Class) RegradeLines() []string {
	g := c.Regrade
	if g == nil {
		return nil
	}
	lines := []string{fmt.Sprintf("%s graded again with the lab %s (file %.12s): %s",
		checks.Count(g.Reports, "report"), g.Lab.ID, g.Lab.SHA256, g.totals())}
	for _, change := range g.LabChanges {
		lines = append(lines, "the lab: "+change)
	}
	for _, change := range g.Changes {
		lines = append(lines, c.whoIs(change.Key)+": "+change.text())
	}
	for _, key := range g.Kept {
		lines = append(lines, c.whoIs(key)+": the report carries no facts, and so the grade stays")
	}
	return lines
}

// totals count who gains, who loses, and for whom it decides.
func (g *Regrade) totals() string {
	var gain, lose, pass, fail int
	for _, c := range g.Changes {
		before, after := c.Before.Outcome == grade.Passed, c.After.Outcome == grade.Passed
		gain += oneIf(c.Gain() > 0)
		lose += oneIf(c.Gain() < 0)
		pass += oneIf(after && !before)
		fail += oneIf(before && !after)
	}
	text := count(gain, "gains", "gain") + ", " + count(lose, "loses", "lose")
	if pass > 0 {
		text += ", " + count(pass, "passes now", "pass now")
	}
	if fail > 0 {
		text += ", " + count(fail, "no longer passes", "no longer pass")
	}
	return text
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func count(n int, singular, plural string) string {
	if n == 1 {
		plural = singular
	}
	return checks.Count(n, "student") + " " + plural
}

func (c *Change) text() string {
	text := "the grade stays " + c.After.Text
	if c.Before.Text != c.After.Text {
		text = c.Before.Text + " → " + c.After.Text
	}
	switch c.Gain() {
	case 1:
		text += "; gains " + c.difference()
	case -1:
		text += "; loses " + c.difference()
	}
	if len(c.Steps) > 0 {
		text += "; " + strings.Join(c.Steps, ", ")
	}
	return text
}

// difference is what was gained or lost: points, or percent where the points to earn are others now.
func (c *Change) difference() string {
	b, a := c.Before, c.After
	percent := max(a.Percent-b.Percent, b.Percent-a.Percent)
	switch points := max(a.Score-b.Score, b.Score-a.Score); {
	case a.Possible == b.Possible && points == Whole(1):
		return "1 point"
	case a.Possible == b.Possible:
		return points.String() + " points"
	case percent == 0:
		return "less than 1%"
	default:
		return fmt.Sprintf("%d%%", percent)
	}
}

// whoIs names the student of a key.
func (c *Class) whoIs(key string) string {
	i := slices.IndexFunc(c.Students, func(p Person) bool { return p.Key == key })
	if i < 0 {
		return reports.Clean(key)
	}
	return c.Students[i].Who()
}
