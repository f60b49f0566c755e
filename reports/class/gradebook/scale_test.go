package gradebook_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
)

// canvasOut is the file for Canvas, with what is said of it, where the roster gives the column these points.
func canvasOut(t *testing.T, assignment, possible string) (out string, notes []string, err error) {
	t.Helper()
	o := classtest.Options()
	o.Assignment = assignment
	if possible != "" {
		o.Possible = []string{"    Points Possible", "", "", "", "", "(read only)", possible}
	}
	said := map[string]bool{}
	o.Note = func(text string) {
		if !said[text] {
			notes = append(notes, text)
		}
		said[text] = true
	}
	data, err := classtest.Render(t, gradebook.Canvas, classtest.Class(), o)
	return string(data), notes, err
}

func TestCanvasPointsAreOutOfTheColumn(t *testing.T) {
	cases := map[string]struct {
		possible string
		want     map[string]string
		note     string
	}{
		"ten points": {
			"10.00", map[string]string{"1001": "10", "1002": "6.75", "1006": "EX", "1007": "7.5", "1009": "4"}, "",
		},
		"ten points in German": {
			"10,00", map[string]string{"1001": "10", "1002": "6.75", "1006": "EX", "1007": "7.5", "1009": "4"}, "",
		},
		"a thousand": {
			"1,000.00", map[string]string{"1001": "1000", "1002": "675", "1006": "EX", "1007": "750", "1009": "400"}, "",
		},
		"a grade that is not exact": {
			"2.5",
			map[string]string{"1001": "2.5", "1002": "1.68", "1006": "EX", "1007": "1.87", "1009": "1"},
			"out of 2.5 points, the grades of these are rounded down to hundredths: Jane Doe (1002) and Noa Nagy (1007)",
		},
		"not said": {
			"",
			map[string]string{"1001": "100", "1002": "67.5", "1006": "EX", "1007": "75", "1009": "40"},
			`the roster does not say how many points "Module 1.2 Lab (123456)" has: the grades are out of 100`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			out, notes, err := canvasOut(t, classtest.Assignment, c.possible)
			require.NoError(t, err)
			_, scores := canvasImport(t, []byte(out))
			require.Equal(t, c.want, scores)
			require.Equal(t, c.note, strings.Join(notes, "\n"))
		})
	}
}

func TestCanvasColumn(t *testing.T) {
	_, _, err := canvasOut(t, "Module 1.2 Lab (123457)", "10")
	require.ErrorContains(t, err,
		`no column of the roster has the assignment id 123457; did you mean "Module 1.2 Lab (123456)"?`)
	_, _, err = canvasOut(t, "Essay on whales (5)", "10")
	require.ErrorContains(t, err, `it has "Module 1.1 Lab (99)" and "Module 1.2 Lab (123456)"`)
	_, _, err = canvasOut(t, "Module 1.1 Lab (99)", "10")
	require.ErrorContains(t, err, "(read only)")
	_, _, err = canvasOut(t, classtest.Assignment, "0.00")
	require.ErrorContains(t, err, "no grade can be out of that")

	out, notes, err := canvasOut(t, "Renamed since (123456)", "10")
	require.NoError(t, err)
	require.Empty(t, notes)
	require.Contains(t, out, "Section,Module 1.2 Lab (123456)\n", "the id decides")

	out, notes, err = canvasOut(t, "Module 1.2 Lab", "10")
	require.NoError(t, err)
	require.Empty(t, notes)
	require.Contains(t, out, "Section,Module 1.2 Lab (123456)\n", "the whole title is found")

	out, notes, err = canvasOut(t, "module 1.2 labs", "10")
	require.NoError(t, err)
	require.Contains(t, out, "Section,module 1.2 labs\n")
	require.Equal(t, []string{
		`the roster has no column "module 1.2 labs": Canvas would make a new one, out of 100 points; ` +
			`did you mean "Module 1.2 Lab (123456)"?`,
	}, notes)

	twins := classtest.Options()
	twins.Assignment, twins.Header = "Lab", []string{"Student", "ID", "Section", "Lab (1)", "Lab (2)"}
	require.Contains(t, refusal(t, gradebook.Canvas, classtest.One(classtest.Full), twins), "2 columns of the roster")
}

// Whatever the column is out of, nobody gets more than there is, and a full score is exact.
func TestCanvasScaleIsExact(t *testing.T) {
	for _, possible := range []string{"1", "3", "7.77", "99.99", "12345.67"} {
		out, _, err := canvasOut(t, classtest.Assignment, possible)
		require.NoError(t, err)
		_, scores := canvasImport(t, []byte(out))
		require.Equal(t, possible, scores["1001"])
	}
	points, ok := class.ParsePoints("0.01")
	require.True(t, ok)
	require.Equal(t, class.Points(1), points)
}
