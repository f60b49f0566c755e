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
			{ID: "a", Title: "First `<b>`", Verdict: checks.Fail, Points: 5, Hints: []string{"look there"}, Commands: []string{"aws solution"}},
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

func TestSaysWhatToMendFirst(t *testing.T) {
	out := rendered(t, one(), class.Options{})
	require.Less(t, strings.Index(out, "Required"), strings.Index(out, "First"))
	require.Contains(t, out, "`` First `<b>` ``")
	require.Contains(t, out, "- `look there`")
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
	require.Contains(t, rendered(t, c, class.Options{}), "Nothing is left to mend.")
}

func TestIsForOneStudent(t *testing.T) {
	require.Error(t, feedback.Format.Render(new(bytes.Buffer), &class.Class{}, class.Options{}))
}
