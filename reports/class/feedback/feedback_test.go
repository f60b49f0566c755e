package feedback_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/feedback"
)

func one() *class.Class {
	return &class.Class{Students: []class.Person{{
		Key: "jane", Status: class.Graded, Worked: "60", Possible: 100,
		Attempts: []class.Attempt{{Steps: []class.Row{
			{
				ID: "a", Title: "First `<b>`", Verdict: checks.Fail, Points: 5, Hints: []string{"look there"},
				Commands: []string{"aws solution"},
			},
			{ID: "b", Title: "Waits", Verdict: checks.Blocked},
			{ID: "c", Title: "Required", Verdict: checks.Partial, Required: true, Line: "half of it"},
			{ID: "d", Title: "Right", Verdict: checks.Pass},
		}}},
	}}}
}

func rendered(t *testing.T, c *class.Class, o class.Options) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, feedback.Format.Render(&b, c, o))
	return b.String()
}

func TestSaysWhatToFixFirst(t *testing.T) {
	out := rendered(t, one(), class.Options{})
	require.Less(t, strings.Index(out, "Required"), strings.Index(out, "First"))
	require.Contains(t, out, "First &#96;&lt;b&gt;&#96;")
	require.Contains(t, out, "- look there")
	require.Contains(t, out, "- `aws solution`")
	require.NotContains(t, out, "Waits")
	require.NotContains(t, out, "Right")
}

func TestNoFixesLeavesTheSolutionOut(t *testing.T) {
	out := rendered(t, one(), class.Options{NoFixes: true})
	require.NotContains(t, out, "solution")
	require.Contains(t, out, "look there")
}

func TestNothingLeft(t *testing.T) {
	c := one()
	c.Students[0].Attempts[0].Steps = c.Students[0].Attempts[0].Steps[3:]
	require.Contains(t, rendered(t, c, class.Options{}), "Nothing is left to fix.")
}

// Who has no grade reads why, and not the arithmetic of it.
func TestSaysWhyThereIsNoGrade(t *testing.T) {
	c := one()
	p := &c.Students[0]
	p.Status, p.Worked = class.Open, "from 60 to 65"
	require.Contains(t, rendered(t, c, class.Options{}),
		"There is no grade yet, because some steps could not be looked at. Each is marked ? below")
	p.Status, p.Attempts[0].Excluded = class.NotCounted, "it was interrupted"
	require.Contains(t, rendered(t, c, class.Options{}), "\nNo report counts: it was interrupted.\n")
	p.Status = class.NoReport
	require.Contains(t, rendered(t, c, class.Options{}), "\nNo report was handed in.\n")
	p.Status = class.Graded
	require.NotContains(t, rendered(t, c, class.Options{}), "\n60\n", "a plain sum says nothing new")
}

func TestIsForOneStudent(t *testing.T) {
	require.Error(t, feedback.Format.Render(new(bytes.Buffer), &class.Class{}, class.Options{}))
}
