package table_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/table"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/terminal"
)

func TestTable(t *testing.T) { classtest.Run(t, table.Format, ".txt") }

func TestWidth(t *testing.T) {
	for _, width := range []int{0, 72, 80, 120} {
		o := classtest.Options()
		o.Width = width
		out, err := classtest.Render(t, table.Format, classtest.Class(), o)
		require.NoError(t, err)
		if width == 0 {
			width = 80
		}
		for line := range strings.Lines(string(out)) {
			require.LessOrEqual(t, terminal.Width(strings.TrimRight(line, "\n")), width, line)
		}
	}
}

func TestASCII(t *testing.T) {
	o := classtest.Options()
	o.ASCII = true
	out, err := classtest.Render(t, table.Format, classtest.Class(), o)
	require.NoError(t, err)
	require.Equal(t, -1, strings.IndexFunc(string(out), func(r rune) bool { return r > '~' }))
	reporttest.Golden(t, "ascii.txt", out)
}

func TestColorOnlyWhereAllowed(t *testing.T) {
	o := classtest.Options()
	o.Color = true
	out, err := classtest.Render(t, table.Format, classtest.Class(), o)
	require.NoError(t, err)
	require.Contains(t, string(out), "\x1b[32mpassed\x1b[0m")
}

// What holds of many is said once, with how many they are; of few, with who they are.
func TestSharedReasonIsSaidOnce(t *testing.T) {
	c := &class.Class{}
	for _, name := range []string{"Ann", "Ben", "Cy"} {
		c.Students = append(c.Students,
			class.Person{Key: name, Status: class.NotCounted, Attempts: []class.Attempt{{Excluded: "practice"}}})
	}
	require.Contains(t, rendered(t, c), "  - Ann, Ben and Cy: practice\n")
	c.Students = append(c.Students, c.Students[0])
	require.Contains(t, rendered(t, c), "  - 4 students: practice\n")
}

func rendered(t *testing.T, c *class.Class) string {
	t.Helper()
	out, err := classtest.Render(t, table.Format, c, classtest.Options())
	require.NoError(t, err)
	return string(out)
}

func TestDemoIsSaid(t *testing.T) {
	c := classtest.Class()
	c.Demo = true
	out, err := classtest.Render(t, table.Format, c, classtest.Options())
	require.NoError(t, err)
	require.Contains(t, string(out), "made up")
}

// Enough points and not passed is a riddle, unless what is required and missing is named.
func TestEnoughPoints(t *testing.T) {
	c := classtest.One(classtest.Full)
	p := &c.Students[0]
	a, _ := p.Attempt()
	p.Outcome, a.Grade.Missing = grade.NotPassed, []string{"iam-root-mfa"}
	out, err := classtest.Render(t, table.Format, c, class.Options{})
	require.NoError(t, err)
	require.Contains(t, string(out), "- Ann Berg: not passed: required step iam-root-mfa\n")
	*p.Percent = 79 // not enough: there is nothing to explain
	out, err = classtest.Render(t, table.Format, c, class.Options{})
	require.NoError(t, err)
	require.NotContains(t, string(out), "required")
}
